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

    /// @dev The statement of `commitment` is in the state `actual`, and the call takes one in the state `expected`.
    error StatementUnexpectedState(uint256 commitment, StatementState actual, StatementState expected);

    /// @dev The delay of the statement of `commitment` lasts until `eta`.
    error StatementNotYetExecutable(uint256 commitment, uint256 eta);

    /**
     * @dev The statement of `commitment` executes with its whole group `group`, in its order, and with nothing else; zero
     * means alone. The commitments given are the group `given`; zero means that they begin with one that has no group.
     */
    error StatementGroupMismatch(uint256 commitment, bytes32 group, bytes32 given);

    /**
     * @dev Times are in seconds since the epoch. `deadline` ends the execution window while Scheduled; once Executed it is
     * the number of an entry of DisclosureDeadlines, 0 where nothing is due any more.
     */
    struct Record {
        address proxy;
        uint40 eta;
        uint48 validUntil;
        // Has an entry among the groups.
        bool grouped;
        IPatchVerifier verifier;
        uint48 deadline;
        uint40 nonce;
        StatementState status;
    }

    /// @dev Every statement there was, and the groups of those that have one.
    struct Context {
        mapping(uint256 commitment => Record) records;
        mapping(uint256 commitment => bytes32) groups;
    }

    /// @dev The leaf that names chain, timelock, proxy, baseline, nonce, time and group (docs/encodings.md).
    function leafOf(
        address proxy,
        bytes32 codehash,
        uint256 nonce,
        uint64 validUntil,
        bytes32 group
    ) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), proxy, codehash, nonce, validUntil, group));
    }

    /// @dev Names a statement in events: commitment and target.
    function idOf(uint256 commitment, bytes32 leaf) internal pure returns (bytes32) {
        return keccak256(abi.encode(commitment, leaf));
    }

    /// @dev The group of the statement of `commitment`, zero where it executes alone.
    function groupOf(Context storage self, uint256 commitment) internal view returns (bytes32) {
        return self.records[commitment].grouped ? self.groups[commitment] : bytes32(0);
    }

    /// @dev What a batch must be for each of its statements: their one group, or zero where the first has none.
    function groupOfBatch(Context storage self, uint256[] calldata commitments) internal view returns (bytes32) {
        return self.records[commitments[0]].grouped ? keccak256(abi.encode(commitments)) : bytes32(0);
    }

    /// @dev Refuses a statement that does not execute with the statements of `given`, and nothing else.
    function requireGroup(Context storage self, uint256 commitment, bytes32 given) internal view {
        bytes32 group = groupOf(self, commitment);
        if (group != given) revert StatementGroupMismatch(commitment, group, given);
    }

    /**
     * @dev Where a group with a statement in state `current` stands: one that has ended ends the group, then one that is not
     * scheduled yet keeps it waiting.
     */
    function rank(StatementState current) internal pure returns (uint256) {
        bool ended = current == StatementState.Superseded || current == StatementState.Expired
            || current == StatementState.Vetoed;
        return ended ? 0 : 1 + uint256(current);
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
    ) internal view returns (uint40 eta, uint48 deadline) {
        uint256 maximum = block.timestamp + maxValidity;
        if (validUntil > maximum) revert StatementValidityTooLong(validUntil, maximum);
        eta = uint40(block.timestamp + delay);
        if (validUntil <= eta) revert StatementValidityTooShort(validUntil, eta);
        uint256 graceEnd = uint256(eta) + grace;
        deadline = uint48(graceEnd < validUntil ? graceEnd : validUntil);
    }

    /// @dev None -> Scheduled.
    function schedule(Context storage self, uint256 commitment, bytes32 group, Record memory record) internal {
        if (commitment == 0 || commitment >= Field.ORDER) revert StatementCommitmentOutOfField(commitment);
        if (self.records[commitment].status != StatementState.None) revert StatementCommitmentUsed(commitment);
        record.status = StatementState.Scheduled;
        record.grouped = group != 0;
        if (record.grouped) self.groups[commitment] = group;
        self.records[commitment] = record;
    }
}
