import { ChaCha, type Curve, type Point } from "ffjavascript";
import type { PointG2 } from "../../../src/proof/keys/index.js";

export function writtenG2({ G2 }: Curve, point: Point): PointG2 {
  const pairs = G2.toObject(G2.toAffine(point)) as [bigint, bigint][];
  return pairs.map(([c0, c1]) => [`${c0}`, `${c1}`]) as unknown as PointG2;
}

/** A point of the curve over the extension field, outside the subgroup: one where the cofactor is left out. */
export function outsideSubgroup(curve: Curve): PointG2 {
  const withoutCofactor: Curve["G2"] = Object.create(curve.G2, { cofactor: { value: undefined } });
  return writtenG2(curve, withoutCofactor.fromRng(new ChaCha([1, 2, 3, 4, 5, 6, 7, 8])));
}
