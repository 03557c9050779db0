import { SealpatchError } from "../../src/errors.js";
import {
  type ContractLayout,
  diffLayouts,
  type LayoutDiff,
  readContractLayout,
} from "../../src/layout/index.js";
import type { TestedContract } from "./published.js";
import type { Sources } from "./sources.js";

/** What this project says of a pair. */
export interface SealpatchVerdict {
  readonly verdict: LayoutDiff["verdict"];
  readonly canonical: LayoutDiff["verdicts"]["canonical"];
  readonly circuit: LayoutDiff["verdicts"]["circuit"];
  /** What its own use of upgrades-core says, or undefined where it refuses one of the layouts. */
  readonly upgradesCore: LayoutDiff["verdicts"]["upgradesCore"] | undefined;
  readonly findings: readonly { readonly code: string; readonly message: string }[];
}

/** Compares two contracts as `sealpatch` does. A layout that it does not take counts as broken. */
export function askSealpatch(sources: Sources, old: TestedContract, next: TestedContract): SealpatchVerdict {
  try {
    const { verdict, verdicts, findings } = diffLayouts(read(sources, old), read(sources, next));
    return { verdict, ...verdicts, findings: findings.map(({ code, message }) => ({ code, message })) };
  } catch (error) {
    if (!(error instanceof SealpatchError)) throw error;
    const { code, message } = error;
    return {
      verdict: "broken",
      canonical: "broken",
      circuit: "refused",
      upgradesCore: undefined,
      findings: [{ code, message }],
    };
  }
}

function read(sources: Sources, { source, name }: TestedContract): ContractLayout {
  return readContractLayout(sources.compile(source), `${source}:${name}`);
}
