import { readFile } from "node:fs/promises";
import { z } from "zod";
import { SoundnessError } from "./errors.js";
import { baseName, constraintTexts, findHints, type Hint } from "./hints.js";
import type { CircuitSources } from "./sources.js";
import { normalized, tokenize } from "./tokens.js";

const ledgerSchema = z.strictObject({
  /** Whether hints may stand outside of circomlib, each with an entry, or nowhere but in circomlib. */
  ownHints: z.enum(["listed", "forbidden"]),
  hints: z.array(
    z.strictObject({
      file: z.string(),
      template: z.string(),
      /** As the source writes it: `out[i]`. */
      signal: z.string(),
      /** The constraints that leave the signal one value, each as it stands in the template. */
      pinnedBy: z.array(z.string()).min(1),
      /** For readers: what must hold for them to do so, and whose duty it is. */
      assumes: z.string().optional(),
    }),
  ),
});

/**
 * Every signal that is assigned without a constraint, with the constraints that pin it. Where `ownHints` is `forbidden`,
 * an entry excuses no hint outside of circomlib: constraints that mention a signal can still leave it two values, which
 * neither the Jacobian nor a mutation of one signal shows.
 */
export type Ledger = z.infer<typeof ledgerSchema>;

export interface LedgerProblem {
  readonly problem: "forbidden" | "missing" | "stale" | "constraint-absent" | "signal-not-mentioned";
  readonly file: string;
  readonly template: string;
  readonly signal: string;
  /** The quoted constraint that is absent, or empty. */
  readonly constraint: string;
}

/**
 * Reads a committed ledger.
 * @throws SoundnessError `soundness/ledger-invalid` where the file is no ledger.
 */
export async function readLedger(file: string): Promise<Ledger> {
  try {
    return ledgerSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    throw new SoundnessError("soundness/ledger-invalid", `${file} is no ledger of hints`, {
      details: { file },
      why: error instanceof Error ? error.message : String(error),
      remedy:
        "{ ownHints: listed | forbidden, hints: [{ file, template, signal, pinnedBy: [constraint, ...], assumes }] }",
      cause: error,
    });
  }
}

/**
 * Compares the hints in the sources with the ledger: each hint has its entry and each entry its hint; every quoted
 * constraint stands literally in the template, white space aside; one of them at least mentions the signal; and no hint
 * stands outside of circomlib where the ledger forbids it.
 */
export function checkLedger(sources: CircuitSources, ledger: Ledger): LedgerProblem[] {
  const key = (place: Pick<Hint, "file" | "template" | "signal">) =>
    `${place.file} ${place.template} ${place.signal}`;
  const hints = findHints(sources);
  const listed = new Set(ledger.hints.map(key));
  const present = new Set(hints.map(key));

  const missing = hints.filter((hint) => !listed.has(key(hint))).map((hint) => problem("missing", hint));
  const forbidden = ledger.ownHints === "forbidden" ? hints.filter(({ own }) => own) : [];
  const wrong = ledger.hints.flatMap((entry) => {
    if (!present.has(key(entry))) return [problem("stale", entry)];
    const template = sources.definitions.get(entry.template)!;
    const constraints = new Set(constraintTexts(template));
    const absent = entry.pinnedBy
      .filter((text) => !constraints.has(normalized(tokenize(text, "the ledger"))))
      .map((text) => problem("constraint-absent", entry, text));
    const name = baseName(entry.signal).split(".")[0]!;
    const isMentioned = entry.pinnedBy.some((text) =>
      tokenize(text, "the ledger").some((token) => token.kind === "word" && token.text === name),
    );
    return isMentioned ? absent : [...absent, problem("signal-not-mentioned", entry)];
  });
  return [...forbidden.map((hint) => problem("forbidden", hint)), ...missing, ...wrong];
}

function problem(
  kind: LedgerProblem["problem"],
  { file, template, signal }: Pick<Hint, "file" | "template" | "signal">,
  constraint = "",
): LedgerProblem {
  return { problem: kind, file, template, signal, constraint };
}
