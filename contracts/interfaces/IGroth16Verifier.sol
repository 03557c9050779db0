// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @dev The contract that snarkjs generates for a circuit: `attest` and `bind` both have seven public signals.
interface IGroth16Verifier {
    /// @dev Whether (a, b, c) proves the circuit for these public signals, each below r.
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[7] calldata signals
    ) external view returns (bool);
}
