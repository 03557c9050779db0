// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {LaneStatus, Opening, Policy, ProxyKind, StatementState} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {IPatchVerifier} from "../../contracts/interfaces/IPatchVerifier.sol";
import {DisclosureDeadlines} from "../../contracts/libraries/DisclosureDeadlines.sol";
import {LaneFixture, Patch} from "./support/LaneFixture.sol";

contract DisclosureTest is LaneFixture {
    Patch internal patch;
    bytes32 internal id;

    function setUp() public override {
        super.setUp();
        patch = _vaultPatch(1);
        id = _fastTrack(patch, address(vault));
    }

    /// @dev Another proxy with its own time to disclose, its patch executed now.
    function _executeElsewhere(uint256 salt, uint32 disclosureDeadline) internal returns (bytes32, Patch memory) {
        address other = address(_newVault());
        Policy memory policy = _policy(ProxyKind.UUPS, address(0));
        policy.disclosureDeadline = disclosureDeadline;
        policy.delay = 1 hours;
        _register(other, policy, _implementationOf(other));
        Patch memory elsewhere = _vaultPatch(salt);
        bytes32 otherId = _schedule(elsewhere, other);
        vm.warp(block.timestamp + 1 hours);
        _execute(otherId, elsewhere);
        return (otherId, elsewhere);
    }

    function test_disclosurePublishesTheOpeningAndThePlaceOfTheBundle() public {
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.StatementDisclosed(id, patch.secret, keccak256("bundle"), "ipfs://bundle");
        _disclose(id, patch);
        _assertState(id, StatementState.Disclosed);
        vm.assertEq(lane.nextDisclosureDueAt(), 0);
        vm.assertEq(lane.statementOf(id).deadline, 0);
        (uint256 untilEta, uint256 untilDeadline) = lane.timeLeft(id);
        vm.assertEq(untilEta + untilDeadline, 0);
    }

    function test_anOpeningThatDiffersAnywhereIsRefused() public {
        for (uint256 i = 0; i < 5; ++i) {
            Opening memory opening = abi.decode(abi.encode(patch.secret), (Opening));
            if (i == 0) opening.codeDigest += 1;
            if (i == 1) opening.layoutRoot += 1;
            if (i == 2) opening.incidentRoot += 1;
            if (i == 3) opening.callDigest += 1;
            if (i == 4) opening.salt += 1;
            vm.expectRevert(
                abi.encodeWithSelector(
                    IFastTrack.FastTrackOpeningMismatch.selector,
                    id,
                    patch.commitment,
                    patchVerifier.commitmentOf(opening)
                )
            );
            vm.prank(council);
            lane.disclose(id, opening, 0, "");
        }
    }

    function test_P09_anOpeningOutsideTheFieldIsRefused() public {
        patch.secret.salt += R;
        vm.expectRevert(abi.encodeWithSelector(IPatchVerifier.PatchVerifierOutOfField.selector, 4, patch.secret.salt));
        vm.prank(council);
        lane.disclose(id, patch.secret, 0, "");
    }

    function test_T16_onlyTheCouncilUntilTheDeadline_anybodyAfterIt() public {
        uint256 deadline = lane.statementOf(id).deadline;
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackDisclosureReserved.selector, stranger, deadline));
        vm.prank(stranger);
        lane.disclose(id, patch.secret, 0, "");

        // No other role is the council's.
        address[3] memory others = [guardian, executor, proposer];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IFastTrack.FastTrackDisclosureReserved.selector, others[i], deadline)
            );
            vm.prank(others[i]);
            lane.disclose(id, patch.secret, 0, "");
        }

        vm.warp(deadline + 1);
        vm.prank(stranger);
        lane.disclose(id, patch.secret, 0, "");
        _assertState(id, StatementState.Disclosed);
    }

    function test_T16_theCouncilPublishesAgainAfterAWorthlessDisclosure() public {
        vm.warp(lane.statementOf(id).deadline + 1);
        vm.prank(stranger);
        lane.disclose(id, patch.secret, keccak256("garbage"), "");
        uint256 due = lane.nextDisclosureDueAt();

        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.StatementDisclosed(id, patch.secret, keccak256("bundle"), "ipfs://bundle");
        _disclose(id, patch);
        _assertState(id, StatementState.Disclosed);
        vm.assertEq(lane.nextDisclosureDueAt(), due);
        _assertLane(address(vault), LaneStatus.Open);

        // Nobody else, and not with another opening.
        _expectState(id, StatementState.Disclosed, StatementState.Executed);
        vm.prank(stranger);
        lane.disclose(id, patch.secret, keccak256("garbage"), "");
        Opening memory other = patch.secret;
        other.salt += 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                IFastTrack.FastTrackOpeningMismatch.selector, id, patch.commitment, patchVerifier.commitmentOf(other)
            )
        );
        vm.prank(council);
        lane.disclose(id, other, keccak256("bundle"), "");
    }

    function test_theLongestPlaceHas256Bytes() public {
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackUriTooLong.selector, 257, 256));
        vm.prank(council);
        lane.disclose(id, patch.secret, 0, string(new bytes(257)));
        vm.prank(council);
        lane.disclose(id, patch.secret, 0, string(new bytes(256)));
        _assertState(id, StatementState.Disclosed);
    }

    function test_disclosureIsCheckedByTheVerifierOfTheStatement() public {
        // Another verifier may know another commitment scheme; the statement keeps its own.
        IPatchVerifier other = IPatchVerifier(address(new OtherScheme()));
        vm.prank(address(lane));
        lane.setVerifier(other);
        _disclose(id, patch);
        _assertState(id, StatementState.Disclosed);
    }

    function test_P07_T16_theLaneFreezesAfterTheDeadline_untilDisclosed() public {
        uint256 deadline = lane.statementOf(id).deadline;
        vm.warp(deadline - DELAY);
        Patch memory next = _vaultPatch(2);
        bytes32 nextId = _schedule(next, address(vault));
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
        _execute(nextId, next);

        _disclose(id, patch);
        _assertLane(address(vault), LaneStatus.Open);
        _execute(nextId, next);
    }

    function test_P07_T16_theFreezeConcernsEveryProxy() public {
        address other = address(_newVault());
        _register(other, _policy(ProxyKind.UUPS, address(0)), _implementationOf(other));
        vm.warp(block.timestamp + DISCLOSURE + 1);
        _assertLane(other, LaneStatus.Frozen);
    }

    function test_P07_eachUndisclosedStatementCounts() public {
        (bytes32 late, Patch memory latePatch) = _executeElsewhere(2, 20 days);
        (bytes32 early, Patch memory earlyPatch) = _executeElsewhere(3, 2 days);
        vm.assertEq(lane.nextDisclosureDueAt(), lane.statementOf(early).deadline);

        vm.warp(lane.statementOf(early).deadline + 1);
        _assertLane(address(vault), LaneStatus.Frozen);
        _disclose(late, latePatch);
        _assertLane(address(vault), LaneStatus.Frozen);
        _disclose(early, earlyPatch);
        _assertLane(address(vault), LaneStatus.Open);

        vm.assertEq(lane.nextDisclosureDueAt(), lane.statementOf(id).deadline);
        vm.warp(lane.statementOf(id).deadline + 1);
        _assertLane(address(vault), LaneStatus.Frozen);
    }

    function test_P07_governanceClearsByName() public {
        (bytes32 other,) = _executeElsewhere(2, DISCLOSURE);
        uint256 deadline = lane.statementOf(id).deadline;
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackNotOverdue.selector, id, deadline));
        vm.prank(address(lane));
        lane.clearFreeze(id);

        vm.warp(lane.statementOf(other).deadline + 1);
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.FreezeCleared(id);
        vm.prank(address(lane));
        lane.clearFreeze(id);
        // The other one still freezes the lane.
        _assertLane(address(vault), LaneStatus.Frozen);
        _assertState(id, StatementState.Executed);
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackNotOverdue.selector, id, 0));
        vm.prank(address(lane));
        lane.clearFreeze(id);

        vm.prank(address(lane));
        lane.clearFreeze(other);
        _assertLane(address(vault), LaneStatus.Open);

        // Cleared is not forgotten: whoever knows the opening may still publish it.
        vm.prank(stranger);
        lane.disclose(id, patch.secret, 0, "");
        _assertState(id, StatementState.Disclosed);
    }

    function test_P07_clearingThroughTheSlowPath() public {
        vm.warp(lane.statementOf(id).deadline + 1);
        _govern(address(lane), abi.encodeCall(IFastTrack.clearFreeze, (id)));
        _assertLane(address(vault), LaneStatus.Open);
    }

    function test_theLaneHoldsEightDueTimes() public {
        // One is open since setUp.
        bytes32 last;
        Patch memory lastPatch;
        for (uint256 i = 2; i <= 8; ++i) {
            (last, lastPatch) = _executeElsewhere(i, 30 days);
        }
        address other = address(_newVault());
        _register(other, _policy(ProxyKind.UUPS, address(0)), _implementationOf(other));
        Patch memory ninth = _vaultPatch(9);
        bytes32 ninthId = _schedule(ninth, other);
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(abi.encodeWithSelector(DisclosureDeadlines.DisclosureDeadlinesFull.selector, 8));
        _execute(ninthId, ninth);
        _disclose(last, lastPatch);
        _execute(ninthId, ninth);
    }
}

/// @dev A proof system with no commitment scheme at all.
contract OtherScheme {
    function setupHash() external pure returns (bytes32) {
        return keccak256("other");
    }
}

contract DeadlinesHarness {
    using DisclosureDeadlines for DisclosureDeadlines.Context;

    DisclosureDeadlines.Context internal deadlines;

    function add(uint48 dueAt) external {
        deadlines.add(dueAt);
    }

    function remove(uint48 dueAt) external {
        deadlines.remove(dueAt);
    }

    function earliest() external view returns (uint48) {
        return deadlines.earliest();
    }

    function overdue() external view returns (bool) {
        return deadlines.overdue();
    }

    /// @dev Puts 65,535 statements on one due time.
    function crowd(uint48 dueAt) external {
        deadlines.entries[3] = (uint64(dueAt) << 16) | type(uint16).max;
    }
}

contract DisclosureDeadlinesTest is LaneFixture {
    DeadlinesHarness internal harness;
    uint48[] internal model;

    function setUp() public override {
        vm.warp(START);
        harness = new DeadlinesHarness();
    }

    function testFuzz_P07_matchesAListOfAllDueTimes(uint256[40] memory steps) public {
        for (uint256 i = 0; i < steps.length; ++i) {
            uint256 step = steps[i];
            if (step % 3 != 0 || model.length == 0) {
                // Eight different times at most.
                uint48 dueAt = uint48(START - 3 + (step >> 8) % 8);
                harness.add(dueAt);
                model.push(dueAt);
            } else {
                uint256 index = (step >> 8) % model.length;
                harness.remove(model[index]);
                model[index] = model[model.length - 1];
                model.pop();
            }
            uint48 least = 0;
            for (uint256 j = 0; j < model.length; ++j) {
                if (least == 0 || model[j] < least) least = model[j];
            }
            vm.assertEq(harness.earliest(), least);
            vm.assertEq(harness.overdue(), least != 0 && least < block.timestamp);
        }
    }

    function test_dueIsNotOverdue() public {
        harness.add(uint48(START));
        vm.assertFalse(harness.overdue());
        vm.warp(START + 1);
        vm.assertTrue(harness.overdue());
    }

    function test_theNinthTimeIsRefusedAndMoreOfTheSameAreNot() public {
        for (uint48 i = 1; i <= 8; ++i) {
            harness.add(i);
        }
        vm.expectRevert(abi.encodeWithSelector(DisclosureDeadlines.DisclosureDeadlinesFull.selector, 8));
        harness.add(9);
        harness.add(8);
        harness.add(1);
        harness.remove(1);
        vm.assertEq(harness.earliest(), 1);
        harness.remove(1);
        vm.assertEq(harness.earliest(), 2);
        harness.add(9);
    }

    function test_oneTimeHolds65535Statements() public {
        harness.crowd(7);
        vm.expectRevert(abi.encodeWithSelector(DisclosureDeadlines.DisclosureDeadlinesCrowded.selector, 7));
        harness.add(7);
        vm.assertEq(harness.earliest(), 7);
        harness.remove(7);
        harness.add(7);
    }

    function test_removingWhatIsNotThereFails() public {
        vm.expectRevert();
        harness.remove(1);
    }
}
