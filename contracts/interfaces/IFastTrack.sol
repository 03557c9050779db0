// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {
    BaselineView,
    Bounds,
    CodeSource,
    ExecutionOpening,
    Groth16Proof,
    LaneStatus,
    PatchOpening,
    Policy,
    ScheduleRequest,
    StatementState,
    StatementView
} from "../types/FastTrackTypes.sol";
import {IPatchVerifier} from "./IPatchVerifier.sol";

/**
 * @title The fast lane of a timelock: upgrades that stay hidden until they execute, accepted on a zero-knowledge proof
 * @dev protocol.md sections 7 to 9. The life of a statement:
 *
 *          schedule(attest proof)          execute(code, bind proof)         disclose
 *   None ─────────────────────────> Scheduled ─────────────────────> Executed ─────────> Disclosed
 *                                    │  │  │                            │
 *                            veto()  │  │  │ nonce of the proxy         │ disclosure deadline passed
 *                                    v  │  v or verifier changed        v
 *                               Vetoed  │  Superseded             lane frozen until disclosed,
 *                                       v                         or cleared by governance
 *                                     Expired: window passed
 */
interface IFastTrack {
    /// @dev Governance set the policy of `proxy`, whose nonce is now `nonce`: earlier statements for it have ended.
    event PolicySet(address indexed proxy, uint256 nonce);
    /// @dev Governance removed policy and baseline of `proxy`, whose nonce is now `nonce`: its fast lane is closed.
    event PolicyRemoved(address indexed proxy, uint256 nonce);

    /**
     * @dev Governance stated that `proxy` runs `implementation`, whose code has the hash `codehash` and whose storage layout
     * has the root `layoutRoot`; `currentCode` is the codeDigest of the code. The nonce of `proxy` is now `nonce`: earlier
     * statements for it have ended.
     */
    event BaselineSet(
        address indexed proxy,
        address indexed implementation,
        bytes32 codehash,
        uint256 layoutRoot,
        uint256 currentCode,
        uint256 nonce
    );

    /**
     * @dev The slow path is about to call `target` with `selector`, an upgrade or handover function, or `target` is about to
     * run a handover function as its migration. The baselines that rest on `subject`, a registered proxy or ProxyAdmin, are
     * stale from now on.
     */
    event UpgradeObserved(address indexed subject, address indexed target, bytes4 selector);

    /// @dev `verifier`, whose setup has the hash `setupHash`, is the proof system from now on: scheduled statements ended.
    event VerifierSet(address indexed verifier, bytes32 setupHash);

    /**
     * @dev The council scheduled a sealed patch on a valid attest proof: statement `id`, of `commitment` (C), for `proxy`.
     * From here on the statement goes by its commitment. `leaf` names the target with `nonce`, `validUntil` and `group`;
     * `signals` are the public signals of the proof (protocol.md section 7). It may be executed from `eta` to `deadline`,
     * both included, in seconds since the epoch, together with its whole group where it has one.
     */
    event StatementScheduled(
        bytes32 indexed id,
        uint256 indexed commitment,
        address indexed proxy,
        bytes32 leaf,
        uint256[7] signals,
        uint256 nonce,
        uint256 validUntil,
        bytes32 group,
        uint256 eta,
        uint256 deadline
    );

    /// @dev `guardian` ended the scheduled statement of `commitment` for ever, and with it its group, and says why.
    event StatementVetoed(uint256 indexed commitment, address indexed guardian, string reason);

    /**
     * @dev The statement of `commitment` was executed on a valid bind proof: `proxy` runs `implementation`, whose code has
     * the hash `codehash`. `signals` are the public signals of the proof (protocol.md section 8): among them the new layout
     * root, the gas of the migration, its digest, and the digest of the code. The opening is to be disclosed no later than
     * `disclosureDueAt`, in seconds since the epoch.
     */
    event StatementExecuted(
        uint256 indexed commitment,
        address indexed proxy,
        address indexed implementation,
        bytes32 codehash,
        uint256[7] signals,
        uint256 disclosureDueAt
    );

    /// @dev `opening` opens the commitment of an executed statement; the file at `uri` should hash to `bundleHash`.
    event StatementDisclosed(uint256 indexed commitment, PatchOpening opening, bytes32 bundleHash, string uri);

    /**
     * @dev There is room for eight due times, and a ninth came: what was due at `later` is due at `earlier` from now on, in
     * seconds since the epoch.
     */
    event DisclosuresMerged(uint256 earlier, uint256 later);

    /// @dev Governance waived the overdue disclosure of the statement of `commitment`, which freezes the lane no longer.
    event FreezeCleared(uint256 indexed commitment);

    /// @dev `guardian` closed the whole fast lane until governance resumes it, and says why.
    event LaneHalted(address indexed guardian, string reason);

    /// @dev Governance ended the halt.
    event LaneResumed();

    /// @dev A slow path that waits for nothing, at construction: it would be faster than the fast lane.
    error FastTrackSlowDelayZero();

    /// @dev The lane begins with at least one guardian, none of them the zero address: nobody else can stop it at once.
    error FastTrackWithoutGuardian();

    /// @dev `caller` is not the timelock itself, whose slow path alone may do this.
    error FastTrackUnauthorizedCaller(address caller);

    /// @dev A proof system is a deployed contract; `verifier` has no code.
    error FastTrackVerifierWithoutCode(address verifier);

    /// @dev `verifier` was set before. A proof system that has been replaced does not come back: it would revive the statements made under it.
    error FastTrackVerifierUsedBefore(address verifier);

    /// @dev The fast lane of `proxy` is closed for `reason`.
    error FastTrackLaneClosed(address proxy, LaneStatus reason);

    /// @dev The lane is halted already: one halt has one reason.
    error FastTrackAlreadyHalted();

    /// @dev There is no halt to end.
    error FastTrackNotHalted();

    /// @dev The attest proof does not prove what the chain asks of a statement of `commitment`.
    error FastTrackAttestProofRejected(uint256 commitment);

    /// @dev The bind proof does not prove that code, layout, migration and its gas are those inside `commitment`.
    error FastTrackBindProofRejected(uint256 commitment);

    /// @dev A code source names exactly one of `implementation` and init code, here of `initCodeLength` bytes.
    error FastTrackAmbiguousCodeSource(address implementation, uint256 initCodeLength);

    /// @dev The upgrade call succeeded, and still `proxy` does not run `implementation`.
    error FastTrackUpgradeNotApplied(address proxy, address implementation);

    /**
     * @dev Directly before the upgrade call with its migration `available` gas is left, below the `required` with which the
     * call gets the gas that the commitment names: send more.
     */
    error FastTrackMigrationGas(uint256 required, uint256 available);

    /// @dev A batch has at least one statement, and one code, opening and proof for each; these are the lengths given.
    error FastTrackBatchLength(uint256 commitments, uint256 codes, uint256 openings, uint256 proofs);

    /// @dev `caller` is not of the council, which alone discloses until `deadline`.
    error FastTrackDisclosureReserved(address caller, uint256 deadline);

    /// @dev The place of a disclosure bundle has `length` bytes, above `maximum`.
    error FastTrackUriTooLong(uint256 length, uint256 maximum);

    /// @dev The opening commits to `computed`, and not to `commitment`.
    error FastTrackOpeningMismatch(uint256 commitment, uint256 computed);

    /// @dev The statement of `commitment` freezes nothing: `deadline` has not passed, or is 0 since nothing is due any more.
    error FastTrackNotOverdue(uint256 commitment, uint256 deadline);

    /// @dev Sets what governance demands of upgrades of `proxy`. Ends every statement made for it so far. Only self.
    function setPolicy(address proxy, Policy calldata policy) external;

    /// @dev Closes the fast lane of `proxy` for good. Only self.
    function removePolicy(address proxy) external;

    /**
     * @dev States what `proxy` runs now, the root of its storage layout and the codeDigest of its code; needed once per proxy
     * and after every upgrade through the slow path. Ends every statement made for it so far. Only self.
     */
    function setBaseline(address proxy, address implementation, uint256 layoutRoot, uint256 currentCode) external;

    /// @dev Replaces the proof system by one never used before. Ends every scheduled statement. Only self.
    function setVerifier(IPatchVerifier verifier) external;

    /// @dev Waives the overdue disclosure of the statement of `commitment`, which no longer freezes the lane. Only self.
    function clearFreeze(uint256 commitment) external;

    /**
     * @dev Schedules a sealed patch. COUNCIL_ROLE.
     * @param path siblings from this statement's leaf up to the targets root; empty with one target
     * @param proof of the attest circuit
     * @return id of the statement in the event: keccak256 of commitment and leaf
     */
    function schedule(
        ScheduleRequest calldata request,
        bytes32[] calldata path,
        Groth16Proof calldata proof
    ) external returns (bytes32 id);

    /// @dev Stops one scheduled statement, and so its whole group, for ever. GUARDIAN_ROLE.
    function veto(uint256 commitment, string calldata reason) external;

    /// @dev Closes the whole fast lane, until governance resumes it. Windows keep running. GUARDIAN_ROLE.
    function halt(string calldata reason) external;

    /// @dev Ends a halt. Only self.
    function resume() external;

    /**
     * @dev Upgrades the proxy of a scheduled statement without a group within its window, all or nothing. EXECUTOR_ROLE, or
     * anyone where address(0) holds it. Init code whose account has code already is not run again.
     * @param proof of the bind circuit
     */
    function execute(
        uint256 commitment,
        CodeSource calldata code,
        ExecutionOpening calldata opening,
        Groth16Proof calldata proof
    ) external;

    /**
     * @dev Executes several statements in the order given, all or nothing: one whole group in its order, or statements without
     * a group. Each is for another proxy. All safety checks are measured first, then all
     * code is deployed and bound; each proxy's checks are compared after its own upgrade and again after the last.
     */
    function executeBatch(
        uint256[] calldata commitments,
        CodeSource[] calldata codes,
        ExecutionOpening[] calldata openings,
        Groth16Proof[] calldata proofs
    ) external;

    /**
     * @dev Opens the commitment of an executed statement. COUNCIL_ROLE until the deadline, anyone after it. The council may
     * do so again, with another bundle hash.
     * @param bundleHash hash of the disclosure bundle found at `uri`
     * @param uri at most 256 bytes
     */
    function disclose(
        uint256 commitment,
        PatchOpening calldata opening,
        bytes32 bundleHash,
        string calldata uri
    ) external;

    /**
     * @dev The state of the statement of `commitment` now; None where there is none. The state of a group's member says
     * nothing of the others: ask {groupState}.
     */
    function state(uint256 commitment) external view returns (StatementState);

    /**
     * @dev The state of the whole group of `commitments`, in their order: that of a member that has ended otherwise than by
     * execution, for then none can be executed any more; else that of the member that is least far. Reverts where a member
     * is of another group.
     */
    function groupState(uint256[] calldata commitments) external view returns (StatementState);

    /// @dev The statement of `commitment` as the timelock keeps it, with its state now; all zero where there is none.
    function statementOf(uint256 commitment) external view returns (StatementView memory);

    /// @dev The policy of `proxy`; all zero where it has none.
    function policyOf(address proxy) external view returns (Policy memory);

    /// @dev The baseline of `proxy`; all zero where it has none.
    function baselineOf(address proxy) external view returns (BaselineView memory);

    /// @dev Whether the fast lane of `proxy` is open now and, if not, the first reason why.
    function laneStatus(address proxy) external view returns (bool open, LaneStatus reason);

    /// @dev Seconds until a scheduled statement may be executed, and until its present state ends by itself; else 0.
    function timeLeft(uint256 commitment) external view returns (uint256 untilEta, uint256 untilDeadline);

    /// @dev The part of the leaf that grows; never falls, not even when the policy is removed.
    function nonceOf(address proxy) external view returns (uint256);

    /// @dev The leaf that a statement for `proxy` has at present; `group` is zero where it executes alone.
    function leafOf(address proxy, uint64 validUntil, bytes32 group) external view returns (bytes32);

    /// @dev The earliest time at which a disclosure is due, zero where none is.
    function nextDisclosureDueAt() external view returns (uint256);

    /// @dev Whether a guardian has halted the lane.
    function halted() external view returns (bool);

    /// @dev The proof system under which statements are scheduled now.
    function verifier() external view returns (IPatchVerifier);

    /// @dev Bounds of every policy and statement, fixed at construction.
    function bounds() external view returns (Bounds memory);
}
