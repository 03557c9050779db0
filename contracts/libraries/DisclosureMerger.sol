// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IFastTrack} from "../interfaces/IFastTrack.sol";
import {DisclosureDeadlines} from "./DisclosureDeadlines.sol";

/**
 * @dev Makes room among the due times of disclosures. Linked, and called by DELEGATECALL: it is rare, and the timelock has
 * no room for it.
 */
library DisclosureMerger {
    using DisclosureDeadlines for uint64;

    uint256 private constant ENTRIES = 8;

    /**
     * @dev Of eight entries and the one `added`, all at different times, makes the two neighbours one that are closest
     * together as seen from now: those of which the later loses the smallest share of the time that is left to it. By
     * plain distance, whoever chooses when to execute could space times so evenly that days become a minute.
     * @return number of the entry that the one `added` is in
     */
    function merge(DisclosureDeadlines.Context storage self, uint64 added) external returns (uint48 number) {
        uint64[ENTRIES + 1] memory all;
        for (uint256 i = 0; i < ENTRIES; ++i) {
            all[i] = self.entries[i];
        }
        all[ENTRIES] = added;
        (uint256 earlier, uint256 later) = _closest(all);

        emit IFastTrack.DisclosuresMerged(all[earlier].timeOf(), all[later].timeOf());
        number = (later == ENTRIES ? all[earlier] : added).timeOf();
        if (later != ENTRIES) self.mergedInto[all[later].timeOf()] = all[earlier].timeOf();
        all[earlier] = all[earlier].join(all[later]);
        // The one added takes the place that has become free.
        all[later] = all[ENTRIES];
        for (uint256 i = 0; i < ENTRIES; ++i) {
            self.entries[i] = all[i];
        }
    }

    /// @dev Indices of the neighbours, found without sorting.
    function _closest(uint64[ENTRIES + 1] memory all) private view returns (uint256 earlier, uint256 later) {
        // The share that is kept, as a fraction.
        uint256 keptOfBest = 0;
        uint256 leftOfBest = 1;
        for (uint256 i = 0; i <= ENTRIES; ++i) {
            uint256 before = i;
            for (uint256 j = 0; j <= ENTRIES; ++j) {
                if (all[j] < all[i] && (before == i || all[j] > all[before])) before = j;
            }
            if (before == i) continue;
            uint256 kept = all[before].timeOf() - block.timestamp;
            uint256 left = all[i].timeOf() - block.timestamp;
            if (kept * leftOfBest > keptOfBest * left) {
                (earlier, later, keptOfBest, leftOfBest) = (before, i, kept, left);
            }
        }
    }
}
