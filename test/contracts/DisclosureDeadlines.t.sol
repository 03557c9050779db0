// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {DisclosureDeadlines} from "../../contracts/libraries/DisclosureDeadlines.sol";
import {TestBase} from "./support/TestBase.sol";

contract DeadlinesHarness {
    using DisclosureDeadlines for DisclosureDeadlines.Context;

    DisclosureDeadlines.Context internal deadlines;

    function add(uint48 time) external returns (uint48) {
        return deadlines.add(time);
    }

    function remove(uint48 number) external {
        deadlines.remove(number);
    }

    function dueAt(uint48 number) external view returns (uint48) {
        return deadlines.dueAt(number);
    }

    function earliest() external view returns (uint48) {
        return deadlines.earliest();
    }

    function overdue() external view returns (bool) {
        return deadlines.overdue();
    }

    /// @dev Puts 65,535 statements on one due time, and no other.
    function crowd(uint48 time) external {
        deadlines.entries[0] = (uint64(time) << 16) | type(uint16).max;
    }
}

contract DisclosureDeadlinesTest is TestBase {
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant LONGEST = 30 days;

    DeadlinesHarness internal harness;

    /// @dev A statement of the model: the number of its entry, and when it was due when it was last looked at.
    struct Open {
        uint48 number;
        uint48 due;
    }

    Open[] internal model;

    function setUp() public {
        vm.warp(START);
        harness = new DeadlinesHarness();
    }

    /// @dev Compares with the model: nothing is due later than before, nothing is forgotten, nothing is pulled to now.
    function _check() internal {
        uint48 least = 0;
        for (uint256 i = 0; i < model.length; ++i) {
            Open storage open = model[i];
            uint48 due = harness.dueAt(open.number);
            vm.assertLe(due, open.due, "loosened");
            // With 30 days at most and eight times, what is five minutes away does not get to the next minute.
            if (open.due >= block.timestamp + 5 minutes) {
                vm.assertLe(block.timestamp + 1 minutes, due, "pulled into the next minute");
            }
            open.due = due;
            if (least == 0 || due < least) least = due;
        }
        vm.assertEq(harness.earliest(), least);
        vm.assertEq(harness.overdue(), least != 0 && least < block.timestamp);
    }

    function _add(uint256 time) internal {
        model.push(Open(harness.add(uint48(time)), uint48(time)));
    }

    function _remove(uint256 index) internal {
        harness.remove(model[index].number);
        model[index] = model[model.length - 1];
        model.pop();
    }

    /// @dev `near` chooses from few times, which meet again after they were merged away, else from all of 30 days.
    function _walk(uint256[60] memory steps, bool near) internal {
        for (uint256 i = 0; i < steps.length; ++i) {
            (uint256 step, uint256 kind) = (steps[i] >> 8, steps[i] % 8);
            if (kind < 5 || model.length == 0) {
                _add(block.timestamp + 20 + (near ? step % 40 : step % (LONGEST - 20)));
            } else if (kind < 7) {
                _remove(step % model.length);
            } else {
                // Time goes on, as long as nothing falls overdue: an execution needs an open lane.
                vm.warp(block.timestamp + step % (harness.earliest() - block.timestamp + 1));
            }
            _check();
        }
        while (model.length != 0) {
            _remove(0);
            _check();
        }
        vm.assertEq(harness.earliest(), 0);
    }

    function testFuzz_P07_nothingIsLoosenedNorLost(uint256[60] memory steps) public {
        _walk(steps, false);
    }

    function testFuzz_P07_nothingIsLoosenedNorLostWhereTimesMeet(uint256[60] memory steps) public {
        _walk(steps, true);
    }

    function test_P07_evenlySpacedTimesDoNotPullDaysIntoTheNextMinute() public {
        // Whoever executes waits until the first is due in a minute, and has the others spaced as widely as they can be.
        _add(block.timestamp + 59);
        for (uint256 i = 1; i <= 8; ++i) {
            _add(block.timestamp + i * LONGEST / 8);
            _check();
        }
        vm.assertEq(harness.dueAt(model[1].number), START + LONGEST / 8);
        vm.assertEq(harness.dueAt(model[8].number), START + 7 * LONGEST / 8);
    }

    function test_theCloserNeighboursBecomeOne() public {
        for (uint256 i = 1; i <= 7; ++i) {
            _add(START + i * 1 days);
        }
        _add(START + 5 days + 2 hours);
        vm.expectEmit(true, true, true, true, address(harness));
        emit IFastTrack.DisclosuresMerged(START + 5 days, START + 5 days + 2 hours);
        _add(START + 8 days);
        _check();
        vm.assertEq(harness.dueAt(uint48(START + 5 days + 2 hours)), START + 5 days);

        // The time that was merged away is no entry any more: what is due then is due a second earlier.
        vm.assertEq(harness.earliest(), START + 1 days);
        _remove(0);
        _add(START + 5 days + 2 hours);
        vm.assertEq(harness.dueAt(model[model.length - 1].number), START + 5 days + 2 hours - 1);
        _check();

        // One merged again into what is earlier still, old numbers with it.
        _add(START + 5 days - 1 hours);
        vm.assertEq(harness.dueAt(uint48(START + 5 days)), START + 5 days - 1 hours);
        vm.assertEq(harness.dueAt(uint48(START + 5 days + 2 hours)), START + 5 days - 1 hours);
        _check();
    }

    function test_aNewTimeIsMergedIntoItsEarlierNeighbour() public {
        for (uint256 i = 1; i <= 8; ++i) {
            _add(START + i * 1 days);
        }
        _add(START + 8 days + 1);
        vm.assertEq(model[8].number, START + 8 days);
        _check();
        _remove(7);
        vm.assertEq(harness.dueAt(uint48(START + 8 days)), START + 8 days);
        _check();
    }

    function test_dueIsNotOverdue() public {
        harness.add(uint48(START));
        vm.assertFalse(harness.overdue());
        vm.warp(START + 1);
        vm.assertTrue(harness.overdue());
    }

    function test_oneTimeHolds65535Statements() public {
        harness.crowd(7);
        vm.expectRevert(abi.encodeWithSelector(DisclosureDeadlines.DisclosureDeadlinesCrowded.selector, 7));
        harness.add(7);
        vm.assertEq(harness.earliest(), 7);
        harness.remove(7);
        harness.add(7);
        vm.assertEq(harness.earliest(), 7);
    }

    function test_removingWhatIsNotThereFails() public {
        vm.expectRevert();
        harness.remove(1);
    }
}
