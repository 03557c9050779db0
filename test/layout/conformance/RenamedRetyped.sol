// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.2;

// Pairs of storage/report-rename-retype.test.ts: contract names are theirs, the text is ours.

contract RenameV1 {
    uint256 cap;
}

contract RenameV2 {
    /// @custom:oz-renamed-from cap
    uint256 ceiling;
}

contract RetypeV1 {
    bool paused;
}

contract RetypeV2 {
    /// @notice Now a level: 0 open, 1 withdrawals only, 2 closed.
    /// @custom:oz-retyped-from bool
    uint8 paused;
}

// The annotation names a type that the variable never had.
contract WronglyReportedRetypeV3 {
    /// @custom:oz-retyped-from address
    uint8 paused;
}

// Rightly annotated, and too large for the place.
contract MissmatchingTypeRetypeV4 {
    /// @custom:oz-retyped-from bool
    bytes32 paused;
}

contract ConfusingRetypeV1 {
    address owner;
    bool paused;
}

// The annotation names the type of another variable.
contract ConfusingRetypeV2 {
    address owner;
    /// @custom:oz-retyped-from address
    uint8 paused;
}

contract NonHardcodedRetypeV1 {
    address owner;
}

contract NonHardcodedRetypeV2 {
    /// @custom:oz-retyped-from address
    bytes20 owner;
}

contract LayoutChangeV1 {
    bool paused;
    bool frozen;
}

contract LayoutChangeV2 {
    /// @custom:oz-retyped-from bool
    uint16 paused;

    /// @custom:oz-retyped-from bool
    uint8 frozen;
}
