// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {
    CodeSource,
    ExecutionOpening,
    Groth16Proof,
    PatchOpening,
    Policy,
    SafetyCheck,
    ScheduleRequest,
    StatementState,
    StatementView
} from "./types/FastTrackTypes.sol";
import {IFastTrack} from "./interfaces/IFastTrack.sol";
import {FastTrackRules} from "./FastTrackRules.sol";
import {Baselines} from "./libraries/Baselines.sol";
import {CodeBinding} from "./libraries/CodeBinding.sol";
import {Field} from "./libraries/Field.sol";
import {DisclosureDeadlines} from "./libraries/DisclosureDeadlines.sol";
import {ProxyUpgrades} from "./libraries/ProxyUpgrades.sol";
import {SafetyChecks} from "./libraries/SafetyChecks.sol";
import {Statements} from "./libraries/Statements.sol";

/**
 * @title The fast lane
 * @dev Hidden upgrades, accepted on a zero-knowledge proof, for a contract that owns the proxies and governs itself by a
 * slow path of its own. It hangs on that contract by three hooks: {_checkGuardian}, {_checkExecutor} and the call of
 * {_observe} before every outgoing call of the slow path. {IFastTrack} has the states of a statement.
 *
 * The lane never changes its own rules (policies, baselines save by execution, verifier, roles) and never moves value:
 * no function is payable and every call that it makes is without value.
 */
abstract contract FastTrack is FastTrackRules {
    using Baselines for Baselines.Context;
    using DisclosureDeadlines for DisclosureDeadlines.Context;
    using SafetyChecks for SafetyCheck[];
    using Statements for Statements.Context;
    using Statements for Statements.Record;

    /// @dev May schedule and disclose.
    bytes32 public constant COUNCIL_ROLE = keccak256("COUNCIL_ROLE");

    /// @dev May veto and halt, and nothing on the slow path: whoever could cancel there could keep its role for ever.
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN_ROLE");

    /// @dev Most bytes of the place that a disclosure names: beyond, disclosing costs more than its budget.
    uint256 internal constant MAX_URI_LENGTH = 256;

    /// @dev A statement from the begin of its execution to the end: what its safety checks measured, and its code.
    struct Upgrade {
        address proxy;
        address implementation;
        bytes32[] measured;
    }

    /// @inheritdoc IFastTrack
    function schedule(
        ScheduleRequest calldata request,
        bytes32[] calldata path,
        Groth16Proof calldata proof
    ) external nonReentrant onlyRole(COUNCIL_ROLE) returns (bytes32 id) {
        // Checks
        _requireOpenLane(request.proxy);
        Statements.Record memory record = _newRecord(request);
        bytes32 leaf = leafOf(request.proxy, request.validUntil, request.group);
        uint256[7] memory signals = _attestSignals(request, MerkleProof.processProofCalldata(path, leaf));

        // Effects
        id = Statements.idOf(request.commitment, leaf);
        _statements.schedule(request.commitment, request.group, record);
        _emitScheduled(id, leaf, signals, request, record);

        // Interactions
        if (!record.verifier.verifyAttest(signals, proof)) revert FastTrackAttestProofRejected(request.commitment);
    }

    /// @inheritdoc IFastTrack
    function veto(uint256 commitment, string calldata reason) external nonReentrant {
        _checkGuardian(msg.sender);
        _requireState(commitment, StatementState.Scheduled).status = StatementState.Vetoed;
        emit StatementVetoed(commitment, msg.sender, reason);
    }

    /// @inheritdoc IFastTrack
    function execute(
        uint256 commitment,
        CodeSource calldata code,
        ExecutionOpening calldata opening,
        Groth16Proof calldata proof
    ) external nonReentrant {
        _checkExecutor(msg.sender);
        Upgrade memory upgrade = _begin(commitment, 0);
        _bind(commitment, upgrade, code, opening, proof);
        _upgrade(upgrade, opening);
        _compare(upgrade);
    }

    /// @inheritdoc IFastTrack
    function executeBatch(
        uint256[] calldata commitments,
        CodeSource[] calldata codes,
        ExecutionOpening[] calldata openings,
        Groth16Proof[] calldata proofs
    ) external nonReentrant {
        _checkExecutor(msg.sender);
        uint256 length = commitments.length;
        if (length == 0 || codes.length != length || openings.length != length || proofs.length != length) {
            revert FastTrackBatchLength(length, codes.length, openings.length, proofs.length);
        }
        bytes32 group = _statements.groupOfBatch(commitments);
        Upgrade[] memory upgrades = new Upgrade[](length);
        for (uint256 i = 0; i < length; ++i) {
            upgrades[i] = _begin(commitments[i], group);
        }
        for (uint256 i = 0; i < length; ++i) {
            _bind(commitments[i], upgrades[i], codes[i], openings[i], proofs[i]);
        }
        for (uint256 i = 0; i < length; ++i) {
            _upgrade(upgrades[i], openings[i]);
            _compare(upgrades[i]);
        }
        // What the last upgrade left must satisfy the checks of all; its own have just been compared.
        for (uint256 i = 0; i < length - 1; ++i) {
            _compare(upgrades[i]);
        }
    }

    /// @inheritdoc IFastTrack
    function disclose(
        uint256 commitment,
        PatchOpening calldata opening,
        bytes32 bundleHash,
        string calldata uri
    ) external nonReentrant {
        // Checks
        if (bytes(uri).length > MAX_URI_LENGTH) revert FastTrackUriTooLong(bytes(uri).length, MAX_URI_LENGTH);
        // The council may publish again, for after the deadline anybody can be first with a worthless hash.
        bool byCouncil = hasRole(COUNCIL_ROLE, msg.sender);
        bool again = byCouncil && state(commitment) == StatementState.Disclosed;
        Statements.Record storage record =
            _requireState(commitment, again ? StatementState.Disclosed : StatementState.Executed);
        uint48 deadline = _deadlineOf(record);
        if (block.timestamp <= deadline && !byCouncil) {
            revert FastTrackDisclosureReserved(msg.sender, deadline);
        }

        // Effects
        record.status = StatementState.Disclosed;
        _settle(record);
        emit StatementDisclosed(commitment, opening, bundleHash, uri);

        // Interactions: the verifier that the statement was scheduled under knows how its commitment was made.
        uint256 computed = record.verifier.commitmentOf(opening);
        if (computed != commitment) revert FastTrackOpeningMismatch(commitment, computed);
    }

    /// @inheritdoc IFastTrack
    function clearFreeze(uint256 commitment) external onlySelf nonReentrant {
        Statements.Record storage record = _requireState(commitment, StatementState.Executed);
        uint48 deadline = _deadlineOf(record);
        if (deadline == 0 || block.timestamp <= deadline) revert FastTrackNotOverdue(commitment, deadline);
        _settle(record);
        emit FreezeCleared(commitment);
    }

    /// @inheritdoc IFastTrack
    function state(uint256 commitment) public view returns (StatementState) {
        Statements.Record storage record = _statements.records[commitment];
        if (record.status != StatementState.Scheduled) return record.status;
        return record.scheduledState(_baselines.nonces[record.proxy], _verifier);
    }

    /// @inheritdoc IFastTrack
    function groupState(uint256[] calldata commitments) external view returns (StatementState least) {
        bytes32 group = keccak256(abi.encode(commitments));
        for (uint256 i = 0; i < commitments.length; ++i) {
            StatementState current = state(commitments[i]);
            if (current != StatementState.None) _statements.requireGroup(commitments[i], group);
            if (i == 0 || Statements.rank(current) < Statements.rank(least)) least = current;
        }
    }

    /// @inheritdoc IFastTrack
    function statementOf(uint256 commitment) external view returns (StatementView memory) {
        Statements.Record storage record = _statements.records[commitment];
        return StatementView({
            proxy: record.proxy,
            verifier: address(record.verifier),
            nonce: record.nonce,
            validUntil: record.validUntil,
            eta: record.eta,
            deadline: _deadlineOf(record),
            group: _statements.groupOf(commitment),
            state: state(commitment)
        });
    }

    /// @inheritdoc IFastTrack
    function timeLeft(uint256 commitment) external view returns (uint256 untilEta, uint256 untilDeadline) {
        StatementState current = state(commitment);
        if (current != StatementState.Scheduled && current != StatementState.Executed) return (0, 0);
        Statements.Record storage record = _statements.records[commitment];
        if (record.eta > block.timestamp) untilEta = record.eta - block.timestamp;
        uint48 deadline = _deadlineOf(record);
        if (deadline > block.timestamp) untilDeadline = deadline - block.timestamp;
    }

    /// @inheritdoc IFastTrack
    function nextDisclosureDueAt() external view returns (uint256) {
        return _disclosures.earliest();
    }

    /// @dev Reverts unless `account` may execute.
    function _checkExecutor(address account) internal view virtual;

    function _requireState(
        uint256 commitment,
        StatementState expected
    ) private view returns (Statements.Record storage) {
        StatementState actual = state(commitment);
        if (actual != expected) revert Statements.StatementUnexpectedState(commitment, actual, expected);
        return _statements.records[commitment];
    }

    function _newRecord(ScheduleRequest calldata request) private view returns (Statements.Record memory record) {
        Policy storage policy = _policies.policies[request.proxy];
        (record.eta, record.deadline) =
            Statements.windowOf(policy.delay, policy.grace, request.validUntil, _maxValidity);
        record.proxy = request.proxy;
        // Fits: the window ends within the longest validity from now.
        record.validUntil = uint48(request.validUntil);
        record.verifier = _verifier;
        record.nonce = _baselines.nonces[request.proxy];
    }

    /// @dev A function of its own, for the stack's sake.
    function _emitScheduled(
        bytes32 id,
        bytes32 leaf,
        uint256[7] memory signals,
        ScheduleRequest calldata request,
        Statements.Record memory record
    ) private {
        emit StatementScheduled(
            id,
            request.commitment,
            request.proxy,
            leaf,
            signals,
            record.nonce,
            record.validUntil,
            request.group,
            record.eta,
            record.deadline
        );
    }

    /// @dev Public signals of the attest proof: all but C come from storage or are computed here.
    function _attestSignals(
        ScheduleRequest calldata request,
        bytes32 targetsRoot
    ) private view returns (uint256[7] memory) {
        Policy storage policy = _policies.policies[request.proxy];
        return [
            request.commitment,
            policy.auditorRoot,
            policy.threshold,
            policy.vectorRoot,
            policy.maxWaivers,
            _baselines.baselines[request.proxy].layoutRoot,
            uint256(targetsRoot) >> 8
        ];
    }

    /**
     * @dev Scheduled -> Executed, and what the safety checks measure before any foreign code has run. `group` is what is
     * executed together with this statement, zero where it stands alone.
     */
    function _begin(uint256 commitment, bytes32 group) private returns (Upgrade memory upgrade) {
        // Checks
        Statements.Record storage record = _requireState(commitment, StatementState.Scheduled);
        if (block.timestamp < record.eta) revert Statements.StatementNotYetExecutable(commitment, record.eta);
        _statements.requireGroup(commitment, group);
        upgrade.proxy = record.proxy;
        _requireOpenLane(upgrade.proxy);

        // Effects
        Policy storage policy = _policies.policies[upgrade.proxy];
        record.status = StatementState.Executed;
        record.deadline = _disclosures.add(uint48(block.timestamp + policy.disclosureDeadline));
        _baselines.advanceNonce(upgrade.proxy);

        // Interactions, static
        upgrade.measured = policy.checks.snapshot(upgrade.proxy);
    }

    /// @dev Takes the code, binds it to the commitment, and moves the baseline on to it.
    function _bind(
        uint256 commitment,
        Upgrade memory upgrade,
        CodeSource calldata code,
        ExecutionOpening calldata opening,
        Groth16Proof calldata proof
    ) private {
        Statements.Record storage record = _statements.records[commitment];
        address admin = _policies.policies[upgrade.proxy].admin;

        // Interactions: init code runs here. It can reach no state of this contract, and the baseline needs its result.
        upgrade.implementation = _deploy(code);
        bytes32 codehash =
            _baselines.set(upgrade.proxy, admin, upgrade.implementation, opening.layoutRoot, opening.codeDigest);
        uint256[7] memory signals = _bindSignals(commitment, upgrade.implementation, codehash, opening);
        if (!record.verifier.verifyBind(signals, proof)) revert FastTrackBindProofRejected(commitment);
        emit StatementExecuted(
            commitment, upgrade.proxy, upgrade.implementation, codehash, signals, _deadlineOf(record)
        );
    }

    function _deploy(CodeSource calldata code) private returns (address) {
        bool deployed = code.implementation != address(0);
        if (deployed == (code.initCode.length != 0)) {
            revert FastTrackAmbiguousCodeSource(code.implementation, code.initCode.length);
        }
        if (deployed) return code.implementation;
        // Several proxies of a batch may run one implementation: what this init code left behind stands there already.
        bytes memory initCode = code.initCode;
        address account = Create2.computeAddress(code.deploySalt, keccak256(initCode));
        return account.code.length != 0 ? account : Create2.deploy(0, code.deploySalt, initCode);
    }

    /// @dev Public signals of the bind proof: C and the code come from the chain, the point from both.
    function _bindSignals(
        uint256 commitment,
        address implementation,
        bytes32 codehash,
        ExecutionOpening calldata opening
    ) private view returns (uint256[7] memory) {
        uint256 z = CodeBinding.pointOf(commitment, codehash);
        return [
            commitment,
            z,
            CodeBinding.evaluate(implementation, z),
            opening.layoutRoot,
            // Runtime code is not all that init code leaves behind (EIP-6780), so C names the account itself, and by
            // CREATE2 its init code. The gas is in it so that no executor chooses what the migration gets.
            uint256(uint160(implementation)) | (uint256(opening.migrationGas) << 160),
            Field.keccak248(opening.migration),
            opening.codeDigest
        ];
    }

    function _upgrade(Upgrade memory upgrade, ExecutionOpening calldata opening) private {
        Policy storage policy = _policies.policies[upgrade.proxy];
        // A migration that rotates an owner has its way; what it leaves is governance's to state anew.
        _note(upgrade.proxy, opening.migration);
        ProxyUpgrades.upgrade(
            policy.kind, upgrade.proxy, policy.admin, upgrade.implementation, opening.migration, opening.migrationGas
        );
        if (!ProxyUpgrades.runs(policy.kind, upgrade.proxy, policy.admin, upgrade.implementation)) {
            revert FastTrackUpgradeNotApplied(upgrade.proxy, upgrade.implementation);
        }
    }

    function _compare(Upgrade memory upgrade) private view {
        _policies.policies[upgrade.proxy].checks.compare(upgrade.proxy, upgrade.measured);
    }

    /// @dev Nothing is due for `record` any more.
    function _settle(Statements.Record storage record) private {
        uint48 number = record.deadline;
        if (number == 0) return;
        record.deadline = 0;
        _disclosures.remove(number);
    }

    /// @dev When the present state of `record` ends by itself, 0 where it does not.
    function _deadlineOf(Statements.Record storage record) private view returns (uint48) {
        return record.status == StatementState.Executed ? _disclosures.dueAt(record.deadline) : record.deadline;
    }
}
