// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {BaselineView, LaneStatus, ProxyKind, StatementState} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {IProxyAdmin} from "../../contracts/interfaces/IUpgradeable.sol";
import {ProxyUpgrades} from "../../contracts/libraries/ProxyUpgrades.sol";
import {LegacyVault, LegacyVaultFixed} from "./mocks/LegacyVault.sol";
import {AnsweringBeacon, LyingBeacon} from "./mocks/Hostile.sol";
import {UUPSVault, UUPSVaultFixed, Vault, VaultFixed} from "./mocks/Vaults.sol";
import {Patch} from "./support/LaneFixture.sol";
import {ProxyFixture} from "./support/ProxyFixture.sol";

/// @dev Each kind of proxy goes the whole way, with and without a migration, from init code and from deployed code.
contract ProxiesTest is ProxyFixture {
    bytes internal migration = abi.encodeCall(VaultFixed.migrate, (5, 6));

    function _assertAdvanced(address proxy, Patch memory patch, uint256 nonce) internal view {
        BaselineView memory baseline = lane.baselineOf(proxy);
        vm.assertEq(baseline.implementation, _addressOf(patch));
        vm.assertEq(baseline.codehash, keccak256(patch.runtime));
        vm.assertEq(baseline.layoutRoot, NEW_LAYOUT);
        vm.assertFalse(baseline.stale);
        vm.assertEq(lane.nonceOf(proxy), nonce + 1);
        _assertLane(proxy, LaneStatus.Open);
    }

    function test_P01_P04_uupsFromInitCode() public {
        Patch memory patch = _vaultPatch(1);
        uint256 commitment = _fastTrack(patch, address(vault));
        _assertState(commitment, StatementState.Executed);
        vm.assertEq(vault.version(), 2);
        vm.assertEq(_implementationOf(address(vault)), _addressOf(patch));
        vm.assertEq(_implementationOf(address(vault)).code, patch.runtime);
        vm.assertEq(UUPSVaultFixed(address(vault)).fee(), 7);
        _assertAdvanced(address(vault), patch, 2);
        vm.expectRevert(UUPSVaultFixed.VaultClosed.selector);
        vault.drain();
    }

    function test_P01_uupsFromDeployedCodeWithMigration() public {
        Patch memory patch = _sealDeployed(address(new UUPSVaultFixed(address(lane), 9)), migration, 1);
        _fastTrack(patch, address(vault));
        vm.assertEq(vault.version(), 2);
        vm.assertEq(vault.price(), 5);
        vm.assertEq(vault.total(), 6);
        _assertAdvanced(address(vault), patch, 2);
    }

    function test_P01_transparentV5FromInitCode() public {
        (Vault proxy,) = _transparent();
        Patch memory patch = _seal(type(VaultFixed).creationCode, "", 1);
        _fastTrack(patch, address(proxy));
        vm.assertEq(proxy.version(), 2);
        vm.assertEq(_implementationOf(address(proxy)), _addressOf(patch));
        _assertAdvanced(address(proxy), patch, 2);
    }

    function test_P01_transparentV5WithMigration() public {
        (Vault proxy,) = _transparent();
        _fastTrack(_seal(type(VaultFixed).creationCode, migration, 1), address(proxy));
        vm.assertEq(proxy.version(), 2);
        vm.assertEq(proxy.price(), 5);
    }

    function test_P01_transparentV4WithAndWithoutMigration() public {
        // Without a migration it must be `upgrade`: upgradeAndCall of 4.x would delegatecall with empty data.
        (Vault proxy, IProxyAdmin admin) = _legacyTransparent();
        Patch memory patch = _seal(type(VaultFixed).creationCode, "", 1);
        _fastTrack(patch, address(proxy));
        vm.assertEq(proxy.version(), 2);
        vm.assertEq(admin.getProxyImplementation(address(proxy)), _addressOf(patch));
        _assertAdvanced(address(proxy), patch, 2);

        (proxy,) = _legacyTransparent();
        _fastTrack(_seal(type(VaultFixed).creationCode, migration, 2), address(proxy));
        vm.assertEq(proxy.version(), 2);
        vm.assertEq(proxy.price(), 5);
    }

    function test_transparentV4RevertsOnUpgradeAndCallWithEmptyData() public {
        // Why the kind exists: the published 4.9.6 delegatecalls even with nothing to say.
        (Vault proxy, IProxyAdmin admin) = _legacyTransparent();
        VaultFixed fixed_ = new VaultFixed();
        vm.prank(address(lane));
        vm.expectRevert(bytes("Address: low-level delegate call failed"));
        admin.upgradeAndCall(address(proxy), address(fixed_), "");
    }

    function test_P01_uupsLegacyWithAndWithoutMigration() public {
        LegacyVault proxy = _legacyUUPS();
        bytes memory initCode = abi.encodePacked(type(LegacyVaultFixed).creationCode, abi.encode(lane));
        Patch memory patch = _seal(initCode, "", 1);
        _fastTrack(patch, address(proxy));
        vm.assertEq(proxy.version(), 2);
        _assertAdvanced(address(proxy), patch, 2);

        _fastTrack(_seal(initCode, abi.encodeCall(LegacyVaultFixed.migrate, (77)), 2), address(proxy));
        vm.assertEq(proxy.price(), 77);
    }

    function test_uupsLegacyBaseRevertsOnUpgradeToAndCallWithEmptyData() public {
        // Why the kind exists.
        LegacyVault proxy = _legacyUUPS();
        LegacyVaultFixed fixed_ = new LegacyVaultFixed(address(lane));
        vm.prank(address(lane));
        vm.expectRevert(bytes("Address: low-level delegate call failed"));
        proxy.upgradeToAndCall(address(fixed_), "");
    }

    function test_P01_beacon() public {
        (Vault proxy, UpgradeableBeacon beacon) = _beacon();
        Patch memory patch = _seal(type(VaultFixed).creationCode, "", 1);
        _fastTrack(patch, address(beacon));
        vm.assertEq(proxy.version(), 2);
        vm.assertEq(beacon.implementation(), _addressOf(patch));
        _assertAdvanced(address(beacon), patch, 2);
    }

    function test_beaconRefusesAMigration() public {
        (, UpgradeableBeacon beacon) = _beacon();
        Patch memory patch = _seal(type(VaultFixed).creationCode, migration, 1);
        uint256 commitment = _schedule(patch, address(beacon));
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(ProxyUpgrades.ProxyUpgradeMigrationUnsupported.selector, ProxyKind.Beacon)
        );
        _execute(commitment, patch);
    }

    function test_T03_beaconThatRunsAnotherImplementationClosesItsLane() public {
        (, UpgradeableBeacon beacon) = _beacon();
        Patch memory patch = _seal(type(VaultFixed).creationCode, "", 1);
        uint256 commitment = _schedule(patch, address(beacon));
        // An owner that the timelock knows nothing of moves the beacon.
        vm.store(address(beacon), bytes32(uint256(1)), bytes32(uint256(uint160(address(new Vault())))));
        vm.warp(block.timestamp + DELAY);
        _assertLane(address(beacon), LaneStatus.BaselineCodeChanged);
        _expectClosed(address(beacon), LaneStatus.BaselineCodeChanged);
        _execute(commitment, patch);
    }

    function test_T03_transparentV4ThatRunsAnotherImplementationClosesItsLane() public {
        (Vault proxy,) = _legacyTransparent();
        bytes32 slot = bytes32(uint256(keccak256("eip1967.proxy.implementation")) - 1);
        vm.store(address(proxy), slot, bytes32(uint256(uint160(address(new Vault())))));
        _assertLane(address(proxy), LaneStatus.BaselineCodeChanged);
    }

    function test_T03_onlyTheWholeAnswerOfABeaconCounts() public {
        AnsweringBeacon beacon = new AnsweringBeacon();
        address implementation = address(new Vault());
        uint256 word = uint160(implementation);
        beacon.set(abi.encode(word), false);
        _register(address(beacon), _policy(ProxyKind.Beacon, address(0)), implementation);
        _assertLane(address(beacon), LaneStatus.Open);

        beacon.set(abi.encode(word), true);
        _assertLane(address(beacon), LaneStatus.BaselineCodeChanged);
        beacon.set(abi.encode(word, 0), false);
        _assertLane(address(beacon), LaneStatus.BaselineCodeChanged);
        beacon.set(abi.encodePacked(bytes31(bytes32(word))), false);
        _assertLane(address(beacon), LaneStatus.BaselineCodeChanged);
        beacon.set(abi.encode(word | (1 << 160)), false);
        _assertLane(address(beacon), LaneStatus.BaselineCodeChanged);
        beacon.set(abi.encode(word), false);
        _assertLane(address(beacon), LaneStatus.Open);
    }

    function test_T03_beaconThatCannotBeAskedClosesItsLane() public {
        (, UpgradeableBeacon beacon) = _beacon();
        vm.etch(address(beacon), hex"5f5ffd");
        _assertLane(address(beacon), LaneStatus.BaselineCodeChanged);
        // Answers with an empty success.
        vm.etch(address(beacon), hex"00");
        _assertLane(address(beacon), LaneStatus.BaselineCodeChanged);
    }

    function test_P04_anUpgradeThatChangesNothingIsRefused() public {
        LyingBeacon beacon = new LyingBeacon(address(new Vault()));
        _register(address(beacon), _policy(ProxyKind.Beacon, address(0)), beacon.implementation());
        Patch memory patch = _seal(type(VaultFixed).creationCode, "", 1);
        uint256 commitment = _schedule(patch, address(beacon));
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(IFastTrack.FastTrackUpgradeNotApplied.selector, address(beacon), _addressOf(patch))
        );
        _execute(commitment, patch);
    }

    function test_P04_T05_theProvenCodeInAnotherAccountIsRefused() public {
        // Behind a transparent proxy nothing else would notice: the runtime code is the same, byte for byte, and so are
        // the upgrade and the safety checks. But the account may delete itself when the transaction ends (EIP-6780).
        (Vault proxy,) = _transparent();
        Patch memory patch = _seal(type(VaultFixed).creationCode, "", 1);
        uint256 commitment = _schedule(patch, address(proxy));
        vm.warp(block.timestamp + DELAY);
        Patch memory elsewhere = _seal(type(VaultFixed).creationCode, "", 1);
        elsewhere.code.implementation = address(0xC0FFEE);
        elsewhere.code.initCode = "";
        vm.etch(address(0xC0FFEE), patch.runtime);
        _refuseBinding(commitment, elsewhere);

        // Init code that does something else first, and returns the proven code.
        Patch memory other = _seal(type(VaultFixed).creationCode, "", 1);
        other.code.initCode = bytes.concat(hex"5f50", _returning(patch.runtime));
        _refuseBinding(commitment, other);

        Patch memory salted = _seal(type(VaultFixed).creationCode, "", 1);
        salted.code.deploySalt = bytes32(uint256(2));
        _refuseBinding(commitment, salted);

        _execute(commitment, patch);
        vm.assertEq(proxy.version(), 2);
    }

    function _refuseBinding(uint256 commitment, Patch memory patch) private {
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackBindProofRejected.selector, commitment));
        _execute(commitment, patch);
    }

    /// @dev Init code that follows two bytes of other init code and returns `runtime`.
    function _returning(bytes memory runtime) private pure returns (bytes memory) {
        // PUSH2 length, DUP1, PUSH1 14, PUSH0, CODECOPY, PUSH0, RETURN: 10 bytes with the operands, after the other 2.
        return abi.encodePacked(hex"61", uint16(runtime.length), hex"80600c5f395ff3", runtime);
    }

    function test_theTimelockCanRunSeveralUpgradesOfOneProxyOneAfterAnother() public {
        _fastTrack(_vaultPatch(1), address(vault));
        // The layout of the first patch is the ground of the second.
        vm.assertEq(lane.baselineOf(address(vault)).layoutRoot, NEW_LAYOUT);
        _fastTrack(_seal(abi.encodePacked(type(UUPSVault).creationCode, abi.encode(lane)), "", 2), address(vault));
        vm.assertEq(vault.version(), 1);
        vm.assertEq(lane.nonceOf(address(vault)), 4);
    }
}
