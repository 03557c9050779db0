import { createRequire } from "node:module";
import { isUint8Array } from "node:util/types";
import { SealpatchError } from "../errors.js";
import { FIELD_ORDER } from "../field/index.js";
import { lazily } from "../lazily.js";

// zk-kit's JavaScript implementation: each operation takes up to one and a half times as long as circomlibjs' in WASM
// (`npm run bench` prints both), which takes more than a second to make. circomlibjs is what tests compare it with.
const require = createRequire(import.meta.url);
const eddsa = lazily(
  () => require("@zk-kit/eddsa-poseidon/blake-1") as typeof import("@zk-kit/eddsa-poseidon"),
);
const babyJubJub = lazily(() => require("@zk-kit/baby-jubjub") as typeof import("@zk-kit/baby-jubjub"));

/** A point of BabyJubJub (EIP-2494) in affine coordinates, canonical field elements. */
export type Point = readonly [x: bigint, y: bigint];

/** Order of the prime-order subgroup of BabyJubJub (EIP-2494). */
export const SUBGROUP_ORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;

/** An EdDSA-Poseidon signature as circomlib's verifier takes it: point R8 and scalar S. */
export interface Signature {
  readonly R8: Point;
  readonly S: bigint;
}

const isCanonical = (value: bigint): boolean =>
  typeof value === "bigint" && value >= 0n && value < FIELD_ORDER;
const isCanonicalPoint = (point: Point): boolean =>
  Array.isArray(point) && point.length === 2 && point.every(isCanonical);
const isOnCurve = ([x, y]: Point): boolean => babyJubJub().inCurve([x, y]);

/** Bytes of a private key. */
const PRIVATE_KEY_BYTES = 32;

/**
 * EdDSA public key of a 32-byte private key (RFC 8032 key expansion with BLAKE-512, as in circomlibjs).
 * @throws SealpatchError `audit/invalid-private-key`.
 * @example
 * ```ts
 * if (auditors.indexOf(derivePublicKey(privateKey)) < 0) throw new Error("this key is not registered");
 * ```
 */
export function derivePublicKey(privateKey: Uint8Array): Point {
  return eddsa().derivePublicKey(signingBytes(privateKey));
}

/**
 * EdDSA-Poseidon over BabyJubJub: h = H_5(R8, A, M), S = r + 8 h a (circomlib's EdDSAPoseidonVerifier).
 * @throws SealpatchError `audit/invalid-private-key`.
 */
export function sign(privateKey: Uint8Array, message: bigint): Signature {
  return eddsa().signMessage(signingBytes(privateKey), message);
}

/** The library signs with any bytes, also with none, and with zeros: a key that was wiped, or never read. */
function signingBytes(privateKey: Uint8Array): Buffer {
  if (isUint8Array(privateKey) && privateKey.length === PRIVATE_KEY_BYTES && privateKey.some(Boolean)) {
    return Buffer.from(privateKey);
  }
  throw new SealpatchError("audit/invalid-private-key", "this is not an auditor's private key", {
    details: { bytes: isUint8Array(privateKey) ? privateKey.length : null },
    why: `a private key is a Uint8Array of ${PRIVATE_KEY_BYTES} bytes, not all of them zero`,
    remedy: "decode the key as it was made by newAuditorKey",
  });
}

/** True where `signature` is one of `publicKey` over `message`; false also where any value is not canonical. */
export function verify(publicKey: Point, message: bigint, { R8, S }: Signature): boolean {
  if (!isCanonicalPoint(publicKey) || !isCanonicalPoint(R8) || !isCanonical(message)) return false;
  if (typeof S !== "bigint" || S < 0n || S >= SUBGROUP_ORDER) return false;
  if (!isOnCurve(R8) || !isOnCurve(publicKey)) return false;
  return eddsa().verifySignature(message, { R8: [...R8], S }, [...publicKey]);
}

/**
 * Checks a public key before it is registered: circomlib's verifier checks neither the curve nor the subgroup, and a
 * key of small order would verify signatures that nobody made.
 * @throws SealpatchError `audit/invalid-key`.
 */
export function assertPublicKey(key: Point): void {
  const reason = !isCanonicalPoint(key)
    ? "it is not a pair of canonical field elements"
    : !isOnCurve(key)
      ? "it is not on the curve"
      : !isInSubgroup(key)
        ? "it is outside the prime-order subgroup"
        : key[0] === 0n
          ? "it is the neutral element"
          : undefined;
  if (reason !== undefined) {
    throw new SealpatchError("audit/invalid-key", "an auditor's public key cannot be registered", {
      why: reason,
      remedy: "ask the auditor for the public key of a freshly made key pair",
    });
  }
}

function isInSubgroup([x, y]: Point): boolean {
  const [resultX, resultY] = babyJubJub().mulPointEscalar([x, y], SUBGROUP_ORDER);
  return resultX === 0n && resultY === 1n;
}
