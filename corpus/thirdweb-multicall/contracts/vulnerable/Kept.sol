// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.11;

/// @title What a patch must keep of the old storage: here the old storage itself has it
abstract contract Kept {}
