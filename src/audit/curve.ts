import { buildEddsa, type Point as WasmPoint } from "circomlibjs";
import { SealpatchError } from "../errors.js";
import { FIELD_ORDER } from "../field/index.js";

const eddsa = await buildEddsa();
const { F, babyJub } = eddsa;

/** A point of BabyJubJub (EIP-2494) in affine coordinates, canonical field elements. */
export type Point = readonly [x: bigint, y: bigint];

/** Order of the prime-order subgroup of BabyJubJub. */
export const SUBGROUP_ORDER: bigint = babyJub.subOrder;

/** An EdDSA-Poseidon signature as circomlib's verifier takes it: point R8 and scalar S. */
export interface Signature {
  readonly R8: Point;
  readonly S: bigint;
}

const toWasm = (point: Point): WasmPoint => [F.e(point[0]), F.e(point[1])];
const fromWasm = (point: WasmPoint): Point => [F.toObject(point[0]), F.toObject(point[1])];
const isCanonical = (value: bigint): boolean => value >= 0n && value < FIELD_ORDER;

/** EdDSA public key of a 32-byte private key (RFC 8032 key expansion with BLAKE-512, as in circomlibjs). */
export function derivePublicKey(privateKey: Uint8Array): Point {
  return fromWasm(eddsa.prv2pub(privateKey));
}

/** EdDSA-Poseidon over BabyJubJub: h = H_5(R8, A, M), S = r + 8 h a (circomlib's EdDSAPoseidonVerifier). */
export function sign(privateKey: Uint8Array, message: bigint): Signature {
  const { R8, S } = eddsa.signPoseidon(privateKey, F.e(message));
  return { R8: fromWasm(R8), S };
}

/** True where `signature` is one of `publicKey` over `message`; false also where any value is not canonical. */
export function verify(publicKey: Point, message: bigint, signature: Signature): boolean {
  const values = [...publicKey, ...signature.R8, message];
  if (!values.every(isCanonical) || signature.S < 0n || signature.S >= SUBGROUP_ORDER) return false;
  const nonce = toWasm(signature.R8);
  if (!babyJub.inCurve(nonce)) return false;
  return eddsa.verifyPoseidon(F.e(message), { R8: nonce, S: signature.S }, toWasm(publicKey));
}

/**
 * Checks a public key before it is registered: circomlib's verifier checks neither the curve nor the subgroup, and a
 * key of small order would verify signatures that nobody made.
 * @throws SealpatchError `audit/invalid-key`.
 */
export function assertPublicKey(key: Point): void {
  const point = toWasm([key[0] % FIELD_ORDER, key[1] % FIELD_ORDER]);
  const reason = !key.every(isCanonical)
    ? "a coordinate is not a canonical field element"
    : !babyJub.inCurve(point)
      ? "it is not on the curve"
      : !babyJub.inSubgroup(point)
        ? "it is outside the prime-order subgroup"
        : key[0] === 0n
          ? "it is the neutral element"
          : undefined;
  if (reason !== undefined) {
    throw new SealpatchError("audit/invalid-key", "an auditor's public key cannot be registered", {
      why: reason,
      details: { x: key[0], y: key[1] },
      remedy: "ask the auditor for the public key of a freshly made key pair",
    });
  }
}
