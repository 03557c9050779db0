// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {
    CodeSource,
    ExecutionOpening,
    Groth16Proof,
    LaneStatus,
    PatchOpening,
    Policy,
    ProxyKind,
    ScheduleRequest,
    StatementState
} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {IPatchVerifier} from "../../contracts/interfaces/IPatchVerifier.sol";
import {LaneFixture, Patch} from "./support/LaneFixture.sol";

contract DisclosureTest is LaneFixture {
    Patch internal patch;
    uint256 internal commitment;

    function setUp() public override {
        super.setUp();
        patch = _vaultPatch(1);
        commitment = _fastTrack(patch, address(vault));
    }

    /// @dev Another proxy with its own time to disclose, its patch executed now.
    function _executeElsewhere(
        uint256 salt,
        uint32 disclosureDeadline
    ) internal returns (uint256 otherCommitment, Patch memory elsewhere) {
        (otherCommitment, elsewhere) = _scheduleElsewhere(salt, disclosureDeadline);
        _execute(otherCommitment, elsewhere);
    }

    function _scheduleElsewhere(
        uint256 salt,
        uint32 disclosureDeadline
    ) internal returns (uint256 otherCommitment, Patch memory elsewhere) {
        address other = address(_newVault());
        Policy memory policy = _policy(ProxyKind.UUPS, address(0));
        policy.disclosureDeadline = disclosureDeadline;
        policy.delay = 1 hours;
        _register(other, policy, _implementationOf(other));
        elsewhere = _vaultPatch(salt);
        otherCommitment = _schedule(elsewhere, other);
        vm.warp(block.timestamp + 1 hours);
    }

    function test_disclosurePublishesTheOpeningAndThePlaceOfTheBundle() public {
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.StatementDisclosed(commitment, patch.secret, keccak256("bundle"), "ipfs://bundle");
        _disclose(commitment, patch);
        _assertState(commitment, StatementState.Disclosed);
        vm.assertEq(lane.nextDisclosureDueAt(), 0);
        vm.assertEq(lane.statementOf(commitment).deadline, 0);
        (uint256 untilEta, uint256 untilDeadline) = lane.timeLeft(commitment);
        vm.assertEq(untilEta + untilDeadline, 0);
    }

    function test_anOpeningThatDiffersAnywhereIsRefused() public {
        for (uint256 i = 0; i < 5; ++i) {
            uint256[5] memory words = abi.decode(abi.encode(patch.secret), (uint256[5]));
            words[i] += 1;
            PatchOpening memory opening = abi.decode(abi.encode(words), (PatchOpening));
            _expectMismatch(opening);
            vm.prank(council);
            lane.disclose(commitment, opening, 0, "");
        }
    }

    function _expectMismatch(PatchOpening memory opening) internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                IFastTrack.FastTrackOpeningMismatch.selector, commitment, patchVerifier.commitmentOf(opening)
            )
        );
    }

    function test_P09_anOpeningOutsideTheFieldIsRefused() public {
        patch.secret.salt += R;
        vm.expectRevert(abi.encodeWithSelector(IPatchVerifier.PatchVerifierOutOfField.selector, 4, patch.secret.salt));
        vm.prank(council);
        lane.disclose(commitment, patch.secret, 0, "");
    }

    function test_T16_onlyTheCouncilUntilTheDeadline_anybodyAfterIt() public {
        uint256 deadline = lane.statementOf(commitment).deadline;
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackDisclosureReserved.selector, stranger, deadline));
        vm.prank(stranger);
        lane.disclose(commitment, patch.secret, 0, "");

        // No other role is the council's.
        address[3] memory others = [guardian, executor, proposer];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IFastTrack.FastTrackDisclosureReserved.selector, others[i], deadline)
            );
            vm.prank(others[i]);
            lane.disclose(commitment, patch.secret, 0, "");
        }

        vm.warp(deadline + 1);
        vm.prank(stranger);
        lane.disclose(commitment, patch.secret, 0, "");
        _assertState(commitment, StatementState.Disclosed);
    }

    function test_T16_theCouncilPublishesAgainAfterAWorthlessDisclosure() public {
        vm.warp(lane.statementOf(commitment).deadline + 1);
        vm.prank(stranger);
        lane.disclose(commitment, patch.secret, keccak256("garbage"), "");
        uint256 due = lane.nextDisclosureDueAt();

        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.StatementDisclosed(commitment, patch.secret, keccak256("bundle"), "ipfs://bundle");
        _disclose(commitment, patch);
        _assertState(commitment, StatementState.Disclosed);
        vm.assertEq(lane.nextDisclosureDueAt(), due);
        _assertLane(address(vault), LaneStatus.Open);

        // Nobody else, and not with another opening.
        _expectState(commitment, StatementState.Disclosed, StatementState.Executed);
        vm.prank(stranger);
        lane.disclose(commitment, patch.secret, keccak256("garbage"), "");
        PatchOpening memory other = patch.secret;
        other.salt += 1;
        _expectMismatch(other);
        vm.prank(council);
        lane.disclose(commitment, other, keccak256("bundle"), "");
    }

    function test_theLongestPlaceHas256Bytes() public {
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackUriTooLong.selector, 257, 256));
        vm.prank(council);
        lane.disclose(commitment, patch.secret, 0, string(new bytes(257)));
        vm.prank(council);
        lane.disclose(commitment, patch.secret, 0, string(new bytes(256)));
        _assertState(commitment, StatementState.Disclosed);
    }

    function test_disclosureIsCheckedByTheVerifierOfTheStatement() public {
        // Another verifier may know another commitment scheme; the statement keeps its own.
        IPatchVerifier other = IPatchVerifier(address(new OtherScheme()));
        vm.prank(address(lane));
        lane.setVerifier(other);
        _disclose(commitment, patch);
        _assertState(commitment, StatementState.Disclosed);
    }

    function test_P07_T16_theLaneFreezesAfterTheDeadline_untilDisclosed() public {
        uint256 deadline = lane.statementOf(commitment).deadline;
        vm.warp(deadline - DELAY);
        Patch memory next = _vaultPatch(2);
        uint256 nextCommitment = _schedule(next, address(vault));
        vm.warp(deadline);
        _assertLane(address(vault), LaneStatus.Open);

        vm.warp(deadline + 1);
        _assertLane(address(vault), LaneStatus.Frozen);
        Patch memory third = _vaultPatch(3);
        _prove(third, address(vault), _validUntil());
        _expectClosed(address(vault), LaneStatus.Frozen);
        vm.prank(council);
        lane.schedule(_statement(third, address(vault)), new bytes32[](0), _proof());
        _expectClosed(address(vault), LaneStatus.Frozen);
        _execute(nextCommitment, next);

        _disclose(commitment, patch);
        _assertLane(address(vault), LaneStatus.Open);
        _execute(nextCommitment, next);
    }

    function test_P07_T16_theFreezeConcernsEveryProxy() public {
        address other = address(_newVault());
        _register(other, _policy(ProxyKind.UUPS, address(0)), _implementationOf(other));
        vm.warp(block.timestamp + DISCLOSURE + 1);
        _assertLane(other, LaneStatus.Frozen);
    }

    function test_P07_eachUndisclosedStatementCounts() public {
        (uint256 late, Patch memory latePatch) = _executeElsewhere(2, 20 days);
        (uint256 early, Patch memory earlyPatch) = _executeElsewhere(3, 2 days);
        vm.assertEq(lane.nextDisclosureDueAt(), lane.statementOf(early).deadline);

        vm.warp(lane.statementOf(early).deadline + 1);
        _assertLane(address(vault), LaneStatus.Frozen);
        _disclose(late, latePatch);
        _assertLane(address(vault), LaneStatus.Frozen);
        _disclose(early, earlyPatch);
        _assertLane(address(vault), LaneStatus.Open);

        vm.assertEq(lane.nextDisclosureDueAt(), lane.statementOf(commitment).deadline);
        vm.warp(lane.statementOf(commitment).deadline + 1);
        _assertLane(address(vault), LaneStatus.Frozen);
    }

    function test_P07_governanceClearsByName() public {
        (uint256 other,) = _executeElsewhere(2, DISCLOSURE);
        uint256 deadline = lane.statementOf(commitment).deadline;
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackNotOverdue.selector, commitment, deadline));
        vm.prank(address(lane));
        lane.clearFreeze(commitment);

        vm.warp(lane.statementOf(other).deadline + 1);
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.FreezeCleared(commitment);
        vm.prank(address(lane));
        lane.clearFreeze(commitment);
        // The other one still freezes the lane.
        _assertLane(address(vault), LaneStatus.Frozen);
        _assertState(commitment, StatementState.Executed);
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackNotOverdue.selector, commitment, 0));
        vm.prank(address(lane));
        lane.clearFreeze(commitment);

        vm.prank(address(lane));
        lane.clearFreeze(other);
        _assertLane(address(vault), LaneStatus.Open);

        // Cleared is not forgotten: whoever knows the opening may still publish it.
        vm.prank(stranger);
        lane.disclose(commitment, patch.secret, 0, "");
        _assertState(commitment, StatementState.Disclosed);
    }

    function test_P07_clearingThroughTheSlowPath() public {
        vm.warp(lane.statementOf(commitment).deadline + 1);
        _govern(address(lane), abi.encodeCall(IFastTrack.clearFreeze, (commitment)));
        _assertLane(address(vault), LaneStatus.Open);
    }

    function test_P07_aNinthDueTimeFindsRoom() public {
        // One is open since setUp, due in 7 days. These are due in 20 to 27 days and an hour more each.
        uint256[] memory others = new uint256[](8);
        Patch[] memory patches = new Patch[](8);
        for (uint256 i = 0; i < 7; ++i) {
            (others[i], patches[i]) = _executeElsewhere(i + 2, uint32((20 + i) * 1 days));
        }
        (others[7], patches[7]) = _scheduleElsewhere(9, 27 days);
        // The last two are closest together, as seen from now.
        uint256 earlier = lane.statementOf(others[6]).deadline;
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.DisclosuresMerged(earlier, block.timestamp + 27 days);
        _execute(others[7], patches[7]);
        vm.assertEq(lane.statementOf(others[7]).deadline, earlier);
        (, uint256 left) = lane.timeLeft(others[7]);
        vm.assertEq(left, earlier - block.timestamp);
        _assertLane(address(vault), LaneStatus.Open);

        // Both count at the earlier time, for whoever discloses and for governance.
        for (uint256 i = 0; i < 6; ++i) {
            _disclose(others[i], patches[i]);
        }
        _disclose(commitment, patch);
        _disclose(others[6], patches[6]);
        vm.assertEq(lane.nextDisclosureDueAt(), earlier);
        vm.warp(earlier);
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackNotOverdue.selector, others[7], earlier));
        vm.prank(address(lane));
        lane.clearFreeze(others[7]);
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackDisclosureReserved.selector, stranger, earlier));
        vm.prank(stranger);
        lane.disclose(others[7], patches[7].secret, 0, "");

        vm.warp(earlier + 1);
        _assertLane(address(vault), LaneStatus.Frozen);
        vm.prank(stranger);
        lane.disclose(others[7], patches[7].secret, 0, "");
        vm.assertEq(lane.nextDisclosureDueAt(), 0);
        _assertLane(address(vault), LaneStatus.Open);
    }

    function test_P07_nineTimesToDiscloseFitOneBatch() public {
        _disclose(commitment, patch);
        uint256[] memory commitments = new uint256[](9);
        CodeSource[] memory codes = new CodeSource[](9);
        ExecutionOpening[] memory openings = new ExecutionOpening[](9);
        Groth16Proof[] memory proofs = new Groth16Proof[](9);
        Patch[] memory patches = new Patch[](9);
        for (uint256 i = 0; i < 9; ++i) {
            address other = address(_newVault());
            Policy memory policy = _policy(ProxyKind.UUPS, address(0));
            // 17, 15 .. 1 days; of the last two the later loses least.
            policy.disclosureDeadline = uint32((17 - 2 * i) * 1 days);
            _register(other, policy, _implementationOf(other));
            patches[i] = _vaultPatch(i + 2);
            commitments[i] = _schedule(patches[i], other);
            (codes[i], openings[i], proofs[i]) = (patches[i].code, patches[i].opening, _proof());
        }
        vm.warp(block.timestamp + DELAY);
        vm.prank(executor);
        lane.executeBatch(commitments, codes, openings, proofs);
        for (uint256 i = 0; i < 9; ++i) {
            uint256 expected = block.timestamp + (17 - 2 * (i == 0 ? 1 : i)) * 1 days;
            vm.assertEq(lane.statementOf(commitments[i]).deadline, expected);
        }

        // A window that ends when the one was due ends then all the same.
        Policy memory slowly = _policy(ProxyKind.UUPS, address(0));
        (slowly.delay, slowly.grace) = (7 days, 14 days);
        _register(address(vault), slowly, _implementationOf(address(vault)));
        uint64 end = uint64(block.timestamp + 17 days);
        Patch memory later = _vaultPatch(20);
        _prove(later, address(vault), end);
        vm.prank(council);
        lane.schedule(ScheduleRequest(later.commitment, address(vault), end, 0), new bytes32[](0), _proof());
        vm.assertEq(lane.statementOf(later.commitment).deadline, end);

        for (uint256 i = 9; i > 0; --i) {
            vm.assertEq(lane.nextDisclosureDueAt(), lane.statementOf(commitments[i - 1]).deadline);
            _disclose(commitments[i - 1], patches[i - 1]);
        }
        vm.assertEq(lane.nextDisclosureDueAt(), 0);
    }
}

/// @dev A proof system with no commitment scheme at all.
contract OtherScheme {
    function setupHash() external pure returns (bytes32) {
        return keccak256("other");
    }
}
