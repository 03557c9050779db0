// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";
import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {TransparentUpgradeableProxy} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
import {ProxyKind} from "../../../contracts/types/FastTrackTypes.sol";
import {IHandover, IProxyAdmin} from "../../../contracts/interfaces/IUpgradeable.sol";
import {LegacyVault} from "../mocks/LegacyVault.sol";
import {Vault, VaultState} from "../mocks/Vaults.sol";
import {LaneFixture} from "./LaneFixture.sol";

/**
 * @dev A registered proxy of each kind beside the UUPS proxy of {LaneFixture}, all of them OpenZeppelin's own. The
 * transparent proxy of 4.x and its ProxyAdmin are the bytes that version 4.9.6 was published with, not compiled anew.
 */
abstract contract ProxyFixture is LaneFixture {
    string private constant PUBLISHED = "node_modules/@openzeppelin/contracts-4.9.6/build/contracts/";

    bytes internal setup = abi.encodeCall(VaultState.setPrice, (1));

    function _transparent() internal returns (Vault proxy, address admin) {
        proxy = Vault(address(new TransparentUpgradeableProxy(address(new Vault()), address(lane), setup)));
        bytes32 slot = bytes32(uint256(keccak256("eip1967.proxy.admin")) - 1);
        admin = address(uint160(uint256(vm.load(address(proxy), slot))));
        _register(address(proxy), _policy(ProxyKind.TransparentV5, admin), _implementationOf(address(proxy)));
    }

    function _legacyTransparent() internal returns (Vault proxy, IProxyAdmin admin) {
        admin = IProxyAdmin(vm.deployCode(string.concat(PUBLISHED, "ProxyAdmin.json"), ""));
        IHandover(address(admin)).transferOwnership(address(lane));
        bytes memory arguments = abi.encode(new Vault(), admin, setup);
        proxy = Vault(vm.deployCode(string.concat(PUBLISHED, "TransparentUpgradeableProxy.json"), arguments));
        _register(address(proxy), _policy(ProxyKind.TransparentV4, address(admin)), _implementationOf(address(proxy)));
    }

    function _beacon() internal returns (Vault proxy, UpgradeableBeacon beacon) {
        beacon = new UpgradeableBeacon(address(new Vault()), address(lane));
        proxy = Vault(address(new BeaconProxy(address(beacon), "")));
        _register(address(beacon), _policy(ProxyKind.Beacon, address(0)), beacon.implementation());
    }

    function _legacyUUPS() internal returns (LegacyVault proxy) {
        proxy = LegacyVault(address(new ERC1967Proxy(address(new LegacyVault(address(lane))), setup)));
        _register(address(proxy), _policy(ProxyKind.UUPSLegacy, address(0)), _implementationOf(address(proxy)));
    }
}
