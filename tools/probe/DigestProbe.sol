// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {CodeBinding} from "contracts/libraries/CodeBinding.sol";
import {Statements} from "contracts/libraries/Statements.sol";

/// @dev Shows what the timelock's libraries compute, and what binding costs.
contract DigestProbe {
    function pointOf(uint256 commitment, bytes32 codehash) external pure returns (uint256) {
        return CodeBinding.pointOf(commitment, codehash);
    }

    /// @return value of the code polynomial
    /// @return used gas of computing it
    function evaluate(address code, uint256 point) external view returns (uint256 value, uint256 used) {
        uint256 before = gasleft();
        value = CodeBinding.evaluate(code, point);
        used = before - gasleft();
    }

    function leafOf(
        address proxy,
        bytes32 codehash,
        uint256 nonce,
        uint64 validUntil,
        bytes32 group
    ) external view returns (bytes32) {
        return Statements.leafOf(proxy, codehash, nonce, validUntil, group);
    }

    function idOf(uint256 commitment, bytes32 leaf) external pure returns (bytes32) {
        return Statements.idOf(commitment, leaf);
    }
}
