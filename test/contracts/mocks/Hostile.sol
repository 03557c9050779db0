// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {UUPSVaultFixed} from "./Vaults.sol";

/// @dev A beacon that says yes and does nothing.
contract LyingBeacon {
    address public immutable implementation;

    constructor(address implementation_) {
        implementation = implementation_;
    }

    function upgradeTo(address) external {}
}

/// @dev A beacon that answers with whatever it was told, or reverts with it.
contract AnsweringBeacon {
    bytes public answer;
    bool public reverts;

    function set(bytes calldata answer_, bool reverts_) external {
        (answer, reverts) = (answer_, reverts_);
    }

    function implementation() external view returns (address) {
        bytes memory data = answer;
        if (reverts) {
            assembly ("memory-safe") {
                revert(add(data, 32), mload(data))
            }
        }
        assembly ("memory-safe") {
            return(add(data, 32), mload(data))
        }
    }
}

/// @dev Answers to safety checks: honest, short, long, far too long, none, endless.
contract Oracle {
    uint256 public value = 100;
    bool public broken;

    function set(uint256 newValue) external {
        value = newValue;
    }

    function breakDown() external {
        broken = true;
    }

    function read() external view returns (uint256) {
        require(!broken, "broken");
        return value;
    }

    function list() external view returns (uint256[] memory values) {
        values = new uint256[](3);
        values[2] = value;
    }

    function short() external pure {
        assembly ("memory-safe") {
            return(0, 31)
        }
    }

    function burn() external pure {
        for (;;) {}
    }

    /// @dev What is left of the gas that the caller gave.
    function gas() external view returns (uint256) {
        return gasleft();
    }

    /// @dev Burns all gas once the value has changed.
    function burnWhenChanged() external view returns (uint256) {
        if (value != 100) for (;;) {}
        return value;
    }

    /// @dev The value, and `size` bytes behind it that cost the caller something only if it copies them.
    function bomb(uint256 size) external view {
        assembly ("memory-safe") {
            mstore(0, sload(value.slot))
            return(0, size)
        }
    }

    function failingBomb(uint256 size) external pure {
        assembly ("memory-safe") {
            revert(0, size)
        }
    }

    /// @dev Takes much gas before it leaves a trace.
    function toil() external {
        bytes32 word;
        for (uint256 i = 0; i < 2000; ++i) {
            word = keccak256(abi.encode(word));
        }
        value = uint256(word);
    }

    function write() external returns (uint256) {
        value = 1;
        return value;
    }
}

/// @dev Calls back into whatever it was told to call, and keeps how that ended.
contract Reenterer {
    address public target;
    bytes public data;
    bool public called;
    bool public success;
    bytes public answer;

    function arm(address target_, bytes calldata data_) external {
        target = target_;
        data = data_;
    }

    fallback() external {
        if (target == address(0)) return;
        called = true;
        (success, answer) = target.call(data);
    }
}

/// @dev Init code that calls out before it leaves the runtime code behind.
contract CallingConstructor {
    constructor(address target, bytes memory data, bytes memory runtime) {
        (bool success, bytes memory answer) = target.call(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
        assembly ("memory-safe") {
            return(add(runtime, 32), mload(runtime))
        }
    }
}

/// @dev A migration that does not care how its call ended.
contract CarelessVault is UUPSVaultFixed {
    constructor(address upgrader_) UUPSVaultFixed(upgrader_, 7) {}

    function migrateCarelessly(address target, bytes calldata data) external {
        (bool success,) = target.call(data);
        price = success ? 2 : 1;
    }
}

/// @dev Keeps the gas that an upgrade call left it.
contract GasMeter {
    uint256 public given;

    function upgradeToAndCall(address, bytes calldata) external {
        given = gasleft();
    }
}
