// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {
    CodeSource,
    ExecutionOpening,
    Groth16Proof,
    LaneStatus,
    Opening,
    Policy,
    ProxyKind,
    Statement,
    StatementState
} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {IPatchVerifier} from "../../contracts/interfaces/IPatchVerifier.sol";
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
    function _executeElsewhere(
        uint256 salt,
        uint32 disclosureDeadline
    ) internal returns (bytes32 otherId, Patch memory elsewhere) {
        (otherId, elsewhere) = _scheduleElsewhere(salt, disclosureDeadline);
        _execute(otherId, elsewhere);
    }

    function _scheduleElsewhere(
        uint256 salt,
        uint32 disclosureDeadline
    ) internal returns (bytes32 otherId, Patch memory elsewhere) {
        address other = address(_newVault());
        Policy memory policy = _policy(ProxyKind.UUPS, address(0));
        policy.disclosureDeadline = disclosureDeadline;
        policy.delay = 1 hours;
        _register(other, policy, _implementationOf(other));
        elsewhere = _vaultPatch(salt);
        otherId = _schedule(elsewhere, other);
        vm.warp(block.timestamp + 1 hours);
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

    function test_P07_aNinthDueTimeFindsRoom() public {
        // One is open since setUp, due in 7 days. These are due in 20 to 27 days and an hour more each.
        bytes32[] memory others = new bytes32[](8);
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
        _disclose(id, patch);
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
        _disclose(id, patch);
        bytes32[] memory ids = new bytes32[](9);
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
            ids[i] = _schedule(patches[i], other);
            (codes[i], openings[i], proofs[i]) = (patches[i].code, patches[i].opening, _proof());
        }
        vm.warp(block.timestamp + DELAY);
        vm.prank(executor);
        lane.executeBatch(ids, codes, openings, proofs);
        for (uint256 i = 0; i < 9; ++i) {
            uint256 expected = block.timestamp + (17 - 2 * (i == 0 ? 1 : i)) * 1 days;
            vm.assertEq(lane.statementOf(ids[i]).deadline, expected);
        }

        // A window that ends when the one was due ends then all the same.
        Policy memory slowly = _policy(ProxyKind.UUPS, address(0));
        (slowly.delay, slowly.grace) = (7 days, 14 days);
        _register(address(vault), slowly, _implementationOf(address(vault)));
        uint64 end = uint64(block.timestamp + 17 days);
        Patch memory later = _vaultPatch(20);
        _prove(later, address(vault), end);
        vm.prank(council);
        bytes32 laterId = lane.schedule(Statement(later.commitment, address(vault), end), new bytes32[](0), _proof());
        vm.assertEq(lane.statementOf(laterId).deadline, end);

        for (uint256 i = 9; i > 0; --i) {
            vm.assertEq(lane.nextDisclosureDueAt(), lane.statementOf(ids[i - 1]).deadline);
            _disclose(ids[i - 1], patches[i - 1]);
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
