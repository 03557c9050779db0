// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.20;

// Pairs of storage-namespaced-udvt.test.ts: contract names are theirs, the text is ours.

contract NamespacedUDVT {
    type Price is uint128;

    /// @custom:storage-location erc7201:sealpatch.oracle
    struct OracleStorage {
        Price price;
    }
}

contract NamespacedUDVT_V2_Ok {
    type Price is uint128;

    /// @custom:storage-location erc7201:sealpatch.oracle
    struct OracleStorage {
        Price price;
        uint256 updatedAt;
    }
}

contract NamespacedUDVT_V2_Resize {
    type Price is uint8;

    /// @custom:storage-location erc7201:sealpatch.oracle
    struct OracleStorage {
        Price price;
        uint256 updatedAt;
    }
}

contract NamespacedUDVT_MappingKey_V1 {
    type Side is bool;

    /// @custom:storage-location erc7201:sealpatch.market
    struct MarketStorage {
        mapping(Side => uint256) volume;
        mapping(Side => uint256) trades;
        mapping(uint8 => uint256) fees;
    }
}

contract NamespacedUDVT_MappingKey_V2_Ok {
    type Side is uint8;

    /// @custom:storage-location erc7201:sealpatch.market
    struct MarketStorage {
        mapping(Side => uint256) volume;
        mapping(Side => uint256) trades;
        mapping(uint8 => uint256) fees;
    }
}

contract NamespacedUDVT_MappingKey_V2_Bad {
    type Side is uint16;

    /// @custom:storage-location erc7201:sealpatch.market
    struct MarketStorage {
        mapping(Side => uint256) volume;
        mapping(Side => uint256) trades;
        mapping(uint8 => uint256) fees;
    }
}
