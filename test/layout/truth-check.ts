import fc from "fast-check";
import { diffLayouts, readContractLayout } from "../../src/layout/index.js";
import { compileSolidity } from "../../tools/solc.js";
import { lostInUpgrades, type Upgrade } from "./evm-truth.js";
import { upgrade } from "./random-upgrades.js";

/** A random upgrade, as the judges see it and as it is. */
export interface JudgedUpgrade {
  readonly upgrade: Upgrade;
  readonly verdict: "preserved" | "broken";
  readonly upgradesCore: "safe" | "unsafe" | "unsupported";
  readonly findings: readonly string[];
  /** What the new code does not read as it should; nothing where the state was kept. */
  readonly lost: readonly string[];
}

/** Draws random upgrades, asks the judges of `layout diff` about each, and plays it in an EVM. */
export async function judgeUpgrades(count: number, seed: number): Promise<JudgedUpgrade[]> {
  const upgrades = fc.sample(upgrade, { numRuns: count, seed });
  const sources = Object.fromEntries(
    upgrades.flatMap(({ old, next }, index) => [
      [`old${index}.sol`, old],
      [`new${index}.sol`, next],
    ]),
  );
  const output = compileSolidity({ code: false, sources });
  const truths = await lostInUpgrades(upgrades, { rounds: 2 });
  return upgrades.map((one, index) => {
    const [old, next] = ["old", "new"].map((side) => readContractLayout(output, `${side}${index}.sol:C`));
    const { verdict, verdicts, findings } = diffLayouts(old!, next!);
    return {
      upgrade: one,
      // Whether the circuit has room says nothing about state.
      verdict: verdict === "broken" ? verdict : "preserved",
      upgradesCore: verdicts.upgradesCore,
      findings: findings.map(({ message }) => message),
      lost: truths[index]!.map(({ leaf }) => leaf),
    };
  });
}
