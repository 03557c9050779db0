// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {LaneStatus, Policy} from "../types/FastTrackTypes.sol";
import {Field} from "./Field.sol";
import {ProxyUpgrades} from "./ProxyUpgrades.sol";

/**
 * @dev What each proxy runs now, as far as the timelock knows: the ground on which attest proofs stand.
 *
 * No contract can read the implementation slot of another. But every upgrade goes through the timelock, so the timelock
 * counts its own outgoing calls that upgrade a watched address or hand it over. A baseline remembers the counts of
 * its proxy and of its ProxyAdmin; it is stale as soon as either has moved on.
 */
library Baselines {
    /// @dev A baseline is an implementation that is deployed; `implementation` has no code.
    error BaselineImplementationWithoutCode(address implementation);

    /// @dev The code of `implementation` is a delegation (EIP-7702): its owner can point it elsewhere at any time.
    error BaselineImplementationDelegated(address implementation);

    /// @dev A layout root is a non-zero field element; `layoutRoot` is none.
    error BaselineLayoutRootOutOfField(uint256 layoutRoot);

    /// @dev A digest of code is a non-zero field element; `currentCode` is none.
    error BaselineCurrentCodeOutOfField(uint256 currentCode);

    /// @dev What a proxy runs, and the counts of changes that it was stated at.
    struct Baseline {
        address implementation;
        uint48 proxyChanges;
        uint48 adminChanges;
        bytes32 codehash;
        uint256 layoutRoot;
        // The codeDigest D of the code: what a circuit can open, where codehash is what the chain can see.
        uint256 currentCode;
    }

    /// @dev All baselines, what is counted to tell the stale ones, and the nonces of all proxies.
    struct Context {
        mapping(address proxy => Baseline) baselines;
        // Watched addresses start at 1; zero means that nobody watches.
        mapping(address subject => uint48) changes;
        // Never reset, so that no statement can come back (T01).
        mapping(address proxy => uint40) nonces;
    }

    /// @dev From now on counts the changes of `subject`.
    function watch(Context storage self, address subject) internal {
        if (subject != address(0) && self.changes[subject] == 0) self.changes[subject] = 1;
    }

    /// @dev Counts an outgoing call of the timelock, or a migration that it has a proxy run. Returns its subject, zero where the call does not matter.
    function observe(Context storage self, address target, bytes calldata data) internal returns (address subject) {
        subject = ProxyUpgrades.subjectOf(target, data);
        if (subject == address(0) || self.changes[subject] == 0) return address(0);
        ++self.changes[subject];
    }

    /// @dev Ends every statement that was made for `proxy` so far.
    function advanceNonce(Context storage self, address proxy) internal returns (uint40) {
        return ++self.nonces[proxy];
    }

    /// @dev States what `proxy` runs now.
    function set(
        Context storage self,
        address proxy,
        address admin,
        address implementation,
        uint256 layoutRoot,
        uint256 currentCode
    ) internal returns (bytes32 codehash) {
        if (implementation.code.length == 0) {
            revert BaselineImplementationWithoutCode(implementation);
        }
        if (_isDelegated(implementation)) revert BaselineImplementationDelegated(implementation);
        if (layoutRoot == 0 || layoutRoot >= Field.ORDER) revert BaselineLayoutRootOutOfField(layoutRoot);
        if (currentCode == 0 || currentCode >= Field.ORDER) revert BaselineCurrentCodeOutOfField(currentCode);
        codehash = implementation.codehash;
        self.baselines[proxy] = Baseline({
            implementation: implementation,
            proxyChanges: self.changes[proxy],
            adminChanges: self.changes[admin],
            codehash: codehash,
            layoutRoot: layoutRoot,
            currentCode: currentCode
        });
    }

    /// @dev No deployed code starts with 0xef (EIP-3541), every delegation does.
    function _isDelegated(address account) private view returns (bool delegated) {
        assembly ("memory-safe") {
            mstore(0, 0)
            extcodecopy(account, 0, 0, 1)
            delegated := eq(byte(0, mload(0)), 0xef)
        }
    }

    /// @dev Whether an upgrade or a handover went out since the baseline was set.
    function isStale(Context storage self, address proxy, address admin) internal view returns (bool) {
        Baseline storage baseline = self.baselines[proxy];
        return baseline.proxyChanges != self.changes[proxy] || baseline.adminChanges != self.changes[admin];
    }

    /// @dev Open, or the first reason why the baseline of `proxy` supports no proof.
    function status(Context storage self, address proxy, Policy storage policy) internal view returns (LaneStatus) {
        Baseline storage baseline = self.baselines[proxy];
        address implementation = baseline.implementation;
        address admin = policy.admin;
        if (implementation == address(0)) return LaneStatus.NoBaseline;
        if (isStale(self, proxy, admin)) return LaneStatus.BaselineStale;
        if (
            implementation.codehash != baseline.codehash
                || !ProxyUpgrades.runs(policy.kind, proxy, admin, implementation)
        ) return LaneStatus.BaselineCodeChanged;
        return LaneStatus.Open;
    }
}
