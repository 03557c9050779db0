import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Contract } from "ethers";
import { expect } from "vitest";
import { encode, PROPOSER_ROLE } from "../../corpus/CVE-2021-39168/timelock.js";
import { TimelockClient } from "../../src/chain/index.js";
import { parseDeployments } from "../../src/project/index.js";
import type { Person } from "./people.js";
import { fill, run, type Stage } from "./roles-stage.js";
import { buildOn, exploit } from "./timelock-project.js";

// What people do in the drill's incident by the command, each step of it once for all tests. A step expects of every command its exit code,
// and gives what was printed.

const WEEK = 7n * 86_400n;

const PASS = ["--passphrase-file", "../pass.txt"];
const opened = (file: string): string[] => ["--keystore", `../${file}`, ...PASS];
/** Who sends, where a command asks nobody. */
export const SENDING = ["--account", "../account.json", "--account-passphrase-file", "../pass.txt", "--yes"];
/** What `init` is told. */
export const initWords = ({ project }: Stage): string[] => [
  ...["init", "--contract", project.contract, "--kind", "transparent-v5", "--chain-id", "31337"],
];

/** The engineer fills in the addresses of the configuration, and nothing else. */
export function fillAddresses({ accounts, governance, live, people, safes }: Stage): void {
  fill(people.engineer, "project/sealpatch.toml", {
    'address = ""': `address = "${live.proxy}"`,
    'admin = ""': `admin = "${live.admin}"`,
    "proposers = []": `proposers = ["${governance.address}"]`,
    "executors = []": `executors = ["${governance.address}", "${accounts.executor.address}"]`,
    "council = []": `council = ["${safes?.council.address ?? accounts.member.address}"]`,
    "guardians = []": `guardians = ["${safes?.guardian.address ?? accounts.guardian.address}"]`,
  });
}

/** Auditors and council make their keys, and hand over the public files. */
export async function makeKeys({ people }: Stage): Promise<void> {
  const { engineer, first, second, third, member, executor } = people;
  for (const auditor of [first, second, third]) {
    const label = `${auditor.name} auditor`;
    const words = ["--out", "../auditor.age", "--label", label, ...PASS];
    expect(await run(auditor, 0, "auditor", "new", ...words)).toContain(`keystore of ${label}`);
    await run(auditor, 0, "auditor", "show", "../auditor.age", ...PASS, "--out", "../public.json");
    auditor.give("public.json", engineer, `project/auditors/${auditor.name}.json`);
  }
  for (const who of [member, executor]) {
    await run(who, 0, "council", "new", "--out", "../council.age", "--label", who.name, ...PASS);
    const told = await run(who, 0, "council", "show", "../council.age", ...PASS, "--out", "../public.json");
    expect(told).toContain(`what others need of ${who.name}`);
  }
  member.give("public.json", engineer, "member.json");
  executor.give("public.json", member, "executor.json");
}

/** The engineer records what the protocol does: three vectors. */
export async function recordBaseline({ people, live }: Stage): Promise<string> {
  const { engineer } = people;
  const { proxy, context } = live;
  const { outsider } = context.actors;
  mkdirSync(engineer.at("project/vectors"));
  const record = (name: string, data: string, expected: string) => {
    const call = ["--from", outsider, "--to", proxy, "--data", data, "--expect", expected];
    const words = [...call, "--name", name, "--out", "vectors/baseline.json"];
    return run(engineer, 0, "vectors", "record", "call", ...words);
  };
  await record("the delay is two days", encode("getMinDelay", []), "success");
  await record("nobody becomes proposer", encode("grantRole", [PROPOSER_ROLE, outsider]), "revert");
  return record("an unknown function is refused", "0x12345678", "revert");
}

/** The engineer deploys the timelock, and governance makes it the proxy's owner. */
export async function deployTimelock(stage: Stage): Promise<{ told: string; timelock: TimelockClient }> {
  const { chain, governance, live, people } = stage;
  const told = await run(people.engineer, 0, "deploy", ...SENDING);
  const record = parseDeployments(people.engineer.read("project/deployments.json"))["chain-31337"]!;
  const timelock = await TimelockClient.at(record.timelock, chain.provider);
  const proxyAdmin = new Contract(live.admin, ["function transferOwnership(address)"], governance);
  await (await proxyAdmin.getFunction("transferOwnership").send(record.timelock)).wait();
  return { told, timelock };
}

/** Governance sets policy and baseline by the slow path; then everybody has the public files. */
export async function setPolicy({ chain, governance, people }: Stage): Promise<void> {
  const { engineer } = people;
  const operations = [];
  for (const words of [
    ["policy", "operation"],
    ["operation", "set-baseline", "CouncilTimelock"],
  ])
    operations.push(JSON.parse(await run(engineer, 0, ...words, "--json")));
  const send = async ({ target, data }: { target: string; data: string }) => {
    const { status } = (await (await governance.sendTransaction({ to: target, data })).wait())!;
    expect(status).toBe(1);
  };
  for (const { schedule } of operations) await send(schedule);
  await chain.travelTo((await chain.now()) + WEEK);
  for (const { execute } of operations) await send(execute);
  for (const who of Object.values(people))
    if (who !== engineer && who !== people.anybody) givePublicFiles(engineer, who);
}

/** What everybody has of the project, as of a repository. */
function givePublicFiles(engineer: Person, to: Person): void {
  for (const name of ["sealpatch.toml", "deployments.json", "policies", "auditors", "vectors"])
    engineer.give(`project/${name}`, to);
}

/** The engineer shows the exploit on a copy of the chain, against the fix, which lies in a copy of the project that nobody else sees. */
export async function recordExploit({ chain, live, people, project }: Stage): Promise<string> {
  const { engineer } = people;
  cpSync(engineer.at("project"), engineer.at("private"), { recursive: true });
  rmSync(engineer.at("private/.sealpatch"), { recursive: true });
  buildOn(project, engineer.at("private"), "4.3.1");
  return chain.onSnapshot(async () => {
    const { succeeded, attack } = await exploit(chain, live);
    expect(succeeded).toBe(true);
    const code = join("../private", project.output, project.artifact);
    const kind = ["--kind", "incident", "--expect", "revert", "--code", code];
    const words = [attack, ...kind, "--in-clear", "--out", "../private/incidents.json"];
    return run(engineer, 0, "vectors", "record", "tx", ...words);
  });
}

/** The command line with which the engineer seals the fix. */
export function sealWords({ project }: Stage): string[] {
  const current = join("../project", project.output, project.artifact);
  return [
    ...["seal", "--proxy", "CouncilTimelock", "--contract", project.contract, "--current", current],
    ...["--incidents", "../private/incidents.json", "--to", "../member.json"],
    ...["--config", "../private/sealpatch.toml", "--out", "../patch.age"],
  ];
}

/** The engineer seals the fix, and hands it over. */
export async function sealFix(stage: Stage): Promise<{ told: string; commitment: string }> {
  const { engineer, first, second, member } = stage.people;
  const told = await run(engineer, 0, ...sealWords(stage));
  for (const who of [first, second, member])
    for (const file of ["patch.age", "patch.target.json"]) engineer.give(file, who);
  return { told, commitment: /commitment +(0x[0-9a-f]{64})/.exec(told)![1]! };
}

/** An auditor attests, and hands it to the member of the council. */
export async function attestFix({ people }: Stage, auditor: Person): Promise<string> {
  const out = `${auditor.name}.json`;
  const words = ["../patch.age", ...opened("auditor.age"), "--yes", "--out", `../${out}`];
  const told = await run(auditor, 0, "attest", ...words);
  auditor.give(out, people.member);
  return told;
}

/** The member of the council proves, as far as these attestations go. */
export function prove({ people }: Stage, code: number, ...words: readonly string[]): Promise<string> {
  const common = [...opened("council.age"), "--out", ".."];
  return run(people.member, code, "prove", "../patch.age", ...words, ...common);
}

/** The command line with which the council discloses. */
export const revealWords = (...attestations: readonly string[]): string[] => [
  ...["reveal", "../patch.age", "../schedule.json", ...attestations],
  ...["--uri", "https://example.org/disclosure.json", "--out", "../disclosed", ...opened("council.age")],
];

/** The executor executes what the member handed over. */
export function execute({ people }: Stage, code: number): Promise<string> {
  return run(people.executor, code, "execute", "../execution.age", ...opened("council.age"), ...SENDING);
}
