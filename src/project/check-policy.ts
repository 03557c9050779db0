import { getBytes, type Provider } from "ethers";
import { asked, nodeChainId, type SafetyCheck, TimelockClient } from "../chain/index.js";
import { type Artifact, readDeployed } from "../code/index.js";
import type { Check } from "../patch/index.js";
import { vectorRoot } from "../vectors/index.js";
import { chainOf, proxyNamed, timelockOf } from "./lookup.js";
import { type BuiltPolicy, readPolicy } from "./policy.js";
import type { Project } from "./read.js";

/** What two policies have in common or not: a value by its name, written so that equal ones are equal texts. */
type Values = Readonly<Record<string, string>>;

/**
 * Compares a proxy's policy file with what the configuration makes of its parts: each root is recomputed from its members.
 * @param built by `buildPolicy` of the same project and name.
 * @throws SealpatchError as `readPolicy`.
 */
export async function checkPolicyFile(
  project: Project,
  name: string,
  { policy }: BuiltPolicy,
): Promise<Check[]> {
  const file = await readPolicy(project, name);
  return compare(policyValues(file), policyValues(policy), {
    first: "the file",
    second: "the configuration",
  });
}

function policyValues({ auditors, baseline, ...policy }: BuiltPolicy["policy"]): Values {
  return {
    auditors: hex(auditors.root),
    threshold: String(policy.threshold),
    "baseline vectors": hex(vectorRoot(baseline)),
    "vectors that may be waived": String(policy.maxWaivers),
    "storage layout": hex(policy.layoutRoot),
    "caller of migrations": policy.migrationCaller,
  };
}

/**
 * Compares what governance registered for a proxy with what the configuration makes of its parts, value by value.
 * @param provider of a node of the proxy's chain.
 * @throws SealpatchError as `TimelockClient` does where the node does not answer; `config/no-timelock`.
 */
export async function checkPolicyOnChain(
  project: Project,
  name: string,
  { artifact, policy, lane }: BuiltPolicy,
  provider: Provider,
): Promise<Check[]> {
  const { configuration } = project;
  const { address } = proxyNamed(configuration, name);
  const { id } = chainOf(configuration, name);
  const chainId = await nodeChainId(provider);
  const sides = { first: "the timelock", second: "the configuration" };
  const [chain] = compare({ chain: String(chainId) }, { chain: String(id) }, { ...sides, first: "the node" });
  if (chain!.outcome === "fails") return [chain!];
  const timelock = await TimelockClient.at(timelockOf(configuration, name), provider);
  const [registered, baseline] = await Promise.all([timelock.policy(address), timelock.baseline(address)]);
  if (registered === undefined) {
    const detail = `the timelock has no policy of ${address}`;
    return [chain!, { name: "policy", outcome: "fails", detail }];
  }
  return [
    chain!,
    ...compare(laneValues(registered, baseline.layoutRoot), laneValues(lane, policy.layoutRoot), sides),
    await checkLiveCode(artifact, baseline.implementation, provider),
  ];
}

/** The layout is that of the source, so the source must be that of the code. */
async function checkLiveCode(artifact: Artifact, implementation: string, provider: Provider): Promise<Check> {
  const code = await asked("reading code", () => provider.getCode(implementation));
  const holds = code !== "0x" && readDeployed(artifact, getBytes(code), implementation) !== undefined;
  const detail = holds
    ? `${artifact.contractName} at ${implementation}`
    : `the code at ${implementation} is not compiled from ${artifact.sourceName}:${artifact.contractName}, byte for byte`;
  return { name: "code of the implementation", outcome: holds ? "holds" : "fails", detail };
}

function laneValues(lane: BuiltPolicy["lane"], layout: bigint): Values {
  return {
    auditors: hex(lane.auditorRoot),
    threshold: String(lane.threshold),
    "baseline vectors": hex(lane.vectorRoot),
    "vectors that may be waived": String(lane.maxWaivers),
    "storage layout": hex(layout),
    "kind of proxy": lane.kind,
    "admin of the proxy": lane.admin,
    delay: `${lane.delay} s`,
    grace: `${lane.grace} s`,
    "deadline of disclosure": `${lane.disclosureDeadline} s`,
    "safety checks": lane.checks.map(checkValue).join("; ") || "none",
  };
}

/** A safety check on a line; hex and addresses are alike in capitals and without. */
function checkValue({ target, data, measure, comparison, expected }: SafetyCheck): string {
  const words = [measure, "of", target, data, comparison, ...(expected === undefined ? [] : [expected])];
  return words.join(" ").toLowerCase();
}

function compare(first: Values, second: Values, names: { first: string; second: string }): Check[] {
  return Object.entries(first).map(([name, value]) => {
    const other = second[name]!;
    const holds = value === other;
    const detail = holds ? value : `${names.first} has ${value}, ${names.second} makes ${other}`;
    return { name, outcome: holds ? "holds" : "fails", detail };
  });
}

const hex = (value: bigint): string => `0x${value.toString(16).padStart(64, "0")}`;
