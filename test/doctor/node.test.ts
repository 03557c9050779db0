import { id, JsonRpcProvider, toQuantity } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asked } from "../../src/chain/index.js";
import { Lines } from "../../src/doctor/finding.js";
import { gasLines, relayLine } from "../../src/doctor/gas.js";
import { historyLines, type NodeOptions, nodeLines, type WantedChain } from "../../src/doctor/node.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { SealpatchError } from "../../src/errors.js";
import { type Answerer, type OddNode, startOddNode } from "../chain/odd-node.js";
import { onSnapshot } from "../chain/snapshot.js";
import { expectOpen, lineOf, open } from "./outcomes.js";

/** A text of a node, and what stands in its URL: neither may be shown. */
const SAID = "upstream-said-this";
const KEY = "key-of-the-provider";
const TARGET = `0x${"5e".repeat(20)}`;
/** More blocks than one that limits logs takes at once. */
const BLOCKS = 3_000;
const ACCOUNT = `0x${"ac".repeat(20)}`;

let anvil: Anvil;
let provider: JsonRpcProvider;
let node: OddNode;
let onAsk: Answerer;
/** What the fields of the newest block are, in place of its own. */
let ofHead: Record<string, unknown>;

const later = (seconds: number) => `0x${Math.floor(Date.now() / 1000 + seconds).toString(16)}`;

beforeAll(async () => {
  anvil = await startAnvil();
  provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1 });
  await provider.send("anvil_setCode", [TARGET, "0x00"]);
  await provider.send("anvil_mine", [`0x${BLOCKS.toString(16)}`, "0x0"]);
  node = await startOddNode(
    async (question, pass) => {
      const reply = await onAsk(question, pass);
      if (reply !== undefined || question.method !== "eth_getBlockByNumber") return reply;
      const { result } = (await pass()) as { result: object };
      return { result: { ...result, ...ofHead } };
    },
    { behind: anvil.url, path: KEY },
  );
});
afterAll(async () => {
  provider?.destroy();
  await node?.stop();
  await anvil?.stop();
});
beforeEach(() => {
  onAsk = ({ method }) => (method === "eth_chainId" ? { result: "0x1" } : undefined);
  ofHead = { timestamp: later(-12) };
});

/** Every line that is about the node, of a chain that is no local one. */
async function look(
  options: NodeOptions & { readonly account?: string; readonly relay?: string } = {},
  chain: Partial<WantedChain> = {},
) {
  const lines = new Lines();
  const wanted: WantedChain = { id: 1n, url: () => node.url, timelock: TARGET, block: BLOCKS, ...chain };
  const reached = await nodeLines(lines, wanted, options);
  try {
    if (options.relay !== undefined) await relayLine(lines, options.relay, wanted.id);
    await gasLines(lines, reached, options.account);
    await historyLines(lines, wanted, reached, ["newest block"]);
  } finally {
    reached.provider.destroy();
  }
  const shown = JSON.stringify(lines.findings);
  expect(shown).not.toContain(SAID);
  expect(shown).not.toContain(KEY);
  return lines.findings;
}

/** Lines that wait for the node, for its chain, and for its newest block. */
const OF_HEAD = ["traces", "gas limit of blocks", "price of gas", "archive", "logs"];
const OF_CHAIN = ["newest block", "clock", ...OF_HEAD];
const OF_NODE = ["chain id", ...OF_CHAIN];

const error = (code: number) => ({ error: { code, message: SAID } });
/** Answers one method so, and the chain's id as before. */
const on =
  (wanted: string, reply: Awaited<ReturnType<Answerer>>): Answerer =>
  ({ method }) =>
    method === wanted ? reply : method === "eth_chainId" ? { result: "0x1" } : undefined;

describe("the doctor, of a node", () => {
  it("says that all holds of one that does all", async () => {
    await provider.send("anvil_setBalance", [ACCOUNT, toQuantity(10n ** 18n)]);
    const findings = await look({ account: ACCOUNT, relay: node.url });
    await provider.send("anvil_setBalance", [ACCOUNT, "0x0"]);
    expect(open(findings)).toEqual([]);
    expect(findings.map(({ name }) => name)).toEqual([
      "node",
      ...["chain id", "newest block", "clock", "traces", "relay"],
      ...["gas limit of blocks", "price of gas", `balance of ${ACCOUNT}`, "archive", "logs"],
    ]);
    expect(lineOf(findings, "logs").detail).toMatch(/^all 1 blocks since/);
    expect(lineOf(findings, "gas limit of blocks").detail).toMatch(/execution takes at most 5,8\d\d,\d{3}$/);
  });

  it.each<[string, Answerer, RegExp]>([
    ["no answer", () => "silence", /there was nothing within 0\.3 s$/],
    ["a dead connection", () => "hang up", /the connection failed with [A-Z_]+$/],
    ["a page", () => ({ text: `<html>${SAID}</html>`, status: 200 }), /HTTP status 200, and no JSON-RPC$/],
    ["a refusal", () => ({ text: SAID, status: 403 }), /HTTP status 403, and no JSON-RPC$/],
    ["no end", () => ({ text: `{"result":"0x1","x":"${"x".repeat(70_000)}"}` }), /and no JSON-RPC$/],
  ])("%s fails in its first line, and all others wait for it", async (_, answerer, detail) => {
    onAsk = answerer;
    expectOpen(await look({ seconds: 0.3 }), { name: "node", outcome: "fails", detail }, OF_NODE);
  });

  it("a node that nothing names is not asked", async () => {
    const url = () => {
      throw new SealpatchError("config/no-node", "the variable is not set", { remedy: "set it" });
    };
    const findings = await look({}, { url });
    expectOpen(findings, { name: "node", outcome: "fails", detail: /^the variable is not set$/ }, OF_NODE);
    expect(lineOf(findings, "node")).toMatchObject({ remedy: "set it", code: "config/no-node" });
  });

  it.each<[string, Awaited<ReturnType<Answerer>>, RegExp]>([
    ["another chain", { result: "0x2" }, /^it serves the chain 2, and 1 is meant$/],
    ["no chain", error(-32000), /^it does not say which chain it serves$/],
    ["a chain that is no number", { result: SAID }, /^it does not say which chain it serves$/],
  ])("%s fails, and all that is read waits for it", async (_, reply, detail) => {
    onAsk = () => reply;
    expectOpen(await look(), { name: "chain id", outcome: "fails", detail }, OF_CHAIN);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["is old", { timestamp: later(-20 * 60) }, /is 20 min old$/],
    ["comes from the future", { timestamp: later(20 * 60) }, /has a time that comes in 20 min$/],
  ])("a newest block that %s fails, and what is read waits for it", async (_, fields, detail) => {
    ofHead = fields;
    expectOpen(await look(), { name: "newest block", outcome: "fails", detail }, OF_HEAD);
  });

  it("a newest block that nobody gives is not checked", async () => {
    onAsk = on("eth_getBlockByNumber", error(-32000));
    const cause = { name: "newest block", outcome: "not checked", detail: /^the node refuses/ } as const;
    expectOpen(await look(), cause, OF_HEAD);
    onAsk = on("eth_getBlockByNumber", "silence");
    expectOpen(await look({ seconds: 0.3 }), { ...cause, detail: /does not answer$/ }, OF_HEAD);
    onAsk = on("eth_getBlockByNumber", { result: null });
    expectOpen(await look(), { ...cause, detail: /^the node has none$/ }, OF_HEAD);
  });

  it("of a local chain the newest block may have any time", async () => {
    onAsk = () => undefined;
    ofHead = { timestamp: later(-90 * 86_400) };
    expect(open(await look({}, { id: 31337n }))).toEqual([]);
  });

  it.each([
    [10 * 60_000, /^it is 10 min ahead of the node's$/],
    [-10 * 60_000, /^it is 10 min behind the node's$/],
  ])(
    "a clock of this machine that is %i ms off fails, and the node's newest block does not",
    async (by, detail) => {
      const findings = await look({ now: () => Date.now() + by });
      expectOpen(findings, { name: "clock", outcome: "fails", detail });
    },
  );

  it.each<[string, Awaited<ReturnType<Answerer>>]>([
    ["has no such method", error(-32601)],
    ["refuses it", error(-32000)],
    ["answers something else", { result: { structLogs: [] } }],
  ])("a node that %s does not trace", async (_, reply) => {
    await onSnapshot(provider, async () => {
      const [from] = (await provider.send("eth_accounts", [])) as [string];
      await (await (await provider.getSigner(from)).sendTransaction({ to: from })).wait();
      expect(lineOf(await look(), "traces")).toMatchObject({ outcome: "holds" });
      for (const method of ["debug_traceCall", "debug_traceBlockByHash", "debug_traceTransaction"]) {
        onAsk = on(method, reply);
        const detail = new RegExp(`^it does not trace by the prestate tracer \\(${method}\\)$`);
        expectOpen(await look(), { name: "traces", outcome: "fails", detail });
      }
    });
  });

  it("of an empty block, a node only has to know the question for a transaction", async () => {
    onAsk = on("debug_traceTransaction", error(-32000));
    expect(lineOf(await look(), "traces")).toMatchObject({ outcome: "holds" });
    onAsk = on("debug_traceTransaction", error(-32601));
    expectOpen(await look(), { name: "traces", outcome: "fails", detail: /debug_traceTransaction/ });
  });

  it("a node that falls silent when it is to trace is not checked", async () => {
    onAsk = on("debug_traceCall", "hang up");
    expectOpen(await look(), {
      name: "traces",
      outcome: "not checked",
      detail: /^the node does not answer$/,
    });
  });

  it.each<[string, Awaited<ReturnType<Answerer>>, RegExp]>([
    ["refuses old state", error(-32000), /^it does not have the state of block 3000,/],
    ["answers with nothing", { result: "0x" }, /^the timelock has no code in block 3000$/],
  ])("a node that %s is no archive", async (_, reply, detail) => {
    onAsk = on("eth_getCode", reply);
    expectOpen(await look(), { name: "archive", outcome: "fails", detail });
  });

  it("a block of deployment that is not known is asked for", async () => {
    const findings = await look({}, { block: undefined });
    expect(open(findings)).toEqual(["archive", "logs"]);
    for (const name of ["archive", "logs"])
      expect(lineOf(findings, name)).toMatchObject({ outcome: "not checked", detail: /not known$/ });
  });

  it("logs are counted in requests of what the node takes at once", async () => {
    const limit =
      (most: number): Answerer =>
      ({ method, params }) => {
        if (method === "eth_chainId") return { result: "0x1" };
        if (method !== "eth_getLogs") return undefined;
        const { fromBlock, toBlock } = params[0] as Record<"fromBlock" | "toBlock", string>;
        return Number(toBlock) - Number(fromBlock) < most ? undefined : error(-32005);
      };
    onAsk = limit(1_000);
    const findings = await look({}, { block: 1 });
    expect(open(findings)).toEqual([]);
    expect(lineOf(findings, "logs").detail).toMatch(/^750 blocks at once: 4 requests/);
    onAsk = limit(5);
    const detail = /^3 blocks at once: 1,000 requests/;
    expectOpen(await look({}, { block: 1 }), { name: "logs", outcome: "fails", detail });
    onAsk = limit(0);
    const refused = { name: "logs", outcome: "not checked", detail: /^the node refuses/ } as const;
    expectOpen(await look({}, { block: 1 }), refused);
  });

  it("a node behind the timelock's deployment fails", async () => {
    const findings = await look({}, { block: BLOCKS + 1 });
    expect(lineOf(findings, "logs")).toMatchObject({ outcome: "fails", detail: /the newest one is 3000$/ });
  });

  it("a block that holds no execution fails", async () => {
    ofHead = { ...ofHead, gasLimit: "0x4c4b40" };
    const detail = /^5,000,000, and an execution/;
    expectOpen(await look(), { name: "gas limit of blocks", outcome: "fails", detail });
  });

  it("a price that the node does not say is not checked, and the balance waits for it", async () => {
    const name = "price of gas";
    onAsk = ({ method }) => {
      if (method === "eth_chainId") return { result: "0x1" };
      return method === "eth_gasPrice" || method === "eth_maxPriorityFeePerGas" ? error(-32000) : undefined;
    };
    ofHead = { ...ofHead, baseFeePerGas: undefined };
    const waiting = [`balance of ${ACCOUNT}`];
    expectOpen(await look({ account: ACCOUNT }), { name, outcome: "not checked", detail: /none$/ }, waiting);
  });

  it("a balance that pays for no incident fails, with what is missing", async () => {
    ofHead = { ...ofHead, baseFeePerGas: "0x4a817c800" };
    const name = `balance of ${ACCOUNT}`;
    const detail = /^0\.0 ETH, and an incident takes up to 0\.2\d+$/;
    expectOpen(await look({ account: ACCOUNT }), { name, outcome: "fails", detail });
  });

  it.each<[string, Answerer, RegExp]>([
    ["of another chain", () => ({ result: "0x5" }), /^the node is on another chain: it serves the chain 5/],
    ["that is a page", () => ({ text: SAID }), /^it does not answer as a node does$/],
    ["that is dead", () => "hang up", /^it does not answer as a node does$/],
  ])("a relay %s fails", async (_, answerer, detail) => {
    const relay = await startOddNode(answerer);
    try {
      expectOpen(await look({ relay: relay.url }), { name: "relay", outcome: "fails", detail });
    } finally {
      await relay.stop();
    }
  });
});

describe("lines", () => {
  it("hold only where they were made, and name the first cause", async () => {
    const lines = new Lines();
    expect(lines.holds("never made")).toBe(false);
    await lines.add("a", ["never made"], () => "yes");
    await lines.add("b", ["a"], () => "yes");
    expect(lineOf(lines.findings, "b").detail).toBe("it waits for: never made");
    await expect(lines.add("c", [], () => Promise.reject(new TypeError("a fault")))).rejects.toThrow(
      "a fault",
    );
  });

  it("say what a node refused in words of their own", async () => {
    const lines = new Lines();
    const refused = () => asked(id("x"), () => Promise.reject({ error: { code: 1, message: SAID } }));
    await lines.add("a", [], refused);
    expect(JSON.stringify(lines.findings)).not.toContain(SAID);
  });
});
