// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BaselineView, Bounds, LaneStatus, Policy} from "./types/FastTrackTypes.sol";
import {IFastTrack} from "./interfaces/IFastTrack.sol";
import {IPatchVerifier} from "./interfaces/IPatchVerifier.sol";
import {Baselines} from "./libraries/Baselines.sol";
import {DisclosureDeadlines} from "./libraries/DisclosureDeadlines.sol";
import {Policies} from "./libraries/Policies.sol";
import {Statements} from "./libraries/Statements.sol";

/**
 * @title The rules of the fast lane: policies, baselines, verifier, bounds, and when the lane is open
 * @dev Everything here changes by calls of the contract to itself alone, which means by its slow path; only a halt is in
 * the hands of guardians. The fast lane itself can neither reach these functions nor run while one of them does.
 */
abstract contract FastTrackRules is IFastTrack, AccessControl, ReentrancyGuardTransient {
    using Baselines for Baselines.Context;
    using DisclosureDeadlines for DisclosureDeadlines.Context;
    using Policies for Policies.Context;

    uint32 private immutable _minDelay;
    uint32 private immutable _maxDelay;
    uint32 private immutable _minGrace;
    uint32 private immutable _maxGrace;
    uint32 private immutable _minDisclosureDeadline;
    uint32 private immutable _maxDisclosureDeadline;
    uint32 internal immutable _maxValidity;

    Policies.Context internal _policies;
    Baselines.Context internal _baselines;
    Statements.Context internal _statements;
    DisclosureDeadlines.Context internal _disclosures;
    IPatchVerifier internal _verifier;
    bool private _halted;
    mapping(IPatchVerifier => bool) private _used;

    modifier onlySelf() {
        if (msg.sender != address(this)) revert FastTrackUnauthorizedCaller(msg.sender);
        _;
    }

    /// @dev Touches the guard: without transient storage (EIP-1153) every outgoing call would fail, the slow path's too.
    constructor(IPatchVerifier verifier_, Bounds memory bounds_) nonReentrant {
        Policies.validateBounds(bounds_);
        _minDelay = bounds_.minDelay;
        _maxDelay = bounds_.maxDelay;
        _minGrace = bounds_.minGrace;
        _maxGrace = bounds_.maxGrace;
        _minDisclosureDeadline = bounds_.minDisclosureDeadline;
        _maxDisclosureDeadline = bounds_.maxDisclosureDeadline;
        _maxValidity = bounds_.maxValidity;
        _setVerifier(verifier_);
    }

    /// @inheritdoc IFastTrack
    function setPolicy(address proxy, Policy calldata policy) external onlySelf nonReentrant {
        // A baseline counts the changes of its ProxyAdmin: under another admin it says nothing.
        if (policy.admin != _policies.policies[proxy].admin) delete _baselines.baselines[proxy];
        _policies.set(proxy, policy, bounds());
        _baselines.watch(proxy);
        _baselines.watch(policy.admin);
        emit PolicySet(proxy, _baselines.advanceNonce(proxy));
    }

    /// @inheritdoc IFastTrack
    function removePolicy(address proxy) external onlySelf nonReentrant {
        _policies.remove(proxy);
        delete _baselines.baselines[proxy];
        emit PolicyRemoved(proxy, _baselines.advanceNonce(proxy));
    }

    /// @inheritdoc IFastTrack
    function setBaseline(
        address proxy,
        address implementation,
        uint256 layoutRoot,
        uint256 currentCode
    ) external onlySelf nonReentrant {
        address admin = _policies.required(proxy).admin;
        bytes32 codehash = _baselines.set(proxy, admin, implementation, layoutRoot, currentCode);
        emit BaselineSet(proxy, implementation, codehash, layoutRoot, currentCode, _baselines.advanceNonce(proxy));
    }

    /// @inheritdoc IFastTrack
    function setVerifier(IPatchVerifier newVerifier) external onlySelf nonReentrant {
        _setVerifier(newVerifier);
    }

    /// @inheritdoc IFastTrack
    function halt(string calldata reason) external nonReentrant {
        _checkGuardian(msg.sender);
        if (_halted) revert FastTrackAlreadyHalted();
        _halted = true;
        emit LaneHalted(msg.sender, reason);
    }

    /// @inheritdoc IFastTrack
    function resume() external onlySelf nonReentrant {
        if (!_halted) revert FastTrackNotHalted();
        _halted = false;
        emit LaneResumed();
    }

    /// @inheritdoc IFastTrack
    function policyOf(address proxy) external view returns (Policy memory) {
        return _policies.policies[proxy];
    }

    /// @inheritdoc IFastTrack
    function baselineOf(address proxy) external view returns (BaselineView memory) {
        Baselines.Baseline storage baseline = _baselines.baselines[proxy];
        return BaselineView({
            implementation: baseline.implementation,
            codehash: baseline.codehash,
            layoutRoot: baseline.layoutRoot,
            currentCode: baseline.currentCode,
            stale: _baselines.isStale(proxy, _policies.policies[proxy].admin)
        });
    }

    /// @inheritdoc IFastTrack
    function nonceOf(address proxy) external view returns (uint256) {
        return _baselines.nonces[proxy];
    }

    /// @inheritdoc IFastTrack
    function leafOf(address proxy, uint64 validUntil, bytes32 group) public view returns (bytes32) {
        return
            Statements.leafOf(proxy, _baselines.baselines[proxy].codehash, _baselines.nonces[proxy], validUntil, group);
    }

    /// @inheritdoc IFastTrack
    function laneStatus(address proxy) public view returns (bool open, LaneStatus reason) {
        if (_halted) reason = LaneStatus.Halted;
        else if (_disclosures.overdue()) reason = LaneStatus.Frozen;
        else if (!_policies.exists(proxy)) reason = LaneStatus.NoPolicy;
        else reason = _baselines.status(proxy, _policies.policies[proxy]);
        open = reason == LaneStatus.Open;
    }

    /// @inheritdoc IFastTrack
    function halted() external view returns (bool) {
        return _halted;
    }

    /// @inheritdoc IFastTrack
    function verifier() external view returns (IPatchVerifier) {
        return _verifier;
    }

    /// @inheritdoc IFastTrack
    function bounds() public view returns (Bounds memory) {
        return Bounds({
            minDelay: _minDelay,
            maxDelay: _maxDelay,
            minGrace: _minGrace,
            maxGrace: _maxGrace,
            minDisclosureDeadline: _minDisclosureDeadline,
            maxDisclosureDeadline: _maxDisclosureDeadline,
            maxValidity: _maxValidity
        });
    }

    /// @dev Reverts unless `account` may veto and halt.
    function _checkGuardian(address account) internal view virtual;

    /**
     * @dev To be called before every outgoing call of the slow path. Refuses it within a call of the fast lane, whose
     * rules it could change half way; notes it where it upgrades or hands over a watched address (P10).
     */
    function _observe(address target, bytes calldata data) internal {
        if (_reentrancyGuardEntered()) revert ReentrancyGuardReentrantCall();
        _note(target, data);
    }

    /// @dev Makes the baselines stale that rest on what a call upgrades or hands over.
    function _note(address target, bytes calldata data) internal {
        address subject = _baselines.observe(target, data);
        if (subject != address(0)) emit UpgradeObserved(subject, target, bytes4(data));
    }

    function _requireOpenLane(address proxy) internal view {
        (bool open, LaneStatus reason) = laneStatus(proxy);
        if (!open) revert FastTrackLaneClosed(proxy, reason);
    }

    function _setVerifier(IPatchVerifier newVerifier) private {
        if (address(newVerifier).code.length == 0) revert FastTrackVerifierWithoutCode(address(newVerifier));
        if (_used[newVerifier]) revert FastTrackVerifierUsedBefore(address(newVerifier));
        _used[newVerifier] = true;
        _verifier = newVerifier;
        emit VerifierSet(address(newVerifier), newVerifier.setupHash());
    }
}
