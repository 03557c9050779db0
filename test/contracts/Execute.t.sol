// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {
    CodeSource,
    ExecutionOpening,
    Groth16Proof,
    LaneStatus,
    ProxyKind,
    ScheduleRequest,
    StatementState,
    StatementView
} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {IPatchVerifier} from "../../contracts/interfaces/IPatchVerifier.sol";
import {Baselines} from "../../contracts/libraries/Baselines.sol";
import {CodeBinding} from "../../contracts/libraries/CodeBinding.sol";
import {Statements} from "../../contracts/libraries/Statements.sol";
import {UUPSVault, UUPSVaultFixed} from "./mocks/Vaults.sol";
import {LaneFixture, Patch} from "./support/LaneFixture.sol";

contract ExecuteTest is LaneFixture {
    Patch internal patch;
    uint256 internal commitment;

    function setUp() public override {
        super.setUp();
        patch = _vaultPatch(1, abi.encodeCall(UUPSVaultFixed.migrate, (5, 6)));
        commitment = _schedule(patch, address(vault));
        vm.warp(START + DELAY);
    }

    function _expectBindRejected() internal {
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackBindProofRejected.selector, commitment));
    }

    function test_P01_executionSaysWhatItDid() public {
        address implementation = _addressOf(patch);
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.StatementExecuted(
            commitment,
            address(vault),
            implementation,
            keccak256(patch.runtime),
            _bindSignals(patch),
            block.timestamp + DISCLOSURE
        );
        _execute(commitment, patch);

        StatementView memory kept = lane.statementOf(commitment);
        vm.assertEq(kept.deadline, block.timestamp + DISCLOSURE);
        vm.assertEq(lane.nextDisclosureDueAt(), block.timestamp + DISCLOSURE);
        (uint256 untilEta, uint256 untilDeadline) = lane.timeLeft(commitment);
        vm.assertEq(untilEta, 0);
        vm.assertEq(untilDeadline, DISCLOSURE);
        vm.assertEq(vault.price(), 5);
        // The ground that the next patch stands on: what the proof showed of the code.
        vm.assertEq(lane.baselineOf(address(vault)).currentCode, patch.secret.codeDigest);
    }

    function test_onlyExecutorsExecute() public {
        bytes32 role = slow.EXECUTOR_ROLE();
        address[4] memory others = [proposer, council, guardian, stranger];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory refusal =
                abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, others[i], role);
            vm.expectRevert(refusal);
            vm.prank(others[i]);
            lane.execute(commitment, patch.code, patch.opening, _proof());
            vm.expectRevert(refusal);
            vm.prank(others[i]);
            lane.executeBatch(new uint256[](0), new CodeSource[](0), new ExecutionOpening[](0), new Groth16Proof[](0));
        }
    }

    function test_anybodyExecutesWhereTheRoleIsOpen() public {
        vm.startPrank(address(lane));
        slow.grantRole(slow.EXECUTOR_ROLE(), address(0));
        vm.stopPrank();
        vm.prank(stranger);
        lane.execute(commitment, patch.code, patch.opening, _proof());
        vm.assertEq(vault.version(), 2);
    }

    function test_P02_T14_notBeforeEta() public {
        vm.warp(START + DELAY - 1);
        vm.expectRevert(
            abi.encodeWithSelector(Statements.StatementNotYetExecutable.selector, commitment, START + DELAY)
        );
        _execute(commitment, patch);
        vm.warp(START + DELAY);
        _execute(commitment, patch);
    }

    function test_P02_T13_lastSecondOfTheWindow() public {
        vm.warp(START + DELAY + GRACE);
        _execute(commitment, patch);
    }

    function test_P02_T13_notAfterTheWindow() public {
        vm.warp(START + DELAY + GRACE + 1);
        _assertState(commitment, StatementState.Expired);
        _expectState(commitment, StatementState.Expired, StatementState.Scheduled);
        _execute(commitment, patch);
    }

    function test_P02_T13_notAfterValidUntil() public {
        Patch memory other = _vaultPatch(2);
        uint64 validUntil = uint64(block.timestamp + DELAY + 1 hours);
        _prove(other, address(vault), validUntil);
        vm.prank(council);
        lane.schedule(ScheduleRequest(other.commitment, address(vault), validUntil, 0), new bytes32[](0), _proof());
        vm.warp(validUntil + 1);
        _expectState(other.commitment, StatementState.Expired, StatementState.Scheduled);
        _execute(other.commitment, other);
        vm.warp(validUntil);
        _execute(other.commitment, other);
    }

    function test_P02_notTwice() public {
        _execute(commitment, patch);
        _expectState(commitment, StatementState.Executed, StatementState.Scheduled);
        _execute(commitment, patch);
    }

    function test_P02_notAfterAVeto() public {
        vm.prank(guardian);
        lane.veto(commitment, "breaks accounting");
        _expectState(commitment, StatementState.Vetoed, StatementState.Scheduled);
        _execute(commitment, patch);
    }

    function test_P02_T18_notWhileHalted_andTheWindowKeepsRunning() public {
        vm.prank(guardian);
        lane.halt("bug in the circuit");
        _expectClosed(address(vault), LaneStatus.Halted);
        _execute(commitment, patch);

        vm.prank(address(lane));
        lane.resume();
        uint256 snapshot = vm.snapshotState();
        _execute(commitment, patch);
        vm.revertToState(snapshot);
        vm.warp(START + DELAY + GRACE + 1);
        _expectState(commitment, StatementState.Expired, StatementState.Scheduled);
        _execute(commitment, patch);
    }

    function test_P01_T18_notUnderAReplacedVerifier() public {
        IPatchVerifier other = _newVerifier("second setup");
        vm.prank(address(lane));
        lane.setVerifier(other);
        _assertState(commitment, StatementState.Superseded);
        _expectState(commitment, StatementState.Superseded, StatementState.Scheduled);
        _execute(commitment, patch);
    }

    function test_T03_notAfterTheBaselineMovedOn() public {
        vm.startPrank(address(lane));
        lane.setBaseline(address(vault), _implementationOf(address(vault)), LAYOUT, CODE);
        vm.stopPrank();
        _expectState(commitment, StatementState.Superseded, StatementState.Scheduled);
        _execute(commitment, patch);
    }

    function test_T03_T17_notUnderOtherRulesThanItWasProvenFor() public {
        vm.startPrank(address(lane));
        lane.setPolicy(address(vault), _policy(ProxyKind.UUPS, address(0)));
        vm.stopPrank();
        _expectState(commitment, StatementState.Superseded, StatementState.Scheduled);
        _execute(commitment, patch);
    }

    function test_T03_notOnChangedCode() public {
        vm.etch(_implementationOf(address(vault)), hex"00");
        _expectClosed(address(vault), LaneStatus.BaselineCodeChanged);
        _execute(commitment, patch);
    }

    function test_T01_executionEndsTheOtherStatementsOfTheProxy() public {
        Patch memory other = _vaultPatch(2);
        uint256 otherCommitment = _schedule(other, address(vault));
        _execute(commitment, patch);
        _assertState(otherCommitment, StatementState.Superseded);
        vm.warp(block.timestamp + DELAY);
        _expectState(otherCommitment, StatementState.Superseded, StatementState.Scheduled);
        _execute(otherCommitment, other);
    }

    function test_P01_withoutAValidBindProofNothingIsExecuted() public {
        Groth16Proof memory zero;
        _expectBindRejected();
        vm.prank(executor);
        lane.execute(commitment, patch.code, patch.opening, zero);
        vm.assertEq(vault.version(), 1);
        _assertState(commitment, StatementState.Scheduled);
    }

    function test_P04_T05_otherImmutablesAreRefused() public {
        patch.code.initCode = abi.encodePacked(type(UUPSVaultFixed).creationCode, abi.encode(lane, 8));
        _expectBindRejected();
        _execute(commitment, patch);
    }

    function test_P04_T05_anotherSaltMovesTheAddressImmutable() public {
        patch.code.deploySalt = bytes32(uint256(2));
        _expectBindRejected();
        _execute(commitment, patch);
    }

    function testFuzz_P04_T05_oneBitOfDeployedCodeIsRefused(uint256 bit) public {
        bytes memory code = patch.runtime;
        bit = _bound(bit, 0, 8 * code.length - 1);
        code[bit / 8] = code[bit / 8] ^ bytes1(uint8(1 << (bit % 8)));
        if (bit < 8) vm.assume(code[0] != 0xef);
        _tryDeployed(code);
    }

    function testFuzz_P04_T05_anotherLengthIsRefused(uint256 length) public {
        bytes memory code = patch.runtime;
        length = _bound(length, 1, 24_576);
        vm.assume(length != code.length);
        bytes memory resized = new bytes(length);
        for (uint256 i = 0; i < length && i < code.length; ++i) {
            resized[i] = code[i];
        }
        _tryDeployed(resized);
    }

    function _tryDeployed(bytes memory code) internal {
        address implementation = address(0xBAD);
        vm.etch(implementation, code);
        patch.code = CodeSource({implementation: implementation, initCode: "", deploySalt: 0});
        _expectBindRejected();
        _execute(commitment, patch);
    }

    function testFuzz_P04_anotherMigrationIsRefused(bytes memory migration) public {
        vm.assume(keccak256(migration) != keccak256(patch.opening.migration));
        patch.opening.migration = migration;
        _expectBindRejected();
        _execute(commitment, patch);
    }

    function testFuzz_P04_anotherLayoutRootIsRefused(uint256 layoutRoot) public {
        layoutRoot = _bound(layoutRoot, 1, R - 1);
        vm.assume(layoutRoot != NEW_LAYOUT);
        patch.opening.layoutRoot = layoutRoot;
        _expectBindRejected();
        _execute(commitment, patch);
    }

    function testFuzz_P04_anotherDigestOfTheCodeIsRefused(uint256 codeDigest) public {
        codeDigest = _bound(codeDigest, 1, R - 1);
        vm.assume(codeDigest != patch.opening.codeDigest);
        patch.opening.codeDigest = codeDigest;
        _expectBindRejected();
        _execute(commitment, patch);
    }

    function testFuzz_P04_T12_anotherGasForTheMigrationIsRefused(uint64 migrationGas) public {
        vm.assume(migrationGas != patch.opening.migrationGas);
        patch.opening.migrationGas = migrationGas;
        _expectBindRejected();
        _execute(commitment, patch);
    }

    function test_P09_digestOfTheCodeOutsideTheFieldIsRefused() public {
        uint256[3] memory digests = [0, R, patch.opening.codeDigest + R];
        for (uint256 i = 0; i < digests.length; ++i) {
            patch.opening.codeDigest = digests[i];
            vm.expectRevert(abi.encodeWithSelector(Baselines.BaselineCurrentCodeOutOfField.selector, digests[i]));
            _execute(commitment, patch);
        }
    }

    function test_P09_layoutRootOutsideTheFieldIsRefused() public {
        uint256[3] memory roots = [0, R, NEW_LAYOUT + R];
        for (uint256 i = 0; i < roots.length; ++i) {
            patch.opening.layoutRoot = roots[i];
            vm.expectRevert(abi.encodeWithSelector(Baselines.BaselineLayoutRootOutOfField.selector, roots[i]));
            _execute(commitment, patch);
        }
    }

    function test_P04_codeComesFromExactlyOneSource() public {
        CodeSource memory both = patch.code;
        both.implementation = address(vault);
        CodeSource memory neither;
        vm.expectRevert(
            abi.encodeWithSelector(
                IFastTrack.FastTrackAmbiguousCodeSource.selector, address(vault), both.initCode.length
            )
        );
        vm.prank(executor);
        lane.execute(commitment, both, patch.opening, _proof());
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackAmbiguousCodeSource.selector, address(0), 0));
        vm.prank(executor);
        lane.execute(commitment, neither, patch.opening, _proof());
    }

    function test_P04_anImplementationWithoutCodeIsRefused() public {
        patch.code = CodeSource({implementation: address(0xE0A), initCode: "", deploySalt: 0});
        vm.expectRevert(abi.encodeWithSelector(Baselines.BaselineImplementationWithoutCode.selector, address(0xE0A)));
        _execute(commitment, patch);
    }

    function test_P04_initCodeThatLeavesNothingIsRefused() public {
        patch.code.initCode = hex"00";
        vm.expectRevert(abi.encodeWithSelector(Baselines.BaselineImplementationWithoutCode.selector, _addressOf(patch)));
        _execute(commitment, patch);
    }

    function test_P04_initCodeThatFailsIsRefused() public {
        patch.code.initCode = hex"fe";
        vm.expectRevert(Errors.FailedDeployment.selector);
        _execute(commitment, patch);
    }

    function test_P04_codeThatTheCircuitCannotHoldIsRefused() public {
        address implementation = address(0xB16);
        vm.etch(implementation, new bytes(24_577));
        patch.code = CodeSource({implementation: implementation, initCode: "", deploySalt: 0});
        vm.expectRevert(abi.encodeWithSelector(CodeBinding.CodeBindingLength.selector, implementation, 24_577));
        _execute(commitment, patch);
    }

    function test_T12_aFailingMigrationUndoesEverything() public {
        Patch memory failing = _vaultPatch(2, abi.encodeWithSignature("nothing()"));
        uint256 failingCommitment = _schedule(failing, address(vault));
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(Errors.FailedCall.selector);
        _execute(failingCommitment, failing);
        _assertState(failingCommitment, StatementState.Scheduled);
        vm.assertEq(_addressOf(failing).code.length, 0);
        vm.assertEq(lane.nextDisclosureDueAt(), 0);
        vm.assertEq(lane.nonceOf(address(vault)), 2);
    }

    function test_P11_theLaneTakesAndSendsNoValue() public {
        vm.deal(address(lane), 5 ether);
        vm.deal(executor, 1 ether);
        vm.deal(council, 1 ether);
        bytes[2] memory calls = [
            abi.encodeCall(IFastTrack.execute, (commitment, patch.code, patch.opening, _proof())),
            abi.encodeCall(IFastTrack.disclose, (commitment, patch.secret, bytes32(0), ""))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(executor);
            (bool success,) = address(lane).call{value: 1}(calls[i]);
            vm.assertFalse(success);
        }
        // A payable migration sees no value, whatever the timelock holds.
        Patch memory payable_ = _vaultPatch(2, abi.encodeCall(UUPSVaultFixed.migrateValue, ()));
        _fastTrack(payable_, address(vault));
        vm.assertEq(vault.total(), 0);
        vm.assertEq(address(lane).balance, 5 ether);
    }
}
