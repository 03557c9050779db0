import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "../../src/places.js";

/** What mutants are made of; each kind stands in a file of its own. */
export const KINDS = ["contracts", "circuits", "arithmetic"] as const;
export type Kind = (typeof KINDS)[number];

/** One change of a source: the text `from`, which stands in `file` exactly once, becomes `to`. */
export interface Mutant {
  readonly kind: Kind;
  /** Counted from 1 in its kind. */
  readonly number: number;
  readonly file: string;
  readonly change: string;
  readonly from: string;
  readonly to: string;
  /** The test that must kill it; a contract's mutant is killed by any. */
  readonly killedBy?: string | undefined;
}

/** `not compiled` is a defect of the mutant, not of the suite: it counts as alive, so that somebody looks. */
export type Verdict = "killed" | "alive" | "not compiled";

export interface Outcome {
  readonly verdict: Verdict;
  /** The test that kills it, where the suite tells; of a mutant that is alive, one that kills it in place of its own. */
  readonly killedBy?: string | undefined;
  /** Why it does not compile. */
  readonly why?: string | undefined;
}

/** Judges mutants of one kind, one after the other. */
export interface MutantRunner {
  verdict(mutant: Mutant): Promise<Outcome>;
  /** Ends what runs, and removes what was copied. */
  remove(): void;
}

const schema = z.array(
  z.strictObject({
    file: z.string(),
    change: z.string(),
    from: z.string().min(1),
    to: z.string(),
    killedBy: z.string().optional(),
  }),
);

/** All mutants of a kind, in their order. */
export function readMutants(kind: Kind): Mutant[] {
  const text = readFileSync(join(ROOT, `tools/mutants/${kind}.json`), "utf8");
  return schema.parse(JSON.parse(text)).map((mutant, index) => ({ ...mutant, kind, number: index + 1 }));
}

/**
 * The mutant's source before and after its change.
 * @throws Error where its text does not stand in the file exactly once.
 */
export function mutate({ kind, number, file, from, to }: Mutant): { source: string; mutated: string } {
  const source = readFileSync(join(ROOT, file), "utf8");
  if (source.split(from).length !== 2) {
    throw new Error(`mutant ${number} of ${kind}: its text must stand in ${file} exactly once`);
  }
  return { source, mutated: source.replace(from, () => to) };
}
