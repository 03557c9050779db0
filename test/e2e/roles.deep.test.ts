import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Contract, type JsonRpcSigner } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encode, PROPOSER_ROLE } from "../../corpus/CVE-2021-39168/timelock.js";
import { TimelockClient } from "../../src/chain/index.js";
import { DrillChain } from "../../src/drill/chain.js";
import { parseDeployments } from "../../src/project/index.js";
import { fund, newAccount, type TestAccount } from "../lane/lane-project.js";
import { installPacked } from "../packed-package.js";
import { put } from "../project/projects.js";
import { Person } from "./people.js";
import { roleSecrets } from "./role-secrets.js";
import {
  ARTIFACT,
  buildOn,
  CONTRACT,
  deployLive,
  exploit,
  type LiveTimelock,
  timelockProject,
} from "./timelock-project.js";

// The drill's incident by the packed command: everybody on a machine of his own, with nothing in common but files that are handed over and a chain.

const NAMES = ["engineer", "first", "second", "third", "member", "executor", "guardian"] as const;
const SENDERS = ["engineer", "member", "executor", "guardian"] as const;
const WEEK = 7n * 86_400n;
const MINUTE = 60_000;
const folder = mkdtempSync(join(tmpdir(), "sealpatch-roles-"));
const installed = join(folder, "installed");

let chain: DrillChain;
let governance: JsonRpcSigner;
let live: LiveTimelock;
let timelock: TimelockClient;
let people: Record<(typeof NAMES)[number], Person>;
let accounts: Record<(typeof SENDERS)[number], TestAccount>;
/** The commitment of the patch, as it is public from schedule on. */
let commitment: string;

const PASS = ["--passphrase-file", "../pass.txt"];
const opened = (file: string) => ["--keystore", `../${file}`, ...PASS];
const sending = ["--account", "../account.json", "--account-passphrase-file", "../pass.txt", "--yes"];

/** Runs a command line that ends with this code, and gives what it printed. */
async function run(who: Person, code: number, ...words: string[]): Promise<string> {
  const finished = await who.run(...words);
  const { stdout, stderr } = finished;
  expect(finished, words.join(" ")).toMatchObject({ code });
  return stdout + stderr;
}

/** Fills in what a comment of the configuration asks for, each where it is asked for once. */
function fill(who: Person, file: string, answers: Readonly<Record<string, string>>): void {
  let text = who.read(file);
  for (const [asked, answer] of Object.entries(answers)) {
    expect(text.split(asked), asked).toHaveLength(2);
    text = text.replace(asked, answer);
  }
  put(who.home, { [file]: text });
}

beforeAll(async () => {
  await installPacked(folder, installed);
  chain = await DrillChain.start();
  governance = chain.accounts.at(-1)!;
  const ground = { installed, rpc: chain.anvil.url };
  people = Object.fromEntries(
    NAMES.map((name) => [name, new Person(name, join(folder, "homes", name), ground)]),
  ) as typeof people;
  accounts = {} as typeof accounts;
  for (const name of SENDERS) {
    accounts[name] = await newAccount(people[name].home, "account");
    await fund(chain.anvil.url, accounts[name].address);
  }
  timelockProject(people.engineer.at("project"));
  live = await deployLive(chain, people.engineer.at("project"), governance);
}, 5 * MINUTE);
afterAll(async () => {
  await chain?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("an incident, by people who share nothing but files and a chain", () => {
  it("the engineer writes the configuration, and fills in addresses alone", async () => {
    const { engineer } = people;
    const words = ["--contract", CONTRACT, "--kind", "transparent-v5", "--chain-id", "31337"];
    const told = await run(engineer, 0, "init", ...words);
    expect(told).toContain(`for a project of foundry, with ${CONTRACT}`);
    expect(told).not.toContain("lacks");
    fill(engineer, "project/sealpatch.toml", {
      'address = ""': `address = "${live.proxy}"`,
      'admin = ""': `admin = "${live.admin}"`,
      "proposers = []": `proposers = ["${governance.address}"]`,
      "executors = []": `executors = ["${governance.address}", "${accounts.executor.address}"]`,
      "council = []": `council = ["${accounts.member.address}"]`,
      "guardians = []": `guardians = ["${accounts.guardian.address}"]`,
    });
  });

  it("auditors and council make their keys, and hand over the public files", async () => {
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
  });

  it("the engineer records what the protocol does, builds the policy and checks it", async () => {
    const { engineer } = people;
    const { outsider } = live.context.actors;
    mkdirSync(engineer.at("project/vectors"));
    const record = (name: string, data: string, expected: string) =>
      run(
        ...([engineer, 0, "vectors", "record", "call", "--from", outsider, "--to", live.proxy] as const),
        ...["--data", data, "--name", name, "--expect", expected, "--out", "vectors/baseline.json"],
      );
    await record("the delay is two days", encode("getMinDelay", []), "success");
    await record("nobody becomes proposer", encode("grantRole", [PROPOSER_ROLE, outsider]), "revert");
    const told = await record("an unknown function is refused", "0x12345678", "revert");
    expect(told).toContain("which has 3 vectors now");
    const built = await run(engineer, 0, "policy", "build");
    expect(built).toContain("2 of first auditor, second auditor, third auditor");
    expect(await run(engineer, 0, "policy", "check")).toMatch(/holds +file: /);
  });

  it("the engineer deploys the timelock", async () => {
    const { engineer } = people;
    const told = await run(engineer, 0, "deploy", ...sending);
    for (const part of ["class development", "FastTrackTimelock", accounts.guardian.address])
      expect(told).toContain(part);
    const record = parseDeployments(engineer.read("project/deployments.json"))["chain-31337"]!;
    timelock = await TimelockClient.at(record.timelock, chain.provider);
    const proxyAdmin = new Contract(live.admin, ["function transferOwnership(address)"], governance);
    await (await proxyAdmin.getFunction("transferOwnership").send(record.timelock)).wait();
  });

  it("governance sets policy and baseline by the slow path, and the chain has what the files say", async () => {
    const { engineer } = people;
    expect(await run(engineer, 1, "policy", "check", "--rpc")).toContain("the timelock has no policy");
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
    const told = await run(engineer, 0, "policy", "check", "--rpc");
    expect(told).toMatch(/holds +timelock: code of the implementation/);
    for (const who of Object.values(people)) if (who !== engineer) givePublicFiles(engineer, who);
  });

  it("the engineer shows the exploit on a copy of the chain, and seals the patch", async () => {
    const { engineer, first, second, member } = people;
    // The project with the fix, which nobody else sees.
    cpSync(engineer.at("project"), engineer.at("private"), { recursive: true });
    rmSync(engineer.at("private/.sealpatch"), { recursive: true });
    const [released] = readdirSync(engineer.at("project/out/build-info"));
    buildOn(engineer.at("private"), "4.3.1");
    await chain.onSnapshot(async () => {
      const { succeeded, attack } = await exploit(chain, live);
      expect(succeeded).toBe(true);
      const codes = ["private", "project"].flatMap((name) => ["--code", `../${name}/${ARTIFACT}`]);
      const kind = ["--kind", "incident", "--expect", "revert", "--in-clear"];
      const words = [attack, ...kind, ...codes, "--out", "../private/incidents.json"];
      const told = await run(engineer, 0, "vectors", "record", "tx", ...words);
      expect(told).toContain("keep the file secret until disclosure");
    });
    const current = `../project/out/build-info/${released}:${CONTRACT}`;
    const sealed = await run(
      ...([
        engineer,
        0,
        "seal",
        "--config",
        "../private/sealpatch.toml",
        "--proxy",
        "CouncilTimelock",
      ] as const),
      ...["--contract", CONTRACT, "--current", current, "--incidents", "../private/incidents.json"],
      ...["--to", "../member.json", "--out", "../patch.age"],
    );
    for (const part of ["third auditor (age1", "member (age1", "3 baseline, 0 of them waived; 1 incident"])
      expect(sealed).toContain(part);
    commitment = /commitment +(0x[0-9a-f]{64})/.exec(sealed)![1]!;
    for (const who of [first, second, member])
      for (const file of ["patch.age", "patch.target.json"]) engineer.give(file, who);
  });

  it("two auditors see what they sign, and sign", async () => {
    for (const auditor of [people.first, people.second]) {
      const words = ["../patch.age", ...opened("auditor.age"), "--yes", "--out", `../${auditor.name}.json`];
      const told = await run(auditor, 0, "attest", ...words);
      expect(told).toMatch(/^- +_beforeCall\(predecessor\);\n\+ +_beforeCall\(id, predecessor\);$/m);
      expect(told).toMatch(/incident +fail +pass +repelled/);
      expect(told).toMatch(new RegExp(`patchCommitment C +${commitment}`));
      auditor.give(`${auditor.name}.json`, people.member);
    }
  });

  it(
    "the member proves, and is told who is missing",
    async () => {
      const { member, executor } = people;
      const prove = (code: number, ...words: string[]) =>
        run(member, code, "prove", "../patch.age", ...words, ...opened("council.age"), "--out", "..");
      const early = await prove(1, "../first.json");
      expect(early).toMatch(/attested by +first auditor/);
      expect(early).toMatch(/missing +1 more, of: second auditor, third auditor/);
      const told = await prove(0, "../first.json", "../second.json", "--to", "../executor.json");
      expect(told).toContain(commitment);
      expect(told).toContain("executor (age1");
      member.give("execution.age", executor);
    },
    10 * MINUTE,
  );

  it("the member schedules", async () => {
    const told = await run(people.member, 0, "schedule", "../schedule.json", ...sending);
    for (const part of [commitment, `CouncilTimelock (${live.proxy})`, accounts.member.address])
      expect(told).toContain(part);
    expect(await timelock.state(BigInt(commitment))).toBe("scheduled");
  });

  it("the guardian sees it on the chain, and a veto of his ends it", async () => {
    const { guardian, executor } = people;
    const topic = timelock.interface.getEvent("StatementScheduled")!.topicHash;
    const logs = await chain.provider.getLogs({ address: timelock.address, topics: [topic], fromBlock: 0 });
    expect(logs.map(({ topics }) => topics[2])).toEqual([commitment]);
    await chain.onSnapshot(async () => {
      const reason = ["--reason", "not announced to us"];
      const told = await run(guardian, 0, "veto", logs[0]!.topics[1]!, ...reason, ...sending);
      expect(told).toContain(`ends the statement of ${commitment} for ever`);
      expect(told).toContain("it is scheduled now");
      await chain.travelTo((await chain.now()) + 4n * 3_600n);
      expect(await execute(executor, 1)).toContain("the statement is not scheduled, but vetoed");
    });
  });

  it("the executor executes once the delay has passed, and the exploit fails", async () => {
    const { executor } = people;
    expect(await execute(executor, 1)).toContain("the delay has not passed");
    await chain.travelTo((await timelock.statement(BigInt(commitment))).eta);
    expect(await execute(executor, 0)).toContain("it runs the patch");
    expect(await timelock.state(BigInt(commitment))).toBe("executed");
    expect((await chain.onSnapshot(() => exploit(chain, live))).succeeded).toBe(false);
  });

  it("T20: nothing that was printed or lies in clear holds a secret", async () => {
    const secrets = await roleSecrets(people, Object.values(accounts), live);
    const found = (text: string) =>
      secrets.filter(({ value }) => text.toLowerCase().includes(value.toLowerCase()));
    // What is looked for would be found: the engineer has it in the folder with the fix.
    const incidents = found(people.engineer.read("private/incidents.json")).map(({ name }) => name);
    expect(incidents).toEqual(
      expect.arrayContaining(["incident's name", "attack, hex", "exploit's contract"]),
    );
    const artifact = JSON.parse(people.engineer.read(`private/${ARTIFACT}`));
    expect(found(artifact.deployedBytecode.object).map(({ name }) => name)).toContain("code, hex");

    for (const who of Object.values(people)) {
      // Auditors are shown the sources; nobody is shown more.
      const isAuditor = people.first === who || people.second === who;
      const shown = found(who.printed).filter(({ name }) => !(isAuditor && name === "fix"));
      expect(shown, `what ${who.name} saw`).toEqual([]);
      const clear = who.files().filter((file) => !/^(pass\.txt$|private\/)/.test(file));
      expect(clear.length).toBeGreaterThan(2);
      for (const file of clear)
        expect(found(readFileSync(who.at(file), "latin1")), `${who.name}: ${file}`).toEqual([]);
    }
    // What the command left beside the fix.
    const { engineer } = people;
    for (const file of engineer.files().filter((name) => name.startsWith("private/.sealpatch/")))
      expect(found(readFileSync(engineer.at(file), "latin1")), file).toEqual([]);
  });
});

/** What everybody has of the project, as of a repository. */
function givePublicFiles(engineer: Person, to: Person): void {
  for (const name of ["sealpatch.toml", "deployments.json", "policies", "auditors", "vectors"])
    engineer.give(`project/${name}`, to);
}

function execute(executor: Person, code: number): Promise<string> {
  return run(executor, code, "execute", "../execution.age", ...opened("council.age"), ...sending);
}
