// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.11;

/// @title The storage gap of OpenZeppelin's Multicall, which the fixed release does not inherit any more
abstract contract Kept {
    uint256[50] private __gap;
}
