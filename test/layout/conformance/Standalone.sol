// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.2;

// Pairs of standalone.test.ts: contract names are theirs, the text is ours.

contract StandaloneV1 {
    uint256 supply;
    string name;
}

contract StandaloneV2Good {
    uint256 supply;
    string name;
    uint256 cap;
}

contract StandaloneV2Bad {
    uint256 cap;
    uint256 supply;
    string name;
}

contract StandaloneRenameV1 {
    uint256 cap;
}

contract StandaloneRenameV2 {
    /// @custom:oz-renamed-from cap
    uint256 ceiling;
}

// The annotation of an upgrade that is done stays in the source.
contract StandaloneRenameV3 is StandaloneRenameV2 {
    uint256 supply;
}
