import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TimelockClient } from "../../src/chain/index.js";
import { installPacked } from "../packed-package.js";
import { installedCommand } from "./commands.js";
import {
  attestFix,
  deployTimelock,
  execute,
  fillAddresses,
  initWords,
  makeKeys,
  prove,
  recordBaseline,
  recordExploit,
  SENDING,
  sealFix,
  setPolicy,
} from "./incident.js";
import { roleSecrets } from "./role-secrets.js";
import { run, type Stage, setStage } from "./roles-stage.js";
import { exploit, FOUNDRY } from "./timelock-project.js";

// The drill's incident by the packed command: everybody in a home of his own, with nothing in common but files that are handed over and a chain.

const MINUTE = 60_000;

let stage: Stage;
let timelock: TimelockClient;
/** The commitment of the patch, which is public from schedule on. */
let commitment: string;

beforeAll(async () => {
  stage = await setStage(FOUNDRY, async (folder) => {
    const installed = join(folder, "installed");
    await installPacked(folder, installed);
    return installedCommand(installed);
  });
}, 5 * MINUTE);
afterAll(() => stage?.stop());

describe("an incident, by people who share nothing but files and a chain", () => {
  it("the engineer writes the configuration, and fills in addresses alone", async () => {
    const told = await run(stage.people.engineer, 0, ...initWords(stage));
    expect(told).toContain(`for a project of foundry, with ${FOUNDRY.contract}`);
    expect(told).not.toContain("lacks");
    fillAddresses(stage);
  });

  it("auditors and council make their keys, and hand over the public files", () => makeKeys(stage));

  it("the engineer records what the protocol does, builds the policy and checks it", async () => {
    const { engineer } = stage.people;
    expect(await recordBaseline(stage)).toContain("which has 3 vectors now");
    const built = await run(engineer, 0, "policy", "build");
    expect(built).toContain("2 of first auditor, second auditor, third auditor");
    expect(await run(engineer, 0, "policy", "check")).toMatch(/holds +file: /);
  });

  it("the engineer deploys the timelock", async () => {
    const deployed = await deployTimelock(stage);
    for (const part of ["class development", "FastTrackTimelock", stage.accounts.guardian.address])
      expect(deployed.told).toContain(part);
    timelock = deployed.timelock;
  });

  it("governance sets policy and baseline by the slow path, and the chain has what the files say", async () => {
    const { engineer } = stage.people;
    expect(await run(engineer, 1, "policy", "check", "--rpc")).toContain("the timelock has no policy");
    await setPolicy(stage);
    const told = await run(engineer, 0, "policy", "check", "--rpc");
    expect(told).toMatch(/holds +timelock: code of the implementation/);
  });

  it("the engineer shows the exploit on a copy of the chain, and seals the patch", async () => {
    expect(await recordExploit(stage)).toContain("keep the file secret until disclosure");
    const sealed = await sealFix(stage);
    for (const part of ["third auditor (age1", "member (age1", "3 baseline, 0 of them waived; 1 incident"])
      expect(sealed.told).toContain(part);
    commitment = sealed.commitment;
  });

  it("two auditors see what they sign, and sign", async () => {
    for (const auditor of [stage.people.first, stage.people.second]) {
      const told = await attestFix(stage, auditor);
      expect(told).toMatch(/^- +_beforeCall\(predecessor\);\n\+ +_beforeCall\(id, predecessor\);$/m);
      expect(told).toMatch(/incident +fail +pass +repelled/);
      expect(told).toMatch(new RegExp(`patchCommitment C +${commitment}`));
    }
  });

  it(
    "the member proves, and is told who is missing",
    async () => {
      const { member, executor } = stage.people;
      const early = await prove(stage, 1, "../first.json");
      expect(early).toMatch(/attested by +first auditor/);
      expect(early).toMatch(/missing +1 more, of: second auditor, third auditor/);
      const told = await prove(stage, 0, "../first.json", "../second.json", "--to", "../executor.json");
      expect(told).toContain(commitment);
      expect(told).toContain("executor (age1");
      member.give("execution.age", executor);
    },
    10 * MINUTE,
  );

  it("the member schedules", async () => {
    const { accounts, live, people } = stage;
    const told = await run(people.member, 0, "schedule", "../schedule.json", ...SENDING);
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
      const told = await run(people.guardian, 0, "veto", logs[0]!.topics[1]!, ...reason, ...SENDING);
      expect(told).toContain(`ends the statement of ${commitment} for ever`);
      expect(told).toContain("it is scheduled now");
      await chain.travelTo((await chain.now()) + 4n * 3_600n);
      expect(await execute(stage, 1)).toContain("the statement is not scheduled, but vetoed");
    });
  });

  it("the executor executes once the delay has passed, and the exploit fails", async () => {
    const { chain, live } = stage;
    expect(await execute(stage, 1)).toContain("the delay has not passed");
    await chain.travelTo((await timelock.statement(BigInt(commitment))).eta);
    expect(await execute(stage, 0)).toContain("it runs the patch");
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
    expect(found(engineer.read(`private/${FOUNDRY.output}/${FOUNDRY.artifact}`))).toContain("code, hex");
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
