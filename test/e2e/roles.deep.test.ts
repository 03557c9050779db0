import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { Contract } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encode, PROPOSER_ROLE } from "../../corpus/CVE-2021-39168/timelock.js";
import { TimelockClient } from "../../src/chain/index.js";
import { parseDeployments } from "../../src/project/index.js";
import type { Person } from "./people.js";
import { roleSecrets } from "./role-secrets.js";
import { fill, run, type Stage, setStage } from "./roles-stage.js";
import { ARTIFACT, buildOn, CONTRACT, exploit } from "./timelock-project.js";

// The drill's incident by the packed command: everybody in a home of his own, with nothing in common but files that are handed over and a chain.

const WEEK = 7n * 86_400n;
const MINUTE = 60_000;

let stage: Stage;
let timelock: TimelockClient;
/** The commitment of the patch, which is public from schedule on. */
let commitment: string;

const PASS = ["--passphrase-file", "../pass.txt"];
const opened = (file: string) => ["--keystore", `../${file}`, ...PASS];
const sending = ["--account", "../account.json", "--account-passphrase-file", "../pass.txt", "--yes"];
const execute = (code: number) =>
  run(stage.people.executor, code, "execute", "../execution.age", ...opened("council.age"), ...sending);

beforeAll(async () => {
  stage = await setStage();
}, 5 * MINUTE);
afterAll(() => stage?.stop());

describe("an incident, by people who share nothing but files and a chain", () => {
  it("the engineer writes the configuration, and fills in addresses alone", async () => {
    const { accounts, governance, live } = stage;
    const { engineer } = stage.people;
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
    const { engineer, first, second, third, member, executor } = stage.people;
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
    const { engineer } = stage.people;
    const { proxy, context } = stage.live;
    const { outsider } = context.actors;
    mkdirSync(engineer.at("project/vectors"));
    const record = (name: string, data: string, expected: string) => {
      const call = ["--from", outsider, "--to", proxy, "--data", data, "--expect", expected];
      const words = [...call, "--name", name, "--out", "vectors/baseline.json"];
      return run(engineer, 0, "vectors", "record", "call", ...words);
    };
    await record("the delay is two days", encode("getMinDelay", []), "success");
    await record("nobody becomes proposer", encode("grantRole", [PROPOSER_ROLE, outsider]), "revert");
    const told = await record("an unknown function is refused", "0x12345678", "revert");
    expect(told).toContain("which has 3 vectors now");
    const built = await run(engineer, 0, "policy", "build");
    expect(built).toContain("2 of first auditor, second auditor, third auditor");
    expect(await run(engineer, 0, "policy", "check")).toMatch(/holds +file: /);
  });

  it("the engineer deploys the timelock", async () => {
    const { accounts, chain, governance, live } = stage;
    const { engineer } = stage.people;
    const told = await run(engineer, 0, "deploy", ...sending);
    for (const part of ["class development", "FastTrackTimelock", accounts.guardian.address])
      expect(told).toContain(part);
    const record = parseDeployments(engineer.read("project/deployments.json"))["chain-31337"]!;
    timelock = await TimelockClient.at(record.timelock, chain.provider);
    const proxyAdmin = new Contract(live.admin, ["function transferOwnership(address)"], governance);
    await (await proxyAdmin.getFunction("transferOwnership").send(record.timelock)).wait();
  });

  it("governance sets policy and baseline by the slow path, and the chain has what the files say", async () => {
    const { chain, governance, people } = stage;
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
    const { chain, live } = stage;
    const { engineer, first, second, member } = stage.people;
    // The project with the fix, which nobody else sees.
    cpSync(engineer.at("project"), engineer.at("private"), { recursive: true });
    rmSync(engineer.at("private/.sealpatch"), { recursive: true });
    const [released] = readdirSync(engineer.at("project/out/build-info"));
    buildOn(engineer.at("private"), "4.3.1");
    await chain.onSnapshot(async () => {
      const { succeeded, attack } = await exploit(chain, live);
      expect(succeeded).toBe(true);
      const kind = ["--kind", "incident", "--expect", "revert", "--code", `../private/${ARTIFACT}`];
      const words = [attack, ...kind, "--in-clear", "--out", "../private/incidents.json"];
      const told = await run(engineer, 0, "vectors", "record", "tx", ...words);
      expect(told).toContain("keep the file secret until disclosure");
    });
    const current = `../project/out/build-info/${released}:${CONTRACT}`;
    const patch = ["--proxy", "CouncilTimelock", "--contract", CONTRACT, "--current", current];
    const words = [...patch, "--incidents", "../private/incidents.json", "--to", "../member.json"];
    const files = ["--config", "../private/sealpatch.toml", "--out", "../patch.age"];
    const sealed = await run(engineer, 0, "seal", ...words, ...files);
    for (const part of ["third auditor (age1", "member (age1", "3 baseline, 0 of them waived; 1 incident"])
      expect(sealed).toContain(part);
    commitment = /commitment +(0x[0-9a-f]{64})/.exec(sealed)![1]!;
    for (const who of [first, second, member])
      for (const file of ["patch.age", "patch.target.json"]) engineer.give(file, who);
  });

  it("two auditors see what they sign, and sign", async () => {
    const { first, second, member } = stage.people;
    for (const auditor of [first, second]) {
      const words = ["../patch.age", ...opened("auditor.age"), "--yes", "--out", `../${auditor.name}.json`];
      const told = await run(auditor, 0, "attest", ...words);
      expect(told).toMatch(/^- +_beforeCall\(predecessor\);\n\+ +_beforeCall\(id, predecessor\);$/m);
      expect(told).toMatch(/incident +fail +pass +repelled/);
      expect(told).toMatch(new RegExp(`patchCommitment C +${commitment}`));
      auditor.give(`${auditor.name}.json`, member);
    }
  });

  it(
    "the member proves, and is told who is missing",
    async () => {
      const { member, executor } = stage.people;
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
    const { accounts, live, people } = stage;
    const told = await run(people.member, 0, "schedule", "../schedule.json", ...sending);
    for (const part of [commitment, `CouncilTimelock (${live.proxy})`, accounts.member.address])
      expect(told).toContain(part);
    expect(await timelock.state(BigInt(commitment))).toBe("scheduled");
  });

  it("the guardian sees it on the chain, and a veto of his ends it", async () => {
    const { chain, people } = stage;
    const topic = timelock.interface.getEvent("StatementScheduled")!.topicHash;
    const logs = await chain.provider.getLogs({ address: timelock.address, topics: [topic], fromBlock: 0 });
    expect(logs.map(({ topics }) => topics[2])).toEqual([commitment]);
    await chain.onSnapshot(async () => {
      const reason = ["--reason", "not announced to us"];
      const told = await run(people.guardian, 0, "veto", logs[0]!.topics[1]!, ...reason, ...sending);
      expect(told).toContain(`ends the statement of ${commitment} for ever`);
      expect(told).toContain("it is scheduled now");
      await chain.travelTo((await chain.now()) + 4n * 3_600n);
      expect(await execute(1)).toContain("the statement is not scheduled, but vetoed");
    });
  });

  it("the executor executes once the delay has passed, and the exploit fails", async () => {
    const { chain, live } = stage;
    expect(await execute(1)).toContain("the delay has not passed");
    await chain.travelTo((await timelock.statement(BigInt(commitment))).eta);
    expect(await execute(0)).toContain("it runs the patch");
    expect(await timelock.state(BigInt(commitment))).toBe("executed");
    expect((await chain.onSnapshot(() => exploit(chain, live))).succeeded).toBe(false);
  });

  it("T20: nothing that was printed or lies in clear holds a secret", async () => {
    const { people } = stage;
    const { engineer, first, second } = people;
    const secrets = await roleSecrets(stage);
    /** Names of the secrets that a text holds. */
    const found = (text: string) => {
      const lower = text.toLowerCase();
      return secrets.filter(([, value]) => lower.includes(value.toLowerCase())).map(([name]) => name);
    };
    // What is looked for would be found: the engineer has it in the folder with the fix.
    expect(found(engineer.read("private/incidents.json"))).toEqual(
      expect.arrayContaining(["incident's name", "attack, hex", "exploit's contract"]),
    );
    expect(found(engineer.read(`private/${ARTIFACT}`))).toContain("code, hex");
    expect(found(first.printed)).toContain("fix");

    for (const who of Object.values(people)) {
      // Auditors are shown the sources; nobody is shown more.
      const secret = (names: string[]) =>
        names.filter((name) => name !== "fix" || (who !== first && who !== second));
      expect(secret(found(who.printed)), `what ${who.name} saw`).toEqual([]);
      const clear = who.files().filter((file) => !GIVEN.test(file));
      expect(clear).toContain("project/sealpatch.toml");
      for (const file of clear)
        expect(found(readFileSync(who.at(file), "latin1")), `${who.name}: ${file}`).toEqual([]);
    }
  });
});

/** What people keep in clear themselves: passphrases, and the engineer the fix, what forge makes of it and what shows the bug. */
const GIVEN = /^(pass\.txt|private\/(incidents\.json|(lib|out|cache)\/.+))$/;

/** What everybody has of the project, as of a repository. */
function givePublicFiles(engineer: Person, to: Person): void {
  for (const name of ["sealpatch.toml", "deployments.json", "policies", "auditors", "vectors"])
    engineer.give(`project/${name}`, to);
}
