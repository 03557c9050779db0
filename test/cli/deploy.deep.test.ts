import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JsonRpcProvider, Transaction, toQuantity } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { parseDeployments, readProject } from "../../src/project/index.js";
import { withState } from "../../src/state/index.js";
import { type Answerer, type OddNode, startOddNode } from "../chain/odd-node.js";
import { fund, laneConfiguration, newAccount, type TestAccount } from "../lane/lane-project.js";
import { temporaryFolder } from "../project/projects.js";
import { sealpatch, sealpatchChild, sealpatchProcess } from "./sealpatch.js";

const ROOT = temporaryFolder();
const CONTRACTS = [
  "AttestVerifier",
  "BindVerifier",
  "PoseidonT4",
  "PoseidonT5",
  "PatchVerifier",
  "Policies",
  "DisclosureMerger",
  "FastTrackTimelock",
];
const people = {
  proposers: `0x${"01".repeat(20)}`,
  executors: `0x${"02".repeat(20)}`,
  council: `0x${"03".repeat(20)}`,
  guardians: `0x${"04".repeat(20)}`,
};

let anvil: Anvil;
let provider: JsonRpcProvider;
let node: OddNode;
/** What the node does with a transaction; it passes it on unless told otherwise. */
let onSend: Answerer = () => undefined;
/** What it does with every other question. */
let onAsk: Answerer = () => undefined;
let account: TestAccount;
let folder: string;
let count = 0;

beforeAll(async () => {
  anvil = await startAnvil();
  provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1 });
  node = await startOddNode(
    (question, pass) => (question.method === "eth_sendRawTransaction" ? onSend : onAsk)(question, pass),
    { behind: anvil.url },
  );
});
afterAll(async () => {
  provider.destroy();
  await node.stop();
  await anvil.stop();
});
beforeEach(async () => {
  folder = join(ROOT, String(count++));
  mkdirSync(folder);
  onSend = () => undefined;
  onAsk = () => undefined;
  account = await newAccount(folder, "governance");
  await fund(anvil.url, account.address);
  configure();
});

const at = (name: string) => join(folder, name);
const configure = (change: (text: string) => string = (text) => text) =>
  writeFileSync(at("sealpatch.toml"), change(laneConfiguration({ rpc: node.url, roles: people })));
const run = (...words: string[]) =>
  sealpatch("deploy", "--config", at("sealpatch.toml"), ...account.options, ...words);
const sentBy = async () => provider.getTransactionCount(account.address);
const errorOf = async (...words: string[]) => {
  const { code, stdout } = await run("--yes", "--json", ...words);
  return { exit: code, ...JSON.parse(stdout).error };
};

describe("sealpatch deploy", () => {
  it("shows what it deploys, deploys it, and records it where every command finds it", async () => {
    const { code, stdout, stderr } = await run("--yes");
    expect(stderr.replace(/ {2}deploy: .*\n/, "")).toBe("");
    expect(code).toBe(0);
    for (const name of [...CONTRACTS, ...Object.values(people), "604800 s", "class development"])
      expect(stdout).toContain(name);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    const record = parseDeployments(readFileSync(at("deployments.json"), "utf8"))["chain-31337"]!;
    expect(Object.keys(record.contracts)).toEqual(CONTRACTS);
    expect(record).toMatchObject({ chainId: 31337n, keyClass: "development" });
    const { configuration } = await readProject(at("sealpatch.toml"));
    expect(configuration.chains["chain-31337"]).toMatchObject({
      timelock: record.timelock,
      block: record.block,
    });
    expect(await sentBy()).toBe(8);
    const journal = readFileSync(at(".sealpatch/journal.jsonl"), "utf8").trim().split("\n");
    expect(journal.map((line) => JSON.parse(line).stage)).toEqual(
      CONTRACTS.flatMap(() => ["signed", "mined"]),
    );

    // Once more: all is checked, nothing is sent.
    const again = JSON.parse((await run("--yes", "--json")).stdout);
    expect(again.steps.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
      CONTRACTS.map(() => "recorded"),
    );
    expect(await sentBy()).toBe(8);

    // Without the record: the journal and the chain still have it.
    rmSync(at("deployments.json"));
    const resumed = JSON.parse((await run("--yes", "--json")).stdout);
    expect(new Set(resumed.steps.map(({ outcome }: { outcome: string }) => outcome))).toEqual(
      new Set(["resumed"]),
    );
    expect(resumed.timelock).toBe(record.timelock);
    expect(await sentBy()).toBe(8);

    // Another plan than the one that was recorded is not taken for it.
    configure((text) => text.replace('max_validity = "30d"', 'max_validity = "31d"'));
    expect(await errorOf()).toMatchObject({ code: "lane/other-deployment", exit: 1 });
    configure((text) => text.replace(people.council, people.guardians));
    expect(await errorOf()).toMatchObject({ code: "lane/other-deployment" });
    configure();
    // The record names other code, or none: what is there is looked at.
    const text = readFileSync(at("deployments.json"), "utf8");
    const [first, second] = ["AttestVerifier", "BindVerifier"].map((name) => record.contracts[name]!);
    for (const lie of [
      text.replace(first!.address, second!.address),
      text.replace(first!.transaction, second!.transaction),
    ]) {
      writeFileSync(at("deployments.json"), lie);
      expect(await errorOf()).toMatchObject({ code: "lane/not-on-chain" });
    }
    expect(await sentBy()).toBe(8);
  });

  it.each([3])("goes on after the node was gone from transaction %i on", async (index) => {
    let sent = 0;
    onSend = () => (sent++ >= index ? "hang up" : undefined);
    expect(await errorOf()).toMatchObject({ exit: 1, code: "chain/unreachable" });
    expect(await sentBy()).toBe(index);
    expect(existsSync(at("deployments.json"))).toBe(false);
    onSend = () => undefined;
    const { steps } = JSON.parse((await run("--yes", "--json")).stdout);
    const outcomes = steps.map(({ outcome }: { outcome: string }) => outcome);
    expect(outcomes).toEqual(CONTRACTS.map((_, i) => (i < index ? "resumed" : "deployed")));
    expect(await sentBy()).toBe(8);
  });

  it.each([
    [0, true],
    [7, true],
    [3, false],
  ])(
    "deploys nothing twice where the answer to transaction %i was lost (arrived: %s)",
    async (index, arrived) => {
      let sent = 0;
      onSend = async (_, pass) => {
        if (sent++ !== index) return undefined;
        if (arrived) await pass();
        return "hang up";
      };
      const { steps } = JSON.parse((await run("--yes", "--json")).stdout);
      expect(steps.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
        CONTRACTS.map(() => "deployed"),
      );
      expect(await sentBy()).toBe(8);
    },
  );

  it.each([
    ["before its transaction reached the node", 2, false],
    ["after it was mined", 5, true],
  ])("deploys nothing twice where it is killed %s", async (_, index, mined) => {
    const words = ["deploy", "--config", at("sealpatch.toml"), ...account.options, "--yes"];
    const child = sealpatchChild(...words);
    let sent = 0;
    onSend = async (_question, pass) => {
      if (sent++ !== index) return undefined;
      if (mined) await pass();
      child.kill();
      return "hang up";
    };
    expect((await child.finished).code).toBeNull();
    const arrived = mined ? index + 1 : index;
    expect(await sentBy()).toBe(arrived);
    expect(existsSync(at("deployments.json"))).toBe(false);
    const { steps } = JSON.parse((await run("--yes", "--json")).stdout);
    const outcomes = steps.map(({ outcome }: { outcome: string }) => outcome);
    expect(outcomes).toEqual(CONTRACTS.map((_, i) => (i < arrived ? "resumed" : "deployed")));
    expect(await sentBy()).toBe(8);
  });

  it("sends a lost transaction again under the same nonce, so that at most one is mined", async () => {
    const raws: string[] = [];
    onSend = ({ params: [raw] }) => {
      raws.push(raw as string);
      return raws.length === 1 ? "hang up" : undefined;
    };
    await errorOf();
    // The node counts it among those on their way, and does not give it.
    onAsk = async ({ method, params }, pass) => {
      if (method !== "eth_getTransactionCount" || params[1] !== "pending" || raws.length > 1)
        return undefined;
      const { result } = (await pass()) as { result: string };
      return { result: toQuantity(BigInt(result) + 1n) };
    };
    await run("--yes", "--json");
    const [first, second] = raws.map((raw) => Transaction.from(raw));
    expect([second!.nonce, second!.data]).toEqual([first!.nonce, first!.data]);
    await expect(provider.broadcastTransaction(raws[0]!)).rejects.toThrow();
    expect(await sentBy()).toBe(8);
  });

  it("refuses, and deploys nothing", async () => {
    const cases: [string, (text: string) => string, string, string[]?][] = [
      [
        "nobody is guardian",
        (text) => text.replace(`guardians = ["${people.guardians}"]`, "guardians = []"),
        "lane/role-without-holder",
      ],
      [
        "nobody proposes",
        (text) => text.replace(`proposers = ["${people.proposers}"]`, "proposers = []"),
        "lane/role-without-holder",
      ],
      [
        "no roles",
        (text) => text.replace(/\[chains\.chain-31337\.roles\][\s\S]*?(?=# The timelock:)/, ""),
        "lane/role-without-holder",
      ],
      ["a holder that is none", (text) => text.replace(people.council, "0x03"), "config/invalid-value"],
      ["another chain than the node's", (text) => text.replace("id = 31337", "id = 1"), "chain/other-chain"],
      [
        "a timelock that is known",
        (text) => text.replace('# timelock = "0x.."', `timelock = "${people.council}"`),
        "lane/timelock-known",
      ],
      [
        "a validity without a window",
        (text) => text.replace('max_validity = "30d"', 'max_validity = "2h"'),
        "config/contradiction",
      ],
      [
        "bounds the wrong way round",
        (text) => text.replace('delay = ["1h", "7d"]', 'delay = ["7d", "1h"]'),
        "config/invalid-value",
      ],
      [
        "a duration beyond all",
        (text) => text.replace('max_validity = "30d"', 'max_validity = "99999999d"'),
        "config/invalid-value",
      ],
      [
        "a node that is not there",
        (text) => text.replace(node.url, "http://127.0.0.1:9"),
        "chain/unreachable",
      ],
      ["another chain's name", (text) => text, "config/no-such-chain", ["--chain", "mainnet"]],
      ["keys that are not installed", (text) => text, "key/not-installed", ["--keys", "0x1234"]],
      ["powers of tau without keys", (text) => text, "cli/usage", ["--ptau", "x.ptau"]],
      ["an account that is not there", (text) => text, "keystore/unreadable", ["--account", "nowhere.json"]],
      [
        "an account of another kind",
        (text) => text,
        "keystore/not-an-account",
        ["--account", "package.json"],
      ],
      [
        "a passphrase file that is not there",
        (text) => text,
        "cli/unreadable-passphrase",
        ["--account-passphrase-file", "no.txt"],
      ],
    ];
    for (const [name, change, expected, words = []] of cases) {
      configure(change);
      const { code, exit } = await errorOf(...words);
      expect([code, exit], name).toEqual([expected, expected === "cli/usage" ? 2 : 1]);
    }
    writeFileSync(at("other.txt"), "another passphrase\n");
    configure();
    expect(await errorOf("--account-passphrase-file", at("other.txt"))).toMatchObject({
      code: "keystore/wrong-passphrase",
    });
    writeFileSync(at("deployments.json"), "{}");
    expect(await errorOf()).toMatchObject({ code: "config/malformed-deployments" });
    expect(await sentBy()).toBe(0);
    expect(existsSync(at(".sealpatch/journal.jsonl"))).toBe(false);
  });

  it("T07: refuses development keys on a chain that is not local, before it asks for a passphrase", async () => {
    const real = await startAnvil("cancun", 1);
    try {
      writeFileSync(at("sealpatch.toml"), laneConfiguration({ rpc: real.url, roles: people, chainId: 1 }));
      const words = ["--yes", "--json", "--account-passphrase-file", at("no.txt")];
      expect(await errorOf(...words)).toMatchObject({ code: "chain/public-mempool" });
      expect(await errorOf(...words, "--public")).toMatchObject({ code: "key/development-key" });
    } finally {
      await real.stop();
    }
  });

  it("holds the project's lock, and says who does", async () => {
    await withState(folder, async () => {});
    writeFileSync(
      at(".sealpatch/.lock"),
      JSON.stringify({ pid: process.pid, host: (await import("node:os")).hostname() }),
    );
    expect(await errorOf()).toMatchObject({ code: "state/locked", details: { pid: process.pid } });
  });

  it("does not wait where nobody can be asked", async () => {
    const { code, stderr } = await sealpatchProcess(
      "deploy",
      "--config",
      at("sealpatch.toml"),
      ...account.options,
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/no terminal[\s\S]*--yes/);
  });
});
