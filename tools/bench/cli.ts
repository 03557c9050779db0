import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CORPUS } from "../../corpus/index.js";
import * as council from "../../scripts/index.js";
import { audit as auditing, schedule as scheduling } from "../../scripts/index.js";
import { DrillChain, drill } from "../../src/drill/index.js";
import {
  type ProvenPatch,
  parseDisclosure,
  policyToJson,
  type SealedReviewInputs,
  targetToJson,
} from "../../src/index.js";
import { writeKeystore } from "../../src/keystore/index.js";
import { ROOT } from "../../src/places.js";
import { measurePairs, type Pair } from "./pairs.js";
import { measureSending, type Timed } from "./sending.js";
import type { Start } from "./start.js";

const RUNS = 6;
const COMMAND = join(ROOT, "dist/cli/main.js");
const PASSPHRASE = "correct horse battery staple";

/** What a command may take, by the time of the same calls of the SDK in a process of their own. */
const GOAL = { against: "the SDK's calls", goal: 1.1 } as const;

/** `attest`, `verify`, `schedule` and `safe check`, each a process, over the incident of the drill's first case. Takes `dist`. */
export async function measureCommands(): Promise<{ starts: Start[]; timed: Timed[] }> {
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-bench-"));
  const chain = await DrillChain.start();
  let auditor: { readonly inputs: SealedReviewInputs; readonly key: Uint8Array } | undefined;
  let attest: Pair | undefined;
  let timed: Timed[] = [];
  let failure: unknown;
  try {
    const audit: typeof auditing = (inputs, key, tell) => {
      auditor ??= { inputs, key: key.slice() };
      return auditing(inputs, key, tell);
    };
    // An auditor attests before anything is scheduled.
    const schedule: typeof scheduling = async (step) => {
      try {
        await writeProject(folder, { ...auditor!, proven: step.proven, rpc: chain.anvil.url });
        attest = attestPair(folder);
        timed = await measureSending(folder, chain, step.proven);
      } catch (error) {
        // The drill would show it as a failure of its own.
        failure = error;
      }
      return scheduling(step);
    };
    const report = await drill({
      chain,
      corpusCase: CORPUS[0]!,
      variant: "transparent",
      council: { ...council, audit, schedule: once(schedule, scheduling) },
      keep: async ({ text }) => {
        await writeFile(join(folder, "disclosure.json"), text);
        return [];
      },
      listener: { begin: () => {}, end: () => {} },
    });
    if (attest === undefined) throw failure;
    if (!report.ok) throw new Error(`the drill ended early: ${report.steps.at(-1)?.detail}`);
    const starts = [
      { what: "sealpatch attest", ...GOAL, ...attest },
      { what: "sealpatch verify", ...GOAL, ...verifyPair(folder, chain.anvil.url) },
    ];
    return { starts, timed };
  } finally {
    await chain.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first call goes to one function, the later ones to the other. */
function once<T extends unknown[], R>(
  first: (...values: T) => R,
  later: (...values: T) => R,
): (...values: T) => R {
  let isFirst = true;
  return (...values) => {
    const call = isFirst ? first : later;
    isFirst = false;
    return call(...values);
  };
}

/** A process that calls the SDK as it was built. */
const calling = (script: string) => () => [
  "--input-type=module",
  "-e",
  `import { readFile, writeFile } from "node:fs/promises";
  import { JsonRpcProvider } from "ethers";
  import * as sdk from "sealpatch";
  ${script}
  process.exit(0);`,
];

function attestPair(folder: string): Pair {
  const at = (name: string) => join(folder, name);
  const command = (run: number) => [
    ...[
      COMMAND,
      "attest",
      at("patch.age"),
      "--config",
      at("sealpatch.toml"),
      "--keystore",
      at("auditor.age"),
    ],
    ...["--passphrase-file", at("pass.txt"), "--yes", "--json", "--out", at(`attestation-${run}.json`)],
  ];
  const same = calling(`
    const text = (name) => readFile(${JSON.stringify(folder)} + "/" + name, "utf8");
    const project = await sdk.readProject(${JSON.stringify(at("sealpatch.toml"))});
    const target = sdk.parseTarget(await text("patch.target.json"));
    const keystore = await sdk.readKeystore(${JSON.stringify(at("auditor.age"))}, ${JSON.stringify(PASSPHRASE)});
    const bundle = await sdk.decryptBundle(await readFile(${JSON.stringify(at("patch.age"))}), keystore.identity);
    const lane = await sdk.openLane(project, "vault");
    const review = await sdk.reviewForTarget(lane, bundle, target, { compilers: [] });
    const attestation = sdk.attest(keystore.signingKey, review.statement);
    await writeFile(${JSON.stringify(at("attestation.json"))}, JSON.stringify(sdk.attestationToJson(attestation)));`);
  return measurePairs(command, same, RUNS);
}

function verifyPair(folder: string, rpc: string): Pair {
  const file = join(folder, "disclosure.json");
  const same = calling(`
    const text = await readFile(${JSON.stringify(file)}, "utf8");
    const { disclosure } = await sdk.readVerifiable(text);
    const provider = new JsonRpcProvider(${JSON.stringify(rpc)}, 1, { staticNetwork: true });
    const timelock = await sdk.TimelockClient.at(disclosure.targets[0].timelock, provider);
    const commitment = await sdk.disclosedCommitment(timelock, disclosure);
    const facts = await sdk.readDisclosureFacts(timelock, { commitment });
    const checks = await sdk.verifyDisclosure(text, facts);
    if (checks.some(({ outcome }) => outcome !== "holds")) throw new Error("it does not hold");`);
  const { timelock } = parseDisclosure(readFileSync(file, "utf8")).targets[0]!;
  return measurePairs(() => [COMMAND, "verify", file, "--rpc", rpc, "--timelock", timelock], same, RUNS);
}

/** The files of an auditor, and of a project of one proxy. */
async function writeProject(
  folder: string,
  {
    inputs,
    key,
    proven,
    rpc,
  }: {
    readonly inputs: SealedReviewInputs;
    readonly key: Uint8Array;
    readonly proven: ProvenPatch;
    readonly rpc: string;
  },
): Promise<void> {
  const put = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  const [target] = proven.review.targets.targets;
  const { identity, sealed } = inputs;
  const keystore = { role: "auditor", label: "auditor", identity, signingKey: key } as const;
  await writeKeystore(join(folder, "auditor.age"), keystore, PASSPHRASE, { workFactor: 10 });
  await put("pass.txt", `${PASSPHRASE}\n`);
  await put("patch.age", sealed);
  await put("patch.target.json", JSON.stringify(targetToJson(target!)));
  await put("policy.json", JSON.stringify(policyToJson(proven.review.policy)));
  await put("sealpatch.toml", configuration(target!, proven.review.policy.migrationCaller, rpc));
}

function configuration(
  { timelock, proxy }: { readonly timelock: string; readonly proxy: string },
  admin: string,
  rpc: string,
): string {
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
auditors = ["auditor.json"]
threshold = 1
vectors = "baseline.json"
max_waivers = 0
[lane]
delay = "4h"
grace = "2d"
disclosure_deadline = "14d"
[proxies.vault]
chain = "local"
address = "${proxy}"
kind = "transparent-v5"
admin = "${admin}"
contract = "Vault.sol:Vault"
policy = "policy.json"
`;
}
