import type { Coordinate, Curve, Group } from "ffjavascript";
import type { ErrorCode } from "../../error-codes/index.js";
import { type ErrorDetails, SealpatchError } from "../../errors.js";
import { FIELD_ORDER } from "../../field/index.js";
import { BASE_FIELD_ORDER, GENERATORS } from "../arithmetic/index.js";
import { singleThreadCurve } from "../curve/index.js";
import {
  type PointG1,
  type PointG2,
  parseVerifyingKey,
  type VerifyingElements,
  type VerifyingKey,
} from "./verifying-key.js";

interface NamedPoint {
  readonly name: string;
  readonly group: "G1" | "G2";
  readonly coordinates: readonly Coordinate[];
}

/**
 * Refuses verifying keys that accept false proofs or that no ceremony of snarkjs makes (threat T07). A fresh .zkey
 * without contributions has gamma = delta = generator, and anybody can then cancel the public inputs against C: that is
 * how Veil Cash and FOOM were robbed.
 *
 * @throws SealpatchError
 * `key/malformed`, `key/wrong-ic-length`: not a key, or not one IC point more than public signals.
 * `key/zero-point`, `key/coordinate-out-of-range`, `key/point-off-curve`, `key/point-outside-subgroup`: a bad point.
 * `key/gamma-equals-delta`, `key/delta-is-generator`, `key/gamma-not-generator`: no contribution, or a strange gamma.
 * `key/trivial-alpha`, `key/trivial-beta`: powers of tau without contribution.
 * `key/repeated-ic-point`: two public signals that can be exchanged.
 * `key/alphabeta-mismatch`: vk_alphabeta_12 is not the pairing of alpha and beta.
 */
export async function checkVerifyingKey(verifyingKey: unknown): Promise<void> {
  const key = parseVerifyingKey(verifyingKey);
  checkElements(key);
  const curve = await singleThreadCurve();
  for (const point of pointsOf(key)) checkPoint(point, curve);
  checkAlphaBeta(key, curve);
}

/**
 * The part of `checkVerifyingKey` that takes no arithmetic of points. Whoever verifies with `proofHolds`, which looks whether the points are
 * on their curves and in their subgroups, needs no more.
 * @throws SealpatchError as `checkVerifyingKey`, of the elements that are trivial, repeated or missing.
 */
export function checkElements(key: VerifyingElements): void {
  if (key.IC.length !== key.nPublic + 1) {
    throw refused("key/wrong-ic-length", "it does not have exactly one IC point more than public signals", {
      points: key.IC.length,
      publicSignals: key.nPublic,
    });
  }
  checkTrivialElements(key);
  checkDistinct(key);
}

/** The generators in snarkjs' form. */
const GENERATOR_1 = [...GENERATORS.g1, 1n];
const [x0, x1, y0, y1] = GENERATORS.g2;
const GENERATOR_2: readonly Coordinate[] = [
  [x0, x1],
  [y0, y1],
  [1n, 0n],
];

function checkTrivialElements(key: VerifyingElements): void {
  const gamma = coordinatesG2(key.vk_gamma_2);
  const delta = coordinatesG2(key.vk_delta_2);
  if (equalUpToSign(gamma, delta)) {
    throw refused(
      "key/gamma-equals-delta",
      "gamma and delta are equal (T07): it accepts proofs of false statements",
    );
  }
  if (equalUpToSign(delta, GENERATOR_2)) {
    throw refused("key/delta-is-generator", "delta is the generator (T07): nobody has contributed to it");
  }
  if (!equal(gamma, GENERATOR_2)) {
    throw refused("key/gamma-not-generator", "gamma is not the generator, which snarkjs always takes");
  }
  if (equalUpToSign(coordinatesG1(key.vk_alpha_1), GENERATOR_1)) {
    throw refused("key/trivial-alpha", "alpha is the generator: nobody has contributed to the powers of tau");
  }
  if (equalUpToSign(coordinatesG2(key.vk_beta_2), GENERATOR_2)) {
    throw refused("key/trivial-beta", "beta is the generator: nobody has contributed to the powers of tau");
  }
}

function checkPoint({ name, group: groupName, coordinates }: NamedPoint, curve: Curve): void {
  const group: Group = curve[groupName];
  const [x, y, z] = coordinates;
  if (![x, y, z].flat().every((value) => value !== undefined && value < BASE_FIELD_ORDER)) {
    throw refused("key/coordinate-out-of-range", `${name} has a coordinate that is not a field element`, {
      name,
    });
  }
  if (!equal([z], groupName === "G1" ? [1n] : [[1n, 0n]])) {
    throw refused("key/zero-point", `${name} is zero or not affine`, { name });
  }
  const point = group.fromObject(coordinates);
  // Affine (0, 0) is how the curve's functions and the EVM write zero.
  if (group.isZero(point)) throw refused("key/zero-point", `${name} is zero`, { name });
  if (!group.isValid(point)) throw refused("key/point-off-curve", `${name} is not on the curve`, { name });
  if (!group.isZero(group.timesScalar(point, FIELD_ORDER))) {
    throw refused("key/point-outside-subgroup", `${name} is outside the subgroup of order r`, { name });
  }
}

function checkDistinct(key: VerifyingElements): void {
  const seen = new Map<string, number>();
  for (const [index, point] of key.IC.entries()) {
    const other = seen.get(point[0]);
    if (other !== undefined) {
      throw refused("key/repeated-ic-point", `IC[${index}] and IC[${other}] are equal or opposite`, {
        index,
        other,
      });
    }
    seen.set(point[0], index);
  }
}

function checkAlphaBeta(key: VerifyingKey, curve: Curve): void {
  const alpha = curve.G1.fromObject(coordinatesG1(key.vk_alpha_1));
  const beta = curve.G2.fromObject(coordinatesG2(key.vk_beta_2));
  const expected = curve.Gt.toObject(curve.pairing(alpha, beta)).flat(2);
  const actual = key.vk_alphabeta_12.flat(2).map(BigInt);
  if (!equal(expected, actual)) {
    throw refused("key/alphabeta-mismatch", "vk_alphabeta_12 is not the pairing of alpha and beta");
  }
}

function pointsOf(key: VerifyingKey): NamedPoint[] {
  const inG1 = (name: string, point: PointG1): NamedPoint => ({
    name,
    group: "G1",
    coordinates: coordinatesG1(point),
  });
  const inG2 = (name: string, point: PointG2): NamedPoint => ({
    name,
    group: "G2",
    coordinates: coordinatesG2(point),
  });
  return [
    inG1("alpha", key.vk_alpha_1),
    inG2("beta", key.vk_beta_2),
    inG2("gamma", key.vk_gamma_2),
    inG2("delta", key.vk_delta_2),
    ...key.IC.map((point, index) => inG1(`IC[${index}]`, point)),
  ];
}

function coordinatesG1(point: PointG1): bigint[] {
  return point.map(BigInt);
}

function coordinatesG2(point: PointG2): [bigint, bigint][] {
  return point.map(([c0, c1]) => [BigInt(c0), BigInt(c1)]);
}

function equal(a: readonly unknown[], b: readonly unknown[]): boolean {
  const flatA = a.flat();
  const flatB = b.flat();
  return flatA.length === flatB.length && flatA.every((value, index) => value === flatB[index]);
}

/** Points of short Weierstrass curves with the same x are equal or opposite; both are as bad here. */
function equalUpToSign(a: readonly Coordinate[], b: readonly Coordinate[]): boolean {
  return equal([a[0]], [b[0]]);
}

function refused(code: ErrorCode, why: string, details: ErrorDetails = {}): SealpatchError {
  return new SealpatchError(code, "this verifying key is not safe", {
    details,
    why,
    remedy: "use the verifying key of a finished ceremony, or of a development key on a local chain",
  });
}
