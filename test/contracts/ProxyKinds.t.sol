// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {
    Comparison,
    LaneStatus,
    Policy,
    ProxyKind,
    SafetyCheck,
    StatementState
} from "../../contracts/types/FastTrackTypes.sol";
import {IProxyAdmin, IUpgradeableAddress} from "../../contracts/interfaces/IUpgradeable.sol";
import {LegacyVault, LegacyVaultFixed} from "./mocks/LegacyVault.sol";
import {UUPSVaultFixed, Vault, VaultFixed, VaultState} from "./mocks/Vaults.sol";
import {GasFixture, GROTH16_VERIFIER} from "./support/GasFixture.sol";
import {Patch} from "./support/LaneFixture.sol";
import {ProxyFixture} from "./support/ProxyFixture.sol";

/// @dev What a deployment by CREATE2 costs on its own.
contract Deployer {
    function deploy(bytes calldata initCode, bytes32 salt) external returns (address) {
        return Create2.deploy(0, salt, initCode);
    }
}

/**
 * @dev Each kind of proxy with the largest implementation there can be (24,576 bytes), once deployed beforehand and once
 * as init code: the whole way, the budgets, and that the proxy works afterwards.
 *
 * The budget of `execute` leaves deployment and upgrade out. The deployment is measured as a transaction of its own and
 * taken off, all but the 21,000 that every transaction costs, and so is the upgrade.
 */
/// forge-config: default.isolate = true
contract ProxyKindsGasTest is GasFixture, ProxyFixture {
    uint256 private constant TRANSACTION = 21_000;
    bytes32 private constant DEPLOY_SALT = bytes32(uint256(1));

    /// @dev A proxy of one kind: where it is registered, where it is used, and what it is to run next.
    struct Subject {
        string name;
        ProxyKind kind;
        address registered;
        address admin;
        VaultState proxy;
        address implementation;
    }

    function test_P01_P04_uups() public {
        address next = address(new UUPSVaultFixed(address(lane), 7));
        _goTheWholeWay(Subject("UUPS", ProxyKind.UUPS, address(vault), address(0), vault, next));
    }

    function test_P01_P04_uupsLegacy() public {
        LegacyVault proxy = _legacyUUPS();
        address next = address(new LegacyVaultFixed(address(lane)));
        _goTheWholeWay(Subject("UUPS legacy", ProxyKind.UUPSLegacy, address(proxy), address(0), proxy, next));
    }

    function test_P01_P04_transparentV5() public {
        (Vault proxy, address admin) = _transparent();
        address next = address(new VaultFixed());
        _goTheWholeWay(Subject("transparent v5", ProxyKind.TransparentV5, address(proxy), admin, proxy, next));
    }

    function test_P01_P04_transparentV4() public {
        (Vault proxy, IProxyAdmin admin) = _legacyTransparent();
        address next = address(new VaultFixed());
        _goTheWholeWay(Subject("transparent v4", ProxyKind.TransparentV4, address(proxy), address(admin), proxy, next));
    }

    function test_P01_P04_beacon() public {
        (Vault proxy, UpgradeableBeacon beacon) = _beacon();
        address next = address(new VaultFixed());
        _goTheWholeWay(Subject("beacon", ProxyKind.Beacon, address(beacon), address(0), proxy, next));
    }

    function _goTheWholeWay(Subject memory subject) private {
        _fill(subject.implementation);
        vm.assertEq(subject.implementation.code.length, CODE_LIMIT, "largest code");
        subject.proxy.deposit(50);
        Policy memory policy = _policy(subject.kind, subject.admin);
        policy.checks = new SafetyCheck[](2);
        policy.checks[0] =
            _check(address(subject.proxy), abi.encodeCall(subject.proxy.total, ()), Comparison.NotLessThanBefore);
        policy.checks[1] = _check(address(subject.proxy), abi.encodeCall(VaultState.drain, ()), Comparison.MustRevert);
        _register(subject.registered, policy, lane.baselineOf(subject.registered).implementation);

        uint256 snapshot = vm.snapshotState();
        uint256 upgrade = _upgradeAlone(subject);
        vm.revertToState(snapshot);
        _fromDeployedCode(subject, upgrade);
        vm.revertToState(snapshot);
        _fromInitCode(subject, upgrade);
    }

    /// @dev The gas of the upgrade as a transaction of its own, beyond what every transaction costs.
    function _upgradeAlone(Subject memory subject) private returns (uint256 gas_) {
        bytes memory data = abi.encodeCall(IUpgradeableAddress.upgradeToAndCall, (subject.implementation, ""));
        if (subject.kind == ProxyKind.Beacon || subject.kind == ProxyKind.UUPSLegacy) {
            data = abi.encodeCall(IUpgradeableAddress.upgradeTo, (subject.implementation));
        } else if (subject.kind == ProxyKind.TransparentV5) {
            data = abi.encodeCall(IProxyAdmin.upgradeAndCall, (address(subject.proxy), subject.implementation, ""));
        } else if (subject.kind == ProxyKind.TransparentV4) {
            data = abi.encodeCall(IProxyAdmin.upgrade, (address(subject.proxy), subject.implementation));
        }
        vm.prank(address(lane));
        (bool done,) = (subject.admin == address(0) ? subject.registered : subject.admin).call(data);
        gas_ = _lastGas() - TRANSACTION;
        vm.assertTrue(done, "upgrade");
        vm.assertEq(Vault(address(subject.proxy)).version(), 2, "upgrade");
        vm.snapshotValue("ProxyKinds", string.concat(subject.name, ": upgrade alone"), gas_);
    }

    function _fromDeployedCode(Subject memory subject, uint256 upgrade) private {
        Patch memory patch = _steady(_sealDeployed(subject.implementation, "", 1));
        uint256 commitment = _schedule(patch, subject.registered);
        uint256 gas_ = _record("ProxyKinds", string.concat(subject.name, ": schedule, verifier mocked"));
        vm.assertLe(gas_ + GROTH16_VERIFIER, SCHEDULE_BUDGET, "schedule");

        vm.warp(block.timestamp + DELAY);
        _execute(commitment, patch);
        gas_ = _record("ProxyKinds", string.concat(subject.name, ": execute deployed code, verifier mocked"));
        vm.assertLe(gas_ - upgrade + GROTH16_VERIFIER, EXECUTE_BUDGET, "execute");

        _disclose(commitment, patch);
        gas_ = _record("ProxyKinds", string.concat(subject.name, ": disclose"));
        vm.assertLe(gas_, DISCLOSE_BUDGET, "disclose");
        _assertWorks(subject, commitment, patch);
    }

    function _fromInitCode(Subject memory subject, uint256 upgrade) private {
        bytes memory initCode = _initCodeOf(subject.implementation);
        Deployer deployer = new Deployer();
        deployer.deploy(initCode, DEPLOY_SALT);
        uint256 deployment = _lastGas() - TRANSACTION;

        Patch memory patch = _steady(_seal(initCode, "", uint256(DEPLOY_SALT)));
        vm.assertEq(patch.runtime.length, CODE_LIMIT, "largest code");
        uint256 commitment = _schedule(patch, subject.registered);
        vm.warp(block.timestamp + DELAY);
        _execute(commitment, patch);
        uint256 gas_ = _lastGas() - deployment;
        vm.snapshotValue(
            "ProxyKinds", string.concat(subject.name, ": execute init code beyond deployment, verifier mocked"), gas_
        );
        vm.assertLe(gas_ - upgrade + GROTH16_VERIFIER, EXECUTE_BUDGET, "execute");
        _disclose(commitment, patch);
        vm.assertLe(_lastGas(), DISCLOSE_BUDGET, "disclose");
        _assertWorks(subject, commitment, patch);
    }

    /**
     * @dev Init code that leaves the code at `sample` behind, with its own new address in place of `sample`: where UUPS
     * implementations keep their immutable `__self`. Written out by hand, as a compiler's constructor pads nothing.
     */
    function _initCodeOf(address sample) private view returns (bytes memory initCode) {
        bytes memory runtime = sample.code;
        bytes memory patches;
        for (uint256 i = 0; i + 32 <= runtime.length; ++i) {
            uint256 word;
            assembly ("memory-safe") {
                word := mload(add(add(runtime, 32), i))
            }
            // ADDRESS PUSH2 i MSTORE
            if (word == uint160(sample)) patches = bytes.concat(patches, hex"3061", bytes2(uint16(i)), hex"52");
        }
        bytes2 size = bytes2(uint16(runtime.length));
        // PUSH2 size PUSH2 offset PUSH0 CODECOPY, the patches, PUSH2 size PUSH0 RETURN
        bytes2 offset = bytes2(uint16(8 + patches.length + 5));
        initCode = bytes.concat(hex"61", size, hex"61", offset, hex"5f39", patches, hex"61", size, hex"5ff3", runtime);
    }

    function _assertWorks(Subject memory subject, uint256 commitment, Patch memory patch) private {
        _assertState(commitment, StatementState.Disclosed);
        _assertLane(subject.registered, LaneStatus.Open);
        vm.assertEq(lane.baselineOf(subject.registered).implementation, _addressOf(patch));
        vm.assertEq(lane.baselineOf(subject.registered).codehash, keccak256(patch.runtime));
        vm.assertEq(_addressOf(patch).code, patch.runtime);

        VaultState proxy = subject.proxy;
        vm.assertEq(Vault(address(proxy)).version(), 2);
        vm.assertEq(proxy.total(), 50);
        vm.prank(stranger);
        proxy.deposit(7);
        vm.assertEq(proxy.total(), 57);
        vm.assertEq(proxy.balances(stranger), 7);
        vm.expectRevert(VaultFixed.VaultClosed.selector);
        proxy.drain();
    }
}
