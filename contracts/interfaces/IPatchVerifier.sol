// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Groth16Proof, PatchOpening} from "../types/FastTrackTypes.sol";

/// @dev The proof system of one release of the circuits, behind typed calls.
interface IPatchVerifier {
    /// @dev Value number `index` of a call is not below the BN254 scalar field order.
    error PatchVerifierOutOfField(uint256 index, uint256 value);

    /// @dev A Groth16 verifier is a deployed contract; `verifier` has no code.
    error PatchVerifierWithoutCode(address verifier);

    /**
     * @dev Names the setup of both proving keys: keccak256 of the text "A:B", where A and B are the SHA-256 of the key files
     * of the attest and the bind circuit, as 0x and 64 hex digits. Whoever has the files can compare; no contract can.
     */
    function setupHash() external view returns (bytes32);

    /**
     * @dev Whether `proof` proves the statement of the attest circuit (protocol.md section 7).
     * @param signals C, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot
     */
    function verifyAttest(uint256[7] calldata signals, Groth16Proof calldata proof) external view returns (bool);

    /**
     * @dev Whether `proof` proves the statement of the bind circuit (protocol.md section 8).
     * @param signals C, z, y, layoutRoot', account, migrationDigest, D
     */
    function verifyBind(uint256[7] calldata signals, Groth16Proof calldata proof) external view returns (bool);

    /// @dev The patch commitment C of `opening`, computed on chain.
    function commitmentOf(PatchOpening calldata opening) external view returns (uint256);
}
