// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Bounds, Policy, ProxyKind, SafetyCheck} from "../types/FastTrackTypes.sol";
import {Field} from "./Field.sol";
import {ProxyUpgrades} from "./ProxyUpgrades.sol";
import {SafetyChecks} from "./SafetyChecks.sol";

/// @dev The policies of all proxies, and the rules that no policy may break.
library Policies {
    /// @dev Signer slots of the attest circuit.
    uint256 internal constant MAX_THRESHOLD = 8;

    /// @dev The attest circuit holds 128 baseline vectors; to waive them all would demand nothing.
    uint256 internal constant MAX_WAIVERS = 127;

    error BoundsMinDelayZero();
    error BoundsDelayRange(uint256 minimum, uint256 maximum);
    error BoundsMinGraceZero();
    error BoundsGraceRange(uint256 minimum, uint256 maximum);
    error BoundsMaxDisclosureDeadlineZero();
    error BoundsMaxValidityTooShort(uint256 maxValidity, uint256 maxDelay);

    error PolicyProxyWithoutCode(address proxy);
    error PolicyConcernsTimelock(address proxy, address admin);
    error PolicyAdminWithoutCode(address admin);
    error PolicyAdminUnused(ProxyKind kind, address admin);
    error PolicyThresholdOutOfRange(uint256 threshold, uint256 maximum);
    error PolicyTooManyWaivers(uint256 maxWaivers, uint256 maximum);
    error PolicyAuditorRootOutOfField(uint256 auditorRoot);
    error PolicyVectorRootOutOfField(uint256 vectorRoot);
    error PolicyDelayTooShort(uint256 delay, uint256 minimum);
    error PolicyDelayTooLong(uint256 delay, uint256 maximum);
    error PolicyGraceTooShort(uint256 grace, uint256 minimum);
    error PolicyGraceTooLong(uint256 grace, uint256 maximum);
    error PolicyDisclosureDeadlineZero();
    error PolicyDisclosureDeadlineTooLong(uint256 disclosureDeadline, uint256 maximum);
    error PolicyUnknown(address proxy);

    struct Context {
        mapping(address proxy => Policy) policies;
    }

    /// @dev Refuses bounds that leave no room for a policy, or room for one without a delay.
    function validateBounds(Bounds memory bounds) internal pure {
        if (bounds.minDelay == 0) revert BoundsMinDelayZero();
        if (bounds.maxDelay < bounds.minDelay) revert BoundsDelayRange(bounds.minDelay, bounds.maxDelay);
        if (bounds.minGrace == 0) revert BoundsMinGraceZero();
        if (bounds.maxGrace < bounds.minGrace) revert BoundsGraceRange(bounds.minGrace, bounds.maxGrace);
        if (bounds.maxDisclosureDeadline == 0) revert BoundsMaxDisclosureDeadlineZero();
        if (bounds.maxValidity <= bounds.maxDelay) {
            revert BoundsMaxValidityTooShort(bounds.maxValidity, bounds.maxDelay);
        }
    }

    /// @dev Whether `proxy` has a policy: every policy has a threshold.
    function exists(Context storage self, address proxy) internal view returns (bool) {
        return self.policies[proxy].threshold != 0;
    }

    /// @dev The policy of `proxy`, which must have one.
    function required(Context storage self, address proxy) internal view returns (Policy storage policy) {
        policy = self.policies[proxy];
        if (policy.threshold == 0) revert PolicyUnknown(proxy);
    }

    /// @dev Validates `policy` and stores it in place of the one before.
    function set(Context storage self, address proxy, Policy calldata policy, Bounds memory bounds) internal {
        _validate(proxy, policy, bounds);

        delete self.policies[proxy];
        Policy storage stored = self.policies[proxy];
        stored.kind = policy.kind;
        stored.admin = policy.admin;
        stored.disclosureDeadline = policy.disclosureDeadline;
        stored.threshold = policy.threshold;
        stored.maxWaivers = policy.maxWaivers;
        stored.delay = policy.delay;
        stored.grace = policy.grace;
        stored.auditorRoot = policy.auditorRoot;
        stored.vectorRoot = policy.vectorRoot;
        for (uint256 i = 0; i < policy.checks.length; ++i) {
            SafetyCheck calldata check = policy.checks[i];
            stored.checks.push(check);
        }
    }

    function _validate(address proxy, Policy calldata policy, Bounds memory bounds) private view {
        if (proxy.code.length == 0) revert PolicyProxyWithoutCode(proxy);
        if (proxy == address(this) || policy.admin == address(this)) {
            revert PolicyConcernsTimelock(proxy, policy.admin);
        }
        if (ProxyUpgrades.hasAdmin(policy.kind)) {
            if (policy.admin.code.length == 0) revert PolicyAdminWithoutCode(policy.admin);
        } else if (policy.admin != address(0)) {
            revert PolicyAdminUnused(policy.kind, policy.admin);
        }
        if (policy.threshold == 0 || policy.threshold > MAX_THRESHOLD) {
            revert PolicyThresholdOutOfRange(policy.threshold, MAX_THRESHOLD);
        }
        if (policy.maxWaivers > MAX_WAIVERS) revert PolicyTooManyWaivers(policy.maxWaivers, MAX_WAIVERS);
        if (policy.auditorRoot == 0 || policy.auditorRoot >= Field.ORDER) {
            revert PolicyAuditorRootOutOfField(policy.auditorRoot);
        }
        if (policy.vectorRoot == 0 || policy.vectorRoot >= Field.ORDER) {
            revert PolicyVectorRootOutOfField(policy.vectorRoot);
        }
        if (policy.delay < bounds.minDelay) revert PolicyDelayTooShort(policy.delay, bounds.minDelay);
        if (policy.delay > bounds.maxDelay) revert PolicyDelayTooLong(policy.delay, bounds.maxDelay);
        if (policy.grace < bounds.minGrace) revert PolicyGraceTooShort(policy.grace, bounds.minGrace);
        if (policy.grace > bounds.maxGrace) revert PolicyGraceTooLong(policy.grace, bounds.maxGrace);
        if (policy.disclosureDeadline == 0) revert PolicyDisclosureDeadlineZero();
        if (policy.disclosureDeadline > bounds.maxDisclosureDeadline) {
            revert PolicyDisclosureDeadlineTooLong(policy.disclosureDeadline, bounds.maxDisclosureDeadline);
        }
        SafetyChecks.validate(policy.checks);
    }
}
