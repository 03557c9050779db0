import { SealpatchError } from "../../errors.js";
import type { Hardfork } from "../../networks.js";
import { mergeVectorSets } from "./canonical.js";
import { incidentRoot, vectorRoot } from "./digest.js";
import type { SetKind, Vector, VectorSet } from "./schema.js";

/** Whether a vector belongs into the incident set. */
export function isIncident({ kind }: Pick<Vector, "kind">): boolean {
  return kind === "incident";
}

/**
 * Refuses a set of which nothing can be said, because nothing is in it.
 * @throws SealpatchError `vectors/empty`.
 */
export function assertNotEmpty({ vectors }: VectorSet): void {
  if (vectors.length > 0) return;
  throw new SealpatchError("vectors/empty", "the set has no vectors", {
    why: "without one, nothing shows what the code does",
    remedy: "record a vector, or add the vectors of another file",
  });
}

/**
 * The set that its vectors belong to.
 * @throws SealpatchError `vectors/empty`; `vectors/wrong-kind` where both kinds stand in one set.
 */
export function setKind(set: VectorSet): SetKind {
  assertNotEmpty(set);
  const [first] = set.vectors as [Vector];
  const kind = isIncident(first) ? "incident" : "baseline";
  const other = set.vectors.findIndex((vector) => isIncident(vector) !== isIncident(first));
  if (other === -1) return kind;
  throw new SealpatchError("vectors/wrong-kind", `vector 0 is of the ${kind} set, vector ${other} is not`, {
    details: { index: other },
    why: "baseline vectors are registered in public, incident vectors are hidden: each set has a root of its own",
    remedy: "keep the incident vectors in a file of their own",
  });
}

/** What identifies a set. */
export interface SetRoot {
  readonly kind: SetKind;
  readonly vectors: number;
  /** vectorRoot of a baseline set, incidentRoot of an incident set. */
  readonly root: bigint;
}

/** @throws SealpatchError as `setKind` does. */
export function setRoot(set: VectorSet): SetRoot {
  const kind = setKind(set);
  const root = kind === "baseline" ? vectorRoot(set) : incidentRoot(set);
  return { kind, vectors: set.vectors.length, root };
}

/**
 * A set with the vectors of others behind its own.
 * @throws SealpatchError `vectors/wrong-kind` where they are not of its kind, and as `mergeVectorSets` does, for example
 * `vectors/duplicate` where a name stands in both.
 */
export function addVectors(set: VectorSet, others: readonly VectorSet[]): VectorSet {
  const merged = mergeVectorSets([set, ...others]);
  setKind(merged);
  return merged;
}

/**
 * A set without some of its vectors; the others keep their order.
 * @param chosen names of vectors, or `#` and their index in the set.
 * @throws SealpatchError `vectors/not-found` where one of them is not in the set.
 */
export function removeVectors(set: VectorSet, chosen: readonly string[]): VectorSet {
  const indices = new Set(chosen.map((choice) => indexOf(set, choice)));
  return mergeVectorSets([{ ...set, vectors: set.vectors.filter((_, index) => !indices.has(index)) }]);
}

/** The set as it would run under other rules. Its root is then another one: the hardfork is part of every input. */
export function withHardfork(set: VectorSet, hardfork: Hardfork): VectorSet {
  return { ...set, vectors: set.vectors.map((vector) => ({ ...vector, hardfork })) };
}

function indexOf({ vectors }: VectorSet, choice: string): number {
  const number = /^#(\d+)$/.exec(choice)?.[1];
  const index = vectors.findIndex(({ name }, place) => name === choice || String(place) === number);
  if (index !== -1) return index;
  throw new SealpatchError("vectors/not-found", `the set has no vector ${choice}`, {
    details: { vectors: vectors.length },
    why: "a vector is chosen by its name, or by # and its index, from #0 on",
    remedy: "choose one of the names of the set, or an index below their number",
  });
}
