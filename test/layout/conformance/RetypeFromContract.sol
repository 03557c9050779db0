// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.2;

// Pairs of storage/report-retype-from-contract.test.ts: contract names are theirs, the text is ours.

interface IOracle {}

interface IFeed {}

contract Treasury {}

contract Reserve {}

contract RetypeContractToUint160V1 {
    IOracle oracle;
    Treasury treasury;
}

contract RetypeContractToUint160V2 {
    /// @custom:oz-retyped-from IOracle
    uint160 oracle;

    /// @custom:oz-retyped-from Treasury
    uint160 treasury;
}

contract RetypeUint160ToContractV1 {
    uint160 oracle;
    uint160 treasury;
}

contract RetypeUint160ToContractV2 {
    /// @custom:oz-retyped-from uint160
    IOracle private oracle;

    /// @custom:oz-retyped-from uint160
    Treasury private treasury;
}

contract RetypeContractToUint160MappingV1 {
    mapping(uint8 => IOracle) oracleOf;
    mapping(uint8 => Treasury) treasuryOf;
    mapping(IOracle => IOracle) successorOf;
    mapping(Treasury => Treasury) heirOf;
}

contract RetypeContractToUint160MappingV2 {
    /// @custom:oz-retyped-from mapping(uint8 => IOracle)
    mapping(uint8 => uint160) oracleOf;

    /// @custom:oz-retyped-from mapping(uint8 => Treasury)
    mapping(uint8 => uint160) treasuryOf;

    /// @custom:oz-retyped-from mapping(IOracle => IOracle)
    mapping(uint160 => uint160) successorOf;

    /// @custom:oz-retyped-from mapping(Treasury => Treasury)
    mapping(uint160 => uint160) heirOf;
}

contract RetypeUint160ToContractMappingV1 {
    mapping(uint8 => uint160) oracleOf;
    mapping(uint8 => uint160) treasuryOf;
    mapping(uint160 => uint160) successorOf;
    mapping(uint160 => uint160) heirOf;
}

contract RetypeUint160ToContractMappingV2 {
    /// @custom:oz-retyped-from mapping(uint8 => uint160)
    mapping(uint8 => IOracle) oracleOf;

    /// @custom:oz-retyped-from mapping(uint8 => uint160)
    mapping(uint8 => Treasury) treasuryOf;

    /// @custom:oz-retyped-from mapping(uint160 => uint160)
    mapping(IOracle => IOracle) successorOf;

    /// @custom:oz-retyped-from mapping(uint160 => uint160)
    mapping(Treasury => Treasury) heirOf;
}

contract ImplicitRetypeV1 {
    IOracle interfaceToAddress;
    Treasury contractToAddress;
    address addressToInterface;
    address addressToContract;
    IOracle interfaceToInterface;
    IOracle interfaceToContract;
    Treasury contractToContract;
    Treasury contractToInterface;
}

contract ImplicitRetypeV2 {
    address interfaceToAddress;
    address contractToAddress;
    IOracle addressToInterface;
    Treasury addressToContract;
    IFeed interfaceToInterface;
    Treasury interfaceToContract;
    Reserve contractToContract;
    IOracle contractToInterface;
}

contract ImplicitRetypeMappingV1 {
    mapping(uint8 => IOracle) interfaceToAddress;
    mapping(uint8 => Treasury) contractToAddress;
    mapping(uint8 => address) addressToInterface;
    mapping(uint8 => address) addressToContract;
    mapping(uint8 => IOracle) interfaceToInterface;
    mapping(uint8 => IOracle) interfaceToContract;
    mapping(uint8 => Treasury) contractToContract;
    mapping(uint8 => Treasury) contractToInterface;
}

contract ImplicitRetypeMappingV2 {
    mapping(uint8 => address) interfaceToAddress;
    mapping(uint8 => address) contractToAddress;
    mapping(uint8 => IOracle) addressToInterface;
    mapping(uint8 => Treasury) addressToContract;
    mapping(uint8 => IFeed) interfaceToInterface;
    mapping(uint8 => Treasury) interfaceToContract;
    mapping(uint8 => Reserve) contractToContract;
    mapping(uint8 => IOracle) contractToInterface;
}

struct Pair {
    uint256 base;
    uint256 quote;
}

contract RetypeStructV1 {
    Pair reserves;
}

contract RetypeStructV2 {
    /// @custom:oz-retyped-from Pair
    uint256[2] reserves;
}

contract RetypeStructV2Bad {
    /// @custom:oz-retyped-from Pair
    uint256[3] reserves;
}

enum Phase {
    Open,
    Closed
}

contract RetypeEnumV1 {
    Phase phase;
}

contract RetypeEnumV2 {
    /// @custom:oz-retyped-from Phase
    uint8 phase;
}

contract RetypeEnumV2Bad {
    /// @custom:oz-retyped-from Phase
    uint16 phase;
}
