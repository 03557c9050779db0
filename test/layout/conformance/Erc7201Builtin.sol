// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.35;

// Pairs of storage-erc7201-builtin.test.ts: contract names are theirs, the text is ours.

contract Erc7201Builtin layout at erc7201("sealpatch.vault") {
    uint256 assets;
}

contract Erc7201Builtin_Append_Ok layout at erc7201("sealpatch.vault") {
    uint256 assets;
    uint256 shares;
}

contract Erc7201Builtin_Changed_Id_Bad layout at erc7201("sealpatch.treasury") {
    uint256 assets;
}

// The slot that erc7201("sealpatch.vault") stands for, as a number.
contract Erc7201Builtin_Literal_Equivalent layout at 0x73a37882a01ed5bf8f4341844b6dea3d980afca71fece438e74a058fedcb3a00 {
    uint256 assets;
}
