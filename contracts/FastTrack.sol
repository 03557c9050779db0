// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {
    CodeSource,
    ExecutionOpening,
    Groth16Proof,
    Opening,
    Policy,
    SafetyCheck,
    Statement,
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

    /// @dev Gas that must be left after an upgrade with a migration; by EIP-150 its calls then had 63 times as much.
    uint256 internal constant MIGRATION_GAS_RESERVE = 400_000;

    /// @dev A statement from the begin of its execution to the end: what its safety checks measured, and its code.
    struct Upgrade {
        address proxy;
        address implementation;
        bytes32[] measured;
    }

    /// @inheritdoc IFastTrack
    function schedule(
        Statement calldata statement,
        bytes32[] calldata path,
        Groth16Proof calldata proof
    ) external nonReentrant onlyRole(COUNCIL_ROLE) returns (bytes32 id) {
        // Checks
        _requireOpenLane(statement.proxy);
        Statements.Record memory record = _newRecord(statement);
        bytes32 leaf = leafOf(statement.proxy, statement.validUntil);
        uint256[7] memory signals = _attestSignals(statement, MerkleProof.processProofCalldata(path, leaf));

        // Effects
        id = Statements.idOf(statement.commitment, leaf);
        _statements.schedule(id, statement.commitment, record);
        emit StatementScheduled(
            id,
            statement.commitment,
            statement.proxy,
            leaf,
            signals,
            record.nonce,
            record.validUntil,
            record.eta,
            record.deadline
        );

        // Interactions
        if (!record.verifier.verifyAttest(signals, proof)) revert FastTrackAttestProofRejected(id);
    }

    /// @inheritdoc IFastTrack
    function veto(bytes32 id, string calldata reason) external nonReentrant {
        _checkGuardian(msg.sender);
        _requireState(id, StatementState.Scheduled).status = StatementState.Vetoed;
        emit StatementVetoed(id, msg.sender, reason);
    }

    /// @inheritdoc IFastTrack
    function execute(
        bytes32 id,
        CodeSource calldata code,
        ExecutionOpening calldata opening,
        Groth16Proof calldata proof
    ) external nonReentrant {
        _checkExecutor(msg.sender);
        Upgrade memory upgrade = _begin(id);
        _bind(id, upgrade, code, opening, proof);
        _upgrade(upgrade, opening.migration);
        _compare(upgrade);
    }

    /// @inheritdoc IFastTrack
    function executeBatch(
        bytes32[] calldata ids,
        CodeSource[] calldata codes,
        ExecutionOpening[] calldata openings,
        Groth16Proof[] calldata proofs
    ) external nonReentrant {
        _checkExecutor(msg.sender);
        uint256 length = ids.length;
        if (length == 0 || codes.length != length || openings.length != length || proofs.length != length) {
            revert FastTrackBatchLength(length, codes.length, openings.length, proofs.length);
        }
        Upgrade[] memory upgrades = new Upgrade[](length);
        for (uint256 i = 0; i < length; ++i) {
            upgrades[i] = _begin(ids[i]);
        }
        for (uint256 i = 0; i < length; ++i) {
            _bind(ids[i], upgrades[i], codes[i], openings[i], proofs[i]);
        }
        for (uint256 i = 0; i < length; ++i) {
            _upgrade(upgrades[i], openings[i].migration);
            _compare(upgrades[i]);
        }
        // What the last upgrade left must satisfy the checks of all; its own have just been compared.
        for (uint256 i = 0; i < length - 1; ++i) {
            _compare(upgrades[i]);
        }
    }

    /// @inheritdoc IFastTrack
    function disclose(
        bytes32 id,
        Opening calldata opening,
        bytes32 bundleHash,
        string calldata uri
    ) external nonReentrant {
        // Checks
        if (bytes(uri).length > MAX_URI_LENGTH) revert FastTrackUriTooLong(bytes(uri).length, MAX_URI_LENGTH);
        // The council may publish again, for after the deadline anybody can be first with a worthless hash.
        bool byCouncil = hasRole(COUNCIL_ROLE, msg.sender);
        bool again = byCouncil && state(id) == StatementState.Disclosed;
        Statements.Record storage record = _requireState(id, again ? StatementState.Disclosed : StatementState.Executed);
        uint48 deadline = _deadlineOf(record);
        if (block.timestamp <= deadline && !byCouncil) {
            revert FastTrackDisclosureReserved(msg.sender, deadline);
        }

        // Effects
        record.status = StatementState.Disclosed;
        _settle(record);
        emit StatementDisclosed(id, opening, bundleHash, uri);

        // Interactions: the verifier that the statement was scheduled under knows how its commitment was made.
        uint256 computed = record.verifier.commitmentOf(opening);
        uint256 expected = _statements.commitments[id];
        if (computed != expected) revert FastTrackOpeningMismatch(id, expected, computed);
    }

    /// @inheritdoc IFastTrack
    function clearFreeze(bytes32 id) external onlySelf nonReentrant {
        Statements.Record storage record = _requireState(id, StatementState.Executed);
        uint48 deadline = _deadlineOf(record);
        if (deadline == 0 || block.timestamp <= deadline) revert FastTrackNotOverdue(id, deadline);
        _settle(record);
        emit FreezeCleared(id);
    }

    /// @inheritdoc IFastTrack
    function state(bytes32 id) public view returns (StatementState) {
        Statements.Record storage record = _statements.recordOf(id);
        if (record.status != StatementState.Scheduled) return record.status;
        return record.scheduledState(_baselines.nonces[record.proxy], _verifier);
    }

    /// @inheritdoc IFastTrack
    function statementOf(bytes32 id) external view returns (StatementView memory) {
        Statements.Record storage record = _statements.recordOf(id);
        return StatementView({
            commitment: _statements.commitments[id],
            proxy: record.proxy,
            verifier: address(record.verifier),
            nonce: record.nonce,
            validUntil: record.validUntil,
            eta: record.eta,
            deadline: _deadlineOf(record),
            state: state(id)
        });
    }

    /// @inheritdoc IFastTrack
    function timeLeft(bytes32 id) external view returns (uint256 untilEta, uint256 untilDeadline) {
        StatementState current = state(id);
        if (current != StatementState.Scheduled && current != StatementState.Executed) return (0, 0);
        Statements.Record storage record = _statements.recordOf(id);
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

    function _requireState(bytes32 id, StatementState expected) private view returns (Statements.Record storage) {
        StatementState actual = state(id);
        if (actual != expected) revert Statements.StatementUnexpectedState(id, actual, expected);
        return _statements.recordOf(id);
    }

    function _newRecord(Statement calldata statement) private view returns (Statements.Record memory record) {
        Policy storage policy = _policies.policies[statement.proxy];
        (record.eta, record.deadline) =
            Statements.windowOf(policy.delay, policy.grace, statement.validUntil, _maxValidity);
        record.proxy = statement.proxy;
        // Fits: the window ends within the longest validity from now.
        record.validUntil = uint48(statement.validUntil);
        record.verifier = _verifier;
        record.nonce = _baselines.nonces[statement.proxy];
    }

    /// @dev Public signals of the attest proof: all but C come from storage or are computed here.
    function _attestSignals(
        Statement calldata statement,
        bytes32 targetsRoot
    ) private view returns (uint256[7] memory) {
        Policy storage policy = _policies.policies[statement.proxy];
        return [
            statement.commitment,
            policy.auditorRoot,
            policy.threshold,
            policy.vectorRoot,
            policy.maxWaivers,
            _baselines.baselines[statement.proxy].layoutRoot,
            uint256(targetsRoot) >> 8
        ];
    }

    /// @dev Scheduled -> Executed, and what the safety checks measure before any foreign code has run.
    function _begin(bytes32 id) private returns (Upgrade memory upgrade) {
        // Checks
        Statements.Record storage record = _requireState(id, StatementState.Scheduled);
        if (block.timestamp < record.eta) revert Statements.StatementNotYetExecutable(id, record.eta);
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
        bytes32 id,
        Upgrade memory upgrade,
        CodeSource calldata code,
        ExecutionOpening calldata opening,
        Groth16Proof calldata proof
    ) private {
        Statements.Record storage record = _statements.recordOf(id);
        address admin = _policies.policies[upgrade.proxy].admin;

        // Interactions: init code runs here. It can reach no state of this contract, and the baseline needs its result.
        upgrade.implementation = _deploy(code);
        bytes32 codehash = _baselines.set(upgrade.proxy, admin, upgrade.implementation, opening.layoutRoot);
        uint256[5] memory signals = _bindSignals(id, upgrade.implementation, codehash, opening);
        if (!record.verifier.verifyBind(signals, proof)) revert FastTrackBindProofRejected(id);
        emit StatementExecuted(
            id, upgrade.proxy, upgrade.implementation, codehash, opening.layoutRoot, signals[4], _deadlineOf(record)
        );
    }

    function _deploy(CodeSource calldata code) private returns (address) {
        bool deployed = code.implementation != address(0);
        if (deployed == (code.initCode.length != 0)) {
            revert FastTrackAmbiguousCodeSource(code.implementation, code.initCode.length);
        }
        return deployed ? code.implementation : Create2.deploy(0, code.deploySalt, code.initCode);
    }

    /// @dev Public signals of the bind proof: C and the code come from the chain, the point from both.
    function _bindSignals(
        bytes32 id,
        address implementation,
        bytes32 codehash,
        ExecutionOpening calldata opening
    ) private view returns (uint256[5] memory) {
        uint256 commitment = _statements.commitments[id];
        uint256 z = CodeBinding.pointOf(commitment, codehash);
        return [
            commitment,
            z,
            CodeBinding.evaluate(implementation, z),
            opening.layoutRoot,
            // With the address: runtime code is not all that init code leaves behind (EIP-6780), so C names the
            // account itself, and by CREATE2 its init code.
            Field.keccak248(abi.encodePacked(implementation, opening.migration))
        ];
    }

    function _upgrade(Upgrade memory upgrade, bytes calldata migration) private {
        Policy storage policy = _policies.policies[upgrade.proxy];
        // A migration that rotates an owner has its way; what it leaves is governance's to state anew.
        _note(upgrade.proxy, migration);
        ProxyUpgrades.upgrade(policy.kind, upgrade.proxy, policy.admin, upgrade.implementation, migration);
        // A migration may go on after a call that ran out of gas: no executor shall choose which one does.
        if (migration.length != 0 && gasleft() < MIGRATION_GAS_RESERVE) {
            revert FastTrackGasReserve(MIGRATION_GAS_RESERVE);
        }
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
