import type { Curve, Group, Point } from "ffjavascript";
import type { SealpatchError } from "../../../errors.js";
import type { Contributions } from "../contributions.js";
import { ScalarMemory } from "../scalar-memory.js";
import { pointBytes } from "../transcript.js";
import { isReduced } from "../zkey-format.js";

export type GroupName = "G1" | "G2";

/** The curve's functions over addresses in its memory. */
export type WasmFunctions = Readonly<Record<string, (...args: number[]) => number>>;

export function wasmFunctions(curve: Curve): WasmFunctions {
  return curve.tm.instance.exports as WasmFunctions;
}

/** Makes the error for a section of a key that is not as it should be. */
export type Refuse = (section: string, why: string) => SealpatchError;

/** Whether a point is one that something may rest on: in its reduced form, not zero, on the curve, of order r. */
export function isUsable(curve: Curve, name: GroupName, point: Point): boolean {
  const group: Group = curve[name];
  if (!isReduced(point) || group.isZero(point) || !group.isValid(point)) return false;
  // G1 is all of its curve; the curve of G2 is larger.
  return name === "G1" || group.isZero(group.timesScalar(point, curve.r));
}

/** Whether b = x a and d = x c for one x: e(a, d) = e(b, c). Neither c nor d may be zero. */
export function isSameRatio(
  curve: Curve,
  [a, b]: readonly [Point, Point],
  [c, d]: readonly [Point, Point],
): boolean {
  return Buffer.compare(curve.pairing(a, d), curve.pairing(b, c)) === 0;
}

/** Checks that a key's delta is usable, the same in both groups, and that of its last contribution; the generator where there is none. */
export function assertDelta(
  curve: Curve,
  { delta1, delta2 }: { readonly delta1: Uint8Array; readonly delta2: Uint8Array },
  { entries }: Contributions,
  refuse: Refuse,
): void {
  const { G1, G2 } = curve;
  if (!isUsable(curve, "G1", delta1)) throw refuse("header", "delta in G1 is zero, or off the curve");
  if (!isUsable(curve, "G2", delta2)) {
    throw refuse("header", "delta in G2 is zero, off the curve, or outside the subgroup");
  }
  const last = entries.at(-1)?.deltaAfter ?? pointBytes(G1, G1.g);
  if (Buffer.compare(delta1, last) !== 0) {
    throw refuse("header", "delta in G1 is not that of the last contribution");
  }
  if (!isSameRatio(curve, [G1.g, delta1], [G2.g, delta2])) {
    throw refuse("header", "delta in G2 is another than in G1");
  }
}

const CHUNK_BYTES = 1 << 16;

/**
 * Index of the first point that is not in its reduced form, or not on the curve; -1 where there is none. It does not look at the subgroup.
 * @param points affine, in Montgomery form, one after the other.
 */
export function firstOffCurve(curve: Curve, name: GroupName, points: Uint8Array): number {
  const size = 2 * curve[name].F.n8;
  const memory = new ScalarMemory(curve);
  const functions = wasmFunctions(curve);
  const prefix = `${name.toLowerCase()}m`;
  const isZero = functions[`${prefix}_isZeroAffine`]!;
  const isOnCurve = functions[`${prefix}_inCurveAffine`]!;
  // One call of WASM a point: `isValid` takes ten.
  return memory.temporarily(() => {
    const address = memory.allocateBytes(CHUNK_BYTES);
    for (let start = 0; start < points.length; start += CHUNK_BYTES) {
      const chunk = points.subarray(start, start + CHUNK_BYTES);
      memory.bytes(address, chunk.length).set(chunk);
      for (let offset = 0; offset < chunk.length; offset += size) {
        const point = address + offset;
        const valid =
          isReduced(chunk.subarray(offset, offset + size)) && (isOnCurve(point) === 1 || isZero(point) === 1);
        if (!valid) return (start + offset) / size;
      }
    }
    return -1;
  });
}
