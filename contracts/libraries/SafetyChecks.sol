// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Comparison, Measure, SafetyCheck} from "../types/FastTrackTypes.sol";

/**
 * @dev Governance's conditions on an upgrade: what must still be true behind the proxy once it runs the patch.
 *
 * A check measures one value of one target. {snapshot} takes the values before the upgrade that {compare} needs after
 * it. Calls are static and capped in gas, so that a target can neither change anything nor eat the transaction.
 */
library SafetyChecks {
    /// @dev Most checks a policy may hold; with {CALL_GAS} it bounds the gas that checks can take.
    uint256 internal constant MAX_CHECKS = 16;

    /// @dev Gas that each static call gets.
    uint256 internal constant CALL_GAS = 500_000;

    /// @dev The policy holds `count` checks, above `maximum`.
    error SafetyCheckTooMany(uint256 count, uint256 maximum);

    /// @dev Check number `index` contradicts itself: see {validate}.
    error SafetyCheckMalformed(uint256 index);

    /// @dev Only `available` gas is left, below the `needed` that gives a check its full share: send more.
    error SafetyCheckOutOfGas(uint256 available, uint256 needed);

    /**
     * @dev Check number `index` of `proxy` could not be measured: its call reverted, ran out of its gas, returned too little
     * or met no code.
     */
    error SafetyCheckFailed(address proxy, uint256 index);

    /// @dev Check number `index` of `proxy` demands that a call reverts, and it did not.
    error SafetyCheckDidNotRevert(address proxy, uint256 index);

    /// @dev Check number `index` of `proxy` measured `measured`, which breaks its comparison with `required`.
    error SafetyCheckViolated(address proxy, uint256 index, bytes32 required, bytes32 measured);

    /**
     * @dev Refuses checks that make no sense:
     * more or less than before is a question about a number, not about a hash;
     * only a call can revert; a code hash takes no calldata; only EqualToConstant has an expected value.
     */
    function validate(SafetyCheck[] calldata checks) internal pure {
        if (checks.length > MAX_CHECKS) revert SafetyCheckTooMany(checks.length, MAX_CHECKS);
        for (uint256 i = 0; i < checks.length; ++i) {
            SafetyCheck calldata check = checks[i];
            bool ordered =
                check.comparison == Comparison.NotLessThanBefore || check.comparison == Comparison.NotMoreThanBefore;
            bool malformed = check.target == address(0) || (ordered && check.measure != Measure.FirstWord)
                || (check.measure == Measure.CodeHash
                    && (check.comparison == Comparison.MustRevert || check.data.length != 0))
                || (check.comparison != Comparison.EqualToConstant && check.expected != 0);
            if (malformed) revert SafetyCheckMalformed(i);
        }
    }

    /// @dev The values before the upgrade; zero for checks that do not look back.
    function snapshot(SafetyCheck[] storage checks, address proxy) internal view returns (bytes32[] memory values) {
        values = new bytes32[](checks.length);
        for (uint256 i = 0; i < values.length; ++i) {
            SafetyCheck memory check = checks[i];
            if (check.comparison == Comparison.EqualToConstant || check.comparison == Comparison.MustRevert) continue;
            values[i] = _measure(check, proxy, i);
        }
    }

    /// @dev Reverts unless every check holds now, against the values that {snapshot} took.
    function compare(SafetyCheck[] storage checks, address proxy, bytes32[] memory values) internal view {
        for (uint256 i = 0; i < values.length; ++i) {
            SafetyCheck memory check = checks[i];
            if (check.comparison == Comparison.MustRevert) {
                if (_call(check)) revert SafetyCheckDidNotRevert(proxy, i);
                continue;
            }
            bytes32 required = check.comparison == Comparison.EqualToConstant ? check.expected : values[i];
            bytes32 measured = _measure(check, proxy, i);
            bool holds;
            if (check.comparison == Comparison.NotLessThanBefore) holds = measured >= required;
            else if (check.comparison == Comparison.NotMoreThanBefore) holds = measured <= required;
            else holds = measured == required;
            if (!holds) revert SafetyCheckViolated(proxy, i, required, measured);
        }
    }

    function _measure(SafetyCheck memory check, address proxy, uint256 index) private view returns (bytes32 value) {
        // A call to an address without code succeeds and says nothing.
        if (check.target.code.length == 0) revert SafetyCheckFailed(proxy, index);
        if (check.measure == Measure.CodeHash) return check.target.codehash;

        bool hashed = check.measure == Measure.ReturnHash;
        bool measured = _call(check);
        assembly ("memory-safe") {
            let size := returndatasize()
            switch hashed
            case 0 {
                if lt(size, 32) { measured := 0 }
                if measured {
                    returndatacopy(0, 0, 32)
                    value := mload(0)
                }
            }
            default {
                let free := mload(0x40)
                returndatacopy(free, 0, size)
                value := keccak256(free, size)
            }
        }
        if (!measured) revert SafetyCheckFailed(proxy, index);
    }

    function _call(SafetyCheck memory check) private view returns (bool success) {
        // A call gets at most 63/64 of what is left (EIP-150). Without its full share a call could fail for want of gas,
        // and an executor could satisfy MustRevert by sending little.
        uint256 needed = CALL_GAS + CALL_GAS / 63 + 5_000;
        if (gasleft() < needed) revert SafetyCheckOutOfGas(gasleft(), needed);
        address target = check.target;
        bytes memory data = check.data;
        assembly ("memory-safe") {
            success := staticcall(CALL_GAS, target, add(data, 32), mload(data), 0, 0)
        }
    }
}
