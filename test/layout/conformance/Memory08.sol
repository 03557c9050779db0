// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.9;

// What Memory05.sol is upgraded to: solc names the key types otherwise since 0.6.

contract Memory08 {
    mapping(string => address) ownerOf;
    mapping(bytes => address) resolverOf;
}

contract Memory08Bad {
    mapping(bytes => address) ownerOf;
    mapping(string => address) resolverOf;
}
