// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.29;

// Pairs of storage-custom-layout.test.ts: contract names are theirs, the text is ours.

abstract contract Supply {
    uint256 supply;
}

contract CustomLayout layout at 0x1 is Supply {
    uint256 cap;
}

contract CustomLayout_Same_Root_Ok layout at 0x1 is Supply {
    uint256 cap;
    uint256 fee;
}

contract CustomLayout_Same_Root_Decimal_Ok layout at 1 is Supply {
    uint256 cap;
    uint256 fee;
}

contract CustomLayout_Same_Root_ScientificNotation_Ok layout at 10.0e-1 is Supply {
    uint256 cap;
    uint256 fee;
}

contract CustomLayout_Changed_Root_Bad layout at 0x2 is Supply {
    uint256 cap;
    uint256 fee;
}

contract CustomLayout_Changed_Root_Decimal_Bad layout at 2 is Supply {
    uint256 cap;
    uint256 fee;
}

contract CustomLayout_Changed_Root_ScientificNotation_Bad layout at 2.0e10 is Supply {
    uint256 cap;
    uint256 fee;
}

contract CustomLayout_Changed_To_Default_Bad is Supply {
    uint256 cap;
    uint256 fee;
}

// Another base slot, and a variable before the others so that they stay where they were.
contract CustomLayout_Changed_Root_Ok layout at 0x0 {
    uint256 version;
    uint256 supply;
    uint256 cap;
    uint256 fee;
}

contract CustomLayout_Changed_To_Default_Ok {
    uint256 version;
    uint256 supply;
    uint256 cap;
    uint256 fee;
}

contract Namespaced_Default_Layout {
    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        uint256 assets;
        uint256 shares;
    }
}

// A base slot moves no namespace.
contract Namespaced_Custom_Layout_Unaffected layout at 0x1 {
    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        uint256 assets;
        uint256 shares;
    }
}

contract Gap {
    uint256[50] __gap;
    uint256 supply;
}

contract Gap_Changed_Root_Ok layout at 25 {
    uint256[25] __gap;
    uint256 supply;
}
