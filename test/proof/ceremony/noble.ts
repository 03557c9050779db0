import { randomBytes } from "node:crypto";
import { bn254 } from "@noble/curves/bn254.js";
import { singleThreadCurve } from "../../../src/proof/curve/index.js";
import { type Contributions, readContributions } from "../../../src/proof/keys/contributions.js";
import { hashToG2 } from "../../../src/proof/keys/transcript.js";
import { ZKEY_SECTIONS } from "../../../src/proof/keys/zkey-format.js";
import { readSections } from "./key-files.js";

/*
 * The pairing checks of a ceremony a second time, by @noble/curves: points are decoded and added there. Only the point that a transcript
 * chooses is snarkjs' own invention, and comes from ffjavascript.
 */

const { fields } = bn254;
const G1 = bn254.G1.Point;
const G2 = bn254.G2.Point;
type G1Point = InstanceType<typeof G1>;
const { Fp, Fr } = fields;
/** Coordinates stand in files times 2^256. */
const UNSCALE = Fp.inv(Fp.create(1n << 256n));

function coordinates(bytes: Uint8Array): bigint[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) => {
    const value = BigInt(
      `0x${Buffer.from(bytes.slice(32 * i, 32 * i + 32))
        .reverse()
        .toString("hex")}`,
    );
    if (value >= Fp.ORDER) throw new Error("a coordinate is not below the field's order");
    return Fp.mul(value, UNSCALE);
  });
}

function inG1(bytes: Uint8Array): G1Point {
  const [x, y] = coordinates(bytes) as [bigint, bigint];
  if (x === 0n && y === 0n) return G1.ZERO;
  const point = G1.fromAffine({ x, y });
  point.assertValidity();
  return point;
}

/** Not zero, on the curve, in the subgroup. */
function inG2(bytes: Uint8Array) {
  const [x0, x1, y0, y1] = coordinates(bytes) as [bigint, bigint, bigint, bigint];
  const point = G2.fromAffine({ x: fields.Fp2.fromBigTuple([x0, x1]), y: fields.Fp2.fromBigTuple([y0, y1]) });
  point.assertValidity();
  if (!point.isTorsionFree()) throw new Error("outside the subgroup");
  return point;
}

function isSamePairing(
  [a, b]: readonly [G1Point, ReturnType<typeof inG2>],
  [c, d]: readonly [G1Point, ReturnType<typeof inG2>],
): boolean {
  if (a.is0() || c.is0()) return a.is0() && c.is0();
  const ratio = bn254.pairingBatch([
    { g1: a, g2: b },
    { g1: c.negate(), g2: d },
  ]);
  return fields.Fp12.eql(ratio, fields.Fp12.ONE);
}

/** Whether each contribution of a chain shows its secret, and delta follows from it. */
export async function chainHoldsByNoble({ entries }: Contributions): Promise<boolean> {
  const curve = await singleThreadCurve();
  let delta = G1.BASE;
  try {
    for (const entry of entries) {
      const [after, base, shifted] = [entry.deltaAfter, entry.base, entry.shifted].map(inG1);
      if ([after, base, shifted].some((point) => point!.is0())) return false;
      const hashed = inG2(curve.G2.toAffine(await hashToG2(curve, entry.transcript)));
      const shown = inG2(entry.proofOfKnowledge);
      if (!isSamePairing([base!, shown], [shifted!, hashed])) return false;
      if (!isSamePairing([delta, shown], [after!, hashed])) return false;
      delta = after!;
    }
    return true;
  } catch {
    return false;
  }
}

/** Whether a key follows from an initial one and its own contributions. */
export async function keyHoldsByNoble(initialFile: string, zkeyFile: string): Promise<boolean> {
  const [initial, key] = [await readSections(initialFile), await readSections(zkeyFile)];
  const { protocol, ic, coefficients, a, b1, b2, header, c, h } = ZKEY_SECTIONS;
  const [before, after] = [initial.get(header)!, key.get(header)!];
  if (!before.subarray(0, -192).equals(after.subarray(0, -192))) return false;
  if ([protocol, ic, coefficients, a, b1, b2].some((id) => !initial.get(id)!.equals(key.get(id)!)))
    return false;
  const contributions = await readContributions(zkeyFile);
  if (!(await chainHoldsByNoble(contributions))) return false;
  try {
    const delta1 = inG1(after.subarray(-192, -128));
    const delta2 = inG2(after.subarray(-128));
    const last = contributions.entries.at(-1);
    if (!delta1.equals(last === undefined ? G1.BASE : inG1(last.deltaAfter))) return false;
    if (!isSamePairing([delta1, G2.BASE], [G1.BASE, delta2])) return false;
    return [c, h].every((id) => {
      const [undivided, divided] = [initial.get(id)!, key.get(id)!];
      if (undivided.length !== divided.length) return false;
      const scalars = Array.from({ length: divided.length / 64 }, () =>
        Fr.create(BigInt(`0x${randomBytes(16).toString("hex")}`)),
      );
      return isSamePairing(
        [combination(divided, scalars), delta2],
        [combination(undivided, scalars), G2.BASE],
      );
    });
  } catch {
    return false;
  }
}

function combination(section: Uint8Array, scalars: readonly bigint[]): G1Point {
  return scalars.reduce((sum, scalar, i) => {
    const point = inG1(section.slice(64 * i, 64 * i + 64));
    return scalar === 0n ? sum : sum.add(point.multiply(scalar));
  }, G1.ZERO);
}
