import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { AskingTerminal } from "../../src/cli/passphrase.js";
import { parseSchedule, scheduleToJson } from "../../src/lane/index.js";
import { PASSPHRASE } from "../lane/lane-project.js";
import { put } from "../project/projects.js";
import { DELAY, hex, laneCommands, type Who } from "./lane-commands.js";
import { sealpatch, sealpatchProcess } from "./sealpatch.js";

const stage = laneCommands();
const { folder, at, config, as, run, schedule, later, commitment, snapshot } = stage;

describe("sealpatch schedule", () => {
  it("shows what becomes public, schedules, and leaves out what is scheduled", () =>
    snapshot(async () => {
      const { code, stdout } = await sealpatch("schedule", at("schedule.json"), ...as("council"));
      expect(code).toBe(0);
      for (const shown of [
        hex(commitment()),
        `Vault (${stage.lane.incident.proxy})`,
        stage.lane.accounts.council.address,
      ])
        expect(stdout).toContain(shown);
      expect(await stage.lane.incident.timelock.state(commitment())).toBe("scheduled");
      const lines = readFileSync(at(".sealpatch/journal.jsonl"), "utf8").trim().split("\n");
      const [signed, mined] = lines.slice(-2).map((line) => JSON.parse(line));
      expect(signed).toMatchObject({
        stage: "signed",
        what: "schedule",
        from: stage.lane.accounts.council.address,
      });
      expect(mined).toMatchObject({ stage: "mined", hash: signed.hash });
      expect(stdout).toContain(signed.hash);
      expect((await schedule()).scheduled).toMatchObject([
        { commitment: hex(commitment()), transaction: signed.hash },
      ]);
    }));

  it("explains each refusal of the contract, and sends nothing", async () => {
    const { incident, accounts } = stage.lane;
    const { timelock } = incident;
    const guardian = timelock.as(await incident.provider.getSigner(accounts.guardian.address));
    const cases: [string, () => Promise<unknown>, RegExp, Who?][] = [
      [
        "an account without the role",
        async () => {},
        /AccessControlUnauthorizedAccount.*does not hold the role/,
        "stranger",
      ],
      ["a halted lane", () => guardian.halt("a test"), /FastTrackLaneClosed.*is closed: halted/],
      [
        "another threshold",
        () => incident.govern(incident.setPolicy({ threshold: 2 })),
        /FastTrackAttestProofRejected.*policy, layout/,
      ],
      ["another nonce", () => incident.govern(incident.setPolicy()), /FastTrackAttestProofRejected.*nonce/],
      [
        "no policy",
        () =>
          incident.govern({
            target: timelock.address,
            data: timelock.interface.encodeFunctionData("removePolicy", [incident.proxy]),
          }),
        /FastTrackLaneClosed.*no-policy/,
      ],
      [
        "a statement that was vetoed",
        async () => {
          await schedule();
          await guardian.veto({ commitment: commitment(), reason: "a test" });
        },
        /StatementCommitmentUsed.*scheduled before/,
      ],
      [
        "a validity that ends before the delay",
        () => later(300 * 86_400 - DELAY),
        /StatementValidityTooShort.*valid until 20/,
      ],
    ];
    for (const [name, prepare, expected, who = "council"] of cases)
      await snapshot(async () => {
        await prepare();
        const before = await incident.provider.getTransactionCount(accounts[who].address);
        const { exit, error } = await schedule(who);
        expect([exit, error.code], name).toEqual([1, "chain/reverted"]);
        expect(error.why, name).toMatch(expected);
        expect(await incident.provider.getTransactionCount(accounts[who].address), name).toBe(before);
      });
  });

  it("refuses what is no schedule, or not for this timelock", async () => {
    const text = readFileSync(at("schedule.json"), "utf8");
    const json = JSON.parse(text);
    const [member] = json.members;
    const with1 = (change: object) => JSON.stringify({ ...json, members: [{ ...member, ...change }] });
    const cases: [string, string, string][] = [
      ["no JSON", "hello", "lane/malformed-schedule"],
      [
        "another schema",
        JSON.stringify({ ...json, schema: "sealpatch.schedule/2" }),
        "lane/malformed-schedule",
      ],
      ["a member more", JSON.stringify({ ...json, more: 1 }), "lane/malformed-schedule"],
      ["no members", JSON.stringify({ ...json, members: [] }), "lane/malformed-schedule"],
      ["a key twice", text.replace('"schema"', '"schema": "x", "schema"'), "lane/malformed-schedule"],
      [
        "too many members",
        JSON.stringify({ ...json, members: Array(33).fill(member) }),
        "lane/malformed-schedule",
      ],
      ["a member twice", JSON.stringify({ ...json, members: [member, member] }), "patch/duplicate-member"],
      ["no targets", with1({ targets: [] }), "lane/malformed-schedule"],
      ["one of its targets", with1({ targets: member.targets.slice(0, 1) }), "lane/other-targets"],
      [
        "a later validity",
        with1({ targets: member.targets.map((target: object) => ({ ...target, validUntil: "9999999999" })) }),
        "lane/other-targets",
      ],
      [
        "a group",
        with1({
          targets: member.targets.map((target: object) => ({ ...target, group: `0x${"01".repeat(32)}` })),
        }),
        "lane/other-targets",
      ],
      ["a target that is none", with1({ targets: [{}] }), "patch/malformed-target"],
      ["a proof of nothing", with1({ proof: {} }), "proof/malformed"],
      [
        "another commitment",
        with1({ proof: { ...member.proof, statement: { ...member.proof.statement, targetsRoot: "1" } } }),
        "lane/other-targets",
      ],
      [
        "a value outside the field",
        with1({
          proof: { ...member.proof, statement: { ...member.proof.statement, threshold: `${2n ** 255n}` } },
        }),
        "proof/malformed",
      ],
      ["a bundle", readFileSync(at("execution.age"), "latin1"), "lane/malformed-schedule"],
    ];
    for (const [name, content, expected] of cases) {
      writeFileSync(at("odd.json"), content);
      const { exit, error } = await schedule("council", "odd.json");
      expect([error.code, exit], name).toEqual([expected, 1]);
    }
    expect((await schedule("council", "nowhere.json")).error.code).toBe("cli/unreadable-file");
    stage.lane.configure(stage.lane.incident.anvil.url);
    put(folder, {
      "sealpatch.toml": readFileSync(at("sealpatch.toml"), "utf8").replace(
        stage.lane.incident.timelock.address,
        stage.lane.incident.proxy,
      ),
    });
    expect((await schedule()).error.code).toBe("lane/not-for-this-timelock");
    stage.lane.configure(stage.lane.incident.anvil.url);
    expect(scheduleToJson(parseSchedule(text))).toEqual(json);
  });

  it("does not wait where nobody can be asked", async () => {
    const words = [...config(), ...stage.lane.accounts.council.options];
    const { code, stderr } = await sealpatchProcess("schedule", at("schedule.json"), ...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no terminal[\s\S]*--yes/);
  });
});

describe("a person at a terminal", () => {
  /** Types these lines, and gives what the command says. */
  async function typed(lines: readonly string[], work: (terminal: AskingTerminal) => Promise<void>) {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = new PassThrough();
    for (const line of lines) input.write(`${line}\r`);
    const { write } = process.stdout;
    let shown = "";
    process.stdout.write = (text: string | Uint8Array) => {
      shown += text;
      return true;
    };
    try {
      await work({ input, output });
      return { shown, asked: String(output.read()) };
    } finally {
      process.stdout.write = write;
    }
  }
  const options = () => ({ config: at("sealpatch.toml"), account: stage.lane.accounts.council.file });

  it("sees what will happen, types the passphrase and the chain's name, and anything else does nothing", () =>
    snapshot(async () => {
      const { schedule: run } = await import("../../src/cli/schedule/schedule.js");
      const act = (terminal: AskingTerminal) => run(at("schedule.json"), options(), terminal);
      for (const answer of ["", "yes", "chain-1"])
        await expect(typed([PASSPHRASE, answer], act)).rejects.toMatchObject({ code: "cli/not-confirmed" });
      await expect(typed(["another passphrase"], act)).rejects.toMatchObject({
        code: "keystore/wrong-passphrase",
      });
      expect(await stage.lane.incident.timelock.state(commitment())).toBe("none");
      const { shown, asked } = await typed([PASSPHRASE, "chain-31337"], act);
      expect(shown).toContain(hex(commitment()));
      expect(asked).toMatch(/Passphrase of the account: [\s\S]*becomes public.*chain-31337/);
      expect(asked + shown).not.toContain(PASSPHRASE);
      expect(await stage.lane.incident.timelock.state(commitment())).toBe("scheduled");
    }));

  it("vetoes by typing veto", () =>
    snapshot(async () => {
      await schedule();
      const { veto } = await import("../../src/cli/guard/guard.js");
      const guardian = { ...options(), account: stage.lane.accounts.guardian.file, reason: "a\u202etest" };
      const act = (terminal: AskingTerminal) => veto(hex(commitment()), guardian, terminal);
      await expect(typed([PASSPHRASE, "halt"], act)).rejects.toMatchObject({ code: "cli/not-confirmed" });
      const { shown } = await typed([PASSPHRASE, "veto"], act);
      expect(shown).toContain("for ever");
      expect(shown).not.toContain("\u202e");
      expect(await stage.lane.incident.timelock.state(commitment())).toBe("vetoed");
    }));
});

describe("sealpatch veto and halt", () => {
  it("end a statement, by its commitment or its id, with a reason", () =>
    snapshot(async () => {
      const {
        scheduled: [{ id }],
      } = await schedule();
      for (const name of [id, hex(commitment())])
        await snapshot(async () => {
          const told = await run("veto", name, "--reason", "not announced to us", ...as("guardian"));
          expect(told).toMatchObject({ exit: 0, vetoed: hex(commitment()), reason: "not announced to us" });
          expect(await stage.lane.incident.timelock.state(commitment())).toBe("vetoed");
          // Once more, with whatever reason: it is named, with the reason that the chain has.
          const { transaction, block } = told;
          expect(await run("veto", id, "--reason", "again", ...as("guardian"))).toEqual({
            ...told,
            block,
            transaction,
          });
        });
      const stranger = await run("veto", id, "--reason", "because", ...as("stranger"));
      expect(stranger.error.why).toMatch(/does not hold the role/);
      const nowhere = await run("veto", hex(77n), "--reason", "because", ...as("guardian"));
      expect(nowhere.error.code).toBe("lane/no-such-statement");
      for (const [name, reason] of [
        [id, " "],
        ["soon", "because"],
      ] as const)
        expect(await run("veto", name, "--reason", reason, ...as("guardian"))).toMatchObject({ exit: 2 });
      expect(await stage.lane.incident.timelock.state(commitment())).toBe("scheduled");
    }));

  it("close the lane, and operations of the slow path open it again", () =>
    snapshot(async () => {
      const { incident } = stage.lane;
      const halted = await run("halt", "--reason", "a test", ...as("guardian"));
      expect(halted).toMatchObject({ exit: 0 });
      expect(await incident.timelock.laneStatus(incident.proxy)).toBe("halted");
      expect(await run("halt", "--reason", "another", ...as("guardian"))).toEqual(halted);
      const planned = await run("operation", "resume", ...config());
      const sender = async (who: Who, { target, data }: { target: string; data: string }) => {
        const signer = await incident.provider.getSigner(stage.lane.accounts[who].address);
        await (await signer.sendTransaction({ to: target, data })).wait();
      };
      await sender("governance", planned.schedule);
      await later(planned.delay);
      await sender("executor", planned.execute);
      expect(await incident.timelock.laneStatus(incident.proxy)).toBe("open");
      expect(planned.safe).toMatchObject({
        to: incident.timelock.address,
        data: planned.schedule.data,
        operation: 0,
      });
      expect(planned.governor).toMatchObject({ targets: [incident.timelock.address], values: ["0"] });
    }));

  it("operations are those of the SDK, and refuse what is none", async () => {
    const { incident } = stage.lane;
    const { timelock } = incident;
    const salt = hex(5n);
    const cleared = await run(
      "operation",
      "clear-freeze",
      hex(commitment()),
      "--salt",
      salt,
      "--delay",
      "8d",
      ...config(),
    );
    expect(cleared).toMatchObject({
      salt,
      delay: 8 * 86_400,
      calls: [timelock.clearFreezeCall(commitment())],
    });
    const operation = { calls: cleared.calls, salt };
    expect(cleared.id).toBe(timelock.slowPathTransactions(operation, BigInt(8 * 86_400)).id);
    const cases: [string[], string][] = [
      [["clear-freeze", "soon"], "cli/usage"],
      [["clear-freeze", `0x${"ff".repeat(32)}`], "field/out-of-range"],
      [["resume", "--salt", "0x12"], "cli/usage"],
      [["resume", "--delay", "soon"], "cli/usage"],
      [["set-verifier", incident.proxy], "chain/other-verifier"],
      [["set-baseline", "Vaul"], "config/no-such-proxy"],
      [["set-baseline", "Vault"], "config/unreadable-file"],
    ];
    for (const [words, code] of cases)
      expect((await run("operation", ...words, ...config())).error.code, words.join(" ")).toBe(code);
    expect(existsSync(at("deployments.json"))).toBe(false);
  });
});
