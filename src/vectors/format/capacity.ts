import { SealpatchError } from "../../errors.js";
import { type SetKind, TREE_DEPTHS } from "./schema.js";

/**
 * Checks that a set fits the tree that commits to it, and with it the circuit.
 * @param depth of the tree; that of the released circuit unless given.
 * @throws SealpatchError `vectors/too-many`.
 */
export function assertCapacity(count: number, set: SetKind, depth: number = TREE_DEPTHS[set]): void {
  const limit = 2 ** depth;
  if (count <= limit) return;
  throw new SealpatchError("vectors/too-many", `there are ${count} ${set} vectors, more than ${limit}`, {
    details: { count, limit },
    why: `the tree that commits to the ${set} vectors has ${limit} leaves, and the circuit takes as many results`,
    remedy: `leave out at least ${count - limit}: vectors that repeat others add nothing`,
  });
}
