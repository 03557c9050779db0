import { PROXY_KINDS, type ProxyKind } from "../../chain/index.js";
import type { ProjectFacts } from "../../project/index.js";

/** What a new configuration is made of. */
interface TemplateParts {
  /** The protocol's name, 1 to 64 characters on one line; left to fill in unless given. */
  readonly protocol?: string | undefined;
  readonly facts: Pick<ProjectFacts, "tool" | "artifacts" | "sources">;
  readonly chainId: number;
  readonly kind: ProxyKind;
  /** Implementations that are behind proxies, `src/Vault.sol:Vault`; one section each. */
  readonly contracts: readonly string[];
}

/**
 * The text of a new configuration: with a comment on each key, and empty where an address has to be filled in.
 * @returns TOML.
 */
export function configurationText({ protocol, facts, chainId, kind, contracts }: TemplateParts): string {
  const chain = chainId === 1 ? "mainnet" : `chain-${chainId}`;
  const names = sectionNames(contracts);
  return [
    header(protocol, facts),
    chainSection(chain, chainId),
    RULES,
    ...contracts.map((contract, index) => proxySection({ name: names[index]!, contract, chain, kind })),
    FOOTER,
  ].join("\n");
}

/** Names of the proxies' sections: those of their contracts, with a number where one stands twice. */
function sectionNames(contracts: readonly string[]): string[] {
  const plain = contracts.map((contract) =>
    contract
      .slice(contract.lastIndexOf(":") + 1)
      .replaceAll("$", "_")
      .slice(0, 36),
  );
  return plain.map((name, index) => {
    const before = plain.slice(0, index).filter((other) => other === name).length;
    return before === 0 ? name : `${name}-${before + 1}`;
  });
}

const header = (
  protocol: string | undefined,
  { tool, artifacts }: TemplateParts["facts"],
) => `# Configuration of sealpatch. It is data, never code, and holds no secret: others read it, and run sealpatch in this folder.
# Paths are relative to this file. Durations are a whole number and a unit: "90s", "30m", "4h", "14d".

[project]
# The protocol's name, as the community's page shows it (sealpatch portal build).
${protocol === undefined ? '# name = "Protocol"' : `name = ${JSON.stringify(protocol)}`}
# What compiles the contracts, and where it puts its artifacts; its build-info is found there, too.
tool = "${tool}"
artifacts = ${JSON.stringify(artifacts)}
`;

const chainSection = (name: string, id: number) => `# A section for each chain.
[chains.${name}]
id = ${id}
# The node: a URL without a key in it, or env:NAME for the environment variable that holds the URL.
rpc = "env:RPC_URL"
# The timelock, and the block in which it was deployed: sealpatch deploy writes them to deployments.json, where they are found.
# timelock = "0x.."
# block = 0

# Who holds the roles of the timelock from the start: accounts or Safes.
[chains.${name}.roles]
# Proposers schedule operations of the slow path; executors execute them, and patches.
proposers = []
executors = []
# The security council schedules sealed patches; guardians veto them and halt the lane.
council = []
guardians = []
`;

const RULES = `# The timelock: how long its slow path waits at least, and between which bounds the terms of a lane must lie.
[timelock]
min_delay = "7d"
delay = ["1h", "7d"]
grace = ["1h", "14d"]
disclosure_deadline = ["1d", "30d"]
max_validity = "30d"

# What every patch must meet.
[policy]
# Public files of the auditors (sealpatch auditor show), in the order of registration, and how many must attest.
auditors = ["auditors/first.json", "auditors/second.json", "auditors/third.json"]
threshold = 2
# Baseline vectors (sealpatch vectors record), and how many of them a patch may fail.
vectors = "vectors/baseline.json"
max_waivers = 0

# Terms of the fast lane of each proxy; a section [proxies.NAME.lane] changes them for one.
[lane]
# Between schedule and execution, in which a guardian can veto.
delay = "4h"
# For how long a patch may be executed after that.
grace = "2d"
# Within which an executed patch must be disclosed.
disclosure_deadline = "14d"
`;

const proxySection = (proxy: {
  name: string;
  contract: string;
  chain: string;
  kind: ProxyKind;
}) => `# A section for each proxy.
[proxies.${proxy.name}]
chain = "${proxy.chain}"
address = ""
# One of ${PROXY_KINDS.join(", ")}.
kind = "${proxy.kind}"
# The ProxyAdmin of the transparent kinds, and theirs alone.
${proxy.kind.startsWith("transparent") ? 'admin = ""' : '# admin = "0x.."'}
# The implementation that is live.
contract = ${JSON.stringify(proxy.contract)}
# Where sealpatch policy build writes the proxy's policy.
policy = "policies/${proxy.name}.json"

# What the timelock measures before and after the upgrade.
# [[proxies.${proxy.name}.checks]]
# target = "0x.."
# data = "0x8da5cb5b"
# measure = "first-word"
# comparison = "equal-to-before"
`;

const FOOTER = `# Your own keystores (sealpatch auditor new, sealpatch council new), and that of the account that you send from, where this
# folder is yours alone.
# [keystores]
# council = "../council.age"
# account = "../account.json"
`;
