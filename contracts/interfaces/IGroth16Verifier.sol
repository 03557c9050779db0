// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @dev The contract that snarkjs generates for the `attest` circuit.
interface IAttestVerifier {
    /// @dev Whether (a, b, c) proves the circuit for these public signals, each below r.
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[7] calldata signals
    ) external view returns (bool);
}

/// @dev The contract that snarkjs generates for the `bind` circuit.
interface IBindVerifier {
    /// @dev Whether (a, b, c) proves the circuit for these public signals, each below r.
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[5] calldata signals
    ) external view returns (bool);
}
