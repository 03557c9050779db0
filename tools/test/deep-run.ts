import type { DeepGroup } from "./groups.js";
import { type Count, runSuites } from "./suites.js";

/**
 * Runs deep groups in their order, and says which ran and which did not.
 * @param limits.budget minutes; a group that is not expected to end within them is not started. No limit by default.
 * @param limits.pace how much slower than two quiet cores this machine is, as far as that is known.
 */
export async function runDeep(
  groups: readonly DeepGroup[],
  limits: { budget?: number; pace?: number } = {},
): Promise<Count> {
  const { budget = Number.POSITIVE_INFINITY } = limits;
  let pace = Math.max(1, limits.pace ?? 1);
  let [passed, failed, expected] = [0, 0, 0];
  const [ran, left]: [string[], string[]] = [[], []];
  const since = performance.now();
  const spent = () => (performance.now() - since) / 60_000;
  for (const group of groups) {
    if (spent() + group.minutes * pace > budget) {
      left.push(group.name);
      continue;
    }
    const count = await runSuites({ [group.name]: group.suite });
    passed += count.passed;
    failed += count.failed;
    ran.push(group.name);
    expected += group.minutes;
    pace = Math.max(pace, spent() / expected);
  }
  console.log(`deep groups that ran: ${ran.join(", ") || "none"}`);
  if (left.length > 0) console.log(`deep groups that did not run: ${left.join(", ")}`);
  return { passed, failed };
}

/** All groups in their order, beginning at the one that a commit chooses. @param hash of the commit, in hex. */
export function chosenBy(hash: string, groups: readonly DeepGroup[]): readonly DeepGroup[] {
  const first = Number(BigInt(`0x${hash}`) % BigInt(groups.length));
  return [...groups.slice(first), ...groups.slice(0, first)];
}
