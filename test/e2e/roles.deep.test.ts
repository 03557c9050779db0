import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TimelockClient } from "../../src/chain/index.js";
import { installPacked } from "../packed-package.js";
import { put } from "../project/projects.js";
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
  revealWords,
  sealFix,
  setPolicy,
} from "./incident.js";
import { bySafe } from "./owners.js";
import { watchProcesses } from "./process-list.js";
import { roleSecrets } from "./role-secrets.js";
import { run, type Stage, setStage } from "./roles-stage.js";
import { exploit, FOUNDRY } from "./timelock-project.js";

// The drill's incident by the packed command: everybody in a home of his own, with nothing in common but files that are handed over and a chain.

const MINUTE = 60_000;

const processes = watchProcesses("/sealpatch-roles-");
let stage: Stage;
let timelock: TimelockClient;
/** The commitment of the patch, which is public from schedule on. */
let commitment: string;

beforeAll(async () => {
  stage = await setStage(
    FOUNDRY,
    async (folder) => {
      const installed = join(folder, "installed");
      await installPacked(folder, installed);
      return installedCommand(installed);
    },
    { withSafes: true },
  );
}, 5 * MINUTE);
afterAll(() => {
  processes.stop();
  return stage?.stop();
});

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
    for (const part of ["class development", "FastTrackTimelock", stage.safes!.guardian.address])
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

  it("the council schedules: three of five owners sign offline, each with another program", async () => {
    const { live, people, safes } = stage;
    const words = ["schedule", "../schedule.json"];
    const told = await bySafe(stage, people.member, safes!.council, words, { command: 4, cast: 0, viem: 2 });
    for (const part of [
      commitment,
      live.proxy,
      "COUNCIL: schedule a hidden patch",
      "3 of the 3 that it takes",
    ])
      expect(told).toContain(part);
    expect(await timelock.state(BigInt(commitment))).toBe("scheduled");
  });

  it("the guardian is told of it, and a veto of his ends it", async () => {
    const { chain, people } = stage;
    const { guardian } = people;
    const events = (await run(guardian, 0, "watch", "--once", "--json")).trim().split("\n");
    const scheduled = events
      .map((line) => JSON.parse(line))
      .find(({ name }) => name === "StatementScheduled");
    expect(scheduled.values.commitment).toBe(commitment);
    expect(await run(guardian, 0, "watch", "--once")).toBe("");
    const told = await run(guardian, 0, "status");
    expect(told.replaceAll(/ \\\n +/g, " ")).toContain(`sealpatch veto ${commitment} --reason`);
    await chain.onSnapshot(async () => {
      const words = ["veto", commitment, "--reason", "not announced to us"];
      const told = await bySafe(stage, guardian, stage.safes!.guardian, words, { command: 2, cast: 1 });
      expect(told).toContain(`Ends the statement of commitment ${commitment}`);
      expect(told).toContain('"not announced to us"');
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

    // Whoever is on the machine reads its list of processes.
    expect([...processes.seen].filter((line) => / attest /.test(line))).not.toEqual([]);
    expect(found([...processes.seen].join("\n"))).toEqual([]);
    for (const who of Object.values(people)) {
      // Auditors are shown the sources; nobody is shown more.
      const secret = (names: string[]) =>
        names.filter((name) => name !== "fix" || (who !== first && who !== second));
      expect(secret(found(who.printed)), `what ${who.name} saw`).toEqual([]);
      const clear = who.files().filter((file) => !GIVEN.test(file));
      if (who !== people.anybody) expect(clear).toContain("project/sealpatch.toml");
      for (const file of clear)
        expect(found(readFileSync(who.at(file), "latin1")), `${who.name}: ${file}`).toEqual([]);
    }
  });

  it("the member discloses, and anybody verifies it who has the file, a node and the package", async () => {
    const { live, people, safes } = stage;
    const { member, anybody } = people;
    const words = revealWords("../first.json", "../second.json");
    const revealed = await bySafe(stage, member, safes!.council, words, { command: 1, cast: 3, viem: 4 });
    expect(revealed).toContain(commitment);
    member.give("disclosed", anybody, "project");
    const [file, ...others] = people.anybody.files().filter((name) => /^project\/.*\.json$/.test(name));
    expect(others).toEqual([]);
    const verify = ["verify", file!.replace("project/", "")];
    const told = await run(people.anybody, 0, ...verify, "--timelock", timelock.address);
    expect(told).not.toMatch(/^(fails|not checked)/m);
    expect(told).toMatch(/holds +the proxy runs the patch/);
    expect(told).toContain(live.proxy);
    const text = people.anybody.read(file!);
    const lie = text.replace("_beforeCall(id, predecessor)", "_beforeCall(id, id)");
    expect(lie).not.toBe(text);
    put(people.anybody.home, { [file!]: lie });
    expect(await run(people.anybody, 1, ...verify)).toMatch(/fails +the file is the one disclosed on chain/);
  });

  it("T20: nothing shows a key, an identity or a passphrase to the end", async () => {
    const { people } = stage;
    const keys = (await roleSecrets(stage)).filter(([name]) => /^(key of|identity of|passphrase)/.test(name));
    expect(keys.length).toBeGreaterThan(20);
    const found = (text: string) => keys.filter(([, value]) => text.includes(value)).map(([name]) => name);
    expect(found([...processes.seen].join("\n"))).toEqual([]);
    for (const who of Object.values(people)) {
      expect(found(who.printed), who.name).toEqual([]);
      for (const file of who.files().filter((name) => name !== "pass.txt"))
        expect(found(readFileSync(who.at(file), "latin1")), `${who.name}: ${file}`).toEqual([]);
    }
  });
});

/** What people keep in clear themselves: passphrases, and the engineer the fix, what forge makes of it and what shows the bug. */
const GIVEN = /^(pass\.txt|private\/(incidents\.json|(lib|out|cache)\/.+))$/;
