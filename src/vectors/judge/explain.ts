import type { Outcome, VectorSet } from "../format/index.js";
import { type CodeUnderTest, runVector } from "../run/index.js";
import { type Difference, differences } from "./difference.js";
import { type KnownVariable, StorageNames } from "./storage-names.js";
import { contractWords } from "./words.js";

/** A code with what its compiler tells about it; `undefined` where there is nothing to tell. */
export interface KnownCode {
  readonly under: CodeUnderTest;
  readonly abi: Parameters<typeof contractWords>[1]["abi"] | undefined;
  /** solc's `storageLayout`. */
  readonly storageLayout: unknown;
  /** Variables outside of it: members of ERC-7201 namespaces. */
  readonly namespaces: readonly KnownVariable[];
}

/**
 * Everything in which an outcome departs from a vector's expectation, in the contract's own words. It shows values of
 * the vector.
 * @param codes all codes at hand: a name that one of them tells is good for all. The vector runs on each once more, to
 * learn which keys its mappings have.
 * @throws SealpatchError as `runVector` does.
 */
export async function explainOutcome(
  set: VectorSet,
  index: number,
  outcome: Outcome,
  codes: readonly KnownCode[],
): Promise<Difference[]> {
  const vector = set.vectors[index]!;
  const described = codes.findLast(({ storageLayout }) => storageLayout !== undefined);
  const storage = new StorageNames(described?.storageLayout, described?.namespaces);
  for (const { under } of codes) await runVector(vector, set.codes, under, index, { onStep: storage.learn });
  // Of the others, such as constructors, an ABI holds one at most.
  const named = ["function", "error", "event"];
  const abi = codes.flatMap((code) => code.abi ?? []).filter(({ type = "" }) => named.includes(type));
  return differences(vector.expectation, outcome, contractWords(vector, { abi, storage }));
}
