import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { hexlify } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRecipient } from "../../src/age.js";
import { type Purpose, SHOWN } from "../../src/cli/lane/shown.js";
import type { AskingTerminal } from "../../src/cli/passphrase.js";
import { openExecution, parseSchedule, scheduleToJson, sealExecution } from "../../src/lane/index.js";
import { startOddNode } from "../chain/odd-node.js";
import { startRelay } from "../chain/relay-server.js";
import { PASSPHRASE } from "../lane/lane-project.js";
import { type ReplayedLane, replayedLane } from "../lane/replayed-lane.js";
import { put, temporaryFolder } from "../project/projects.js";
import { sealpatch, sealpatchProcess } from "./sealpatch.js";

let lane: ReplayedLane;
const folder = temporaryFolder();
const at = (name: string) => lane.at(name);
const hex = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;

beforeAll(async () => {
  lane = await replayedLane(folder);
}, 300_000);
afterAll(() => lane.stop());

type Who = keyof ReplayedLane["accounts"];
const config = () => ["--config", at("sealpatch.toml")];
const as = (who: Who) => [...config(), ...lane.accounts[who].options, "--yes"];
const opened = () => ["--keystore", at("member.age"), "--passphrase-file", at("pass.txt")];
const commitment = () => lane.schedule.attest.statement.commitment;

/** Runs a command line, and gives what it printed as JSON with its exit code. */
async function run(...words: string[]) {
  const { code, stdout } = await sealpatch(...words, "--json");
  return { exit: code, ...JSON.parse(stdout) };
}
const schedule = (who: Who = "council", file = "schedule.json") => run("schedule", at(file), ...as(who));
const execute = (who: Who = "executor", ...words: string[]) =>
  run("execute", at("execution.age"), ...opened(), ...as(who), ...words);
const later = async (seconds: number) => {
  await lane.incident.provider.send("evm_increaseTime", [seconds]);
  await lane.incident.provider.send("evm_mine", []);
};
const DELAY = 4 * 3600;
const scheduled = async () => {
  expect(await schedule()).toMatchObject({ exit: 0 });
  await later(DELAY);
};
const snapshot = <T>(work: () => Promise<T>) => lane.incident.onSnapshot(work);

describe("sealpatch schedule", () => {
  it("shows what becomes public, schedules, and leaves out what is scheduled", () =>
    snapshot(async () => {
      const { code, stdout } = await sealpatch("schedule", at("schedule.json"), ...as("council"));
      expect(code).toBe(0);
      for (const shown of [
        hex(commitment()),
        `Vault (${lane.incident.proxy})`,
        lane.accounts.council.address,
      ])
        expect(stdout).toContain(shown);
      expect(await lane.incident.timelock.state(commitment())).toBe("scheduled");
      const lines = readFileSync(at(".sealpatch/journal.jsonl"), "utf8").trim().split("\n");
      const [signed, mined] = lines.slice(-2).map((line) => JSON.parse(line));
      expect(signed).toMatchObject({
        stage: "signed",
        what: "schedule",
        from: lane.accounts.council.address,
      });
      expect(mined).toMatchObject({ stage: "mined", hash: signed.hash });
      expect(stdout).toContain(signed.hash);
      expect((await schedule()).scheduled).toMatchObject([
        { commitment: hex(commitment()), transaction: signed.hash },
      ]);
    }));

  it("explains each refusal of the contract, and sends nothing", async () => {
    const { incident, accounts } = lane;
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
    lane.configure(lane.incident.anvil.url);
    put(folder, {
      "sealpatch.toml": readFileSync(at("sealpatch.toml"), "utf8").replace(
        lane.incident.timelock.address,
        lane.incident.proxy,
      ),
    });
    expect((await schedule()).error.code).toBe("lane/not-for-this-timelock");
    lane.configure(lane.incident.anvil.url);
    expect(scheduleToJson(parseSchedule(text))).toEqual(json);
  });

  it("does not wait where nobody can be asked", async () => {
    const words = [...config(), ...lane.accounts.council.options];
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
  const options = () => ({ config: at("sealpatch.toml"), account: lane.accounts.council.file });

  it("sees what will happen, types the passphrase and the chain's name, and anything else does nothing", () =>
    snapshot(async () => {
      const { schedule: run } = await import("../../src/cli/schedule/schedule.js");
      const act = (terminal: AskingTerminal) => run(at("schedule.json"), options(), terminal);
      for (const answer of ["", "yes", "chain-1"])
        await expect(typed([PASSPHRASE, answer], act)).rejects.toMatchObject({ code: "cli/not-confirmed" });
      await expect(typed(["another passphrase"], act)).rejects.toMatchObject({
        code: "keystore/wrong-passphrase",
      });
      expect(await lane.incident.timelock.state(commitment())).toBe("none");
      const { shown, asked } = await typed([PASSPHRASE, "chain-31337"], act);
      expect(shown).toContain(hex(commitment()));
      expect(asked).toMatch(/Passphrase of the account: [\s\S]*becomes public.*chain-31337/);
      expect(asked + shown).not.toContain(PASSPHRASE);
      expect(await lane.incident.timelock.state(commitment())).toBe("scheduled");
    }));

  it("vetoes by typing veto", () =>
    snapshot(async () => {
      await schedule();
      const { veto } = await import("../../src/cli/guard/guard.js");
      const guardian = { ...options(), account: lane.accounts.guardian.file, reason: "a\u202etest" };
      const act = (terminal: AskingTerminal) => veto(hex(commitment()), guardian, terminal);
      await expect(typed([PASSPHRASE, "halt"], act)).rejects.toMatchObject({ code: "cli/not-confirmed" });
      const { shown } = await typed([PASSPHRASE, "veto"], act);
      expect(shown).toContain("for ever");
      expect(shown).not.toContain("\u202e");
      expect(await lane.incident.timelock.state(commitment())).toBe("vetoed");
    }));
});

describe("sealpatch execute", () => {
  it("executes in one transaction, and says nothing of the patch", () =>
    snapshot(async () => {
      await scheduled();
      const { code, stdout, stderr } = await sealpatch(
        "execute",
        at("execution.age"),
        ...opened(),
        ...as("executor"),
      );
      expect(stderr.replaceAll(/^ {2}\w+: .*\n/gm, "")).toBe("");
      expect(code).toBe(0);
      expect(await lane.incident.timelock.state(commitment())).toBe("executed");
      expect(stdout).toContain(hex(commitment()));
      const code16 = hexlify(lane.execution.initCode).slice(2, 66);
      const journal = readFileSync(at(".sealpatch/journal.jsonl"), "utf8");
      for (const text of [stdout, journal]) expect(text).not.toContain(code16);
      expect(JSON.parse(journal.trim().split("\n").at(-2)!)).toMatchObject({ what: "execute" });
      const mined = JSON.parse(journal.trim().split("\n").at(-1)!);
      // Once more, and by whoever has the file: it says by which transaction, and sends nothing.
      for (const who of ["executor", "stranger"] as const)
        expect(await execute(who)).toMatchObject({
          ...{ exit: 0, executed: [hex(commitment())] },
          ...{ transaction: mined.hash, block: mined.block },
        });
      expect((await schedule()).scheduled).toMatchObject([{ commitment: hex(commitment()) }]);
      expect(readFileSync(at(".sealpatch/journal.jsonl"), "utf8")).toBe(journal);
    }));

  it("refuses, and shows the patch to nobody", async () => {
    const { incident, accounts } = lane;
    const shown: string[] = [];
    const watched = await startOddNode(
      ({ params }) => {
        shown.push(JSON.stringify(params));
        return undefined;
      },
      { behind: incident.anvil.url },
    );
    lane.configure(watched.url);
    const guardian = incident.timelock.as(await incident.provider.getSigner(accounts.guardian.address));
    const cases: [string, () => Promise<unknown>, string, Who?, string[]?][] = [
      ["before it is scheduled", async () => {}, "lane/not-scheduled"],
      ["before its delay has passed", () => schedule(), "lane/not-yet"],
      ["an account without the role", scheduled, "lane/not-executor", "stranger"],
      [
        "after a veto",
        async () => {
          await scheduled();
          await guardian.veto({ commitment: commitment(), reason: "a test" });
        },
        "lane/not-scheduled",
      ],
      [
        "after its grace",
        async () => {
          await scheduled();
          await later(15 * 86_400);
        },
        "lane/not-scheduled",
      ],
      [
        "after its ground moved",
        async () => {
          await scheduled();
          await incident.govern(incident.setPolicy());
        },
        "lane/not-scheduled",
      ],
      [
        "somebody else's keystore",
        scheduled,
        "patch/cannot-decrypt",
        "executor",
        ["--keystore", at("stranger.age")],
      ],
      [
        "a keystore of another kind",
        scheduled,
        "keystore/damaged",
        "executor",
        ["--keystore", accounts.executor.file],
      ],
      ["two routes", scheduled, "cli/usage", "executor", ["--relay", watched.url, "--public"]],
      ["a relay that is none", scheduled, "cli/usage", "executor", ["--relay", "relay"]],
      [
        "a relay of no variable",
        scheduled,
        "config/no-node",
        "executor",
        ["--relay", "env:SEALPATCH_NOWHERE"],
      ],
      ["keys that are not installed", scheduled, "key/not-installed", "executor", ["--keys", "0x12"]],
    ];
    try {
      for (const [name, prepare, expected, who, words = []] of cases)
        await snapshot(async () => {
          await prepare();
          const { exit, error } = await execute(who, ...words);
          expect([error.code, exit], name).toEqual([expected, expected === "cli/usage" ? 2 : 1]);
        });
    } finally {
      await watched.stop();
      lane.configure(incident.anvil.url);
    }
    const code = hexlify(lane.execution.initCode).slice(2, 66);
    expect(shown.length).toBeGreaterThan(50);
    expect(shown.filter((text) => text.includes(code))).toEqual([]);
  });

  it("T11: nothing goes by the public mempool of a chain that is not local, unless --public says so", () =>
    snapshot(async () => {
      const { anvil } = lane.incident;
      const sent: string[] = [];
      // It serves chain 1 by its own word, and sends nothing on.
      const elsewhere = await startOddNode(
        ({ method }) => {
          if (method === "eth_chainId") return { result: "0x1" };
          if (!/^eth_send/.test(method)) return undefined;
          sent.push(method);
          return { error: { code: -32000, message: "a test" } };
        },
        { behind: anvil.url },
      );
      try {
        lane.configure(elsewhere.url, 1);
        const no = ["--account-passphrase-file", at("no.txt")];
        const reason = ["--reason", "a test"];
        const lines: Record<string, string[]> = {
          schedule: ["schedule", at("schedule.json")],
          veto: ["veto", hex(commitment()), ...reason],
          halt: ["halt", ...reason],
          execute: ["execute", at("execution.age"), ...opened()],
          deploy: ["deploy"],
        };
        for (const [purpose, words] of Object.entries(lines)) {
          const { exit, error } = await run(...words, ...as("council"), ...no);
          expect([exit, error.code], purpose).toEqual([1, "chain/public-mempool"]);
          expect(error.why).toContain(SHOWN[purpose as Purpose]);
          expect(error.remedy).toContain("--relay URL, or --public");
        }
        // With it, it goes on to what comes next.
        const open = await run("halt", ...reason, ...as("guardian"), "--public", "--confirmations", "1");
        expect(open.error).toMatchObject({ code: "chain/rejected" });
        expect(sent.length).toBeGreaterThan(0);
      } finally {
        await elsewhere.stop();
        lane.configure(anvil.url);
      }
    }));

  it("T11: goes through a relay, which alone sees the patch; without a route it goes nowhere off local chains", () =>
    snapshot(async () => {
      await scheduled();
      const { anvil } = lane.incident;
      const code = hexlify(lane.execution.initCode).slice(2, 66);
      const seen = { own: 0, relay: 0 };
      const watch = (which: keyof typeof seen) =>
        startOddNode(
          ({ params }) => {
            if (JSON.stringify(params).includes(code)) seen[which]++;
            return undefined;
          },
          { behind: anvil.url },
        );
      const [own, relay] = [await watch("own"), await watch("relay")];
      const elsewhere = await startOddNode(
        ({ method }) => (method === "eth_chainId" ? { result: "0x1" } : undefined),
        { behind: anvil.url },
      );
      try {
        lane.configure(elsewhere.url, 1);
        const words = ["--passphrase-file", at("no.txt")];
        expect((await execute("executor", ...words)).error).toMatchObject({
          code: "chain/public-mempool",
          remedy: expect.stringContaining("--relay URL, or --public"),
        });
        lane.configure(own.url);
        const other = await execute("executor", "--relay", elsewhere.url);
        expect(other.error).toMatchObject({ code: "chain/other-chain" });
        expect(seen).toEqual({ own: 0, relay: 0 });
        expect(await execute("executor", "--relay", relay.url)).toMatchObject({ exit: 0 });
        expect(seen.own).toBe(0);
        expect(seen.relay).toBeGreaterThanOrEqual(2);
      } finally {
        for (const node of [own, relay, elsewhere]) await node.stop();
        lane.configure(anvil.url);
      }
    }));

  it.each(["private", "bundle"])(
    "T11: goes to a %s relay that cannot estimate, which alone sees the patch",
    (kind) =>
      snapshot(async () => {
        await scheduled();
        const { anvil, provider } = lane.incident;
        const own = await startOddNode(() => undefined, { behind: anvil.url });
        const relay = await startRelay(async (method, params) => {
          if (!/^eth_(sendRaw|blockNumber)/.test(method))
            throw Object.assign(new Error(`unknown method ${method}`), { code: -32601 });
          return provider.send(method, [...params]);
        });
        try {
          lane.configure(own.url);
          const words = [
            "--relay",
            relay.url,
            "--relay-kind",
            kind,
            "--relay-blocks",
            "2",
            "--relay-key",
            "once",
          ];
          expect((await execute("executor", ...words)).error).toMatchObject({
            code: "chain/unsupported-method",
            remedy: expect.stringContaining("--gas AMOUNT"),
          });
          expect(await execute("executor", ...words, "--gas", "15000000")).toMatchObject({ exit: 0 });
          const code = hexlify(lane.execution.initCode).slice(2, 66);
          expect(own.asked.filter((question) => JSON.stringify(question).includes(code))).toEqual([]);
          const offers = relay.requests.filter(({ method }) => method.startsWith("eth_send"));
          expect(offers).toHaveLength(kind === "bundle" ? 2 : 1);
          for (const { body, headers } of offers) {
            expect(body).toContain(code);
            expect(headers["x-flashbots-signature"]).toMatch(/^0x[0-9a-fA-F]{40}:0x[0-9a-f]{130}$/);
          }
        } finally {
          await own.stop();
          await relay.stop();
          lane.configure(anvil.url);
        }
      }),
  );

  it("refuses a file that is not what its proof is of", async () => {
    const { execution, recipient } = lane;
    const flipped = execution.initCode.slice();
    flipped[100]! ^= 1;
    const cases: [string, object, string][] = [
      ["other code", { initCode: flipped }, "lane/other-execution"],
      ["another salt of the deployment", { deploySalt: `0x${"07".repeat(32)}` }, "lane/other-execution"],
      ["a migration", { migration: new Uint8Array([1]) }, "lane/other-execution"],
      ["gas without a migration", { migrationGas: 5n }, "lane/other-execution"],
      ["another layout", { layoutRoot: 1n }, "lane/other-execution"],
      ["another digest", { codeDigest: 1n }, "lane/other-execution"],
      [
        "another group",
        { targets: execution.targets.map((target) => ({ ...target, group: `0x${"01".repeat(32)}` })) },
        "lane/other-execution",
      ],
      [
        "two timelocks",
        { targets: [execution.targets[0], { ...execution.targets[1]!, timelock: lane.incident.proxy }] },
        "lane/other-execution",
      ],
    ];
    for (const [name, change, code] of cases)
      await expect(sealExecution([{ ...execution, ...change }], [recipient]), name).rejects.toMatchObject({
        code,
      });
    const { identity, recipient: own } = await newRecipient();
    expect(await openExecution(await sealExecution([execution], [own]), identity)).toEqual([execution]);
  });
});

describe("sealpatch execute --cancel", () => {
  const cancel = (who: Who, ...words: string[]) => run("execute", "--cancel", ...as(who), ...words);

  it("uses up the nonce of what is under way, which stands in the way of everything else", () =>
    snapshot(async () => {
      const { anvil, provider } = lane.incident;
      const { address } = lane.accounts.guardian;
      const before = await provider.getTransactionCount(address);
      const deaf = await startOddNode(
        ({ method }) =>
          method === "eth_sendRawTransaction" ? { error: { code: -32000, message: "a test" } } : undefined,
        { behind: anvil.url },
      );
      lane.configure(deaf.url);
      const halt = (reason: string) => run("halt", "--reason", reason, ...as("guardian"));
      expect((await halt("a test")).error).toMatchObject({ code: "chain/rejected" });
      await deaf.stop();
      lane.configure(anvil.url);
      expect((await halt("another")).error).toMatchObject({
        code: "lane/under-way",
        details: { what: "halt", nonce: before },
        remedy: expect.stringContaining("sealpatch execute --cancel"),
      });
      expect((await cancel("executor")).error).toMatchObject({ code: "lane/nothing-under-way" });
      const told = await cancel("guardian");
      expect(told).toMatchObject({ exit: 0, what: "halt", nonce: before, isCancelled: true });
      const mined = (await provider.getTransaction(told.transaction))!;
      expect([mined.to, mined.data, mined.nonce]).toEqual([address, "0x", before]);
      expect(await lane.incident.timelock.halted()).toBe(false);
      expect(await halt("another")).toMatchObject({ exit: 0 });
    }));

  it("takes neither a file nor a relay, and without it a file is needed", async () => {
    for (const words of [
      ["execute", at("execution.age"), "--cancel", ...as("executor")],
      ["execute", "--cancel", "--relay", "https://relay.example", ...as("executor")],
      ["execute", ...as("executor")],
    ])
      expect(await run(...words)).toMatchObject({ exit: 2, error: { code: "cli/usage" } });
  });
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
          expect(await lane.incident.timelock.state(commitment())).toBe("vetoed");
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
      expect(await lane.incident.timelock.state(commitment())).toBe("scheduled");
    }));

  it("close the lane, and operations of the slow path open it again", () =>
    snapshot(async () => {
      const { incident } = lane;
      const halted = await run("halt", "--reason", "a test", ...as("guardian"));
      expect(halted).toMatchObject({ exit: 0 });
      expect(await incident.timelock.laneStatus(incident.proxy)).toBe("halted");
      expect(await run("halt", "--reason", "another", ...as("guardian"))).toEqual(halted);
      const planned = await run("operation", "resume", ...config());
      const sender = async (who: Who, { target, data }: { target: string; data: string }) => {
        const signer = await incident.provider.getSigner(lane.accounts[who].address);
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
    const { incident } = lane;
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
