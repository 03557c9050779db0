// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {
    CodeSource,
    ExecutionOpening,
    Groth16Proof,
    LaneStatus,
    StatementState
} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {Statements} from "../../contracts/libraries/Statements.sol";
import {LaneFixture, Patch} from "./support/LaneFixture.sol";

/// @dev Every situation of a statement times every call on it: exactly the listed pairs succeed.
contract StateMatrixTest is LaneFixture {
    enum Situation {
        None,
        Waiting,
        Ready,
        ReadyWhileHalted,
        ReadyWhileFrozen,
        Superseded,
        Expired,
        Vetoed,
        Executed,
        ExecutedOverdue,
        ExecutedCleared,
        Disclosed
    }

    enum Call {
        Schedule,
        Veto,
        Execute,
        ExecuteBatch,
        DiscloseByCouncil,
        DiscloseByStranger,
        ClearFreeze
    }

    Patch internal patch;
    uint256 internal commitment;

    function setUp() public override {
        super.setUp();
        patch = _vaultPatch(1);
    }

    /// @dev What is to happen: empty for success, else the exact revert data.
    function _expected(Situation situation, Call call_) internal view returns (bytes memory) {
        StatementState actual = lane.state(commitment);
        if (call_ == Call.Schedule) {
            if (situation == Situation.ReadyWhileHalted) return _closed(LaneStatus.Halted);
            if (situation == Situation.ReadyWhileFrozen || situation == Situation.ExecutedOverdue) {
                return _closed(LaneStatus.Frozen);
            }
            if (situation == Situation.None) return "";
            return abi.encodeWithSelector(Statements.StatementCommitmentUsed.selector, patch.commitment);
        }
        if (call_ == Call.Veto) {
            return actual == StatementState.Scheduled ? bytes("") : _wrongState(actual, StatementState.Scheduled);
        }
        if (call_ == Call.Execute || call_ == Call.ExecuteBatch) {
            if (actual != StatementState.Scheduled) return _wrongState(actual, StatementState.Scheduled);
            if (situation == Situation.Waiting) {
                return abi.encodeWithSelector(
                    Statements.StatementNotYetExecutable.selector, commitment, lane.statementOf(commitment).eta
                );
            }
            if (situation == Situation.ReadyWhileHalted) return _closed(LaneStatus.Halted);
            if (situation == Situation.ReadyWhileFrozen) return _closed(LaneStatus.Frozen);
            return "";
        }
        // The council may publish again.
        if (actual == StatementState.Disclosed && call_ == Call.DiscloseByCouncil) return "";
        if (actual != StatementState.Executed) return _wrongState(actual, StatementState.Executed);
        uint256 deadline = lane.statementOf(commitment).deadline;
        if (call_ == Call.DiscloseByStranger && situation == Situation.Executed) {
            return abi.encodeWithSelector(IFastTrack.FastTrackDisclosureReserved.selector, stranger, deadline);
        }
        if (call_ == Call.ClearFreeze && situation != Situation.ExecutedOverdue) {
            return abi.encodeWithSelector(IFastTrack.FastTrackNotOverdue.selector, commitment, deadline);
        }
        return "";
    }

    function _closed(LaneStatus reason) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IFastTrack.FastTrackLaneClosed.selector, address(vault), reason);
    }

    function _wrongState(StatementState actual, StatementState expected) internal view returns (bytes memory) {
        return abi.encodeWithSelector(Statements.StatementUnexpectedState.selector, commitment, actual, expected);
    }

    function _enter(Situation situation) internal returns (StatementState) {
        if (situation == Situation.None) {
            _prove(patch, address(vault), _validUntil());
            commitment = patch.commitment;
            return StatementState.None;
        }
        if (situation == Situation.ReadyWhileFrozen) {
            // Another proxy's patch is executed and stays undisclosed for long enough.
            address other = address(_newVault());
            _register(other, lane.policyOf(address(vault)), _implementationOf(other));
            _fastTrack(_vaultPatch(2), other);
            vm.warp(block.timestamp + DISCLOSURE - DELAY);
        }
        commitment = _schedule(patch, address(vault));
        if (situation == Situation.Waiting) {
            vm.warp(block.timestamp + DELAY - 1);
            return StatementState.Scheduled;
        }
        vm.warp(block.timestamp + DELAY);
        if (situation == Situation.Ready) return StatementState.Scheduled;
        if (situation == Situation.ReadyWhileFrozen) {
            vm.warp(block.timestamp + 1);
            return StatementState.Scheduled;
        }
        if (situation == Situation.ReadyWhileHalted) {
            vm.prank(guardian);
            lane.halt("halt");
            return StatementState.Scheduled;
        }
        if (situation == Situation.Superseded) {
            vm.startPrank(address(lane));
            lane.setBaseline(address(vault), _implementationOf(address(vault)), LAYOUT, CODE);
            vm.stopPrank();
            return StatementState.Superseded;
        }
        if (situation == Situation.Expired) {
            vm.warp(block.timestamp + GRACE + 1);
            return StatementState.Expired;
        }
        if (situation == Situation.Vetoed) {
            vm.prank(guardian);
            lane.veto(commitment, "veto");
            return StatementState.Vetoed;
        }
        _execute(commitment, patch);
        if (situation == Situation.Executed) {
            vm.warp(block.timestamp + DISCLOSURE);
            return StatementState.Executed;
        }
        if (situation == Situation.Disclosed) {
            _disclose(commitment, patch);
            return StatementState.Disclosed;
        }
        vm.warp(block.timestamp + DISCLOSURE + 1);
        if (situation == Situation.ExecutedCleared) {
            vm.prank(address(lane));
            lane.clearFreeze(commitment);
        }
        return StatementState.Executed;
    }

    function _perform(Call call_) internal returns (bool success, bytes memory answer) {
        address caller = council;
        bytes memory data;
        if (call_ == Call.Schedule) {
            data = abi.encodeCall(IFastTrack.schedule, (_statement(patch, address(vault)), new bytes32[](0), _proof()));
        } else if (call_ == Call.Veto) {
            (caller, data) = (guardian, abi.encodeCall(IFastTrack.veto, (commitment, "reason")));
        } else if (call_ == Call.Execute) {
            (caller, data) =
            (executor, abi.encodeCall(IFastTrack.execute, (commitment, patch.code, patch.opening, _proof())));
        } else if (call_ == Call.ExecuteBatch) {
            uint256[] memory commitments = new uint256[](1);
            CodeSource[] memory codes = new CodeSource[](1);
            ExecutionOpening[] memory openings = new ExecutionOpening[](1);
            Groth16Proof[] memory proofs = new Groth16Proof[](1);
            (commitments[0], codes[0], openings[0], proofs[0]) = (commitment, patch.code, patch.opening, _proof());
            (caller, data) = (executor, abi.encodeCall(IFastTrack.executeBatch, (commitments, codes, openings, proofs)));
        } else if (call_ == Call.ClearFreeze) {
            (caller, data) = (address(lane), abi.encodeCall(IFastTrack.clearFreeze, (commitment)));
        } else {
            if (call_ == Call.DiscloseByStranger) caller = stranger;
            data = abi.encodeCall(IFastTrack.disclose, (commitment, patch.secret, keccak256("bundle"), "ipfs://bundle"));
        }
        vm.prank(caller);
        (success, answer) = address(lane).call(data);
    }

    function _after(Call call_) internal pure returns (StatementState) {
        if (call_ == Call.Schedule) return StatementState.Scheduled;
        if (call_ == Call.Veto) return StatementState.Vetoed;
        if (call_ == Call.DiscloseByCouncil || call_ == Call.DiscloseByStranger) return StatementState.Disclosed;
        return StatementState.Executed;
    }

    function test_P02_everySituationTimesEveryCall() public {
        for (uint256 i = 0; i <= uint256(type(Situation).max); ++i) {
            for (uint256 j = 0; j <= uint256(type(Call).max); ++j) {
                uint256 snapshot = vm.snapshotState();
                string memory where = string.concat(vm.toString(i), " x ", vm.toString(j));
                StatementState before = _enter(Situation(i));
                vm.assertEq(uint256(lane.state(commitment)), uint256(before), where);
                bytes memory expected = _expected(Situation(i), Call(j));
                (bool success, bytes memory answer) = _perform(Call(j));
                if (expected.length == 0) {
                    vm.assertTrue(success, where);
                    vm.assertEq(uint256(lane.state(commitment)), uint256(_after(Call(j))), where);
                } else {
                    vm.assertEq(answer, expected, where);
                    vm.assertEq(uint256(lane.state(commitment)), uint256(before), where);
                }
                vm.revertToState(snapshot);
            }
        }
    }
}
