// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ProxyKind} from "../types/FastTrackTypes.sol";
import {IHandover, IProxyAdmin, IUpgradeableAddress} from "../interfaces/IUpgradeable.sol";

/// @dev What the timelock knows of the published proxy families: how to upgrade one, and how to tell that a call does.
library ProxyUpgrades {
    using Address for address;

    /// @dev Proxies of `kind` run no migration: a beacon has none of its own.
    error ProxyUpgradeMigrationUnsupported(ProxyKind kind);

    /// @dev The migration calls `selector`, an upgrade function: the proxy would run another implementation than the proven one.
    error ProxyUpgradeMigrationUpgrades(bytes4 selector);

    /// @dev Whether upgrades of `kind` go through a ProxyAdmin.
    function hasAdmin(ProxyKind kind) internal pure returns (bool) {
        return kind == ProxyKind.TransparentV5 || kind == ProxyKind.TransparentV4;
    }

    /// @dev Points `proxy` at `implementation` and runs the migration, without value. Bubbles every revert.
    function upgrade(
        ProxyKind kind,
        address proxy,
        address admin,
        address implementation,
        bytes calldata migration
    ) internal {
        bool empty = migration.length == 0;
        if (kind == ProxyKind.Beacon && !empty) revert ProxyUpgradeMigrationUnsupported(kind);
        if (_isUpgrade(bytes4(migration))) revert ProxyUpgradeMigrationUpgrades(bytes4(migration));

        if (kind == ProxyKind.Beacon || (kind == ProxyKind.UUPSLegacy && empty)) {
            proxy.functionCall(abi.encodeCall(IUpgradeableAddress.upgradeTo, (implementation)));
        } else if (!hasAdmin(kind)) {
            proxy.functionCall(abi.encodeCall(IUpgradeableAddress.upgradeToAndCall, (implementation, migration)));
        } else if (kind == ProxyKind.TransparentV4 && empty) {
            admin.functionCall(abi.encodeCall(IProxyAdmin.upgrade, (proxy, implementation)));
        } else {
            admin.functionCall(abi.encodeCall(IProxyAdmin.upgradeAndCall, (proxy, implementation, migration)));
        }
    }

    /**
     * @dev Whether the chain agrees that `proxy` runs `implementation`. A beacon and a ProxyAdmin of 4.x can be asked; the
     * other kinds show their implementation slot to nobody, and are taken to agree.
     */
    function runs(ProxyKind kind, address proxy, address admin, address implementation) internal view returns (bool) {
        address target;
        bytes memory question;
        if (kind == ProxyKind.Beacon) {
            (target, question) = (proxy, abi.encodeCall(IUpgradeableAddress.implementation, ()));
        } else if (kind == ProxyKind.TransparentV4) {
            (target, question) = (admin, abi.encodeCall(IProxyAdmin.getProxyImplementation, (proxy)));
        } else {
            return true;
        }
        (bool success, bytes memory answer) = target.staticcall(question);
        return success && answer.length == 32 && uint256(bytes32(answer)) == uint160(implementation);
    }

    /**
     * @dev The address whose upgrade state an outgoing call touches, zero where it touches none:
     * the target of an upgrade or of a handover of the power to upgrade; the first argument of a ProxyAdmin function.
     */
    function subjectOf(address target, bytes calldata data) internal pure returns (address) {
        if (data.length < 4) return address(0);
        bytes4 selector = bytes4(data);
        if (
            selector == IUpgradeableAddress.upgradeTo.selector
                || selector == IUpgradeableAddress.upgradeToAndCall.selector
                || selector == IHandover.changeAdmin.selector || selector == IHandover.transferOwnership.selector
                || selector == IHandover.renounceOwnership.selector || selector == IHandover.grantRole.selector
                || selector == IHandover.beginDefaultAdminTransfer.selector
                || selector == IHandover.setAuthority.selector
        ) return target;
        if (
            data.length >= 36
                && (selector == IProxyAdmin.upgrade.selector
                    || selector == IProxyAdmin.upgradeAndCall.selector
                    || selector == IProxyAdmin.changeProxyAdmin.selector)
        ) {
            // Dirty upper bits are dropped, as the decoders of old compilers drop them.
            return address(uint160(uint256(bytes32(data[4:36]))));
        }
        return address(0);
    }

    function _isUpgrade(bytes4 selector) private pure returns (bool) {
        return selector == IUpgradeableAddress.upgradeTo.selector
            || selector == IUpgradeableAddress.upgradeToAndCall.selector || selector == IProxyAdmin.upgrade.selector
            || selector == IProxyAdmin.upgradeAndCall.selector;
    }
}
