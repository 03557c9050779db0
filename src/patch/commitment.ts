import { randomBytes } from "node:crypto";
import { checkAddress } from "../code/index.js";
import { assertField, bytesToBigInt, keccak248, poseidon, TAGS } from "../field/index.js";
import { assertGas } from "./migration-gas.js";

/** Everything that patchCommitment C commits to. The salt is a secret until disclosure. */
export interface PatchOpening {
  readonly codeDigest: bigint;
  readonly layoutRoot: bigint;
  readonly incidentRoot: bigint;
  /** Implementation and gas of the migration, as `patchAccount` packs them. */
  readonly account: bigint;
  readonly migrationDigest: bigint;
  readonly executionDigest: bigint;
  readonly salt: bigint;
}

const SALT_BITS = 253n;
const ADDRESS_BITS = 160n;

/** executionDigest of a patch without run records: today, of every patch. */
export const NO_EXECUTION = 0n;

/** A fresh salt, uniform in [0, 2^253), from the operating system's random number generator. Never reuse one (T04). */
export function newSalt(): bigint {
  return bytesToBigInt(randomBytes(32)) & ((1n << SALT_BITS) - 1n);
}

/**
 * implementation + migrationGas * 2^160. The address is in it because runtime code is not all that init code leaves
 * behind: an account that deletes itself at the end of its transaction (EIP-6780) shows the proven code until then. By
 * CREATE2 (EIP-1014) the address stands for the init code. The gas is in it so that no executor chooses what the
 * migration gets.
 * @param implementation 20 bytes as hex.
 * @param migrationGas in [0, 2^64).
 * @throws SealpatchError `code/invalid-address`, `patch/migration-gas`.
 */
export function patchAccount(implementation: string, migrationGas: bigint): bigint {
  assertGas(migrationGas);
  return BigInt(checkAddress(implementation, "the implementation")) + (migrationGas << ADDRESS_BITS);
}

/** keccak >> 8 of the calldata of the migration, empty where there is none. @throws SealpatchError `field/not-bytes`. */
export function migrationDigest(migration: Uint8Array): bigint {
  return keccak248(migration);
}

/**
 * H_4(tag, account, migrationDigest, executionDigest): what the upgrade calls, and with how much gas.
 * @throws SealpatchError `field/out-of-range`.
 */
export function callDigest(
  opening: Pick<PatchOpening, "account" | "migrationDigest" | "executionDigest">,
): bigint {
  return poseidon([TAGS.call, opening.account, opening.migrationDigest, opening.executionDigest]);
}

/** An opening as it is shown on chain, which opens C: callDigest stands for the three that the disclosure file shows and verification hashes again. */
export interface ShownOpening
  extends Pick<PatchOpening, "codeDigest" | "layoutRoot" | "incidentRoot" | "salt"> {
  readonly callDigest: bigint;
}

/** What `disclose` shows of an opening. @throws SealpatchError `field/out-of-range`. */
export function shownOpening(opening: PatchOpening): ShownOpening {
  const { codeDigest, layoutRoot, incidentRoot, salt } = opening;
  const shown = { codeDigest, layoutRoot, incidentRoot, callDigest: callDigest(opening), salt };
  for (const [name, value] of Object.entries(shown)) assertField(value, name);
  return shown;
}

/**
 * C = H_3(tag, H_4(codeDigest, layoutRoot', incidentRoot, callDigest), salt) (docs/encodings.md).
 * @throws SealpatchError `field/out-of-range`.
 */
export function patchCommitment(opening: PatchOpening): bigint {
  const { codeDigest, layoutRoot, incidentRoot, salt } = opening;
  const content = poseidon([codeDigest, layoutRoot, incidentRoot, callDigest(opening)]);
  return poseidon([TAGS.patch, content, salt]);
}
