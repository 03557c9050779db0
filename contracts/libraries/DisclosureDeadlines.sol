// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {DisclosureMerger} from "./DisclosureMerger.sol";

/**
 * @dev The disclosures that are due: at most eight times, each with the number of statements due then, for any number of
 * statements at a bounded cost.
 *
 * An entry is known by the time that it began with, its number, and a statement keeps that number. Where a ninth time
 * comes, two neighbours become one, due at the earlier of both; the later number then leads to the earlier one. So no
 * statement is ever due later than it was, each is counted until it is settled, and there is always room.
 */
library DisclosureDeadlines {
    uint256 private constant ENTRIES = 8;
    uint256 private constant COUNT_BITS = 16;
    uint256 private constant MAX_COUNT = type(uint16).max;

    /// @dev 65,535 statements are due at `dueAt`, as many as an entry counts.
    error DisclosureDeadlinesCrowded(uint256 dueAt);

    /**
     * @dev Each entry is a due time (upper 48 bits) with its count (lower 16 bits); all fit in two storage slots. The
     * empty ones, which are 0, come last: where little is due, little is read.
     */
    struct Context {
        uint64[ENTRIES] entries;
        mapping(uint48 number => uint48) mergedInto;
    }

    /**
     * @dev One more statement is to be disclosed no later than `time` (seconds, not in the past). Nothing is overdue.
     * @return number of its entry, for {remove} and {dueAt}
     */
    function add(Context storage self, uint48 time) internal returns (uint48 number) {
        // The number of an entry that was merged away is taken: a second less is free.
        number = time;
        while (self.mergedInto[number] != 0) --number;
        uint64 added = (uint64(number) << uint64(COUNT_BITS)) | 1;
        for (uint256 i = 0; i < ENTRIES; ++i) {
            uint64 entry = self.entries[i];
            if (entry == 0) {
                self.entries[i] = added;
                return number;
            }
            if (timeOf(entry) == number) {
                self.entries[i] = join(entry, added);
                return number;
            }
        }
        return DisclosureMerger.merge(self, added);
    }

    /// @dev One statement less is due of the entry `number`; the caller knows that there is one.
    function remove(Context storage self, uint48 number) internal {
        uint48 time = dueAt(self, number);
        uint256 at = ENTRIES;
        uint256 last = 0;
        for (; last < ENTRIES; ++last) {
            uint64 entry = self.entries[last];
            if (entry == 0) break;
            if (timeOf(entry) == time) at = last;
        }
        assert(at != ENTRIES);
        uint64 found = self.entries[at];
        if (found & MAX_COUNT != 1) {
            self.entries[at] = found - 1;
        } else {
            self.entries[at] = self.entries[last - 1];
            self.entries[last - 1] = 0;
        }
    }

    /// @dev When the statements of the entry `number` are due: at that time, or at the one that it was merged into.
    function dueAt(Context storage self, uint48 number) internal view returns (uint48 time) {
        time = number;
        for (uint48 into = self.mergedInto[time]; into != 0; into = self.mergedInto[time]) {
            time = into;
        }
    }

    /// @dev The earliest time at which a disclosure is due, zero where none is.
    function earliest(Context storage self) internal view returns (uint48 time) {
        for (uint256 i = 0; i < ENTRIES; ++i) {
            uint64 entry = self.entries[i];
            if (entry == 0) break;
            if (time == 0 || timeOf(entry) < time) time = timeOf(entry);
        }
    }

    /// @dev Whether a disclosure is overdue now.
    function overdue(Context storage self) internal view returns (bool) {
        uint48 time = earliest(self);
        return time != 0 && time < block.timestamp;
    }

    /// @dev `entry` with the statements of `other` too.
    function join(uint64 entry, uint64 other) internal pure returns (uint64) {
        if ((entry & MAX_COUNT) + (other & MAX_COUNT) > MAX_COUNT) {
            revert DisclosureDeadlinesCrowded(timeOf(entry));
        }
        return entry + uint64(other & MAX_COUNT);
    }

    /// @dev When what an entry holds is due.
    function timeOf(uint64 entry) internal pure returns (uint48) {
        return uint48(entry >> COUNT_BITS);
    }
}
