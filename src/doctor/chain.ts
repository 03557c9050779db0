import { ZeroAddress } from "ethers";
import { asked, TimelockClient } from "../chain/index.js";
import { type Manifest, readManifest } from "../manifest.js";
import { chainNamed, nodeUrl, type Project } from "../project/index.js";
import { type Finding, Lines, type Seen } from "./finding.js";
import { gasLines, relayLine } from "./gas.js";
import { proxyLines, timelockLines, verifierLines } from "./lanes.js";
import { HEAD, historyLines, LOGS, type NodeOptions, nodeLines, type ReachedNode } from "./node.js";
import { roleLines } from "./roles.js";

/** Name of the line of the timelock's place. */
const TIMELOCK = "timelock";

/** What may be looked at beyond a chain's configuration. */
export interface ChainOptions extends NodeOptions {
  /** The keys that the verifier must be made of; those of the package unless given. */
  readonly manifest?: Manifest;
  /** URL of a private relay. */
  readonly relay?: string;
  /** Address of an account that pays for an incident. */
  readonly account?: string;
}

/**
 * Looks at a chain of a project: its node, the relay, gas, the timelock with its verifier and roles, and the lane, baseline and policy of each
 * proxy. Nothing is sent, and nothing that a node says of itself in words is passed on.
 * @param chain its name in the configuration.
 * @returns one line a check; what could not be looked at because of another line says of which.
 * @throws SealpatchError `config/no-such-chain`, `proof/not-built`.
 * @example
 * ```ts
 * import { checkChain } from "sealpatch/doctor";
 * import { readProject } from "sealpatch/project";
 * const findings = await checkChain(await readProject("sealpatch.toml"), "mainnet");
 * console.log(findings.filter(({ outcome }) => outcome !== "holds"));
 * ```
 */
export async function checkChain(
  project: Project,
  chain: string,
  options: ChainOptions = {},
): Promise<Finding[]> {
  const lines = new Lines();
  const { configuration } = project;
  const entry = configuration.chains[chainNamed(configuration, chain)]!;
  const { timelock: place, block } = entry;
  const wanted = { id: BigInt(entry.id), url: () => nodeUrl(entry), timelock: place, block };
  const node = await nodeLines(lines, wanted, options);
  try {
    if (options.relay !== undefined) await relayLine(lines, options.relay, wanted.id);
    await gasLines(lines, node, options.account);
    await lines.add(TIMELOCK, [HEAD], () => timelockSeen(node, place));
    await historyLines(lines, wanted, node, [TIMELOCK]);
    // Where it has no place, its line does not hold, and nobody asks it.
    const timelock = await TimelockClient.at(place ?? ZeroAddress, node.provider);
    const manifest = options.manifest ?? (await readManifest());
    await verifierLines(lines, { provider: node.provider, address: timelock.address, manifest }, [TIMELOCK]);
    const range = [block ?? 0, node.head?.number ?? 0] as const;
    await roleLines(lines, timelock, { logs: node.logs, range, roles: entry.roles }, [TIMELOCK, LOGS]);
    const { min_delay: minDelay } = configuration.timelock;
    await timelockLines(lines, timelock, { minDelay, head: node.head }, [TIMELOCK]);
    for (const [name, proxy] of Object.entries(configuration.proxies))
      if (proxy.chain === chain) await proxyLines(lines, timelock, { project, name }, [TIMELOCK]);
    return lines.findings;
  } finally {
    node.provider.destroy();
  }
}

async function timelockSeen({ provider }: ReachedNode, address: string | undefined): Promise<Seen> {
  if (address === undefined)
    return {
      fails: "neither the configuration nor the record of deployments names one",
      remedy: "deploy it, or add its address to the chain in the configuration, as `timelock`",
    };
  const code = await asked("reading code", () => provider.getCode(address));
  if (code !== "0x") return address;
  return { fails: `there is no code at ${address}`, remedy: "correct its address, or that of the node" };
}
