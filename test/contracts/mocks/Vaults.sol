// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// @dev What all implementations of these tests have in common: some state and a few views to check.
abstract contract VaultState {
    uint256 public total;
    uint256 public price;
    mapping(address account => uint256) public balances;
    bool public paused;

    error VaultPaused();

    function deposit(uint256 amount) external {
        if (paused) revert VaultPaused();
        balances[msg.sender] += amount;
        total += amount;
    }

    function setPrice(uint256 newPrice) external {
        price = newPrice;
    }

    /// @dev The hole that a patch closes.
    function drain() external virtual {
        total = 0;
    }
}

/// @dev A vault behind a transparent proxy or a beacon.
contract Vault is VaultState {
    function version() external pure virtual returns (uint256) {
        return 1;
    }
}

contract VaultFixed is Vault {
    error VaultClosed();

    function version() external pure override returns (uint256) {
        return 2;
    }

    function drain() external pure override {
        revert VaultClosed();
    }

    function migrate(uint256 newPrice, uint256 newTotal) external {
        price = newPrice;
        total = newTotal;
    }

    function fail() external pure {
        revert VaultClosed();
    }
}

/// @dev The same behind a UUPS proxy of OpenZeppelin 5.x; the upgrader is an immutable and so part of the code.
contract UUPSVault is VaultState, UUPSUpgradeable {
    address public immutable upgrader;

    error VaultForbidden();

    constructor(address upgrader_) {
        upgrader = upgrader_;
    }

    function version() external pure virtual returns (uint256) {
        return 1;
    }

    function _authorizeUpgrade(address) internal view override {
        if (msg.sender != upgrader) revert VaultForbidden();
    }
}

contract UUPSVaultFixed is UUPSVault {
    uint256 public immutable fee;
    address public owner;

    error VaultClosed();

    constructor(address upgrader_, uint256 fee_) UUPSVault(upgrader_) {
        fee = fee_;
    }

    function version() external pure override returns (uint256) {
        return 2;
    }

    function drain() external pure override {
        revert VaultClosed();
    }

    function migrate(uint256 newPrice, uint256 newTotal) external {
        price = newPrice;
        total = newTotal;
    }

    function migrateValue() external payable {
        total = msg.value;
    }

    function transferOwnership(address newOwner) external {
        owner = newOwner;
    }

    /// @dev A migration that calls out with whatever its author likes.
    function migrateCall(address target, bytes calldata data) external {
        (bool success, bytes memory answer) = target.call(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }
}
