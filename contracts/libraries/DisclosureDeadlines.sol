// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/**
 * @dev The disclosures that are due, as a multiset of times: exact for any number of statements, at a constant cost.
 *
 * Each of the eight entries is a due time (upper 48 bits) with the number of statements due then (lower 16 bits); all
 * fit in two storage slots. Statements of one batch mostly share an entry. With eight due times open the lane executes
 * nothing more until something is disclosed.
 */
library DisclosureDeadlines {
    uint256 private constant ENTRIES = 8;
    uint256 private constant COUNT_BITS = 16;

    /// @dev `capacity` different due times are open, as many as there can be: disclose before executing more.
    error DisclosureDeadlinesFull(uint256 capacity);

    /// @dev 65,535 statements are due at `dueAt` already.
    error DisclosureDeadlinesCrowded(uint256 dueAt);

    /// @dev The entries; an empty one is 0.
    struct Context {
        uint64[ENTRIES] entries;
    }

    /// @dev One more statement is to be disclosed no later than `dueAt` (seconds, not zero).
    function add(Context storage self, uint48 dueAt) internal {
        uint256 vacant = ENTRIES;
        for (uint256 i = 0; i < ENTRIES; ++i) {
            uint64 entry = self.entries[i];
            if (entry == 0) {
                vacant = i;
            } else if (entry >> COUNT_BITS == dueAt) {
                if (entry & type(uint16).max == type(uint16).max) revert DisclosureDeadlinesCrowded(dueAt);
                self.entries[i] = entry + 1;
                return;
            }
        }
        if (vacant == ENTRIES) revert DisclosureDeadlinesFull(ENTRIES);
        self.entries[vacant] = (uint64(dueAt) << uint64(COUNT_BITS)) | 1;
    }

    /// @dev One statement less is due at `dueAt`; the caller knows that there is one.
    function remove(Context storage self, uint48 dueAt) internal {
        for (uint256 i = 0; i < ENTRIES; ++i) {
            uint64 entry = self.entries[i];
            if (entry >> COUNT_BITS == dueAt) {
                self.entries[i] = entry & type(uint16).max == 1 ? 0 : entry - 1;
                return;
            }
        }
        assert(false);
    }

    /// @dev The earliest time at which a disclosure is due, zero where none is.
    function earliest(Context storage self) internal view returns (uint48 dueAt) {
        for (uint256 i = 0; i < ENTRIES; ++i) {
            uint48 candidate = uint48(self.entries[i] >> COUNT_BITS);
            if (candidate != 0 && (dueAt == 0 || candidate < dueAt)) dueAt = candidate;
        }
    }

    /// @dev Whether a disclosure is overdue now.
    function overdue(Context storage self) internal view returns (bool) {
        uint48 dueAt = earliest(self);
        return dueAt != 0 && dueAt < block.timestamp;
    }
}
