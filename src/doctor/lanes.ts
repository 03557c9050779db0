import { type Provider, ZeroAddress } from "ethers";
import { checkVerifierOnChain, type LaneStatus, runningCode, type TimelockClient } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import type { Manifest } from "../manifest.js";
import type { Check } from "../patch/index.js";
import { buildPolicy, checkPolicyOnChain, type Project, proxyNamed } from "../project/index.js";
import type { Lines, Seen } from "./finding.js";
import { duration, type Head } from "./node.js";

const BY_GOVERNANCE = "by the slow path";

/** What opens a lane again, by why it is closed. */
const REOPENED: Readonly<Record<Exclude<LaneStatus, "open">, string>> = {
  halted: `find out why a guardian halted it, and have governance resume it ${BY_GOVERNANCE}`,
  frozen: `disclose what is overdue, or have governance clear the freeze ${BY_GOVERNANCE}`,
  "no-policy": `have governance set its policy ${BY_GOVERNANCE}`,
  "no-baseline": `have governance set its baseline ${BY_GOVERNANCE}`,
  "baseline-stale": `look at what was upgraded or handed over, and have governance set the baseline again ${BY_GOVERNANCE}`,
  "baseline-code-changed": "find out who can upgrade the proxy, then have governance set the baseline again",
};

/** Makes the lines of the verifier that a timelock asks (`checkVerifierOnChain`); one, where nobody could look. */
export async function verifierLines(
  lines: Lines,
  timelock: { readonly provider: Provider; readonly address: string; readonly manifest: Manifest },
  waitsFor: readonly string[],
): Promise<void> {
  const { provider, address, manifest } = timelock;
  let checks: readonly Check[] = [];
  await lines.add("verifier", waitsFor, async () => {
    checks = await checkVerifierOnChain(provider, address, manifest);
    return undefined;
  });
  for (const { name, outcome, detail } of checks) {
    const remedy = verifierRemedy(name);
    const seen = {
      holds: detail,
      fails: { fails: detail, remedy },
      "not checked": { unknown: detail, remedy },
    };
    await lines.add(name, [], () => seen[outcome]);
  }
}

function verifierRemedy(name: string): string {
  if (name.startsWith("forged proof"))
    return "have a guardian halt the lane now, and governance set a verifier of the keys of a ceremony";
  if (name === "class of the keys")
    return "take the keys of a ceremony, and prove their class by its powers of tau";
  return "name the release and the keys that it was made of, or have governance set the verifier of these keys";
}

/** Makes the lines of a timelock as a whole: delay of its slow path, halt, and what is due to be disclosed. */
export async function timelockLines(
  lines: Lines,
  timelock: TimelockClient,
  expected: { readonly minDelay: number; readonly head: Head | undefined },
  waitsFor: readonly string[],
): Promise<void> {
  const { minDelay, head } = expected;
  await lines.add("delay of the slow path", waitsFor, async () => {
    const found = await timelock.minDelay();
    if (found === BigInt(minDelay)) return `${found} s, ${duration(minDelay)}`;
    return {
      fails: `${found} s, and the configuration has ${minDelay}`,
      remedy: `correct timelock.min_delay, or have governance change the delay ${BY_GOVERNANCE}`,
    };
  });
  await lines.add("halt", waitsFor, async () =>
    (await timelock.halted())
      ? { fails: "a guardian halted the lane", remedy: REOPENED.halted }
      : "not halted",
  );
  await lines.add("disclosures", waitsFor, async () => {
    const due = await timelock.nextDisclosureDueAt();
    if (due === 0n) return "none is due";
    const left = Number(due) - head!.timestamp;
    const at = new Date(Number(due) * 1000).toISOString().replace(".000Z", "Z");
    if (left >= 0) return `the next is due at ${at}, in ${duration(left)}`;
    return {
      fails: `one was due at ${at}, ${duration(-left)} ago: the lane is frozen`,
      remedy: REOPENED.frozen,
    };
  });
}

/** Makes the lines of a proxy: its lane, the baseline against what it runs, the policy on chain against the file's parts. */
export async function proxyLines(
  lines: Lines,
  timelock: TimelockClient,
  { project, name }: { readonly project: Project; readonly name: string },
  waitsFor: readonly string[],
): Promise<void> {
  const { address } = proxyNamed(project.configuration, name);
  await lines.add(`lane of ${name}`, waitsFor, async () => {
    const status = await timelock.laneStatus(address);
    return status === "open" ? "open" : { fails: `closed: ${status}`, remedy: REOPENED[status] };
  });
  await lines.add(`baseline of ${name}`, waitsFor, () => baselineSeen(timelock, address));
  await lines.add(`policy of ${name}`, waitsFor, () => policySeen(timelock, project, name));
}

/** What a proxy runs by its own slot, or its beacon's word, against what governance registered. */
async function baselineSeen(timelock: TimelockClient, proxy: string): Promise<Seen> {
  const [policy, { implementation }] = await Promise.all([timelock.policy(proxy), timelock.baseline(proxy)]);
  if (policy === undefined)
    return { fails: "there is no policy, and so no baseline", remedy: REOPENED["no-policy"] };
  if (implementation === ZeroAddress) return { fails: "there is none", remedy: REOPENED["no-baseline"] };
  const running = await runningCode(timelock.provider, { proxy, kind: policy.kind });
  if (running.address !== implementation)
    return {
      fails: `the proxy runs ${running.address}, and ${implementation} is registered`,
      remedy: REOPENED["baseline-code-changed"],
    };
  // The proxy's admin, and the digest of the code.
  await timelock.target(proxy, 0n);
  return `the proxy runs ${implementation}, as registered`;
}

async function policySeen(timelock: TimelockClient, project: Project, name: string): Promise<Seen> {
  const built = await buildPolicy(project, name).catch((error: unknown) => {
    if (!(error instanceof SealpatchError)) throw error;
    return error;
  });
  if (built instanceof SealpatchError)
    return {
      unknown: `the configuration makes no policy: ${built.message}`,
      remedy: built.remedy ?? "build the policy file",
      code: built.code,
    };
  const checks = await checkPolicyOnChain(project, name, built, timelock.provider);
  const differing = checks.filter(({ outcome }) => outcome !== "holds");
  if (differing.length === 0) return `${checks.length} values, as the configuration makes them`;
  return {
    fails: `it differs from what the configuration makes: ${differing.map((check) => check.name).join(", ")}`,
    remedy: `have governance set the policy ${BY_GOVERNANCE}, or correct the configuration`,
  };
}
