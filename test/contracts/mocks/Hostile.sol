// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @dev A beacon that says yes and does nothing.
contract LyingBeacon {
    address public immutable implementation;

    constructor(address implementation_) {
        implementation = implementation_;
    }

    function upgradeTo(address) external {}
}

/// @dev Answers to safety checks: honest, short, long, none, endless.
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

    /// @dev Burns all gas once the value has changed.
    function burnWhenChanged() external view returns (uint256) {
        if (value != 100) for (;;) {}
        return value;
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
