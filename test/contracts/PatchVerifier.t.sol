// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Groth16Proof, PatchOpening} from "../../contracts/types/FastTrackTypes.sol";
import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {IPatchVerifier} from "../../contracts/interfaces/IPatchVerifier.sol";
import {MockGroth16Verifier} from "./mocks/MockGroth16Verifier.sol";
import {TestBase} from "./support/TestBase.sol";

contract PatchVerifierTest is TestBase {
    uint256 internal constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    MockGroth16Verifier internal attest;
    MockGroth16Verifier internal bind;
    IPatchVerifier internal verifier;

    function setUp() public {
        attest = new MockGroth16Verifier();
        bind = new MockGroth16Verifier();
        verifier = _deploy(address(attest), address(bind));
    }

    function _deploy(address attest_, address bind_) internal returns (IPatchVerifier) {
        return IPatchVerifier(
            vm.deployCode("PatchVerifier.sol:PatchVerifier", abi.encode(attest_, bind_, keccak256("transcript")))
        );
    }

    function _proof() internal pure returns (Groth16Proof memory) {
        return Groth16Proof({a: [uint256(1), 2], b: [[uint256(3), 4], [uint256(5), 6]], c: [uint256(7), 8]});
    }

    function _expectOutOfField(uint256 index, uint256 value) internal {
        vm.expectRevert(abi.encodeWithSelector(IPatchVerifier.PatchVerifierOutOfField.selector, index, value));
    }

    function test_T18_setupHashIsOnChain() public view {
        vm.assertEq(verifier.setupHash(), keccak256("transcript"));
    }

    function test_verifiersMustBeContracts() public {
        bytes memory code = vm.getCode("PatchVerifier.sol:PatchVerifier");
        address[2][2] memory cases = [[address(1234), address(bind)], [address(attest), address(1234)]];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory init = bytes.concat(code, abi.encode(cases[i][0], cases[i][1], bytes32(0)));
            vm.expectRevert(abi.encodeWithSelector(IPatchVerifier.PatchVerifierWithoutCode.selector, address(1234)));
            address deployed;
            assembly ("memory-safe") {
                deployed := create(0, add(init, 32), mload(init))
            }
            // A revert other than the expected one, or none, makes it zero.
            vm.assertTrue(deployed != address(0));
        }
    }

    function test_everySignalAndProofWordReachesItsVerifier() public {
        uint256[7] memory ofAttest = [uint256(1), 2, 3, 4, 5, 6, R - 1];
        uint256[7] memory ofBind = [uint256(11), 12, 13, 14, 15, 16, R - 1];
        vm.assertFalse(verifier.verifyAttest(ofAttest, _proof()));
        vm.assertFalse(verifier.verifyBind(ofBind, _proof()));

        bind.accept(ofAttest);
        attest.accept(ofBind);
        vm.assertFalse(verifier.verifyAttest(ofAttest, _proof()));
        vm.assertFalse(verifier.verifyBind(ofBind, _proof()));

        attest.accept(ofAttest);
        bind.accept(ofBind);
        Groth16Proof memory proof = _proof();
        vm.expectCall(
            address(attest), abi.encodeCall(IGroth16Verifier.verifyProof, (proof.a, proof.b, proof.c, ofAttest))
        );
        vm.assertTrue(verifier.verifyAttest(ofAttest, proof));
        vm.expectCall(address(bind), abi.encodeCall(IGroth16Verifier.verifyProof, (proof.a, proof.b, proof.c, ofBind)));
        vm.assertTrue(verifier.verifyBind(ofBind, proof));

        Groth16Proof memory zero;
        vm.assertFalse(verifier.verifyAttest(ofAttest, zero));
        vm.assertFalse(verifier.verifyBind(ofBind, zero));
    }

    function testFuzz_P09_T06_attestSignalsAboveTheFieldAreRefused(uint256 index, uint256 excess) public {
        index = _bound(index, 0, 6);
        uint256[7] memory signals = [uint256(1), 2, 3, 4, 5, 6, 7];
        signals[index] = _bound(excess, R, type(uint256).max);
        attest.accept(signals);
        _expectOutOfField(index, signals[index]);
        verifier.verifyAttest(signals, _proof());
    }

    function testFuzz_P09_T06_bindSignalsAboveTheFieldAreRefused(uint256 index, uint256 excess) public {
        index = _bound(index, 0, 6);
        uint256[7] memory signals = [uint256(1), 2, 3, 4, 5, 6, 7];
        signals[index] = _bound(excess, R, type(uint256).max);
        bind.accept(signals);
        _expectOutOfField(index, signals[index]);
        verifier.verifyBind(signals, _proof());
    }

    function test_P09_theOrderOfTheFieldItselfIsRefusedEverywhere() public {
        for (uint256 i = 0; i < 7; ++i) {
            uint256[7] memory signals;
            signals[i] = R;
            _expectOutOfField(i, R);
            verifier.verifyAttest(signals, _proof());
            _expectOutOfField(i, R);
            verifier.verifyBind(signals, _proof());
        }
    }

    function test_commitmentMatchesTheTypeScriptReference() public view {
        // Made by circomlibjs.
        vm.assertEq(
            verifier.commitmentOf(PatchOpening(1, 2, 3, 4, 5)),
            8843413602499867530925123949743079810284397835154643581720114034285848492267
        );
        vm.assertEq(
            verifier.commitmentOf(PatchOpening(0, 0, 0, 0, 0)),
            11048836745032087985501217989594284497019714735372874733956792121369844649438
        );
        vm.assertEq(
            verifier.commitmentOf(PatchOpening(R - 1, R - 1, R - 1, R - 1, R - 1)),
            20711202837721326559327064355447701543848024256029382170103886774670629808462
        );
        vm.assertEq(
            verifier.commitmentOf(
                PatchOpening({
                    codeDigest: 45180269539327761742639685256146180681904792368425977827126418050625,
                    layoutRoot: 10157572699123733100637834830196982065577282112753379112674688914319,
                    incidentRoot: 42,
                    callDigest: uint256(keccak256("")) >> 8,
                    salt: 2 ** 253 - 1
                })
            ),
            16073390777277613748277653409090290059391527046107050550811163655178664116781
        );
    }

    function test_P09_openingsOutsideTheFieldAreRefused() public {
        for (uint256 i = 0; i < 5; ++i) {
            uint256[5] memory words = [uint256(1), 2, 3, 4, 5];
            words[i] += R;
            // Without the check it would open the same commitment: the Poseidon libraries reduce.
            _expectOutOfField(i, words[i]);
            verifier.commitmentOf(PatchOpening(words[0], words[1], words[2], words[3], words[4]));
        }
    }
}
