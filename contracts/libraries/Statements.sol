// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {StatementState} from "../types/FastTrackTypes.sol";
import {IPatchVerifier} from "../interfaces/IPatchVerifier.sol";
import {Field} from "./Field.sol";

/**
 * @dev The life of a statement, whose states {IFastTrack} draws.
 *
 * Records hang on the commitment, one each, for ever: a commitment cannot be scheduled twice, whatever its proof (P03).
 */
library Statements {
    /// @dev A commitment is a non-zero field element; `commitment` is none.
    error StatementCommitmentOutOfField(uint256 commitment);

    /// @dev A statement of `commitment` was scheduled before: each serves once.
    error StatementCommitmentUsed(uint256 commitment);

    /// @dev The statement ends at `validUntil`, not after `eta`, from which on it could be executed.
    error StatementValidityTooShort(uint256 validUntil, uint256 eta);

    /// @dev The statement would live until `validUntil`, beyond `maximum`, the longest validity from now.
    error StatementValidityTooLong(uint256 validUntil, uint256 maximum);

    /// @dev Statement `id` is in the state `actual`, and the call takes one in the state `expected`.
    error StatementUnexpectedState(bytes32 id, StatementState actual, StatementState expected);

    /// @dev The delay of statement `id` lasts until `eta`.
    error StatementNotYetExecutable(bytes32 id, uint256 eta);

    /**
     * @dev Times are in seconds since the epoch. `deadline` ends the execution window while Scheduled; once Executed it is
     * the number of an entry of DisclosureDeadlines, 0 where nothing is due any more.
     */
    struct Record {
        address proxy;
        uint48 eta;
        uint48 validUntil;
        IPatchVerifier verifier;
        uint48 deadline;
        uint40 nonce;
        StatementState status;
    }

    /// @dev Every statement there was: its commitment by id, its record by commitment.
    struct Context {
        mapping(bytes32 id => uint256) commitments;
        mapping(uint256 commitment => Record) records;
    }

    /// @dev The leaf that names chain, timelock, proxy, baseline, nonce and time (docs/encodings.md).
    function leafOf(address proxy, bytes32 codehash, uint256 nonce, uint64 validUntil) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), proxy, codehash, nonce, validUntil));
    }

    function idOf(uint256 commitment, bytes32 leaf) internal pure returns (bytes32) {
        return keccak256(abi.encode(commitment, leaf));
    }

    /// @dev The record of `id`; an empty one, whose state is None, where there is no such statement.
    function recordOf(Context storage self, bytes32 id) internal view returns (Record storage) {
        return self.records[self.commitments[id]];
    }

    /// @dev What has become of a record whose stored status is Scheduled.
    function scheduledState(
        Record storage record,
        uint256 currentNonce,
        IPatchVerifier currentVerifier
    ) internal view returns (StatementState) {
        if (record.nonce != currentNonce || record.verifier != currentVerifier) {
            return StatementState.Superseded;
        }
        if (block.timestamp > record.deadline) return StatementState.Expired;
        return StatementState.Scheduled;
    }

    /**
     * @dev The execution window of a statement scheduled now: from eta = now + delay to the deadline, the earlier of
     * eta + grace and validUntil, both included.
     */
    function windowOf(
        uint256 delay,
        uint256 grace,
        uint64 validUntil,
        uint256 maxValidity
    ) internal view returns (uint48 eta, uint48 deadline) {
        uint256 maximum = block.timestamp + maxValidity;
        if (validUntil > maximum) revert StatementValidityTooLong(validUntil, maximum);
        eta = uint48(block.timestamp + delay);
        if (validUntil <= eta) revert StatementValidityTooShort(validUntil, eta);
        uint256 graceEnd = eta + grace;
        deadline = uint48(graceEnd < validUntil ? graceEnd : validUntil);
    }

    /// @dev None -> Scheduled.
    function schedule(Context storage self, bytes32 id, uint256 commitment, Record memory record) internal {
        if (commitment == 0 || commitment >= Field.ORDER) revert StatementCommitmentOutOfField(commitment);
        if (self.records[commitment].status != StatementState.None) revert StatementCommitmentUsed(commitment);
        record.status = StatementState.Scheduled;
        self.commitments[id] = commitment;
        self.records[commitment] = record;
    }
}
