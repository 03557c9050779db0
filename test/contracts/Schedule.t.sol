// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {
    Groth16Proof,
    LaneStatus,
    Policy,
    ProxyKind,
    ScheduleRequest,
    StatementState,
    StatementView
} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {Statements} from "../../contracts/libraries/Statements.sol";
import {UUPSVault} from "./mocks/Vaults.sol";
import {LaneFixture, Patch} from "./support/LaneFixture.sol";

contract ScheduleTest is LaneFixture {
    Patch internal patch;
    bytes32[] internal noPath;

    function setUp() public override {
        super.setUp();
        patch = _vaultPatch(1);
    }

    function _submit(ScheduleRequest memory statement) internal returns (bytes32) {
        vm.prank(council);
        return lane.schedule(statement, noPath, _proof());
    }

    function _expectRejected(ScheduleRequest memory statement) internal {
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackAttestProofRejected.selector, statement.commitment));
    }

    function test_everyPublicValueIsEmittedAndKept() public {
        uint64 validUntil = _validUntil();
        bytes32 leaf = keccak256(
            abi.encode(
                block.chainid,
                address(lane),
                address(vault),
                _implementationOf(address(vault)).codehash,
                2,
                validUntil,
                bytes32(0)
            )
        );
        bytes32 id = keccak256(abi.encode(patch.commitment, leaf));
        vm.assertEq(lane.nonceOf(address(vault)), 2);
        vm.assertEq(lane.leafOf(address(vault), validUntil, 0), leaf);
        uint256[7] memory signals = [patch.commitment, AUDITORS, 3, VECTORS, 2, LAYOUT, uint256(leaf) >> 8];
        groth16.accept(signals);

        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.StatementScheduled(
            id, patch.commitment, address(vault), leaf, signals, 2, validUntil, 0, START + DELAY, START + DELAY + GRACE
        );
        vm.assertEq(_submit(_statement(patch, address(vault))), id);

        uint256 commitment = patch.commitment;
        StatementView memory kept = lane.statementOf(commitment);
        vm.assertEq(kept.group, 0);
        vm.assertEq(kept.proxy, address(vault));
        vm.assertEq(kept.verifier, address(patchVerifier));
        vm.assertEq(kept.nonce, 2);
        vm.assertEq(kept.validUntil, validUntil);
        vm.assertEq(kept.eta, START + DELAY);
        vm.assertEq(kept.deadline, START + DELAY + GRACE);
        _assertState(commitment, StatementState.Scheduled);
        (uint256 untilEta, uint256 untilDeadline) = lane.timeLeft(commitment);
        vm.assertEq(untilEta, DELAY);
        vm.assertEq(untilDeadline, DELAY + GRACE);
        // A sealed patch changes nothing.
        vm.assertEq(vault.version(), 1);
    }

    function test_T02_T14_onlyTheCouncilSchedules() public {
        _prove(patch, address(vault), _validUntil());
        ScheduleRequest memory statement = _statement(patch, address(vault));
        bytes32 role = keccak256("COUNCIL_ROLE");
        address[5] memory others = [proposer, executor, guardian, stranger, address(lane)];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, others[i], role)
            );
            vm.prank(others[i]);
            lane.schedule(statement, noPath, _proof());
        }
    }

    function test_P01_withoutAValidProofNothingIsScheduled() public {
        ScheduleRequest memory statement = _statement(patch, address(vault));
        _expectRejected(statement);
        _submit(statement);

        _prove(patch, address(vault), _validUntil());
        Groth16Proof memory zero;
        _expectRejected(statement);
        vm.prank(council);
        lane.schedule(statement, noPath, zero);
        // A rejected statement leaves no trace: the commitment is still free.
        _submit(statement);
    }

    function test_T01_proofForAnotherChainIsRejected() public {
        _prove(patch, address(vault), _validUntil());
        vm.chainId(block.chainid + 1);
        _expectRejected(_statement(patch, address(vault)));
        _submit(_statement(patch, address(vault)));
    }

    function test_T01_proofForAnotherTimelockIsRejected() public {
        _prove(patch, address(vault), _validUntil());
        lane = _newTimelock();
        _register(address(vault), _policy(ProxyKind.UUPS, address(0)), _implementationOf(address(vault)));
        _expectRejected(_statement(patch, address(vault)));
        _submit(_statement(patch, address(vault)));
    }

    function test_T01_proofForAnotherProxyIsRejected() public {
        _prove(patch, address(vault), _validUntil());
        UUPSVault other = _newVault();
        _register(address(other), _policy(ProxyKind.UUPS, address(0)), _implementationOf(address(vault)));
        vm.assertEq(lane.nonceOf(address(other)), lane.nonceOf(address(vault)));
        _expectRejected(_statement(patch, address(other)));
        _submit(_statement(patch, address(other)));
    }

    function test_T01_T03_proofFromBeforeAnUpgradeIsRejected() public {
        _prove(patch, address(vault), _validUntil());
        ScheduleRequest memory old = _statement(patch, address(vault));
        address original = _implementationOf(address(vault));
        _fastTrack(_vaultPatch(2), address(vault));
        // Governance goes back to the code that the proof started from: only the nonce has moved.
        address first = address(new UUPSVault(address(lane)));
        vm.etch(first, original.code);
        vm.prank(address(lane));
        lane.setBaseline(address(vault), first, LAYOUT, CODE);
        vm.assertEq(lane.baselineOf(address(vault)).codehash, original.codehash);
        _expectRejected(old);
        _submit(old);
    }

    function test_T01_proofForAnotherTimeIsRejected() public {
        _prove(patch, address(vault), _validUntil());
        ScheduleRequest memory statement = _statement(patch, address(vault));
        statement.validUntil += 1;
        _expectRejected(statement);
        _submit(statement);
    }

    function test_T01_statementsOfARemovedPolicyNeverComeBack() public {
        _prove(patch, address(vault), _validUntil());
        ScheduleRequest memory statement = _statement(patch, address(vault));
        vm.prank(address(lane));
        lane.removePolicy(address(vault));
        _register(address(vault), _policy(ProxyKind.UUPS, address(0)), _implementationOf(address(vault)));
        _expectRejected(statement);
        _submit(statement);
    }

    function test_T06_everySignalComesFromTheChain() public {
        _prove(patch, address(vault), _validUntil());
        Policy memory policy = _policy(ProxyKind.UUPS, address(0));
        for (uint256 i = 0; i < 5; ++i) {
            uint256 snapshot = vm.snapshotState();
            Policy memory changed = _policy(ProxyKind.UUPS, address(0));
            if (i == 0) changed.auditorRoot += 1;
            if (i == 1) changed.threshold += 1;
            if (i == 2) changed.vectorRoot += 1;
            if (i == 3) changed.maxWaivers += 1;
            vm.startPrank(address(lane));
            lane.setPolicy(address(vault), changed);
            if (i == 4) lane.setBaseline(address(vault), _implementationOf(address(vault)), LAYOUT + 1, CODE);
            vm.stopPrank();
            // The proof that matches the new leaf still proves the old rules.
            uint256[7] memory signals =
                _attestSignals(patch.commitment, address(vault), _validUntil(), lane.nonceOf(address(vault)));
            signals[1] = policy.auditorRoot;
            signals[2] = policy.threshold;
            signals[3] = policy.vectorRoot;
            signals[4] = policy.maxWaivers;
            signals[5] = LAYOUT;
            groth16.accept(signals);
            _expectRejected(_statement(patch, address(vault)));
            _submit(_statement(patch, address(vault)));
            vm.revertToState(snapshot);
        }
    }

    function testFuzz_P09_commitmentOutsideTheFieldIsRefused(uint256 commitment) public {
        commitment = _bound(commitment, R, type(uint256).max);
        _expectCommitmentOutOfField(commitment);
        _submit(ScheduleRequest(commitment, address(vault), _validUntil(), 0));
    }

    function test_P09_zeroAndTheOrderAreNoCommitments() public {
        _expectCommitmentOutOfField(0);
        _submit(ScheduleRequest(0, address(vault), _validUntil(), 0));
        _expectCommitmentOutOfField(R);
        _submit(ScheduleRequest(R, address(vault), _validUntil(), 0));
        groth16.accept(_attestSignals(R - 1, address(vault), _validUntil(), 2));
        _submit(ScheduleRequest(R - 1, address(vault), _validUntil(), 0));
    }

    function _expectCommitmentOutOfField(uint256 commitment) internal {
        vm.expectRevert(abi.encodeWithSelector(Statements.StatementCommitmentOutOfField.selector, commitment));
    }

    function _expectUsed() internal {
        vm.expectRevert(abi.encodeWithSelector(Statements.StatementCommitmentUsed.selector, patch.commitment));
    }

    function testFuzz_P03_T02_aCommitmentServesOnceWhateverTheProof(uint256[8] memory words) public {
        _schedule(patch, address(vault));
        Groth16Proof memory other = Groth16Proof({
            a: [words[0], words[1]], b: [[words[2], words[3]], [words[4], words[5]]], c: [words[6], words[7]]
        });
        ScheduleRequest memory statement = _statement(patch, address(vault));
        _expectUsed();
        vm.prank(council);
        lane.schedule(statement, noPath, other);
    }

    function test_P03_aCommitmentServesOneProxyOnly() public {
        _schedule(patch, address(vault));
        UUPSVault other = _newVault();
        _register(address(other), _policy(ProxyKind.UUPS, address(0)), _implementationOf(address(other)));
        _prove(patch, address(other), _validUntil());
        _expectUsed();
        _submit(_statement(patch, address(other)));
    }

    function test_P03_T13_noEndOfAStatementFreesItsCommitment() public {
        uint256 commitment = _schedule(patch, address(vault));
        vm.prank(guardian);
        lane.veto(commitment, "no");
        _prove(patch, address(vault), _validUntil() + 1);
        _expectUsed();
        _submit(ScheduleRequest(patch.commitment, address(vault), _validUntil() + 1, 0));

        patch = _vaultPatch(2);
        _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY + GRACE + 1);
        _prove(patch, address(vault), _validUntil());
        _expectUsed();
        _submit(_statement(patch, address(vault)));

        patch = _vaultPatch(3);
        uint256 executed = _fastTrack(patch, address(vault));
        _prove(patch, address(vault), _validUntil());
        _expectUsed();
        _submit(_statement(patch, address(vault)));

        _disclose(executed, patch);
        _expectUsed();
        _submit(_statement(patch, address(vault)));
    }

    function test_T13_validityMustReachBeyondEta() public {
        uint64 eta = uint64(block.timestamp + DELAY);
        vm.expectRevert(abi.encodeWithSelector(Statements.StatementValidityTooShort.selector, eta, eta));
        _submit(ScheduleRequest(patch.commitment, address(vault), eta, 0));
        vm.expectRevert(abi.encodeWithSelector(Statements.StatementValidityTooShort.selector, 0, eta));
        _submit(ScheduleRequest(patch.commitment, address(vault), 0, 0));

        _prove(patch, address(vault), eta + 1);
        _submit(ScheduleRequest(patch.commitment, address(vault), eta + 1, 0));
        vm.assertEq(lane.statementOf(patch.commitment).deadline, eta + 1);
    }

    function test_T13_validityHasAMaximum() public {
        uint64 maximum = uint64(block.timestamp + _bounds().maxValidity);
        uint64[2] memory tooLong = [maximum + 1, type(uint64).max];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Statements.StatementValidityTooLong.selector, tooLong[i], maximum));
            _submit(ScheduleRequest(patch.commitment, address(vault), tooLong[i], 0));
        }
        _prove(patch, address(vault), maximum);
        _submit(ScheduleRequest(patch.commitment, address(vault), maximum, 0));
    }

    function test_T13_theWindowEndsAtValidUntilWhereThatComesFirst() public {
        uint64 validUntil = uint64(block.timestamp + DELAY + GRACE - 1);
        _prove(patch, address(vault), validUntil);
        _submit(ScheduleRequest(patch.commitment, address(vault), validUntil, 0));
        vm.assertEq(lane.statementOf(patch.commitment).deadline, validUntil);
    }

    function test_severalTargetsShareOneRoot() public {
        // Three proxies, one tree in OpenZeppelin's order: pairs are sorted before they are hashed.
        uint64 validUntil = _validUntil();
        bytes32 leaf = lane.leafOf(address(vault), validUntil, 0);
        bytes32 sibling = keccak256("second leaf");
        bytes32 uncle = keccak256("third leaf");
        bytes32 node = leaf < sibling ? keccak256(abi.encode(leaf, sibling)) : keccak256(abi.encode(sibling, leaf));
        bytes32 root = node < uncle ? keccak256(abi.encode(node, uncle)) : keccak256(abi.encode(uncle, node));
        uint256[7] memory signals = [patch.commitment, AUDITORS, 3, VECTORS, 2, LAYOUT, uint256(root) >> 8];
        groth16.accept(signals);

        bytes32[] memory path = new bytes32[](2);
        (path[0], path[1]) = (uncle, sibling);
        ScheduleRequest memory statement = _statement(patch, address(vault));
        _expectRejected(statement);
        vm.prank(council);
        lane.schedule(statement, path, _proof());

        (path[0], path[1]) = (sibling, uncle);
        vm.prank(council);
        bytes32 id = lane.schedule(statement, path, _proof());
        vm.assertEq(id, keccak256(abi.encode(patch.commitment, leaf)));
    }

    function test_aClosedLaneSchedulesNothing() public {
        _prove(patch, address(vault), _validUntil());
        ScheduleRequest memory statement = _statement(patch, address(vault));
        uint256 snapshot = vm.snapshotState();

        vm.prank(guardian);
        lane.halt("look first");
        _expectClosed(address(vault), LaneStatus.Halted);
        _submit(statement);
        vm.revertToState(snapshot);

        vm.prank(address(lane));
        lane.removePolicy(address(vault));
        _expectClosed(address(vault), LaneStatus.NoPolicy);
        _submit(statement);
        vm.revertToState(snapshot);

        _expectClosed(address(this), LaneStatus.NoPolicy);
        _submit(ScheduleRequest(patch.commitment, address(this), _validUntil(), 0));

        UUPSVault other = _newVault();
        vm.prank(address(lane));
        lane.setPolicy(address(other), _policy(ProxyKind.UUPS, address(0)));
        _expectClosed(address(other), LaneStatus.NoBaseline);
        _submit(ScheduleRequest(patch.commitment, address(other), _validUntil(), 0));
    }

    function test_T03_changedCodeOfTheBaselineClosesTheLane() public {
        _prove(patch, address(vault), _validUntil());
        vm.etch(_implementationOf(address(vault)), hex"00");
        _expectClosed(address(vault), LaneStatus.BaselineCodeChanged);
        _submit(_statement(patch, address(vault)));
    }
}
