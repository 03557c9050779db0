// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @dev Groth16 proof over BN254 in the order of snarkjs' Solidity calldata (the limbs of `b` swapped as EIP-197 wants).
struct Groth16Proof {
    uint256[2] a;
    uint256[2][2] b;
    uint256[2] c;
}

/**
 * @dev What the council schedules: the sealed patch `commitment` (C) is to replace the implementation of `proxy`, no later
 * than `validUntil` (seconds since the epoch). `group` is keccak256(abi.encode(commitments)) of the statements that execute
 * together with this one, itself among them and in that order; zero where it executes alone.
 */
struct ScheduleRequest {
    uint256 commitment;
    address proxy;
    uint64 validUntil;
    bytes32 group;
}

/**
 * @dev Opening of C (docs/encodings.md). Every member is a field element below r. `callDigest` stands for account, migration
 * and execution digest: the disclosure file shows them, and whoever verifies it hashes them again.
 */
struct PatchOpening {
    uint256 codeDigest;
    uint256 layoutRoot;
    uint256 incidentRoot;
    uint256 callDigest;
    uint256 salt;
}

/**
 * @dev Where the new implementation comes from: exactly one of `implementation` (deployed already) and `initCode`
 * (deployed by CREATE2 from the timelock itself with `deploySalt`, or found there already). The salt is a free choice, because immutables such
 * as `UUPSUpgradeable.__self` depend on the address and C depends on them: the address must be known when C is made.
 */
struct CodeSource {
    address implementation;
    bytes initCode;
    bytes32 deploySalt;
}

/**
 * @dev The part of the opening of C that execution makes public: the root of the new layout, the digest of the new code, the
 * migration calldata, and the gas that the upgrade call gets with it: 0 exactly where there is no migration.
 */
struct ExecutionOpening {
    uint256 layoutRoot;
    uint256 codeDigest;
    uint64 migrationGas;
    bytes migration;
}

/**
 * @dev How the implementation behind a registered address is replaced.
 * - UUPS: OpenZeppelin 5.x, `proxy.upgradeToAndCall(implementation, migration)`.
 * - UUPSLegacy: OpenZeppelin 4.x, `proxy.upgradeTo(implementation)` where the migration is empty, because
 *   `upgradeToAndCall` of 4.x delegatecalls even with empty data.
 * - TransparentV5: `admin.upgradeAndCall(proxy, implementation, migration)`.
 * - TransparentV4: `admin.upgrade(proxy, implementation)` where the migration is empty, else `upgradeAndCall`.
 * - Beacon: the registered address is the beacon, `beacon.upgradeTo(implementation)`; the migration must be empty.
 */
enum ProxyKind {
    UUPS,
    UUPSLegacy,
    TransparentV5,
    TransparentV4,
    Beacon
}

/// @dev What a safety check measures.
enum Measure {
    FirstWord, // first word that the static call returns
    ReturnHash, // keccak256 of all that the static call returns
    CodeHash // EXTCODEHASH of the target, for linked libraries and other code that the patch leans on; no call
}

/// @dev What a safety check demands of its measure.
enum Comparison {
    EqualToBefore,
    NotLessThanBefore,
    NotMoreThanBefore,
    EqualToConstant,
    MustRevert
}

/// @dev One safety check of a policy. `expected` belongs to EqualToConstant alone and is zero otherwise.
struct SafetyCheck {
    address target;
    Measure measure;
    Comparison comparison;
    bytes32 expected;
    bytes data;
}

/**
 * @dev What governance demands of a fast-track upgrade of one proxy. Durations in seconds.
 * `admin` is the ProxyAdmin of the transparent kinds and zero for the others. `threshold` 1 to 8 auditors of
 * `auditorRoot`; `maxWaivers` vectors of `vectorRoot` may be waived.
 */
struct Policy {
    ProxyKind kind;
    address admin;
    uint32 disclosureDeadline;
    uint8 threshold;
    uint8 maxWaivers;
    uint32 delay;
    uint32 grace;
    uint256 auditorRoot;
    uint256 vectorRoot;
    SafetyCheck[] checks;
}

/// @dev Bounds of every policy and statement, in seconds, fixed at construction.
struct Bounds {
    uint32 minDelay;
    uint32 maxDelay;
    uint32 minGrace;
    uint32 maxGrace;
    uint32 minDisclosureDeadline;
    uint32 maxDisclosureDeadline;
    uint32 maxValidity;
}

/**
 * @dev State of a statement. None, Scheduled, Vetoed, Executed and Disclosed are stored; a scheduled statement shows as
 * Superseded once the nonce of its proxy or the verifier has changed, else as Expired once its window has passed.
 */
enum StatementState {
    None,
    Scheduled,
    Superseded,
    Expired,
    Vetoed,
    Executed,
    Disclosed
}

/// @dev Whether a proxy's fast lane is open and, if not, the first reason why.
enum LaneStatus {
    Open,
    Halted, // a guardian halted the lane
    Frozen, // an executed patch is undisclosed past its deadline
    NoPolicy,
    NoBaseline,
    BaselineStale, // the slow path used an upgrade or handover function since the baseline was set
    BaselineCodeChanged // the chain no longer shows the baseline's implementation or code
}

/// @dev The implementation that attest proofs for a proxy start from; `currentCode` is the codeDigest of its code.
struct BaselineView {
    address implementation;
    bytes32 codehash;
    uint256 layoutRoot;
    uint256 currentCode;
    bool stale;
}

/**
 * @dev A statement as the timelock keeps it, under its commitment. `deadline` ends the present state: the execution window while Scheduled, the
 * time to disclose once Executed (0 where nothing is due any more). Times in seconds since the epoch.
 */
struct StatementView {
    address proxy;
    address verifier;
    uint64 nonce;
    uint64 validUntil;
    uint64 eta;
    uint64 deadline;
    bytes32 group;
    StatementState state;
}
