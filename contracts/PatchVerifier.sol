// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {PoseidonT4} from "poseidon-solidity/PoseidonT4.sol";
import {PoseidonT5} from "poseidon-solidity/PoseidonT5.sol";
import {IGroth16Verifier} from "./interfaces/IGroth16Verifier.sol";
import {IPatchVerifier} from "./interfaces/IPatchVerifier.sol";
import {Groth16Proof, PatchOpening} from "./types/FastTrackTypes.sol";
import {Field} from "./libraries/Field.sol";

/**
 * @title The proof system of one release: both Groth16 verifiers and the commitment scheme
 * @dev Immutable and without an owner. A timelock replaces it as a whole, by governance, and every statement keeps the
 * verifier that it was scheduled under.
 *
 * The Poseidon libraries use fixed memory from 0x80 on and end the call themselves, so they are linked and called
 * through DELEGATECALL, where they have a memory of their own. They reduce their inputs modulo r: canonical inputs are
 * this contract's concern.
 */
contract PatchVerifier is IPatchVerifier {
    uint256 private constant PATCH_TAG = uint120(bytes15("sealpatch.patch"));

    /// @dev The Groth16 verifier of the attest circuit.
    IGroth16Verifier public immutable attestVerifier;

    /// @dev The Groth16 verifier of the bind circuit.
    IGroth16Verifier public immutable bindVerifier;

    /// @inheritdoc IPatchVerifier
    bytes32 public immutable setupHash;

    constructor(IGroth16Verifier attestVerifier_, IGroth16Verifier bindVerifier_, bytes32 setupHash_) {
        if (address(attestVerifier_).code.length == 0) revert PatchVerifierWithoutCode(address(attestVerifier_));
        if (address(bindVerifier_).code.length == 0) revert PatchVerifierWithoutCode(address(bindVerifier_));
        attestVerifier = attestVerifier_;
        bindVerifier = bindVerifier_;
        setupHash = setupHash_;
    }

    /// @inheritdoc IPatchVerifier
    function verifyAttest(uint256[7] calldata signals, Groth16Proof calldata proof) external view returns (bool) {
        for (uint256 i = 0; i < signals.length; ++i) {
            _checkField(i, signals[i]);
        }
        return attestVerifier.verifyProof(proof.a, proof.b, proof.c, signals);
    }

    /// @inheritdoc IPatchVerifier
    function verifyBind(uint256[7] calldata signals, Groth16Proof calldata proof) external view returns (bool) {
        for (uint256 i = 0; i < signals.length; ++i) {
            _checkField(i, signals[i]);
        }
        return bindVerifier.verifyProof(proof.a, proof.b, proof.c, signals);
    }

    /// @inheritdoc IPatchVerifier
    function commitmentOf(PatchOpening calldata opening) external pure returns (uint256) {
        _checkField(0, opening.codeDigest);
        _checkField(1, opening.layoutRoot);
        _checkField(2, opening.incidentRoot);
        _checkField(3, opening.callDigest);
        _checkField(4, opening.salt);
        uint256 content =
            PoseidonT5.hash([opening.codeDigest, opening.layoutRoot, opening.incidentRoot, opening.callDigest]);
        return PoseidonT4.hash([PATCH_TAG, content, opening.salt]);
    }

    function _checkField(uint256 index, uint256 value) private pure {
        if (value >= Field.ORDER) revert PatchVerifierOutOfField(index, value);
    }
}
