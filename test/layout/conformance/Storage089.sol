// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.9;

// Pairs of storage-0.8.test.ts: contract names are theirs, the text is ours.

contract Storage089 {
    type Price is uint128;

    Price price;
}

contract Storage089_V2 {
    type Price is uint128;

    Price price;
    uint256 updatedAt;
}

contract Storage089_V3 {
    type Price is uint8;

    Price price;
    uint256 updatedAt;
}

contract Storage089_MappingUVDTKey_V1 {
    type Side is bool;

    mapping(Side => uint256) volume;
    mapping(Side => uint256) trades;
    mapping(uint8 => uint256) fees;
}

// A key of one byte in place of a key of one byte.
contract Storage089_MappingUVDTKey_V2_Ok {
    type Side is uint8;

    mapping(Side => uint256) volume;
    mapping(Side => uint256) trades;
    mapping(uint8 => uint256) fees;
}

contract Storage089_MappingUVDTKey_V2_Bad {
    type Side is uint16;

    mapping(Side => uint256) volume;
    mapping(Side => uint256) trades;
    mapping(uint8 => uint256) fees;
}
