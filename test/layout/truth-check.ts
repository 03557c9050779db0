import fc from "fast-check";
import { diffLayouts, type LayoutDiff, readContractLayout } from "../../src/layout/index.js";
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

/** A layout is read from all trees of its compilation: so many upgrades in one. */
const BATCH = 10;

/** Draws random upgrades, asks the judges of `layout diff` about each, and plays it in an EVM. */
export async function judgeUpgrades(count: number, seed: number): Promise<JudgedUpgrade[]> {
  const upgrades = fc.sample(upgrade, { numRuns: count, seed });
  const lost = await lostInUpgrades(upgrades, { rounds: 2 });
  const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, index) =>
    upgrades.slice(index * BATCH, (index + 1) * BATCH),
  );
  return batches.flatMap(diffsOf).map(({ verdict, verdicts, findings }, index) => ({
    upgrade: upgrades[index]!,
    // Whether the circuit has room says nothing about state.
    verdict: verdict === "broken" ? verdict : "preserved",
    upgradesCore: verdicts.upgradesCore,
    findings: findings.map(({ message }) => message),
    lost: lost[index]!.map(({ leaf }) => leaf),
  }));
}

function diffsOf(upgrades: readonly Upgrade[]): LayoutDiff[] {
  const sources = Object.fromEntries(
    upgrades.flatMap(({ old, next }, index) => [
      [`old${index}.sol`, old],
      [`new${index}.sol`, next],
    ]),
  );
  const output = compileSolidity({ code: false, sources });
  const read = (file: string) => readContractLayout(output, `${file}.sol:C`);
  return upgrades.map((_, index) => diffLayouts(read(`old${index}`), read(`new${index}`)));
}
