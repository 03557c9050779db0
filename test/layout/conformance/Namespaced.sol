// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.20;

// Pairs of storage-namespaced.test.ts: contract names are theirs, the text is ours.

contract Example {
    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        uint256 assets;
        uint256 shares;
    }
}

contract ExampleV2_Ok {
    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        uint256 assets;
        uint256 shares;
        uint256 fee;
    }
}

contract ExampleV2_Bad {
    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        uint256 shares;
    }
}

contract RecursiveStruct {
    struct Limits {
        uint128 hourly;
        uint256 daily;
    }

    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        Limits limits;
        uint256 shares;
    }
}

contract RecursiveStructV2_Outer_Ok {
    struct Limits {
        uint128 hourly;
        uint256 daily;
    }

    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        Limits limits;
        uint256 shares;
        uint256 fee;
    }
}

// The inner struct grows over the member behind it.
contract RecursiveStructV2_Bad {
    struct Limits {
        uint128 hourly;
        uint256 daily;
        uint256 weekly;
    }

    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        Limits limits;
        uint256 shares;
    }
}

contract MultipleNamespacesAndRegularVariables {
    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        uint128 assets;
        uint256 shares;
    }

    /// @custom:storage-location erc7201:sealpatch.fees
    struct FeeStorage {
        uint128 rate;
        uint256 total;
    }

    uint128 supply;
    uint256 cap;
}

contract MultipleNamespacesAndRegularVariablesV2_Ok {
    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        uint128 assets;
        uint256 shares;
        uint256 pending;
    }

    /// @custom:storage-location erc7201:sealpatch.fees
    struct FeeStorage {
        uint128 rate;
        uint256 total;
        uint256 pending;
    }

    uint128 supply;
    uint256 cap;
    uint256 minted;
}

contract MultipleNamespacesAndRegularVariablesV2_Bad {
    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        uint256 pending;
        uint128 assets;
        uint256 shares;
    }

    /// @custom:storage-location erc7201:sealpatch.fees
    struct FeeStorage {
        uint256 pending;
        uint128 rate;
        uint256 total;
    }

    uint256 minted;
    uint128 supply;
    uint256 cap;
}

interface InterfaceWithNamespace {
    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        uint256 assets;
        uint256 shares;
    }
}

interface InterfaceWithNamespaceV2_Ok {
    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        uint256 assets;
        uint256 shares;
        uint256 fee;
    }
}

interface InterfaceWithNamespaceV2_Bad {
    /// @custom:storage-location erc7201:sealpatch.vault
    struct VaultStorage {
        uint256 shares;
    }
}
