// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {LaneStatus, ProxyKind} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {IProxyAdmin} from "../../contracts/interfaces/IUpgradeable.sol";
import {UUPSVaultFixed, Vault, VaultFixed} from "./mocks/Vaults.sol";
import {Patch} from "./support/LaneFixture.sol";
import {ProxyFixture} from "./support/ProxyFixture.sol";

/// @dev Takes every call.
contract Mute {
    fallback() external {}
}

/// @dev P10: the timelock watches its own outgoing calls.
contract OutgoingCallsTest is ProxyFixture {
    Mute internal proxy;
    Mute internal admin;
    Mute internal neighbour;

    function setUp() public override {
        super.setUp();
        proxy = new Mute();
        admin = new Mute();
        neighbour = new Mute();
        address implementation = address(new Vault());
        _register(address(proxy), _policy(ProxyKind.TransparentV5, address(admin)), implementation);
        _register(address(neighbour), _policy(ProxyKind.TransparentV5, address(admin)), implementation);
    }

    function _observed(address subject, address target, bytes memory data) internal {
        uint256 snapshot = vm.snapshotState();
        _prepare(target, data);
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.UpgradeObserved(subject, target, bytes4(data));
        _finish(target, data);
        _assertLane(address(proxy), LaneStatus.BaselineStale);
        // Closed for what the call concerns and for nothing else.
        _assertLane(address(neighbour), subject == address(admin) ? LaneStatus.BaselineStale : LaneStatus.Open);
        _assertLane(address(vault), LaneStatus.Open);
        vm.assertTrue(lane.baselineOf(address(proxy)).stale);

        // Until governance sets the baseline anew.
        bytes memory renewal = abi.encodeCall(
            IFastTrack.setBaseline, (address(proxy), lane.baselineOf(address(proxy)).implementation, LAYOUT, CODE)
        );
        _govern(address(lane), renewal);
        _assertLane(address(proxy), LaneStatus.Open);
        vm.revertToState(snapshot);
    }

    function _prepare(address target, bytes memory data) internal {
        vm.prank(proposer);
        slow.schedule(target, 0, data, 0, 0, SLOW_DELAY);
        vm.warp(block.timestamp + SLOW_DELAY);
    }

    function _finish(address target, bytes memory data) internal {
        vm.prank(executor);
        slow.execute(target, 0, data, 0, 0);
    }

    function _ignored(address target, bytes memory data) internal {
        uint256 snapshot = vm.snapshotState();
        _prepare(target, data);
        vm.recordLogs();
        _finish(target, data);
        vm.assertEq(vm.getRecordedLogs().length, 1);
        _assertLane(address(proxy), LaneStatus.Open);
        _assertLane(address(neighbour), LaneStatus.Open);
        _assertLane(address(vault), LaneStatus.Open);
        vm.revertToState(snapshot);
    }

    function test_P10_upgradesOnTheProxyItself() public {
        address p = address(proxy);
        _observed(p, p, abi.encodeWithSignature("upgradeTo(address)", stranger));
        _observed(p, p, abi.encodeWithSignature("upgradeToAndCall(address,bytes)", stranger, ""));
        _observed(p, p, abi.encodeWithSignature("changeAdmin(address)", stranger));
        _observed(p, p, abi.encodeWithSignature("transferOwnership(address)", stranger));
        _observed(p, p, abi.encodeWithSignature("renounceOwnership()"));
        _observed(p, p, abi.encodeWithSignature("grantRole(bytes32,address)", bytes32(0), stranger));
        _observed(p, p, abi.encodeWithSignature("beginDefaultAdminTransfer(address)", stranger));
        _observed(p, p, abi.encodeWithSignature("setAuthority(address)", stranger));
        // Arguments are the callee's business; the selector is enough.
        _observed(p, p, hex"3659cfe6");
    }

    function test_P10_upgradesThroughTheProxyAdmin() public {
        address p = address(proxy);
        address a = address(admin);
        _observed(p, a, abi.encodeWithSignature("upgrade(address,address)", p, stranger));
        _observed(p, a, abi.encodeWithSignature("upgradeAndCall(address,address,bytes)", p, stranger, ""));
        _observed(p, a, abi.encodeWithSignature("changeProxyAdmin(address,address)", p, stranger));
        // Any contract may forward such a call.
        _observed(p, stranger, abi.encodeWithSignature("upgrade(address,address)", p, stranger));
        // Old compilers drop dirty bits of an address.
        uint256 dirty = uint256(uint160(p)) | (1 << 200);
        _observed(p, a, abi.encodeWithSignature("upgrade(address,address)", dirty, stranger));
        _observed(p, a, abi.encodeWithSelector(bytes4(keccak256("upgrade(address,address)")), p));
    }

    function test_P10_handoverOfASharedProxyAdminConcernsAllItsProxies() public {
        address a = address(admin);
        _observed(a, a, abi.encodeWithSignature("transferOwnership(address)", stranger));
        _observed(a, a, abi.encodeWithSignature("renounceOwnership()"));
    }

    function test_otherCallsAreIgnored() public {
        address p = address(proxy);
        address a = address(admin);
        _ignored(p, "");
        _ignored(p, hex"3659cf");
        _ignored(p, abi.encodeWithSignature("setPrice(uint256)", 1));
        _ignored(p, abi.encodeWithSignature("implementation()"));
        _ignored(a, abi.encodeWithSignature("upgrade(address,address)", stranger, p));
        _ignored(a, abi.encodeWithSelector(bytes4(keccak256("upgrade(address,address)"))));
        _ignored(a, abi.encodePacked(bytes4(keccak256("upgrade(address,address)")), new bytes(31)));
        _ignored(a, abi.encodeWithSignature("upgrade(address,address)", address(0), p));
        _ignored(stranger, abi.encodeWithSignature("upgradeTo(address)", p));
    }

    function test_P10_alsoInsideBatches() public {
        address[] memory targets = new address[](3);
        bytes[] memory payloads = new bytes[](3);
        (targets[0], targets[1], targets[2]) = (stranger, address(vault), stranger);
        payloads[1] = abi.encodeCall(vault.upgradeToAndCall, (address(new UUPSVaultFixed(address(lane), 1)), ""));
        vm.prank(proposer);
        slow.scheduleBatch(targets, new uint256[](3), payloads, 0, 0, SLOW_DELAY);
        vm.warp(block.timestamp + SLOW_DELAY);
        vm.prank(executor);
        slow.executeBatch(targets, new uint256[](3), payloads, 0, 0);
        vm.assertEq(vault.version(), 2);
        _assertLane(address(vault), LaneStatus.BaselineStale);
        _assertLane(address(proxy), LaneStatus.Open);
    }

    function test_P10_anUpgradeAndItsNewBaselineInOneBatch() public {
        address implementation = address(new UUPSVaultFixed(address(lane), 1));
        address[] memory targets = new address[](2);
        bytes[] memory payloads = new bytes[](2);
        (targets[0], targets[1]) = (address(vault), address(lane));
        payloads[0] = abi.encodeCall(vault.upgradeToAndCall, (implementation, ""));
        payloads[1] = abi.encodeCall(IFastTrack.setBaseline, (address(vault), implementation, NEW_LAYOUT, CODE));
        vm.prank(proposer);
        slow.scheduleBatch(targets, new uint256[](2), payloads, 0, 0, SLOW_DELAY);
        vm.warp(block.timestamp + SLOW_DELAY);
        vm.prank(executor);
        slow.executeBatch(targets, new uint256[](2), payloads, 0, 0);
        _assertLane(address(vault), LaneStatus.Open);
    }

    function test_P10_T03_aScheduledStatementDoesNotSurviveASlowPathUpgrade() public {
        address implementation = address(new UUPSVaultFixed(address(lane), 1));
        vm.startPrank(address(lane));
        lane.setPolicy(address(vault), _policy(ProxyKind.UUPS, address(0)));
        vm.stopPrank();
        Patch memory patch = _vaultPatch(1);
        _prepare(address(vault), abi.encodeCall(vault.upgradeToAndCall, (implementation, "")));
        uint256 commitment = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        _finish(address(vault), abi.encodeCall(vault.upgradeToAndCall, (implementation, "")));
        _expectClosed(address(vault), LaneStatus.BaselineStale);
        _execute(commitment, patch);
    }

    function test_P10_realProxyAdminsOfBothGenerations() public {
        (Vault v5, address admin5) = _transparent();
        (Vault v4, IProxyAdmin admin4) = _legacyTransparent();

        address fixed_ = address(new VaultFixed());
        _govern(admin5, abi.encodeCall(IProxyAdmin.upgradeAndCall, (address(v5), fixed_, "")));
        _govern(address(admin4), abi.encodeCall(IProxyAdmin.upgrade, (address(v4), fixed_)));
        vm.assertEq(v5.version(), 2);
        vm.assertEq(v4.version(), 2);
        _assertLane(address(v5), LaneStatus.BaselineStale);
        _assertLane(address(v4), LaneStatus.BaselineStale);
    }

    function test_P10_theFastLanesOwnUpgradesAreNoReasonToClose() public {
        _fastTrack(_vaultPatch(1), address(vault));
        _assertLane(address(vault), LaneStatus.Open);
    }
}
