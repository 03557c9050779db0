import { randomBytes } from "node:crypto";
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

/** keccak >> 8 of the migration calldata; of the empty string where there is none. */
export function callDigest(migration: Uint8Array): bigint {
  return keccak248(migration);
}

/** C = H_3(tag, H_4(codeDigest, layoutRoot', incidentRoot, callDigest), salt) (docs/encodings.md). */
export function patchCommitment(opening: PatchOpening): bigint {
  const { codeDigest, layoutRoot, incidentRoot, salt } = opening;
  const content = poseidon([codeDigest, layoutRoot, incidentRoot, opening.callDigest]);
  return poseidon([TAGS.patch, content, salt]);
}
