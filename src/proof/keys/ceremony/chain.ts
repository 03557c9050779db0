import { createHash } from "node:crypto";
import type { Curve, Point } from "ffjavascript";
import { SealpatchError } from "../../../errors.js";
import { singleThreadCurve } from "../../curve/index.js";
import type { Contribution, Contributions } from "../contributions.js";
import { blake2b, hashToG2, seedOf } from "../transcript.js";
import { isSameRatio, isUsable } from "./points.js";

/*
 * The contributions of a key to its circuit's part of a ceremony (Bowe, Gabizon, Miers: https://eprint.iacr.org/2017/1050, section 6; in
 * snarkjs' form). Contribution i is made by somebody who knows x_i: delta_i = x_i delta_(i-1), delta_0 the generator. It shows s and
 * x_i s in G1, and x_i H in G2, where H is hashed from everything before it and from s and x_i s, so that nobody shows it without
 * knowing x_i, or from another ceremony.
 */

/** Beacons are hashed at most 2^20 times: more is a way to keep whoever verifies busy. */
const MAX_ITERATIONS_EXPONENT = 20;

/**
 * Checks that contributions are an unbroken chain, each by another key that its author knew the secret of, and that nothing follows a
 * beacon. That the beacon is the announced one, and that the key's sections follow from the last delta, is not checked here.
 * @throws SealpatchError `ceremony/broken-chain`, with the index of the contribution, counted from 1.
 */
export async function assertContributionChain({ circuitHash, entries }: Contributions): Promise<void> {
  const curve = await singleThreadCurve();
  const { G1 } = curve;
  const before: Uint8Array[] = [circuitHash];
  let delta: Point = G1.g;
  for (const [position, entry] of entries.entries()) {
    const broken = (why: string) => brokenChain(position + 1, entry, why);
    const { deltaAfter, base, shifted, proofOfKnowledge, transcript } = entry;
    if (entries[position - 1]?.beacon !== undefined) throw broken("it was made after the beacon");
    if (![deltaAfter, base, shifted].every((point) => isUsable(curve, "G1", point))) {
      throw broken("a point of it is zero, off the curve, or not below the field's order");
    }
    if (!isUsable(curve, "G2", proofOfKnowledge)) {
      throw broken("its proof of knowledge is zero, off the curve, or outside the subgroup");
    }
    if (G1.eq(base, shifted)) throw broken("it changes nothing: its secret is 1");
    if (entries.slice(0, position).some((earlier) => isSameKey(earlier, entry))) {
      throw broken("it repeats the public key of an earlier one");
    }
    const publicKey = [base, shifted].map((point) => G1.toUncompressed(point));
    if (!blake2b(...before, ...publicKey).equals(transcript)) {
      throw broken("its transcript is not that of the contributions before it");
    }
    const hashed = await hashToG2(curve, transcript);
    if (!isSameRatio(curve, [base, shifted], [hashed, proofOfKnowledge])) {
      throw broken("its author did not show that he knows its secret");
    }
    if (!isSameRatio(curve, [delta, deltaAfter], [hashed, proofOfKnowledge])) {
      throw broken("its delta does not follow from the delta before it");
    }
    if (entry.beacon !== undefined) await assertBeaconKey(curve, entry, broken);
    before.push(
      ...[deltaAfter, base, shifted].map((point) => G1.toUncompressed(point)),
      curve.G2.toUncompressed(proofOfKnowledge),
      transcript,
    );
    delta = deltaAfter;
  }
}

/**
 * Checks that a key was made from the one before it by one contribution: the same circuit, the same entries byte for byte, and one more.
 * @throws SealpatchError `ceremony/other-history`, with the index of the first entry that is another.
 */
export function assertFollows(before: Contributions, after: Contributions): void {
  const refuse = (index: number, why: string) =>
    new SealpatchError("ceremony/other-history", "the key does not continue the one before it", {
      details: { index, before: before.entries.length, after: after.entries.length },
      why,
      remedy: "contribute to the newest key of this ceremony",
    });
  if (!isEqual(before.circuitHash, after.circuitHash)) throw refuse(0, "it is of another circuit");
  for (const [position, entry] of before.entries.entries()) {
    const kept = after.entries[position];
    if (kept === undefined) throw refuse(position + 1, `contribution ${position + 1} is missing`);
    if (!isEqual(entry.bytes, kept.bytes))
      throw refuse(position + 1, `contribution ${position + 1} is another`);
  }
  const added = after.entries.length - before.entries.length;
  if (added !== 1) throw refuse(before.entries.length + 1, `it adds ${added} contributions, not one`);
}

/** The secret and the public key of a beacon follow from its value, so that anybody recomputes them (`rngFromBeaconParams` of snarkjs). */
async function assertBeaconKey(
  { Fr, G1 }: Curve,
  { beacon, base, shifted }: Contribution,
  broken: (why: string) => SealpatchError,
): Promise<void> {
  const { hash, iterationsExponent } = beacon!;
  if (iterationsExponent > MAX_ITERATIONS_EXPONENT) {
    throw broken(`its beacon is hashed 2^${iterationsExponent} times, which nobody can check in time`);
  }
  let value: Uint8Array = hash;
  for (let left = 2 ** iterationsExponent; left > 0; left--) {
    value = createHash("sha256").update(value).digest();
  }
  const { ChaCha } = await import("ffjavascript");
  const generator = new ChaCha(seedOf(value));
  const secret = Fr.fromRng(generator);
  const expected = G1.fromRng(generator);
  if (!G1.eq(base, expected) || !G1.eq(shifted, G1.timesFr(expected, secret))) {
    throw broken("its key does not follow from the value of its beacon");
  }
}

function isSameKey(a: Contribution, b: Contribution): boolean {
  return isEqual(a.base, b.base) && isEqual(a.shifted, b.shifted);
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function brokenChain(index: number, { name }: Contribution, why: string): SealpatchError {
  return new SealpatchError("ceremony/broken-chain", `contribution ${index} breaks the chain`, {
    details: { index, name },
    why,
    remedy: "go on from the last key whose chain holds, and ask the contributor to do it again",
  });
}

/** Hash of a contribution, as snarkjs prints it: BLAKE2b-512 of its delta, public key and transcript. @returns 128 hex digits. */
export async function contributionHash(entry: Contribution): Promise<string> {
  const { G1, G2 } = await singleThreadCurve();
  const { deltaAfter, base, shifted, proofOfKnowledge, transcript } = entry;
  const inG1 = [deltaAfter, base, shifted].map((point) => G1.toUncompressed(point));
  return blake2b(...inG1, G2.toUncompressed(proofOfKnowledge), transcript).toString("hex");
}
