import { fieldElement } from "../field/index.js";
import { lazily } from "../lazily.js";
import { decimalBelow } from "../schemas.js";
import { zod } from "../zod.js";
import { type Point, type Signature, SUBGROUP_ORDER } from "./curve.js";

const point = lazily(() => zod.tuple([fieldElement(), fieldElement()]));

/** Members of every file that an auditor's key has signed: the key, and the signature as circomlib names its parts. */
export const signedShape = lazily(() => ({
  publicKey: point(),
  R8: point(),
  S: decimalBelow(SUBGROUP_ORDER),
}));

/** The values of those members. */
export function signedMembers({
  publicKey,
  signature,
}: {
  readonly publicKey: Point;
  readonly signature: Signature;
}) {
  const pair = ([x, y]: Point): [bigint, bigint] => [x, y];
  return { publicKey: pair(publicKey), R8: pair(signature.R8), S: signature.S };
}
