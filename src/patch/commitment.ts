import { randomBytes } from "node:crypto";
import { concat, getBytes } from "ethers";
import { bytesToBigInt, keccak248, poseidon, TAGS } from "../field/index.js";

/** Everything that patchCommitment C commits to. The salt is a secret until disclosure. */
export interface PatchOpening {
  readonly codeDigest: bigint;
  readonly layoutRoot: bigint;
  readonly incidentRoot: bigint;
  readonly callDigest: bigint;
  readonly salt: bigint;
}

const SALT_BITS = 253n;

/** A fresh salt, uniform in [0, 2^253), from the operating system's random number generator. Never reuse one (T04). */
export function newSalt(): bigint {
  return bytesToBigInt(randomBytes(32)) & ((1n << SALT_BITS) - 1n);
}

/**
 * keccak >> 8 of the address of the new implementation, 20 bytes, and the migration calldata. The address is in it
 * because runtime code is not all that init code leaves behind: an account that deletes itself at the end of its
 * transaction (EIP-6780) shows the proven code until then. By CREATE2 (EIP-1014) the address stands for the init code.
 */
export function callDigest(implementation: string, migration: Uint8Array): bigint {
  return keccak248(getBytes(concat([implementation, migration])));
}

/** C = H_3(tag, H_4(codeDigest, layoutRoot', incidentRoot, callDigest), salt) (docs/encodings.md). */
export function patchCommitment(opening: PatchOpening): bigint {
  const { codeDigest, layoutRoot, incidentRoot, salt } = opening;
  const content = poseidon([codeDigest, layoutRoot, incidentRoot, opening.callDigest]);
  return poseidon([TAGS.patch, content, salt]);
}
