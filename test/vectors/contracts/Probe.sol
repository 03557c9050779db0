// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @notice Does one thing of the EVM a function, so that a test can see how a sequence of calls treats it.
contract Probe {
    event Seen(uint256 indexed slot, uint256 value);

    address private immutable self = address(this);

    receive() external payable {}

    function store(uint256 slot, uint256 value) public payable {
        assembly {
            sstore(slot, value)
        }
        emit Seen(slot, value);
    }

    function load(uint256 slot) external view returns (uint256 value) {
        assembly {
            value := sload(slot)
        }
    }

    function fail(uint256 slot, uint256 value, bytes calldata data) external payable {
        store(slot, value);
        assembly {
            calldatacopy(0, data.offset, data.length)
            revert(0, data.length)
        }
    }

    function invalid() external pure {
        assembly {
            invalid()
        }
    }

    function transientOnce(uint256 slot) external returns (uint256 before) {
        assembly {
            before := tload(slot)
            tstore(slot, add(before, 1))
        }
    }

    /// Gas of a SLOAD: 2100 where the slot is cold, 100 where it is warm (EIP-2929).
    function loadCost(uint256 slot) external view returns (uint256 cost, uint256 value) {
        assembly {
            let start := gas()
            value := sload(slot)
            cost := sub(start, gas())
        }
    }

    /// Gas of a SSTORE, which depends on the value at the start of the transaction (EIP-2200).
    function storeCost(uint256 slot, uint256 value) external returns (uint256 cost) {
        assembly {
            let start := gas()
            sstore(slot, value)
            cost := sub(start, gas())
        }
    }

    function surroundings()
        external
        view
        returns (address, address, uint256, uint256, uint256, address, uint256, uint256, uint256)
    {
        return (
            msg.sender,
            tx.origin,
            block.timestamp,
            block.number,
            block.chainid,
            block.coinbase,
            block.prevrandao,
            block.basefee,
            block.blobbasefee
        );
    }

    function hashOfBlock(uint256 number) external view returns (uint256) {
        return uint256(blockhash(number));
    }

    function limits() external payable returns (uint256, uint256, uint256) {
        return (block.gaslimit, tx.gasprice, msg.value);
    }

    function whoami() external view returns (address, address) {
        return (self, address(this));
    }

    function create(bytes calldata initCode, uint256 salt, bool withSalt) external payable returns (address made) {
        bytes memory code = initCode;
        assembly {
            switch withSalt
            case 0 { made := create(callvalue(), add(code, 32), mload(code)) }
            default { made := create2(callvalue(), add(code, 32), mload(code), salt) }
        }
    }

    function forward(address to, uint256 value, bytes calldata data) external payable returns (bool, bytes memory) {
        return to.call{value: value}(data);
    }

    function destroy(address payable beneficiary) external payable {
        selfdestruct(beneficiary);
    }

    function createAndDestroy(address payable beneficiary) external payable returns (address) {
        Child child = new Child{value: msg.value}();
        child.destroy(beneficiary);
        return address(child);
    }

    function precompile(uint256 number, bytes calldata input) external view returns (bool, bytes memory) {
        return address(uint160(number)).staticcall(input);
    }

    function spin() external pure {
        while (true) {}
    }

    function recurse(uint256 depth) external returns (uint256) {
        return depth == 0 ? 0 : 1 + Probe(payable(address(this))).recurse(depth - 1);
    }

    function migrate(uint256 slot) external {
        store(slot, uint256(uint160(msg.sender)));
        store(slot + 1, uint256(uint160(tx.origin)));
    }
}

contract Child {
    uint256 public value = 7;

    constructor() payable {}

    function destroy(address payable beneficiary) external {
        selfdestruct(beneficiary);
    }
}

/// @notice An ERC-1967 proxy and nothing else.
contract Proxy {
    constructor(address implementation) payable {
        assembly {
            sstore(0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc, implementation)
        }
    }

    receive() external payable {}

    fallback() external payable {
        assembly {
            let implementation := sload(0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc)
            calldatacopy(0, 0, calldatasize())
            let success := delegatecall(gas(), implementation, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch success
            case 0 { revert(0, returndatasize()) }
            default { return(0, returndatasize()) }
        }
    }
}

contract Beacon {
    address public implementation;
}

/// @notice A proxy whose implementation a beacon names; the beacon's address stands in slot 0.
contract BeaconProxy {
    Beacon private beacon;

    fallback(bytes calldata data) external returns (bytes memory) {
        (bool success, bytes memory answer) = beacon.implementation().delegatecall(data);
        require(success);
        return answer;
    }
}
