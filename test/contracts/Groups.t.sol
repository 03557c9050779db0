// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {
    CodeSource,
    ExecutionOpening,
    Groth16Proof,
    Policy,
    ProxyKind,
    ScheduleRequest,
    StatementState
} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {Statements} from "../../contracts/libraries/Statements.sol";
import {UUPSVault} from "./mocks/Vaults.sol";
import {LaneFixture, Patch} from "./support/LaneFixture.sol";

/// @dev Statements that execute together or not at all.
contract GroupsTest is LaneFixture {
    UUPSVault[3] internal vaults;
    Patch[] internal members;
    bytes32 internal group;

    function setUp() public override {
        super.setUp();
        vaults[0] = vault;
        for (uint256 i = 1; i < 3; ++i) {
            vaults[i] = _newVault();
            _register(address(vaults[i]), _policy(ProxyKind.UUPS, address(0)), _implementationOf(address(vaults[i])));
        }
        for (uint256 i = 0; i < 3; ++i) {
            members.push(_vaultPatch(i + 1));
        }
        group = keccak256(abi.encode(_commitmentsOf(members)));
        for (uint256 i = 0; i < 3; ++i) {
            members[i].group = group;
            _schedule(members[i], address(vaults[i]));
        }
        vm.warp(block.timestamp + DELAY);
    }

    function _commitmentsOf(Patch[] memory patches) internal pure returns (uint256[] memory commitments) {
        commitments = new uint256[](patches.length);
        for (uint256 i = 0; i < patches.length; ++i) {
            commitments[i] = patches[i].commitment;
        }
    }

    function _patches(uint256 count) internal pure returns (Patch[] memory) {
        return new Patch[](count);
    }

    function _run(Patch[] memory patches) internal {
        uint256 length = patches.length;
        CodeSource[] memory codes = new CodeSource[](length);
        ExecutionOpening[] memory openings = new ExecutionOpening[](length);
        Groth16Proof[] memory proofs = new Groth16Proof[](length);
        for (uint256 i = 0; i < length; ++i) {
            (codes[i], openings[i], proofs[i]) = (patches[i].code, patches[i].opening, _proof());
        }
        uint256[] memory commitments = _commitmentsOf(patches);
        vm.prank(executor);
        lane.executeBatch(commitments, codes, openings, proofs);
    }

    function _expectOtherGroup(uint256 commitment, bytes32 actual, bytes32 given) internal {
        vm.expectRevert(abi.encodeWithSelector(Statements.StatementGroupMismatch.selector, commitment, actual, given));
    }

    /// @dev Refused: the statement of `culprit` is the first that does not belong to these.
    function _refuse(Patch[] memory patches, Patch memory culprit, bytes32 given) internal {
        _expectOtherGroup(culprit.commitment, culprit.group, given);
        _run(patches);
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(vaults[i].version(), 1);
        }
    }

    function _groupOf(Patch[] memory patches) internal pure returns (bytes32) {
        return keccak256(abi.encode(_commitmentsOf(patches)));
    }

    function _assertGroup(StatementState expected) internal view {
        vm.assertEq(uint256(lane.groupState(_commitmentsOf(members))), uint256(expected), "group");
    }

    function test_T12_aGroupExecutesWhole() public {
        _assertGroup(StatementState.Scheduled);
        _run(members);
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(vaults[i].version(), 2);
            _assertState(members[i].commitment, StatementState.Executed);
        }
        _assertGroup(StatementState.Executed);
        _disclose(members[1].commitment, members[1]);
        _assertGroup(StatementState.Executed);
        _disclose(members[0].commitment, members[0]);
        _disclose(members[2].commitment, members[2]);
        _assertGroup(StatementState.Disclosed);
    }

    function test_theGroupIsKeptAndEmitted() public {
        vm.assertEq(lane.statementOf(members[2].commitment).group, group);
        Patch memory patch = _vaultPatch(9);
        patch.group = keccak256("some group");
        uint64 validUntil = _validUntil();
        bytes32 leaf = keccak256(
            abi.encode(
                block.chainid,
                lane,
                address(vault),
                _implementationOf(address(vault)).codehash,
                2,
                validUntil,
                patch.group
            )
        );
        vm.assertEq(lane.leafOf(address(vault), validUntil, patch.group), leaf);
        _prove(patch, address(vault), validUntil);
        ScheduleRequest memory statement = _statement(patch, address(vault));
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.StatementScheduled(
            keccak256(abi.encode(patch.commitment, leaf)),
            patch.commitment,
            address(vault),
            leaf,
            _attestSignals(patch.commitment, address(vault), validUntil, 2, patch.group),
            2,
            validUntil,
            patch.group,
            block.timestamp + DELAY,
            block.timestamp + DELAY + GRACE
        );
        vm.prank(council);
        lane.schedule(statement, new bytes32[](0), _proof());
    }

    function test_T01_aProofForAnotherGroupIsRefused() public {
        Patch memory patch = _vaultPatch(9);
        bytes32[3] memory groups = [bytes32(0), group, keccak256("other")];
        for (uint256 i = 0; i < 3; ++i) {
            patch.group = groups[i];
            _prove(patch, address(vault), _validUntil());
            ScheduleRequest memory other = _statement(patch, address(vault));
            other.group = groups[(i + 1) % 3];
            uint256 snapshot = vm.snapshotState();
            vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackAttestProofRejected.selector, patch.commitment));
            vm.prank(council);
            lane.schedule(other, new bytes32[](0), _proof());
            vm.revertToState(snapshot);
            groth16.refuse(_attestSignals(patch.commitment, address(vault), _validUntil(), 2, patch.group));
        }
    }

    function test_T12_noMemberExecutesAlone() public {
        for (uint256 i = 0; i < 3; ++i) {
            _expectOtherGroup(members[i].commitment, group, 0);
            _execute(members[i].commitment, members[i]);
            Patch[] memory one = _patches(1);
            one[0] = members[i];
            _refuse(one, members[i], _groupOf(one));
        }
    }

    function test_T12_aGroupExecutesCompleteInItsOrderAndWithNothingElse() public {
        Patch memory stray = _vaultPatch(7);
        UUPSVault other = _newVault();
        _register(address(other), _policy(ProxyKind.UUPS, address(0)), _implementationOf(address(other)));
        _schedule(stray, address(other));
        vm.warp(block.timestamp + DELAY);

        // Two of three, whichever.
        for (uint256 i = 0; i < 3; ++i) {
            Patch[] memory two = _patches(2);
            (two[0], two[1]) = (members[i == 0 ? 1 : 0], members[i == 2 ? 1 : 2]);
            _refuse(two, two[0], _groupOf(two));
        }
        // Another order.
        Patch[] memory three = _patches(3);
        (three[0], three[1], three[2]) = (members[0], members[2], members[1]);
        _refuse(three, three[0], _groupOf(three));
        // One more behind it, and one without a group before it.
        Patch[] memory four = _patches(4);
        (four[0], four[1], four[2], four[3]) = (members[0], members[1], members[2], stray);
        _refuse(four, four[0], _groupOf(four));
        (four[0], four[1], four[2], four[3]) = (stray, members[0], members[1], members[2]);
        _refuse(four, members[0], 0);
        _run(members);
    }

    function test_T12_everyMemberIsOfTheGroup() public {
        // The council schedules the last member outside the group: the first two name one that has not come.
        Patch memory last = _vaultPatch(20);
        Patch[] memory patches = _patches(3);
        (patches[0], patches[1], patches[2]) = (_vaultPatch(21), _vaultPatch(22), last);
        bytes32 named = _groupOf(patches);
        for (uint256 i = 0; i < 3; ++i) {
            if (i != 2) patches[i].group = named;
            _schedule(patches[i], address(vaults[i]));
        }
        vm.warp(block.timestamp + DELAY);
        _refuse(patches, last, named);
        vm.expectRevert(abi.encodeWithSelector(Statements.StatementGroupMismatch.selector, last.commitment, 0, named));
        lane.groupState(_commitmentsOf(patches));
    }

    function test_T01_membersHaveDifferentProxies() public {
        Patch[] memory patches = _patches(2);
        (patches[0], patches[1]) = (_vaultPatch(21), _vaultPatch(22));
        bytes32 named = _groupOf(patches);
        for (uint256 i = 0; i < 2; ++i) {
            patches[i].group = named;
            _schedule(patches[i], address(vault));
        }
        vm.warp(block.timestamp + DELAY);
        _expectState(patches[1].commitment, StatementState.Superseded, StatementState.Scheduled);
        _run(patches);
        vm.assertEq(vault.version(), 1);
    }

    function test_T13_T15_aGroupEndsWithAnyMember() public {
        for (uint256 i = 0; i < 3; ++i) {
            uint256 snapshot = vm.snapshotState();
            uint256 commitment = members[i].commitment;
            vm.prank(guardian);
            lane.veto(commitment, "not this one");
            _assertGroup(StatementState.Vetoed);
            _expectState(commitment, StatementState.Vetoed, StatementState.Scheduled);
            _run(members);
            vm.revertToState(snapshot);

            vm.startPrank(address(lane));
            lane.setPolicy(address(vaults[i]), _policy(ProxyKind.UUPS, address(0)));
            vm.stopPrank();
            _assertGroup(StatementState.Superseded);
            _expectState(commitment, StatementState.Superseded, StatementState.Scheduled);
            _run(members);
            vm.revertToState(snapshot);
        }
        vm.warp(block.timestamp + GRACE + 1);
        _assertGroup(StatementState.Expired);
        _expectState(members[0].commitment, StatementState.Expired, StatementState.Scheduled);
        _run(members);
    }

    function test_T13_theMemberThatExpiresFirstEndsTheGroup() public {
        // The window of the second of three is shorter than those of its neighbours.
        Policy memory policy = _policy(ProxyKind.UUPS, address(0));
        policy.grace = 2 hours;
        _register(address(vaults[1]), policy, _implementationOf(address(vaults[1])));
        Patch[] memory patches = _patches(3);
        for (uint256 i = 0; i < 3; ++i) {
            patches[i] = _vaultPatch(i + 20);
        }
        bytes32 named = _groupOf(patches);
        for (uint256 i = 0; i < 3; ++i) {
            patches[i].group = named;
            _schedule(patches[i], address(vaults[i]));
        }
        uint256[] memory commitments = _commitmentsOf(patches);
        vm.warp(block.timestamp + DELAY + 2 hours);
        vm.assertEq(uint256(lane.groupState(commitments)), uint256(StatementState.Scheduled));
        vm.warp(block.timestamp + 1);
        _assertState(commitments[0], StatementState.Scheduled);
        vm.assertEq(uint256(lane.groupState(commitments)), uint256(StatementState.Expired));
        _expectState(commitments[1], StatementState.Expired, StatementState.Scheduled);
        _run(patches);
    }

    function test_aGroupIsNoneUntilEveryMemberIsScheduled() public {
        Patch[] memory patches = _patches(2);
        (patches[0], patches[1]) = (_vaultPatch(21), _vaultPatch(22));
        uint256[] memory commitments = _commitmentsOf(patches);
        bytes32 named = _groupOf(patches);
        vm.assertEq(uint256(lane.groupState(commitments)), uint256(StatementState.None));
        for (uint256 i = 0; i < 2; ++i) {
            patches[i].group = named;
            _schedule(patches[i], address(vaults[i]));
            vm.assertEq(uint256(lane.groupState(commitments)), i);
        }
        // An ended member is told before one that has not come.
        vm.prank(guardian);
        lane.veto(commitments[1], "no");
        vm.assertEq(uint256(lane.groupState(commitments)), uint256(StatementState.Vetoed));
        vm.assertEq(uint256(lane.groupState(new uint256[](0))), uint256(StatementState.None));

        uint256[] memory alone = new uint256[](1);
        alone[0] = _schedule(_vaultPatch(30), address(vault));
        _expectOtherGroup(alone[0], 0, keccak256(abi.encode(alone)));
        lane.groupState(alone);
    }
}
