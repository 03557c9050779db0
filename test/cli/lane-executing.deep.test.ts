import { readFileSync } from "node:fs";
import { hexlify } from "ethers";
import { describe, expect, it } from "vitest";
import { newRecipient } from "../../src/age.js";
import { type Purpose, SHOWN } from "../../src/cli/lane/shown.js";
import { openExecution, sealExecution } from "../../src/lane/index.js";
import { startOddNode } from "../chain/odd-node.js";
import { startRelay } from "../chain/relay-server.js";
import { hex, laneCommands, type Who } from "./lane-commands.js";
import { sealpatch } from "./sealpatch.js";

const stage = laneCommands();
const { at, as, opened, run, schedule, later, commitment, execute, scheduled, snapshot } = stage;

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
      expect(await stage.lane.incident.timelock.state(commitment())).toBe("executed");
      expect(stdout).toContain(hex(commitment()));
      const code16 = hexlify(stage.lane.execution.initCode).slice(2, 66);
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
    const { incident, accounts } = stage.lane;
    const shown: string[] = [];
    const watched = await startOddNode(
      ({ params }) => {
        shown.push(JSON.stringify(params));
        return undefined;
      },
      { behind: incident.anvil.url },
    );
    stage.lane.configure(watched.url);
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
      stage.lane.configure(incident.anvil.url);
    }
    const code = hexlify(stage.lane.execution.initCode).slice(2, 66);
    expect(shown.length).toBeGreaterThan(50);
    expect(shown.filter((text) => text.includes(code))).toEqual([]);
  });

  it("T11: nothing goes by the public mempool of a chain that is not local, unless --public says so", () =>
    snapshot(async () => {
      const { anvil } = stage.lane.incident;
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
        stage.lane.configure(elsewhere.url, 1);
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
        stage.lane.configure(anvil.url);
      }
    }));

  it("T11: goes through a relay, which alone sees the patch; without a route it goes nowhere off local chains", () =>
    snapshot(async () => {
      await scheduled();
      const { anvil } = stage.lane.incident;
      const code = hexlify(stage.lane.execution.initCode).slice(2, 66);
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
        stage.lane.configure(elsewhere.url, 1);
        const words = ["--passphrase-file", at("no.txt")];
        expect((await execute("executor", ...words)).error).toMatchObject({
          code: "chain/public-mempool",
          remedy: expect.stringContaining("--relay URL, or --public"),
        });
        stage.lane.configure(own.url);
        const other = await execute("executor", "--relay", elsewhere.url);
        expect(other.error).toMatchObject({ code: "chain/other-chain" });
        expect(seen).toEqual({ own: 0, relay: 0 });
        expect(await execute("executor", "--relay", relay.url)).toMatchObject({ exit: 0 });
        expect(seen.own).toBe(0);
        expect(seen.relay).toBeGreaterThanOrEqual(2);
      } finally {
        for (const node of [own, relay, elsewhere]) await node.stop();
        stage.lane.configure(anvil.url);
      }
    }));

  it.each(["private", "bundle"])(
    "T11: goes to a %s relay that cannot estimate, which alone sees the patch",
    (kind) =>
      snapshot(async () => {
        await scheduled();
        const { anvil, provider } = stage.lane.incident;
        const own = await startOddNode(() => undefined, { behind: anvil.url });
        const relay = await startRelay(async (method, params) => {
          if (!/^eth_(sendRaw|blockNumber)/.test(method))
            throw Object.assign(new Error(`unknown method ${method}`), { code: -32601 });
          return provider.send(method, [...params]);
        });
        try {
          stage.lane.configure(own.url);
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
          const code = hexlify(stage.lane.execution.initCode).slice(2, 66);
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
          stage.lane.configure(anvil.url);
        }
      }),
  );

  it("refuses a file that is not what its proof is of", async () => {
    const { execution, recipient } = stage.lane;
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
        {
          targets: [execution.targets[0], { ...execution.targets[1]!, timelock: stage.lane.incident.proxy }],
        },
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
      const { anvil, provider } = stage.lane.incident;
      const { address } = stage.lane.accounts.guardian;
      const before = await provider.getTransactionCount(address);
      const deaf = await startOddNode(
        ({ method }) =>
          method === "eth_sendRawTransaction" ? { error: { code: -32000, message: "a test" } } : undefined,
        { behind: anvil.url },
      );
      stage.lane.configure(deaf.url);
      const halt = (reason: string) => run("halt", "--reason", reason, ...as("guardian"));
      expect((await halt("a test")).error).toMatchObject({ code: "chain/rejected" });
      await deaf.stop();
      stage.lane.configure(anvil.url);
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
      expect(await stage.lane.incident.timelock.halted()).toBe(false);
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
