// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Bounds, Policy, ProxyKind, SafetyCheck} from "../types/FastTrackTypes.sol";
import {Field} from "./Field.sol";
import {ProxyUpgrades} from "./ProxyUpgrades.sol";
import {SafetyChecks} from "./SafetyChecks.sol";

/**
 * @dev The policies of all proxies, and the rules that no policy may break. What only governance needs is linked and
 * called by DELEGATECALL: the timelock has no room for it.
 */
library Policies {
    /// @dev Signer slots of the attest circuit.
    uint256 internal constant MAX_THRESHOLD = 8;

    /// @dev The attest circuit holds 128 baseline vectors; to waive them all would demand nothing.
    uint256 internal constant MAX_WAIVERS = 127;

    /// @dev No shortest delay: the fast lane always gives guardians time.
    error BoundsMinDelayZero();

    /// @dev The longest delay, `maximum`, is below the shortest, `minimum`.
    error BoundsDelayRange(uint256 minimum, uint256 maximum);

    /// @dev No shortest grace: a window would last one second.
    error BoundsMinGraceZero();

    /// @dev The longest grace, `maximum`, is below the shortest, `minimum`.
    error BoundsGraceRange(uint256 minimum, uint256 maximum);

    /// @dev No shortest time to disclose: the lane could freeze with the block after an execution.
    error BoundsMinDisclosureDeadlineZero();

    /// @dev The longest time to disclose, `maximum`, is below the shortest, `minimum`.
    error BoundsDisclosureDeadlineRange(uint256 minimum, uint256 maximum);

    /// @dev The longest validity is below `minimum`, the longest delay and the shortest grace after it.
    error BoundsMaxValidityTooShort(uint256 maxValidity, uint256 minimum);

    /// @dev A registered proxy is a deployed contract; `proxy` has no code.
    error PolicyProxyWithoutCode(address proxy);

    /// @dev The registered proxy is the timelock itself: the lane would change its own rules.
    error PolicyProxyIsTimelock();

    /**
     * @dev The admin is the timelock itself, where a ProxyAdmin has to be: a transparent proxy answers its admin nothing but
     * upgrades, so that no safety check could be measured through it. Give the proxy a ProxyAdmin that the timelock owns.
     */
    error PolicyAdminIsTimelock();

    /// @dev Transparent proxies have a deployed ProxyAdmin; `admin` has no code.
    error PolicyAdminWithoutCode(address admin);

    /// @dev Proxies of `kind` have no ProxyAdmin, and `admin` is not zero.
    error PolicyAdminUnused(ProxyKind kind, address admin);

    /// @dev `threshold` is not between 1 and `maximum` auditors.
    error PolicyThresholdOutOfRange(uint256 threshold, uint256 maximum);

    /// @dev `maxWaivers` is above `maximum`.
    error PolicyTooManyWaivers(uint256 maxWaivers, uint256 maximum);

    /// @dev The root of the auditors is a non-zero field element; `auditorRoot` is none.
    error PolicyAuditorRootOutOfField(uint256 auditorRoot);

    /// @dev The root of the baseline vectors is a non-zero field element; `vectorRoot` is none.
    error PolicyVectorRootOutOfField(uint256 vectorRoot);

    /// @dev `delay` is below the bound `minimum`, in seconds.
    error PolicyDelayTooShort(uint256 delay, uint256 minimum);

    /// @dev `delay` is above the bound `maximum`, in seconds.
    error PolicyDelayTooLong(uint256 delay, uint256 maximum);

    /// @dev `grace` is below the bound `minimum`, in seconds.
    error PolicyGraceTooShort(uint256 grace, uint256 minimum);

    /// @dev `grace` is above the bound `maximum`, in seconds.
    error PolicyGraceTooLong(uint256 grace, uint256 maximum);

    /// @dev `disclosureDeadline` is below the bound `minimum`, in seconds.
    error PolicyDisclosureDeadlineTooShort(uint256 disclosureDeadline, uint256 minimum);

    /// @dev `disclosureDeadline` is above the bound `maximum`, in seconds.
    error PolicyDisclosureDeadlineTooLong(uint256 disclosureDeadline, uint256 maximum);

    /// @dev `proxy` has no policy.
    error PolicyUnknown(address proxy);

    /// @dev All policies; one without a threshold is none.
    struct Context {
        mapping(address proxy => Policy) policies;
    }

    /// @dev Refuses bounds that leave no room for a policy, or room for one without a delay.
    function validateBounds(Bounds memory bounds) external pure {
        if (bounds.minDelay == 0) revert BoundsMinDelayZero();
        if (bounds.maxDelay < bounds.minDelay) revert BoundsDelayRange(bounds.minDelay, bounds.maxDelay);
        if (bounds.minGrace == 0) revert BoundsMinGraceZero();
        if (bounds.maxGrace < bounds.minGrace) revert BoundsGraceRange(bounds.minGrace, bounds.maxGrace);
        if (bounds.minDisclosureDeadline == 0) revert BoundsMinDisclosureDeadlineZero();
        if (bounds.maxDisclosureDeadline < bounds.minDisclosureDeadline) {
            revert BoundsDisclosureDeadlineRange(bounds.minDisclosureDeadline, bounds.maxDisclosureDeadline);
        }
        // Else a policy within the bounds could leave its statements no window, or one of a second.
        uint256 minimum = uint256(bounds.maxDelay) + bounds.minGrace;
        if (bounds.maxValidity < minimum) revert BoundsMaxValidityTooShort(bounds.maxValidity, minimum);
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
    function set(Context storage self, address proxy, Policy calldata policy, Bounds memory bounds) external {
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

    /// @dev Deletes the policy of `proxy`, which must have one.
    function remove(Context storage self, address proxy) external {
        required(self, proxy);
        delete self.policies[proxy];
    }

    function _validate(address proxy, Policy calldata policy, Bounds memory bounds) private view {
        if (proxy.code.length == 0) revert PolicyProxyWithoutCode(proxy);
        if (proxy == address(this)) revert PolicyProxyIsTimelock();
        if (policy.admin == address(this)) revert PolicyAdminIsTimelock();
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
        if (policy.disclosureDeadline < bounds.minDisclosureDeadline) {
            revert PolicyDisclosureDeadlineTooShort(policy.disclosureDeadline, bounds.minDisclosureDeadline);
        }
        if (policy.disclosureDeadline > bounds.maxDisclosureDeadline) {
            revert PolicyDisclosureDeadlineTooLong(policy.disclosureDeadline, bounds.maxDisclosureDeadline);
        }
        SafetyChecks.validate(policy.checks);
    }
}
