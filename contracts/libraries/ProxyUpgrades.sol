// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {IFastTrack} from "../interfaces/IFastTrack.sol";
import {ProxyKind} from "../types/FastTrackTypes.sol";
import {IHandover, IProxyAdmin, IUpgradeableAddress} from "../interfaces/IUpgradeable.sol";

/// @dev What the timelock knows of the published proxy families: how to upgrade one, and how to tell that a call does.
library ProxyUpgrades {
    /// @dev Beside the call itself, what it costs the caller on a warm account, generously.
    uint256 private constant CALL_COST = 5_000;

    /// @dev Proxies of `kind` run no migration: a beacon has none of its own.
    error ProxyUpgradeMigrationUnsupported(ProxyKind kind);

    /// @dev The migration calls `selector`, an upgrade function: the proxy would run another implementation than the proven one.
    error ProxyUpgradeMigrationUpgrades(bytes4 selector);

    /// @dev A migration of `migrationLength` bytes and `migrationGas` for it: one of the two is 0, and the other is not.
    error ProxyUpgradeGasWithoutMigration(uint256 migrationGas, uint256 migrationLength);

    /// @dev Whether upgrades of `kind` go through a ProxyAdmin.
    function hasAdmin(ProxyKind kind) internal pure returns (bool) {
        return kind == ProxyKind.TransparentV5 || kind == ProxyKind.TransparentV4;
    }

    /**
     * @dev Points `proxy` at `implementation` and runs the migration, without value. Bubbles every revert.
     * @param migrationGas what the call gets, neither more nor less; 0 exactly where the migration is empty, which gets all
     */
    function upgrade(
        ProxyKind kind,
        address proxy,
        address admin,
        address implementation,
        bytes calldata migration,
        uint64 migrationGas
    ) internal {
        bool empty = migration.length == 0;
        if (empty != (migrationGas == 0)) revert ProxyUpgradeGasWithoutMigration(migrationGas, migration.length);
        if (kind == ProxyKind.Beacon && !empty) revert ProxyUpgradeMigrationUnsupported(kind);
        if (_isUpgrade(bytes4(migration))) revert ProxyUpgradeMigrationUpgrades(bytes4(migration));

        if (kind == ProxyKind.Beacon || (kind == ProxyKind.UUPSLegacy && empty)) {
            _call(proxy, abi.encodeCall(IUpgradeableAddress.upgradeTo, (implementation)), migrationGas);
        } else if (!hasAdmin(kind)) {
            bytes memory data = abi.encodeCall(IUpgradeableAddress.upgradeToAndCall, (implementation, migration));
            _call(proxy, data, migrationGas);
        } else if (kind == ProxyKind.TransparentV4 && empty) {
            _call(admin, abi.encodeCall(IProxyAdmin.upgrade, (proxy, implementation)), migrationGas);
        } else {
            bytes memory data = abi.encodeCall(IProxyAdmin.upgradeAndCall, (proxy, implementation, migration));
            _call(admin, data, migrationGas);
        }
    }

    /// @dev Calls `target` with exactly `gas_` gas, with all where that is 0.
    function _call(address target, bytes memory data, uint256 gas_) private {
        // A call where no code is would succeed, and have done nothing.
        if (target.code.length == 0) revert Address.AddressEmptyCode(target);
        if (gas_ == 0) gas_ = gasleft();
        else _requireGas(gas_);
        bool success;
        assembly ("memory-safe") {
            success := call(gas_, target, 0, add(data, 32), mload(data), 0, 0)
            if and(iszero(success), gt(returndatasize(), 0)) {
                let answer := mload(0x40)
                returndatacopy(answer, 0, returndatasize())
                revert(answer, returndatasize())
            }
        }
        if (!success) revert Errors.FailedCall();
    }

    /// @dev A call gets at most 63/64 of what is left (EIP-150), and less than it was told without a word.
    function _requireGas(uint256 gas_) private view {
        uint256 required = gas_ + gas_ / 63 + CALL_COST;
        uint256 available = gasleft();
        if (available < required) revert IFastTrack.FastTrackMigrationGas(required, available);
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
