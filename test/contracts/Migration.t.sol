// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {LaneStatus} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {IHandover, IProxyAdmin, IUpgradeableAddress} from "../../contracts/interfaces/IUpgradeable.sol";
import {ProxyUpgrades} from "../../contracts/libraries/ProxyUpgrades.sol";
import {UUPSVaultFixed} from "./mocks/Vaults.sol";
import {LaneFixture, Patch} from "./support/LaneFixture.sol";

/// @dev What a migration may do to the very thing that the baseline is about.
contract MigrationTest is LaneFixture {
    function test_P10_aMigrationThatUpgradesIsRefused() public {
        address other = _implementationOf(address(vault));
        bytes[] memory upgrades = new bytes[](5);
        upgrades[0] = abi.encodeCall(IUpgradeableAddress.upgradeToAndCall, (other, ""));
        upgrades[1] = abi.encodeCall(IUpgradeableAddress.upgradeTo, (other));
        upgrades[2] = abi.encodeCall(IProxyAdmin.upgrade, (address(vault), other));
        upgrades[3] = abi.encodeCall(IProxyAdmin.upgradeAndCall, (address(vault), other, ""));
        // Arguments are the callee's business.
        upgrades[4] = abi.encodePacked(IUpgradeableAddress.upgradeTo.selector);
        for (uint256 i = 0; i < upgrades.length; ++i) {
            Patch memory patch = _vaultPatch(i, upgrades[i]);
            uint256 commitment = _schedule(patch, address(vault));
            vm.warp(block.timestamp + DELAY);
            vm.expectRevert(
                abi.encodeWithSelector(ProxyUpgrades.ProxyUpgradeMigrationUpgrades.selector, bytes4(upgrades[i]))
            );
            _execute(commitment, patch);
        }
        vm.assertEq(vault.version(), 1);
    }

    function test_P10_aMigrationThatHandsOverRunsAndLeavesTheBaselineStale() public {
        Patch memory patch = _vaultPatch(1, abi.encodeCall(IHandover.transferOwnership, (stranger)));
        uint256 commitment = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.UpgradeObserved(address(vault), address(vault), IHandover.transferOwnership.selector);
        _execute(commitment, patch);
        vm.assertEq(UUPSVaultFixed(address(vault)).owner(), stranger);
        _assertLane(address(vault), LaneStatus.BaselineStale);

        // Governance states what is true now.
        address implementation = _implementationOf(address(vault));
        vm.prank(address(lane));
        lane.setBaseline(address(vault), implementation, NEW_LAYOUT, CODE);
        _assertLane(address(vault), LaneStatus.Open);
    }

    function test_P10_anotherMigrationLeavesTheLaneOpen() public {
        _fastTrack(_vaultPatch(1, abi.encodeCall(UUPSVaultFixed.migrate, (1, 2))), address(vault));
        _assertLane(address(vault), LaneStatus.Open);
        _fastTrack(_vaultPatch(2), address(vault));
        _assertLane(address(vault), LaneStatus.Open);
    }
}
