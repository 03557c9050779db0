import { readFileSync } from "node:fs";
import { join } from "node:path";
import { equalityName, type LaxTwin, type Lie } from "../../soundness/index.js";
import { ROOT } from "../../src/places.js";
import type { InstanceName } from "../../tools/circuits/instances.js";
import { FALSE_BIND_STATEMENTS } from "./bind-statements.js";
import { FALSE_ATTEST_STATEMENTS } from "./false-statements.js";
import { FORGED_ATTEST_WITNESSES } from "./forged-witnesses.js";
import type { FalseStatement, ForgedWitness } from "./lies.js";

/** The lies about an instance. */
export interface Lies {
  readonly statements: readonly FalseStatement[];
  readonly witnesses: readonly ForgedWitness[];
}

/** Every lie, by the instance that it is told to. */
export const LIES = {
  "attest-small": { statements: FALSE_ATTEST_STATEMENTS, witnesses: FORGED_ATTEST_WITNESSES },
  "bind-small": { statements: FALSE_BIND_STATEMENTS, witnesses: [] },
} as const satisfies Partial<Record<InstanceName, Lies>>;
export type LiedTo = keyof typeof LIES;

/** What the constraints say to a lie. */
export function tell(twin: LaxTwin, lie: FalseStatement | ForgedWitness): Lie {
  return twin.lie(lie.input(), "signals" in lie ? lie.signals() : {});
}

/** The names of the constraints that a lie breaks, in the order of the circuit. */
export function brokenNames({ broken }: Pick<Lie, "broken">): string[] {
  return broken.map(equalityName);
}

export const brokenFile = (name: LiedTo): string => join(ROOT, `test/circuits/broken/${name}.txt`);

/** The constraints that each lie about an instance is known to break: all of them, by the name of the lie. */
export function readBroken(name: LiedTo): Map<string, readonly string[]> {
  const known = new Map<string, string[]>();
  let constraints: string[] = [];
  for (const line of readFileSync(brokenFile(name), "utf8").split("\n")) {
    if (line.startsWith("  ")) constraints.push(line.trim());
    else if (line !== "") {
      constraints = [];
      known.set(line, constraints);
    }
  }
  return known;
}

/** The text that `readBroken` reads. */
export function brokenText(known: ReadonlyMap<string, readonly string[]>): string {
  const lines = [...known].flatMap(([lie, constraints]) => [lie, ...constraints.map((name) => `  ${name}`)]);
  return `${lines.join("\n")}\n`;
}
