// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.5.13;

// Pairs of storage-memory-0.5.test.ts: contract names are theirs, the text is ours.

contract Memory05 {
    mapping(string => address) ownerOf;
    mapping(bytes => address) resolverOf;
}
