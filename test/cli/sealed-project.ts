import { join } from "node:path";
import { concat, getBytes } from "ethers";
import { corpusCase } from "../../corpus/CVE-2021-39168/case.js";
import { recipientOf } from "../../src/age.js";
import { auditorRegistrationToJson, derivePublicKey } from "../../src/audit/index.js";
import { deployCode } from "../../src/code/index.js";
import { DrillChain } from "../../src/drill/chain.js";
import type { CorpusCase } from "../../src/drill/index.js";
import {
  deployCase,
  deployScene,
  type LiveCase,
  record,
  register,
  type Scene,
} from "../../src/drill/scene.js";
import {
  type AuditorKeystore,
  auditorRegistration,
  councilMember,
  councilMemberToJson,
  newAuditorKeystore,
  newCouncilKeystore,
  writeKeystore,
} from "../../src/keystore/index.js";
import { compileContract, policyToJson } from "../../src/patch/index.js";
import type { Compilation } from "../../src/solc/index.js";
import { type VectorSet, writeVectorSet } from "../../src/vectors/index.js";
import { put } from "../project/projects.js";

// The incident of the drill in the folder of a project, with a chain on which its policy is registered.

const PASSPHRASE = "correct horse battery staple";
export const CONTRACT = "CouncilTimelock.sol:CouncilTimelock";
const CHEAP = { workFactor: 10 };
const LABELS = ["first", "second", "third"].map((name) => `${name} auditor`);

/** Few vectors: that all of them are run, others test. */
const small: CorpusCase = {
  ...(corpusCase as CorpusCase),
  baseline: (context) => (corpusCase as CorpusCase).baseline(context).slice(0, 3),
};

/** A project with two proxies of the same vulnerable implementation, and everybody's files. */
export interface SealedProject {
  readonly chain: DrillChain;
  readonly scene: Scene;
  /** The second proxy. */
  readonly other: LiveCase;
  readonly auditors: readonly AuditorKeystore[];
  readonly incidents: VectorSet;
  /** Texts of files that a test has changed, by their names: `put` writes them back. */
  readonly restore: Map<string, string>;
  /** Path of a file of the project. */
  at(name: string): string;
  stop(): Promise<void>;
}

/** Deploys, registers, and writes the project into a folder. */
export async function sealedProject(folder: string): Promise<SealedProject> {
  const at = (name: string) => join(folder, name);
  const chain = await DrillChain.start();
  const auditors = await Promise.all(LABELS.map(newAuditorKeystore));
  const known = await Promise.all(
    auditors.map(async ({ signingKey, identity }) => ({
      key: { privateKey: signingKey, publicKey: derivePublicKey(signingKey) },
      identity,
      recipient: await recipientOf(identity),
    })),
  );
  const scene = await deployScene(chain, small, "transparent", known);
  const { vulnerable, fixed } = await corpusCase.compile();
  const artifact = await compileContract(vulnerable.input, CONTRACT);
  const other = await deployCase(chain, scene.timelock.address, small, "transparent", artifact);
  const patch = await compileContract(fixed.input, CONTRACT);
  const initCode = getBytes(concat([patch.creationCode]));
  const address = `0x${"f1".repeat(20)}` as const;
  const code = { address, code: await deployCode({ initCode, address }) };

  put(folder, {
    "foundry.toml": "[profile.default]\n",
    "pass.txt": `${PASSPHRASE}\n`,
    "out/build-info/live.json": buildInfo(vulnerable),
    "out/build-info/fixed.json": buildInfo(fixed),
    ...Object.fromEntries(Object.entries(fixed.input.sources).map(([name, { content }]) => [name, content])),
  });
  const recorded: VectorSet[] = [];
  for (const [name, live] of Object.entries({ vault: scene, second: { ...scene, ...other } })) {
    const baseline = await record(live, "baseline", [live.current]);
    await writeVectorSet(at("baseline.json"), baseline);
    const { policy } = await register(live, baseline);
    put(folder, { [`policies/${name}.json`]: policyToJson(policy) });
    const incidents = await record(live, "incidents", [code, live.current]);
    await writeVectorSet(at(`${name}-incidents.json`), incidents);
    recorded.push(incidents);
  }
  for (const [index, keystore] of auditors.entries()) {
    await writeKeystore(at(`auditor-${index}.age`), keystore, PASSPHRASE, CHEAP);
    put(folder, {
      [`auditor-${index}.json`]: auditorRegistrationToJson(await auditorRegistration(keystore)),
    });
  }
  const strangers = {
    stranger: await newAuditorKeystore("a stranger"),
    member: await newCouncilKeystore("member"),
  };
  for (const [name, keystore] of Object.entries(strangers)) {
    await writeKeystore(at(`${name}.age`), keystore, PASSPHRASE, CHEAP);
  }
  put(folder, {
    "member.json": councilMemberToJson(await councilMember(strangers.member)),
    "stranger.json": auditorRegistrationToJson(await auditorRegistration(strangers.stranger)),
  });
  const proxies = { vault: scene, second: other };
  put(folder, { "sealpatch.toml": configuration(chain.anvil.url, scene.timelock.address, proxies) });
  return {
    chain,
    scene,
    other,
    auditors,
    incidents: recorded[0]!,
    restore: new Map(),
    at,
    stop: () => chain.stop(),
  };
}

/** As Foundry and Hardhat 2 write it, for what is read of it. */
function buildInfo({ input, contracts }: Compilation): object {
  return {
    solcVersion: "0.8.30",
    solcLongVersion: "0.8.30+commit.73712a01.Emscripten.clang",
    input: { ...input, allowPaths: [], basePath: "/somewhere" },
    output: { contracts },
  };
}

function configuration(
  rpc: string,
  timelock: string,
  proxies: Readonly<Record<string, Pick<LiveCase, "proxy">>>,
): string {
  const sections = Object.entries(proxies).map(
    ([name, { proxy }]) => `[proxies.${name}]
chain = "local"
address = "${proxy}"
kind = "transparent-v5"
admin = "${`0x${"11".repeat(20)}`}"
contract = "${CONTRACT}"
policy = "policies/${name}.json"
`,
  );
  return `[project]
tool = "foundry"
artifacts = "out"
[chains.local]
id = 31337
rpc = "${rpc}"
timelock = "${timelock}"
[timelock]
min_delay = "7d"
delay = ["1h", "2d"]
grace = ["1h", "7d"]
disclosure_deadline = ["1d", "30d"]
max_validity = "30d"
[policy]
auditors = ["auditor-0.json", "auditor-1.json", "auditor-2.json"]
threshold = 3
vectors = "baseline.json"
max_waivers = 0
[lane]
delay = "4h"
grace = "2d"
disclosure_deadline = "14d"
[keystores]
auditor = "auditor-1.age"
${sections.join("")}`;
}
