import { SealpatchError } from "../errors.js";
import { assertBytes } from "../field/index.js";

/** Gas that no transaction may exceed (EIP-7825). */
export const TRANSACTION_GAS = 2n ** 24n;
/** What a transaction costs before anything else. */
const INTRINSIC_GAS = 21_000n;
/** Calldata, by byte (EIP-2028). */
const ZERO_BYTE_GAS = 4n;
const OTHER_BYTE_GAS = 16n;
/** CREATE2: by itself, by 32-byte word of init code that is counted (EIP-3860) and hashed (EIP-1014), by byte of code left. */
const CREATE_GAS = 32_000n;
const INIT_WORD_GAS = 2n + 6n;
const CODE_BYTE_GAS = 200n;
/** What execution costs beyond deployment and upgrade, at most (docs/protocol.md section 9). */
const LANE_GAS = 460_000n;
/** What the timelock must have left beyond G and its 63rd part, which EIP-150 keeps back, directly before the upgrade. */
const GUARD_GAS = 5_000n;
/** What the proxy and its ProxyAdmin use of G until they call the migration, at most. */
const PROXY_GAS = 60_000n;

/**
 * Gas that arrives at the migration at least: floor((G - 60,000) * (63/64)^2), because ProxyAdmin and proxy each keep a 64th of
 * what they have (EIP-150). Without a ProxyAdmin more arrives.
 * @param migrationGas G, gas of the timelock's own call.
 */
export function arrivingGas(migrationGas: bigint): bigint {
  const forwarded = migrationGas - PROXY_GAS;
  return forwarded < 0n ? 0n : (forwarded * 63n * 63n) / (64n * 64n);
}

/**
 * Checks that a bundle names gas for its migration exactly where it has one: the timelock refuses both other cases.
 * @throws SealpatchError `patch/migration-gas`.
 */
export function assertMigrationGas({
  migration,
  migrationGas,
}: {
  readonly migration: Uint8Array;
  readonly migrationGas: bigint;
}): void {
  if ((migration.length === 0) === (migrationGas === 0n)) return;
  const without = migrationGas === 0n ? "a migration without gas" : "gas without a migration";
  throw new SealpatchError("patch/migration-gas", `the bundle has ${without}`, {
    details: { migrationBytes: migration.length, migrationGas },
    why: "the gas of a migration is committed, and where there is none, nothing limits the upgrade",
    remedy: "give migrationGas where there is a migration, and 0 where there is none",
  });
}

/**
 * Checks the gas of a migration by its range alone.
 * @throws SealpatchError `patch/migration-gas` outside [0, 2^64).
 */
export function assertGas(migrationGas: bigint): void {
  if (typeof migrationGas === "bigint" && migrationGas >= 0n && migrationGas < 2n ** 64n) return;
  throw new SealpatchError("patch/migration-gas", "the gas of a migration is not a number of 64 bits", {
    remedy: "give a bigint of at least 0 and below 2^64",
  });
}

/** What a transaction that executes a patch holds besides the migration. */
export interface ExecutionParts {
  /** Creation code with constructor arguments, sent as calldata. */
  readonly initCode: Uint8Array;
  /** Deployed runtime code. */
  readonly code: Uint8Array;
  readonly migration: Uint8Array;
}

/**
 * The largest G that a transaction holds which deploys the patch and upgrades to it: the largest with
 * G + floor(G / 63) + 5,000 <= 16,777,216 - 21,000 - calldata - creation - 460,000.
 *
 * Calldata is the init code and the migration, 16 gas a byte, 4 for a zero. Creation is 32,000, 8 a word of init code and
 * 200 a byte of code. What the constructor costs is left out, so nothing is refused that might fit.
 * About 10.8 million beside 24,576 bytes of code.
 * @throws SealpatchError `field/not-bytes`.
 */
export function largestMigrationGas(parts: ExecutionParts): bigint {
  const left = TRANSACTION_GAS - INTRINSIC_GAS - gasBesideMigration(parts) - GUARD_GAS;
  // G + floor(G / 63) <= left
  return left - (left + 1n) / 64n;
}

/** What executing a patch takes besides its migration and the transaction itself: calldata, creation, and the lane. */
function gasBesideMigration({ initCode, code, migration }: ExecutionParts): bigint {
  for (const [name, bytes] of Object.entries({ initCode, code, migration })) assertBytes(bytes, name);
  const creation =
    CREATE_GAS +
    INIT_WORD_GAS * BigInt(Math.ceil(initCode.length / 32)) +
    CODE_BYTE_GAS * BigInt(code.length);
  return calldataGas(initCode) + calldataGas(migration) + creation + LANE_GAS;
}

/**
 * Gas of one transaction that executes several patches, at least: what each takes, and the guard of each migration,
 * G + floor(G / 63) + 5,000.
 */
export function batchGas(
  members: readonly { readonly parts: ExecutionParts; readonly migrationGas: bigint }[],
): bigint {
  return members.reduce((gas, { parts, migrationGas }) => {
    const migration = migrationGas === 0n ? 0n : migrationGas + migrationGas / 63n + GUARD_GAS;
    return gas + gasBesideMigration(parts) + migration;
  }, INTRINSIC_GAS);
}

/**
 * Checks that a transaction holds the gas that a bundle commits for its migration.
 * @throws SealpatchError `patch/migration-gas-too-high`.
 */
export function assertTransactionHolds(migrationGas: bigint, parts: ExecutionParts): void {
  const largest = largestMigrationGas(parts);
  if (migrationGas <= largest) return;
  throw new SealpatchError(
    "patch/migration-gas-too-high",
    "no transaction holds the gas that the bundle commits for its migration",
    {
      details: { migrationGas, largest },
      why: `a transaction has at most ${TRANSACTION_GAS} gas, and deploying the patch takes its part (EIP-7825)`,
      remedy: "seal the patch with less gas, or move a part of the migration into later transactions",
    },
  );
}

function calldataGas(bytes: Uint8Array): bigint {
  const zeros = BigInt(bytes.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0));
  return zeros * ZERO_BYTE_GAS + (BigInt(bytes.length) - zeros) * OTHER_BYTE_GAS;
}
