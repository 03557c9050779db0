// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {
    BaselineView,
    Bounds,
    CodeSource,
    ExecutionOpening,
    Groth16Proof,
    LaneStatus,
    Opening,
    Policy,
    Statement,
    StatementState,
    StatementView
} from "../types/FastTrackTypes.sol";
import {IPatchVerifier} from "./IPatchVerifier.sol";

/**
 * @title The fast lane of a timelock: upgrades that stay hidden until they execute, accepted on a zero-knowledge proof
 * @dev protocol.md sections 7 to 9.
 */
interface IFastTrack {
    event PolicySet(address indexed proxy, uint256 nonce);
    event PolicyRemoved(address indexed proxy, uint256 nonce);
    event BaselineSet(
        address indexed proxy, address indexed implementation, bytes32 codehash, uint256 layoutRoot, uint256 nonce
    );
    /// @dev A slow-path call used an upgrade or handover function of a watched proxy or ProxyAdmin.
    event UpgradeObserved(address indexed subject, address indexed target, bytes4 selector);
    event VerifierSet(address indexed verifier, bytes32 setupHash);
    event StatementScheduled(
        bytes32 indexed id,
        uint256 indexed commitment,
        address indexed proxy,
        bytes32 leaf,
        uint256[7] signals,
        uint256 nonce,
        uint256 validUntil,
        uint256 eta,
        uint256 deadline
    );
    event StatementVetoed(bytes32 indexed id, address indexed guardian, string reason);
    event StatementExecuted(
        bytes32 indexed id,
        address indexed proxy,
        address indexed implementation,
        bytes32 codehash,
        uint256 layoutRoot,
        uint256 callDigest,
        uint256 disclosureDueAt
    );
    event StatementDisclosed(bytes32 indexed id, Opening opening, bytes32 bundleHash, string uri);
    event FreezeCleared(bytes32 indexed id);
    event LaneHalted(address indexed guardian, string reason);
    event LaneResumed();

    /// @dev Only the timelock itself may do this, which means its slow path.
    error FastTrackUnauthorizedCaller(address caller);
    error FastTrackVerifierWithoutCode(address verifier);
    /// @dev A proof system that has been replaced does not come back: it would revive the statements made under it.
    error FastTrackVerifierUsedBefore(address verifier);
    /// @dev The fast lane of `proxy` is closed, and why.
    error FastTrackLaneClosed(address proxy, LaneStatus reason);
    error FastTrackAlreadyHalted();
    error FastTrackNotHalted();
    error FastTrackAttestProofRejected(bytes32 id);
    error FastTrackBindProofRejected(bytes32 id);
    /// @dev A code source names exactly one of an implementation and init code.
    error FastTrackAmbiguousCodeSource(address implementation, uint256 initCodeLength);
    /// @dev The upgrade call succeeded and changed nothing.
    error FastTrackUpgradeNotApplied(address proxy, address implementation);
    /// @dev Less gas is left after the migration than would tell that none of its calls was starved.
    error FastTrackGasReserve(uint256 reserve);
    error FastTrackBatchLength(uint256 ids, uint256 codes, uint256 openings, uint256 proofs);
    /// @dev Until the deadline only the council discloses.
    error FastTrackDisclosureReserved(address caller, uint256 deadline);
    error FastTrackOpeningMismatch(bytes32 id, uint256 expected, uint256 computed);
    /// @dev Statement `id` freezes nothing.
    error FastTrackNotOverdue(bytes32 id, uint256 deadline);

    /// @dev Sets what governance demands of upgrades of `proxy`. Ends every statement made for it so far. Only self.
    function setPolicy(address proxy, Policy calldata policy) external;

    /// @dev Closes the fast lane of `proxy` for good. Only self.
    function removePolicy(address proxy) external;

    /**
     * @dev States what `proxy` runs now and the root of its storage layout; needed once per proxy and after every
     * upgrade through the slow path. Ends every statement made for it so far. Only self.
     */
    function setBaseline(address proxy, address implementation, uint256 layoutRoot) external;

    /// @dev Replaces the proof system by one never used before. Ends every scheduled statement. Only self.
    function setVerifier(IPatchVerifier verifier) external;

    /// @dev Waives the overdue disclosure of statement `id`, which no longer freezes the lane. Only self.
    function clearFreeze(bytes32 id) external;

    /**
     * @dev Schedules a sealed patch. COUNCIL_ROLE.
     * @param path siblings from this statement's leaf up to the targets root; empty with one target
     * @param proof of the attest circuit
     */
    function schedule(
        Statement calldata statement,
        bytes32[] calldata path,
        Groth16Proof calldata proof
    ) external returns (bytes32 id);

    /// @dev Stops one scheduled statement for ever. GUARDIAN_ROLE.
    function veto(bytes32 id, string calldata reason) external;

    /// @dev Closes the whole fast lane, until governance resumes it. Windows keep running. GUARDIAN_ROLE.
    function halt(string calldata reason) external;

    /// @dev Ends a halt. Only self.
    function resume() external;

    /**
     * @dev Upgrades the proxy of a scheduled statement within its window, all or nothing. EXECUTOR_ROLE, or anyone where
     * address(0) holds it.
     * @param proof of the bind circuit
     */
    function execute(
        bytes32 id,
        CodeSource calldata code,
        ExecutionOpening calldata opening,
        Groth16Proof calldata proof
    ) external;

    /**
     * @dev Executes several statements in the order given, all or nothing. All code is deployed and bound first, then
     * all safety checks are measured; each proxy's checks are compared after its own upgrade and again after the last.
     */
    function executeBatch(
        bytes32[] calldata ids,
        CodeSource[] calldata codes,
        ExecutionOpening[] calldata openings,
        Groth16Proof[] calldata proofs
    ) external;

    /**
     * @dev Opens the commitment of an executed statement. COUNCIL_ROLE until the deadline, anyone after it. The council may
     * do so again, with another bundle hash.
     * @param bundleHash hash of the disclosure bundle found at `uri`
     */
    function disclose(bytes32 id, Opening calldata opening, bytes32 bundleHash, string calldata uri) external;

    function state(bytes32 id) external view returns (StatementState);
    function statementOf(bytes32 id) external view returns (StatementView memory);
    function policyOf(address proxy) external view returns (Policy memory);
    function baselineOf(address proxy) external view returns (BaselineView memory);
    function laneStatus(address proxy) external view returns (bool open, LaneStatus reason);

    /// @dev Seconds until a scheduled statement may be executed, and until its present state ends by itself; else 0.
    function timeLeft(bytes32 id) external view returns (uint256 untilEta, uint256 untilDeadline);

    /// @dev The part of the leaf that grows; never falls, not even when the policy is removed.
    function nonceOf(address proxy) external view returns (uint256);

    /// @dev The leaf that a statement for `proxy` has at present.
    function leafOf(address proxy, uint64 validUntil) external view returns (bytes32);

    /// @dev The earliest time at which a disclosure is due, zero where none is.
    function nextDisclosureDueAt() external view returns (uint256);
    function halted() external view returns (bool);
    function verifier() external view returns (IPatchVerifier);
    function bounds() external view returns (Bounds memory);
}
