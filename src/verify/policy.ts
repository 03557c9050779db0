import { ZeroAddress } from "ethers";
import { type GroundPolicy, readScheduledFacts, type TimelockClient } from "../chain/index.js";
import { type Check, CheckList, fails } from "../checks.js";
import type { PatchPolicy } from "../patch/index.js";
import { vectorRoot } from "../vectors/index.js";

/** A policy by its roots, with who calls migrations. */
export interface PolicyRoots extends GroundPolicy {
  /** Address. */
  readonly migrationCaller: string;
}

/** The names of what is compared, in the order of the lines. */
const NAMES = {
  auditorRoot: "auditors",
  threshold: "threshold",
  vectorRoot: "baseline vectors",
  maxWaivers: "vectors that may be waived",
  layoutRoot: "storage layout",
} as const satisfies Record<keyof GroundPolicy, string>;

/**
 * A policy's roots, each computed from its members.
 * @example
 * ```ts
 * const roots = policyRoots(parsePolicy(await readFile("policy.json", "utf8")));
 * console.log(roots.auditorRoot, roots.vectorRoot);
 * ```
 */
export function policyRoots(policy: PatchPolicy): PolicyRoots {
  const { auditors, threshold, baseline, maxWaivers, layoutRoot, migrationCaller } = policy;
  return {
    auditorRoot: auditors.root,
    threshold: BigInt(threshold),
    vectorRoot: vectorRoot(baseline),
    maxWaivers: BigInt(maxWaivers),
    layoutRoot,
    migrationCaller,
  };
}

/**
 * Compares a policy with what governance registered, root by root: at the newest block, or as it was when a statement was scheduled.
 * @param where.proxy whose policy, at the newest block.
 * @param where.at commitment of a statement, instead: its proxy, at the block of its schedule, by the logs.
 * @param where.fromBlock where the timelock was deployed; the first block unless given.
 * @throws SealpatchError as `readScheduledFacts` and `TimelockClient.policy`.
 * @example
 * ```ts
 * const checks = await verifyPolicy(policy, timelock, { at: commitment });
 * console.log(checks.every(({ outcome }) => outcome === "holds"));
 * ```
 */
export async function verifyPolicy(
  policy: PatchPolicy,
  timelock: TimelockClient,
  where: { readonly proxy: string } | { readonly at: bigint; readonly fromBlock?: number },
): Promise<Check[]> {
  const registered = await ("proxy" in where ? rootsNow(timelock, where.proxy) : rootsThen(timelock, where));
  const roots = policyRoots(policy);
  const lines = new CheckList();
  await comparePolicies(lines, roots, registered);
  await lines.check("caller of migrations", () => {
    const caller = demanded(registered).migrationCaller;
    if (BigInt(caller) === BigInt(roots.migrationCaller)) return caller;
    throw fails(`the file has ${roots.migrationCaller}, the timelock ${caller}`);
  });
  return lines.checks;
}

/** A line for each root: that the first is the second, which the timelock has. */
export async function comparePolicies(
  lines: CheckList,
  given: GroundPolicy,
  registered: GroundPolicy | undefined,
  { prefix = "", first = "the file" } = {},
): Promise<void> {
  for (const [part, name] of Object.entries(NAMES) as [keyof GroundPolicy, string][])
    await lines.check(`${prefix}${name}`, () => {
      const there = demanded(registered)[part];
      if (given[part] === there) return shown(part, there);
      throw fails(`${first} has ${shown(part, given[part])}, the timelock ${shown(part, there)}`);
    });
}

function demanded<T>(registered: T | undefined): T {
  if (registered === undefined) throw fails("the timelock has no policy of this proxy");
  return registered;
}

const shown = (part: keyof GroundPolicy, value: bigint): string =>
  part.endsWith("Root") ? `0x${value.toString(16).padStart(64, "0")}` : String(value);

async function rootsNow(timelock: TimelockClient, proxy: string): Promise<PolicyRoots | undefined> {
  const [policy, { layoutRoot }] = await Promise.all([timelock.policy(proxy), timelock.baseline(proxy)]);
  if (policy === undefined) return undefined;
  const { auditorRoot, vectorRoot: root, threshold, maxWaivers, admin } = policy;
  return {
    ...{
      auditorRoot,
      vectorRoot: root,
      layoutRoot,
      threshold: BigInt(threshold),
      maxWaivers: BigInt(maxWaivers),
    },
    migrationCaller: callerOf(timelock, admin),
  };
}

async function rootsThen(
  timelock: TimelockClient,
  { at, ...from }: { readonly at: bigint; readonly fromBlock?: number },
): Promise<PolicyRoots> {
  const { ground } = await readScheduledFacts(timelock, { commitment: at, ...from });
  return { ...ground.policy, migrationCaller: callerOf(timelock, ground.admin) };
}

const callerOf = ({ address }: TimelockClient, admin: string): string =>
  admin === ZeroAddress ? address : admin;
