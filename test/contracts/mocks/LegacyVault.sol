// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable-4.3.0/proxy/utils/UUPSUpgradeable.sol";
import {VaultState} from "./Vaults.sol";

/// @dev A vault on the published UUPS base of OpenZeppelin 4.3, which has no fallback: empty calldata reverts.
contract LegacyVault is UUPSUpgradeable, VaultState {
    address public immutable upgrader;

    constructor(address upgrader_) {
        upgrader = upgrader_;
    }

    function version() external pure virtual returns (uint256) {
        return 1;
    }

    function _authorizeUpgrade(address) internal view override {
        // The 4.3 base rolls an upgrade back and forth once, from within the proxy, with the caller kept.
        require(msg.sender == upgrader, "forbidden");
    }
}

contract LegacyVaultFixed is LegacyVault {
    error VaultClosed();

    constructor(address upgrader_) LegacyVault(upgrader_) {}

    function version() external pure override returns (uint256) {
        return 2;
    }

    function drain() external pure override {
        revert VaultClosed();
    }

    function migrate(uint256 newPrice) external {
        price = newPrice;
    }
}
