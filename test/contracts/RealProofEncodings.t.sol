// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {
    ExecutionOpening,
    Groth16Proof,
    PatchOpening,
    Policy,
    ScheduleRequest,
    StatementState
} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {IPatchVerifier} from "../../contracts/interfaces/IPatchVerifier.sol";
import {Baselines} from "../../contracts/libraries/Baselines.sol";
import {Policies} from "../../contracts/libraries/Policies.sol";
import {Statements} from "../../contracts/libraries/Statements.sol";
import {CodeReference} from "./support/CodeReference.sol";
import {RealIncident} from "./support/RealIncident.sol";

/// @dev The words of two real proofs and of their public values, written otherwise.
contract RealProofEncodingsTest is RealIncident {
    uint256 private constant R = CodeReference.R;
    /// @dev Order of the field of the curve's coordinates (EIP-196).
    uint256 private constant Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

    function _words(Groth16Proof memory proof) private pure returns (uint256[8] memory) {
        return abi.decode(abi.encode(proof), (uint256[8]));
    }

    function _proofOf(uint256[8] memory words) private pure returns (Groth16Proof memory) {
        return abi.decode(abi.encode(words), (Groth16Proof));
    }

    /// @dev `proof` with the points negated that `which` names: bit 0 is A, bit 1 is B, bit 2 is C.
    function _negated(Groth16Proof memory proof, uint256 which) private pure returns (Groth16Proof memory) {
        uint256[8] memory words = _words(proof);
        if (which & 1 != 0) words[1] = Q - words[1];
        if (which & 2 != 0) (words[4], words[5]) = (Q - words[4], Q - words[5]);
        if (which & 4 != 0) words[7] = Q - words[7];
        return _proofOf(words);
    }

    function test_P01_anyWordOfTheAttestProofChangedIsRefused() public {
        for (uint256 i = 0; i < 8; ++i) {
            uint256[8] memory words = _words(attestProof);
            words[i] += 1;
            _refuseSchedule(statement, path, _proofOf(words));
            words[i] = 0;
            _refuseSchedule(statement, path, _proofOf(words));
            words = _words(attestProof);
            // The same coordinate, written in another way.
            words[i] += Q;
            _refuseSchedule(statement, path, _proofOf(words));
        }
        Groth16Proof memory zero;
        _refuseSchedule(statement, path, zero);
        _schedule(statement, path, attestProof);
    }

    function test_P01_P04_anyWordOfTheBindProofChangedIsRefused() public {
        uint256 commitment = _scheduled();
        for (uint256 i = 0; i < 8; ++i) {
            uint256[8] memory words = _words(bindProof);
            words[i] += 1;
            _refuseExecute(commitment, source, opening, _proofOf(words));
            words[i] = 0;
            _refuseExecute(commitment, source, opening, _proofOf(words));
            words = _words(bindProof);
            words[i] += Q;
            _refuseExecute(commitment, source, opening, _proofOf(words));
        }
        Groth16Proof memory zero;
        _refuseExecute(commitment, source, opening, zero);
        _execute(commitment, source, opening, bindProof);
    }

    function testFuzz_P01_anyBitOfTheAttestProofFlippedIsRefused(uint256 bit) public {
        _refuseSchedule(statement, path, _flipped(attestProof, bit));
    }

    function testFuzz_P01_P04_anyBitOfTheBindProofFlippedIsRefused(uint256 bit) public {
        _refuseExecute(_scheduled(), source, opening, _flipped(bindProof, bit));
    }

    function _flipped(Groth16Proof memory proof, uint256 bit) private pure returns (Groth16Proof memory) {
        bit = _bound(bit, 0, 2047);
        uint256[8] memory words = _words(proof);
        words[bit / 256] ^= 1 << (bit % 256);
        return _proofOf(words);
    }

    function test_T02_P01_negatedPointsAreRefused() public {
        // A and B together are another proof of the same statement (below); every other choice is none.
        uint256[6] memory choices = [uint256(1), 2, 4, 5, 6, 7];
        for (uint256 i = 0; i < 6; ++i) {
            _refuseSchedule(statement, path, _negated(attestProof, choices[i]));
        }
        uint256 commitment = _scheduled();
        for (uint256 i = 0; i < 6; ++i) {
            _refuseExecute(commitment, source, opening, _negated(bindProof, choices[i]));
        }
    }

    function test_T02_P03_aRerandomizedProofIsTheSameStatement() public {
        Groth16Proof memory other = _negated(attestProof, 3);
        uint256 snapshot = vm.snapshotState();
        uint256 commitment = _schedule(statement, path, other);
        vm.revertToState(snapshot);
        vm.assertEq(commitment, _scheduled());
        vm.expectRevert(abi.encodeWithSelector(Statements.StatementCommitmentUsed.selector, statement.commitment));
        _schedule(statement, path, other);

        _execute(commitment, source, opening, _negated(bindProof, 3));
        vm.expectRevert(
            abi.encodeWithSelector(
                Statements.StatementUnexpectedState.selector,
                commitment,
                StatementState.Executed,
                StatementState.Scheduled
            )
        );
        _execute(commitment, source, opening, bindProof);
        vm.expectRevert(abi.encodeWithSelector(Statements.StatementCommitmentUsed.selector, statement.commitment));
        _schedule(statement, path, other);
    }

    function test_T02_aProofServesItsOwnCircuitOnly() public {
        _refuseSchedule(statement, path, bindProof);
        uint256 commitment = _scheduled();
        _refuseExecute(commitment, source, opening, attestProof);
    }

    function test_T06_everyPublicSignalIsBoundByTheProof() public view {
        vm.assertTrue(patchVerifier.verifyAttest(attestSignals, attestProof));
        for (uint256 i = 0; i < 7; ++i) {
            uint256[7] memory signals = attestSignals;
            signals[i] += 1;
            vm.assertFalse(patchVerifier.verifyAttest(signals, attestProof));
        }
        vm.assertTrue(patchVerifier.verifyBind(bindSignals, bindProof));
        for (uint256 i = 0; i < 7; ++i) {
            uint256[7] memory signals = bindSignals;
            signals[i] += 1;
            vm.assertFalse(patchVerifier.verifyBind(signals, bindProof));
        }
    }

    function test_T07_T18_developmentVerifiersRefuseOffLocalChains() public {
        address[2] memory verifiers = [address(_parts().attestVerifier()), address(_parts().bindVerifier())];
        uint256[4] memory foreign = [uint256(1), 10, 1338, 31_338];
        for (uint256 i = 0; i < foreign.length; ++i) {
            vm.chainId(foreign[i]);
            vm.expectRevert(_offLocalChain(foreign[i]));
            patchVerifier.verifyAttest(attestSignals, attestProof);
            vm.expectRevert(_offLocalChain(foreign[i]));
            patchVerifier.verifyBind(bindSignals, bindProof);
            vm.assertFalse(_canBeDeployed(verifiers[0]));
            vm.assertFalse(_canBeDeployed(verifiers[1]));
        }
        uint256[2] memory local = [uint256(1337), 31_337];
        for (uint256 i = 0; i < local.length; ++i) {
            vm.chainId(local[i]);
            vm.assertTrue(patchVerifier.verifyAttest(attestSignals, attestProof));
            vm.assertTrue(patchVerifier.verifyBind(bindSignals, bindProof));
            vm.assertTrue(_canBeDeployed(verifiers[0]));
            vm.assertTrue(_canBeDeployed(verifiers[1]));
        }
    }

    /// @dev Whether the same transaction makes the same contract here.
    function _canBeDeployed(address account) private returns (bool same) {
        uint256 snapshot = vm.snapshotState();
        same = keccak256(_deployAgain(account).code) == keccak256(account.code);
        vm.revertToState(snapshot);
    }

    function test_P09_T06_signalsAboveTheFieldAreRefusedByEveryVerifier() public {
        IGroth16Verifier attestVerifier = _parts().attestVerifier();
        IGroth16Verifier bindVerifier = _parts().bindVerifier();
        for (uint256 i = 0; i < 7; ++i) {
            uint256[7] memory signals = attestSignals;
            signals[i] += R;
            vm.assertFalse(attestVerifier.verifyProof(attestProof.a, attestProof.b, attestProof.c, signals));
            vm.expectRevert(abi.encodeWithSelector(IPatchVerifier.PatchVerifierOutOfField.selector, i, signals[i]));
            patchVerifier.verifyAttest(signals, attestProof);
        }
        for (uint256 i = 0; i < 7; ++i) {
            uint256[7] memory signals = bindSignals;
            signals[i] += R;
            vm.assertFalse(bindVerifier.verifyProof(bindProof.a, bindProof.b, bindProof.c, signals));
            vm.expectRevert(abi.encodeWithSelector(IPatchVerifier.PatchVerifierOutOfField.selector, i, signals[i]));
            patchVerifier.verifyBind(signals, bindProof);
        }
    }

    function test_P09_T06_commitmentAboveTheFieldIsRefused() public {
        ScheduleRequest memory other = statement;
        other.commitment += R;
        bytes memory refusal =
            abi.encodeWithSelector(Statements.StatementCommitmentOutOfField.selector, other.commitment);
        vm.expectRevert(refusal);
        _schedule(other, path, attestProof);
        // Nor does it serve as a second commitment beside the first.
        _schedule(statement, path, attestProof);
        vm.expectRevert(refusal);
        _schedule(other, path, attestProof);
    }

    function test_P09_T06_rootsAboveTheFieldAreNotRegistered() public {
        Policy memory policy = _policy();
        policy.auditorRoot += R;
        vm.expectRevert(abi.encodeWithSelector(Policies.PolicyAuditorRootOutOfField.selector, policy.auditorRoot));
        vm.prank(address(lane));
        lane.setPolicy(proxy, policy);

        policy = _policy();
        policy.vectorRoot += R;
        vm.expectRevert(abi.encodeWithSelector(Policies.PolicyVectorRootOutOfField.selector, policy.vectorRoot));
        vm.prank(address(lane));
        lane.setPolicy(proxy, policy);

        uint256 root = baselineLayout + R;
        vm.expectRevert(abi.encodeWithSelector(Baselines.BaselineLayoutRootOutOfField.selector, root));
        vm.prank(address(lane));
        lane.setBaseline(proxy, current, root, 1);
        vm.expectRevert(abi.encodeWithSelector(Baselines.BaselineCurrentCodeOutOfField.selector, R + 1));
        vm.prank(address(lane));
        lane.setBaseline(proxy, current, baselineLayout, R + 1);
    }

    function test_P09_T06_newLayoutRootAndDigestOfTheCodeAboveTheFieldAreRefused() public {
        uint256 commitment = _scheduled();
        ExecutionOpening memory other = opening;
        other.layoutRoot += R;
        vm.expectRevert(abi.encodeWithSelector(Baselines.BaselineLayoutRootOutOfField.selector, other.layoutRoot));
        _execute(commitment, source, other, bindProof);

        other = opening;
        other.codeDigest += R;
        vm.expectRevert(abi.encodeWithSelector(Baselines.BaselineCurrentCodeOutOfField.selector, other.codeDigest));
        _execute(commitment, source, other, bindProof);
    }

    function test_P09_T04_onlyTheOpeningItselfOpensTheCommitment() public {
        uint256 commitment = _scheduled();
        _execute(commitment, source, opening, bindProof);
        vm.assertEq(patchVerifier.commitmentOf(secret), statement.commitment);
        for (uint256 i = 0; i < 5; ++i) {
            uint256[5] memory words = abi.decode(abi.encode(secret), (uint256[5]));
            words[i] += 1;
            PatchOpening memory other = abi.decode(abi.encode(words), (PatchOpening));
            uint256 computed = patchVerifier.commitmentOf(other);
            vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackOpeningMismatch.selector, commitment, computed));
            _disclose(commitment, other);

            words[i] += R - 1;
            other = abi.decode(abi.encode(words), (PatchOpening));
            vm.expectRevert(abi.encodeWithSelector(IPatchVerifier.PatchVerifierOutOfField.selector, i, words[i]));
            _disclose(commitment, other);
        }
    }

    function _disclose(uint256 commitment, PatchOpening memory opened) private {
        vm.prank(council);
        lane.disclose(commitment, opened, keccak256("bundle"), "file:disclosure.json");
    }
}
