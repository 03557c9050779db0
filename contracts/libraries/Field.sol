// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @dev The BN254 scalar field, over which the proofs speak (protocol.md section 3).
library Field {
    /// @dev Its order r (EIP-197): every field element is below it.
    uint256 internal constant ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @dev A digest that enters the field: 248 bits, so below r without any reduction.
    function keccak248(bytes memory data) internal pure returns (uint256) {
        return uint256(keccak256(data)) >> 8;
    }
}
