import type { Curve, Point } from "ffjavascript";
import {
  filePointBytes,
  type Machine,
  multiScalarSum,
  PointReader,
  readPoint,
  splitScalars,
  windowWidth,
} from "../../arithmetic/index.js";
import { FIELD_BYTES } from "../zkey-format.js";
import type { GroupName } from "./points.js";

/**
 * Sums of points, each times its scalar, on a machine's threads.
 * @param points affine, in Montgomery form, as a key's file has them.
 * @param scalars lists of plain scalars below r, all of one width up to 32 bytes: one sum for each list. A point of G2 outside the subgroup comes out right
 *   where scalars are below 2^64, which the endomorphism takes no part in.
 */
export async function pointSums(
  machine: Machine,
  curve: Curve,
  name: GroupName,
  points: Uint8Array,
  scalars: readonly Uint8Array[],
  onSum: (done: number) => void = () => {},
): Promise<Point[]> {
  const { memory } = machine;
  const group = name === "G1" ? "g1" : "g2";
  const count = points.length / filePointBytes(group);
  return memory.during(async () => {
    const reader = new PointReader(machine, group, count);
    await reader.add(points, 0);
    const width = windowWidth(count);
    const sums: Point[] = [];
    for (const list of scalars) {
      const sum = await memory.during(async () => {
        const plain = memory.take(count * FIELD_BYTES);
        widen(list, list.length / count, memory.bytes(plain, count * FIELD_BYTES));
        const halves = await splitScalars(machine, plain, count, width);
        return readPoint(memory, group, await multiScalarSum(machine, reader.list, halves));
      });
      sums.push(inCurve(curve, name, sum));
      onSum(sums.length);
    }
    return sums;
  });
}

/** Scalars of fewer bytes as scalars of 32. */
function widen(scalars: Uint8Array, width: number, out: Uint8Array): void {
  if (width === FIELD_BYTES) {
    out.set(scalars);
    return;
  }
  out.fill(0);
  for (let from = 0, to = 0; from < scalars.length; from += width, to += FIELD_BYTES) {
    for (let byte = 0; byte < width; byte++) out[to + byte] = scalars[from + byte]!;
  }
}

function inCurve(curve: Curve, name: GroupName, coordinates: readonly bigint[] | undefined): Point {
  const group = curve[name];
  if (coordinates === undefined) return group.zero;
  if (name === "G1") return group.fromObject([coordinates[0]!, coordinates[1]!, 1n]);
  const [x0, x1, y0, y1] = coordinates as [bigint, bigint, bigint, bigint];
  return group.fromObject([
    [x0, x1],
    [y0, y1],
    [1n, 0n],
  ]);
}
