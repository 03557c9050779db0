import { SealpatchError } from "../../errors.js";
import { VECTOR_LIMITS } from "./schema.js";

const LEAVES = { baseline: VECTOR_LIMITS.baselineVectors, incident: VECTOR_LIMITS.incidentVectors } as const;

/**
 * Checks that a set fits the tree that commits to it, and with it the circuit.
 * @throws SealpatchError `vectors/too-many`.
 */
export function assertCapacity(count: number, set: keyof typeof LEAVES): void {
  const limit = LEAVES[set];
  if (count <= limit) return;
  throw new SealpatchError("vectors/too-many", `there are ${count} ${set} vectors, more than ${limit}`, {
    details: { count, limit },
    why: `the tree that commits to the ${set} vectors has ${limit} leaves, and the circuit takes as many results`,
    remedy: `leave out at least ${count - limit}: vectors that repeat others add nothing`,
  });
}
