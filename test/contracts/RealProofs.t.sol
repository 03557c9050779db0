// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {
    CodeSource,
    ExecutionOpening,
    Groth16Proof,
    Policy,
    ScheduleRequest,
    StatementState
} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {Statements} from "../../contracts/libraries/Statements.sol";
import {CodeReference} from "./support/CodeReference.sol";
import {GROTH16_VERIFIER} from "./support/GasFixture.sol";
import {Parts, RealIncident} from "./support/RealIncident.sol";

/**
 * @dev A real incident with proofs of the real circuits, and every way to use them for something else. Nothing here is
 * mocked: what is refused is refused by the pairing. {RealProofEncodingsTest} writes the proofs themselves otherwise.
 */
contract RealProofsTest is RealIncident {
    bytes32 private constant VICTIM_ADMIN_ROLE = keccak256("TIMELOCK_ADMIN_ROLE");

    // Accepted

    function test_P01_P04_fromTheExploitToTheDisclosure() public {
        uint256 snapshot = vm.snapshotState();
        (bool success,) = _attack();
        vm.assertTrue(success);
        vm.assertTrue(IAccessControl(proxy).hasRole(VICTIM_ADMIN_ROLE, attacker));
        vm.assertEq(proxy.balance, 0);
        vm.revertToState(snapshot);

        bytes32 leaf = keccak256(
            abi.encode(
                block.chainid, lane, proxy, current.codehash, lane.nonceOf(proxy), statement.validUntil, bytes32(0)
            )
        );
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.StatementScheduled(
            keccak256(abi.encode(statement.commitment, leaf)),
            statement.commitment,
            proxy,
            leaf,
            attestSignals,
            lane.nonceOf(proxy),
            statement.validUntil,
            0,
            start + DELAY,
            start + DELAY + GRACE
        );
        uint256 commitment = _scheduled();
        vm.assertEq(_addressAt(proxy, "eip1967.proxy.implementation"), current);

        uint256 balance = proxy.balance;
        _execute(commitment, source, opening, bindProof);
        _assertState(commitment, StatementState.Executed);
        vm.assertEq(_addressAt(proxy, "eip1967.proxy.implementation"), patchAccount);
        vm.assertEq(patchAccount.code, patchCode);
        bytes memory returned;
        (success, returned) = _attack();
        vm.assertFalse(success);
        vm.assertEq(returned, abi.encodeWithSignature("Error(string)", "TimelockController: operation is not ready"));
        vm.assertFalse(IAccessControl(proxy).hasRole(VICTIM_ADMIN_ROLE, attacker));
        vm.assertEq(proxy.balance, balance);

        vm.prank(council);
        lane.disclose(commitment, secret, keccak256("bundle"), "file:disclosure.json");
        _assertState(commitment, StatementState.Disclosed);
    }

    /// @dev What the gas budgets allow for each verifier (GasFixture) is what the generated ones take.
    function test_bothVerifiersTakeTheGasThatBudgetsAllowFor() public view {
        _verifyWithin(Parts(address(patchVerifier)).attestVerifier(), attestProof, attestSignals);
        _verifyWithin(Parts(address(patchVerifier)).bindVerifier(), bindProof, bindSignals);
    }

    function _verifyWithin(
        IGroth16Verifier verifier,
        Groth16Proof memory proof,
        uint256[7] memory signals
    ) private view {
        uint256 before = gasleft();
        bool holds = verifier.verifyProof(proof.a, proof.b, proof.c, signals);
        uint256 taken = before - gasleft();
        vm.assertTrue(holds);
        vm.assertLe(taken, GROTH16_VERIFIER, "more than allowed for");
        vm.assertTrue(taken > GROTH16_VERIFIER - 10_000, "less than allowed for");
    }

    function test_T01_theSameProofHoldsForTheSecondTargetOnItsOwnChain() public {
        vm.chainId(otherChain);
        vm.assertEq(lane.leafOf(proxy, statement.validUntil, 0), otherLeaf);
        uint256 commitment = _schedule(statement, otherPath, attestProof);
        _assertState(commitment, StatementState.Scheduled);
    }

    function test_P04_T05_theSameCodeFromElsewhereIsRefused() public {
        uint256 commitment = _scheduled();
        CodeSource[3] memory others;
        others[0].implementation = patchCopy;
        others[1] = source;
        others[1].deploySalt = bytes32(uint256(1));
        others[2] = source;
        others[2].initCode = bytes.concat(source.initCode, hex"00");
        for (uint256 i = 0; i < 3; ++i) {
            _refuseExecute(commitment, others[i], opening, bindProof);
        }
    }

    // schedule

    function test_P01_T06_anotherCommitmentIsRefused() public {
        ScheduleRequest memory other = statement;
        other.commitment += 1;
        _refuseSchedule(other, path, attestProof);
        other.commitment = 1;
        _refuseSchedule(other, path, attestProof);
    }

    function test_T01_T13_anotherEndOfValidityIsRefused() public {
        ScheduleRequest memory other = statement;
        other.validUntil += 1;
        _refuseSchedule(other, path, attestProof);
        other.validUntil -= 2;
        _refuseSchedule(other, path, attestProof);
    }

    function test_T01_pathsOfOtherTargetsAreRefused() public {
        _refuseSchedule(statement, otherPath, attestProof);
        _refuseSchedule(statement, new bytes32[](0), attestProof);
        bytes32[] memory longer = new bytes32[](2);
        (longer[0], longer[1]) = (path[0], otherPath[0]);
        _refuseSchedule(statement, longer, attestProof);
    }

    function test_T01_otherChainsAreRefused() public {
        // The chain of the second target, with the path from this one. The verifiers accept there as here.
        vm.chainId(otherChain);
        vm.assertTrue(patchVerifier.verifyAttest(attestSignals, attestProof));
        _refuseSchedule();
    }

    function test_T01_aChainThatIsNoTargetIsRefused() public {
        uint256 foreign = 10;
        vm.chainId(foreign);
        vm.expectRevert(_offLocalChain(foreign));
        _schedule(statement, path, attestProof);
        // Where the verifiers accept, the leaf refuses.
        _makeLocal(foreign);
        vm.assertTrue(patchVerifier.verifyAttest(attestSignals, attestProof));
        _refuseSchedule();
        _refuseSchedule(statement, otherPath, attestProof);
    }

    function test_T01_anotherTimelockIsRefused() public {
        lane = IFastTrack(_deployAgain(address(lane)));
        _register(proxy, _policy(), current, baselineLayout);
        _refuseSchedule();
    }

    function test_T01_anotherProxyIsRefused() public {
        ScheduleRequest memory other = statement;
        other.proxy = _deployAgain(proxy);
        Policy memory policy = _policy();
        policy.admin = _addressAt(other.proxy, "eip1967.proxy.admin");
        _register(other.proxy, policy, current, baselineLayout);
        vm.assertEq(lane.nonceOf(other.proxy), lane.nonceOf(proxy));
        _refuseSchedule(other, path, attestProof);
    }

    function test_T01_anotherNonceIsRefusedAndEndsWhatIsScheduled() public {
        uint256 commitment = _scheduled();
        vm.prank(address(lane));
        lane.setPolicy(proxy, _policy());
        vm.expectRevert(
            abi.encodeWithSelector(
                Statements.StatementUnexpectedState.selector,
                commitment,
                StatementState.Superseded,
                StatementState.Scheduled
            )
        );
        _execute(commitment, source, opening, bindProof);

        _unregister();
        _register(proxy, _policy(), current, baselineLayout);
        vm.prank(address(lane));
        lane.setPolicy(proxy, _policy());
        _refuseSchedule();
    }

    function test_T03_anotherBaselineIsRefused() public {
        _unregister();
        // The proxy would start from code whose layout and behaviour the proof says nothing about.
        _register(proxy, _policy(), patchCopy, baselineLayout);
        _refuseSchedule();

        _unregister();
        _register(proxy, _policy(), current, baselineLayout + 1);
        _refuseSchedule();
    }

    function test_T06_T14_otherPoliciesAreRefusedAtTheSameNonce() public {
        for (uint256 i = 0; i < 6; ++i) {
            _unregister();
            Policy memory policy = _policy();
            if (i == 0) policy.threshold += 1;
            if (i == 1) policy.threshold -= 1;
            if (i == 2) policy.maxWaivers += 1;
            if (i == 3) policy.auditorRoot += 1;
            if (i == 4) policy.vectorRoot += 1;
            // No public signal: registering anew is not what the others are refused for.
            if (i == 5) policy.grace += 1;
            _register(proxy, policy, current, baselineLayout);
            if (i == 5) _schedule(statement, path, attestProof);
            else _refuseSchedule();
        }
    }

    // execute

    function test_P04_T05_oneByteOfTheInitCodeChangedIsRefused() public {
        CodeSource memory other = source;
        other.initCode[other.initCode.length - 1] ^= 0x01;
        _refuseExecute(_scheduled(), other, opening, bindProof);
    }

    function testFuzz_P04_T05_anyByteOfTheCodeChangedIsRefused(uint256 index, uint8 mask) public {
        index = _bound(index, 0, patchCode.length - 1);
        CodeSource memory other = source;
        uint256 position = other.initCode.length - patchCode.length + index;
        vm.assertEq(other.initCode[position], patchCode[index]);
        other.initCode[position] ^= bytes1(uint8(_bound(mask, 1, 255)));
        // EIP-3541 refuses such code before any proof is asked.
        vm.assume(index != 0 || other.initCode[position] != 0xEF);
        _refuseExecute(_scheduled(), other, opening, bindProof);
    }

    function test_P04_T05_otherDeployedCodeIsRefused() public {
        uint256 commitment = _scheduled();
        address[4] memory others = [current, patchAccount, patchAccount, patchAccount];
        bytes[4] memory codes = [current.code, bytes.concat(patchCode, hex"00"), _withoutLastByte(patchCode), hex"00"];
        for (uint256 i = 0; i < 4; ++i) {
            vm.etch(others[i], codes[i]);
            CodeSource memory other;
            other.implementation = others[i];
            _refuseExecute(commitment, other, opening, bindProof);
        }
        // Code that stands at the proven address already is as good as init code that puts it there.
        vm.etch(patchAccount, patchCode);
        CodeSource memory same;
        same.implementation = patchAccount;
        _execute(commitment, same, opening, bindProof);
    }

    function _withoutLastByte(bytes memory code) private pure returns (bytes memory shorter) {
        shorter = new bytes(code.length - 1);
        for (uint256 i = 0; i < shorter.length; ++i) {
            shorter[i] = code[i];
        }
    }

    function test_P04_T05_anotherMigrationIsRefused() public {
        uint256 commitment = _scheduled();
        bytes[3] memory migrations = [
            bytes(hex"00"),
            abi.encodeWithSignature("updateDelay(uint256)", 0),
            abi.encodeWithSignature("grantRole(bytes32,address)", VICTIM_ADMIN_ROLE, executor)
        ];
        for (uint256 i = 0; i < 3; ++i) {
            ExecutionOpening memory other = opening;
            other.migration = migrations[i];
            _refuseExecute(commitment, source, other, bindProof);
            other.migrationGas = 1_000_000;
            _refuseExecute(commitment, source, other, bindProof);
        }
    }

    function test_T03_anotherNewLayoutIsRefused() public {
        uint256 commitment = _scheduled();
        uint256[3] memory roots = [opening.layoutRoot + 1, opening.layoutRoot - 1, 1];
        for (uint256 i = 0; i < 3; ++i) {
            ExecutionOpening memory other = opening;
            other.layoutRoot = roots[i];
            _refuseExecute(commitment, source, other, bindProof);
        }
    }

    function test_P04_anotherDigestOfTheCodeIsRefused() public {
        uint256 commitment = _scheduled();
        uint256[3] memory digests = [opening.codeDigest + 1, opening.codeDigest - 1, 1];
        for (uint256 i = 0; i < 3; ++i) {
            ExecutionOpening memory other = opening;
            other.codeDigest = digests[i];
            _refuseExecute(commitment, source, other, bindProof);
        }
    }
}
