import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import {
  type Hex,
  type RecordOptions,
  recordVector,
  runVector,
  withHardfork,
} from "../../src/vectors/index.js";
import { readBlock } from "../../src/vectors/record/record-node.js";
import { RpcClient } from "../../src/vectors/record/rpc.js";
import { rulesOf } from "../../src/vectors/record/rules.js";
import { type Answered, type Asked, NO_SUCH_METHOD, type NodeProxy, startProxy } from "./node-proxy.js";

// Which rules a call is recorded under, by real nodes and by nodes that say less, or something else, than they do.

const FROM: Hex = `0x${"f0".repeat(20)}`;
/** Returns 2a; its PUSH0 is there since Shanghai. */
const VIEW: Hex = `0x${"a1".repeat(20)}`;
const VIEW_CODE = "0x602a5f5260205ff3";
/** Returns the leading zeros of 1; CLZ is there since Osaka. */
const CLZ: Hex = `0x${"a2".repeat(20)}`;
const CLZ_CODE = "0x60011e5f5260205ff3";
/** Returns slot 1, in which 7 stands. */
const SLOT: Hex = `0x${"a3".repeat(20)}`;
const SLOT_CODE = "0x6001545f5260205ff3";
/** Reverts with one byte. */
const FAILS: Hex = `0x${"a4".repeat(20)}`;
const FAILS_CODE = "0x60aa5f5360015ffd";

const word = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;

let cancun: Anvil;
let osaka: Anvil;
let main: Anvil;
const proxies: NodeProxy[] = [];

beforeAll(async () => {
  [cancun, osaka, main] = await Promise.all([
    startAnvil("cancun"),
    startAnvil("osaka"),
    startAnvil("cancun", 1),
  ]);
  for (const { url } of [cancun, osaka, main]) {
    for (const [address, code] of [
      [VIEW, VIEW_CODE],
      [CLZ, CLZ_CODE],
      [SLOT, SLOT_CODE],
      [FAILS, FAILS_CODE],
    ]) {
      await rpc(url, "anvil_setCode", address, code);
    }
    await rpc(url, "anvil_setStorageAt", SLOT, word(1n), word(7n));
  }
});

afterAll(async () => {
  for (const proxy of proxies) proxy.close();
  await Promise.all([cancun, osaka, main].map((anvil) => anvil?.stop()));
});

async function rpc(url: string, method: string, ...params: unknown[]) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  return ((await response.json()) as Answered).result;
}

async function proxied(
  { url }: Anvil,
  change: (asked: Asked, answered: Answered) => Answered,
): Promise<NodeProxy> {
  const proxy = await startProxy(url, change);
  proxies.push(proxy);
  return proxy;
}

/** A gate that takes methods away. */
const without =
  (...methods: string[]) =>
  ({ method }: Asked, answered: Answered): Answered =>
    methods.includes(method) ? NO_SUCH_METHOD : answered;

const record = (rpcUrl: string, subject: Hex, more: Partial<RecordOptions> = {}) =>
  recordVector({
    rpcUrl,
    name: "recorded",
    kind: "invariant",
    subject,
    calls: [{ from: FROM, to: subject, data: "0x" }],
    ...more,
  });

const expected = async (...args: Parameters<typeof record>) => {
  const { vectors } = await record(...args);
  const { hardfork, description, expectation } = vectors[0]!;
  return { hardfork, description, ...expectation.calls[0]! };
};

const LATER = [
  "withdrawalsRoot",
  "withdrawals",
  "blobGasUsed",
  "excessBlobGas",
  "parentBeaconBlockRoot",
  "requestsHash",
];

/** A chain whose headers have none of Ethereum's later fields. */
const stripped = ({ method }: Asked, answered: Answered): Answered => {
  if (method === "eth_chainId") return { result: "0xa4b1" };
  if (!/^eth_getBlockBy/.test(method) || answered.result == null) return answered;
  const left = Object.entries(answered.result).filter(([field]) => !LATER.includes(field));
  return { result: Object.fromEntries(left) };
};

describe("the rules of a recorded call", () => {
  it("are those that anvil names, whatever headers its chain has", async () => {
    const { url } = await proxied(cancun, stripped);
    expect(await expected(url, VIEW)).toMatchObject({
      hardfork: "cancun",
      description: "Rules: cancun, as anvil_nodeInfo says.",
      success: true,
      returnData: await rpc(cancun.url, "eth_call", { to: VIEW }, "latest"),
    });
  });

  it("are not guessed where nobody names them, and a wrong choice is refused", async () => {
    const { url } = await proxied(cancun, (asked, answered) =>
      without("anvil_nodeInfo", "eth_config")(asked, stripped(asked, answered)),
    );
    await expect(record(url, VIEW)).rejects.toMatchObject({ code: "vectors/rules-unknown" });
    await expect(record(url, VIEW, { hardfork: "paris" })).rejects.toMatchObject({
      code: "vectors/differs-from-node",
      why: expect.stringContaining("expected success with 0x"),
    });
    expect(await expected(url, VIEW, { hardfork: "cancun" })).toMatchObject({
      description: "Rules: cancun, chosen by hand.",
      success: true,
    });
  });

  it("are Osaka's where the node runs them, so that CLZ is no revert", async () => {
    expect(await expected(osaka.url, CLZ)).toMatchObject({
      hardfork: "osaka",
      success: true,
      returnData: word(255n),
    });
    const set = await record(osaka.url, CLZ);
    const before = withHardfork(set, "prague");
    const code = { address: CLZ, code: Buffer.from(CLZ_CODE.slice(2), "hex") };
    expect((await runVector(before.vectors[0]!, set.codes, code, 0)).outcome).toMatchObject({
      calls: [{ success: false }],
    });
    expect(await expected(cancun.url, CLZ)).toMatchObject({ hardfork: "cancun", success: false });
  });

  it("are Osaka's after a fork that changes nothing but the number of blobs, as anvil runs by itself", async () => {
    const anvil = await startAnvil("bpo1");
    try {
      await rpc(anvil.url, "anvil_setCode", CLZ, CLZ_CODE);
      expect(await expected(anvil.url, CLZ)).toMatchObject({
        hardfork: "osaka",
        description: "Rules: osaka, as anvil_nodeInfo says.",
        success: true,
      });
    } finally {
      await anvil.stop();
    }
  });

  it("are read off eth_config where the node is no anvil", async () => {
    for (const [anvil, hardfork] of [
      [cancun, "cancun"],
      [osaka, "osaka"],
    ] as const) {
      const { url } = await proxied(anvil, without("anvil_nodeInfo"));
      expect(await expected(url, VIEW)).toMatchObject({
        hardfork,
        description: `Rules: ${hardfork}, as eth_config says.`,
      });
    }
  });

  it("are refused where eth_config names precompiles that no known rules have, or speaks of later blocks", async () => {
    const change = (edit: (current: Record<string, unknown>) => object) =>
      proxied(cancun, (asked, answered) => {
        if (asked.method !== "eth_config") return without("anvil_nodeInfo")(asked, answered);
        const { current } = answered.result as { current: Record<string, unknown> };
        return { result: { current: { ...current, ...edit(current) } } };
      });
    const more = await change(({ precompiles }) => ({
      precompiles: { ...(precompiles as object), NEW: `0x${"0".repeat(36)}0999` },
    }));
    const later = await change(() => ({ activationTime: 4_000_000_000 }));
    for (const { url } of [more, later]) {
      await expect(record(url, VIEW)).rejects.toMatchObject({ code: "vectors/rules-unknown" });
    }
    const other = await change(() => ({ chainId: "0x5" }));
    await expect(record(other.url, VIEW)).rejects.toMatchObject({ code: "vectors/rules-contradicted" });
  });

  it("are refused where the node's own EVM shows others, for an incident too, whose call it never sees", async () => {
    const { url, asked } = await proxied(cancun, ({ method }, answered) =>
      method === "anvil_nodeInfo" ? { result: { hardFork: "Osaka" } } : answered,
    );
    const calls = [{ from: FROM, to: VIEW, data: "0xdeadbeef01" as Hex }];
    for (const kind of ["invariant", "incident"] as const) {
      asked.length = 0;
      await expect(record(url, VIEW, { kind, calls })).rejects.toMatchObject({
        code: "vectors/rules-contradicted",
        why: expect.stringContaining("does not run what prague adds"),
      });
      expect(JSON.stringify(asked)).not.toContain("deadbeef01");
    }
    await expect(record(cancun.url, VIEW, { kind: "incident", calls })).resolves.toBeDefined();
  });

  it("are said to be unconfirmed where the node runs no init code, so that an incident rests on them alone", async () => {
    const { url } = await proxied(cancun, ({ method, params }, answered) =>
      method === "eth_call" && (params[0] as { to?: string }).to === undefined
        ? { error: { code: -32000, message: "creations are not served" } }
        : answered,
    );
    const calls = [{ from: FROM, to: VIEW, data: "0x" as Hex }];
    const description = async (from: string) =>
      (await record(from, VIEW, { kind: "incident", calls })).vectors[0]!.description;
    expect(await description(url)).toContain("its EVM was not asked");
    expect(await description(cancun.url)).not.toContain("its EVM was not asked");
  });

  it("that vectors do not know are refused by their name", async () => {
    const { url } = await proxied(osaka, ({ method }, answered) =>
      method === "anvil_nodeInfo" ? { result: { hardFork: "Amsterdam" } } : answered,
    );
    await expect(record(url, VIEW)).rejects.toMatchObject({
      code: "vectors/hardfork-unsupported",
      details: { hardfork: "amsterdam" },
    });
  });

  it("of a chain that has the id of Ethereum's main chain and another schedule are asked for, not guessed", async () => {
    expect(await expected(main.url, VIEW)).toMatchObject({ hardfork: "cancun", success: true });
    const { url } = await proxied(main, without("anvil_nodeInfo"));
    await expect(record(url, VIEW)).rejects.toMatchObject({
      code: "vectors/rules-unknown",
      why: expect.stringContaining("do not fit the schedule"),
    });
    expect(await expected(url, VIEW, { hardfork: "cancun" })).toMatchObject({ success: true });
  });
});

describe("the rules of a block of Ethereum's public chains", () => {
  /** A node that answers eth_config at most. */
  const at = async (number: bigint, timestamp: bigint, forkId?: string) => {
    const config = { activationTime: 0, chainId: "0x1", forkId, precompiles: {}, systemContracts: {} };
    const { url } = await proxied(main, ({ method }) =>
      method === "eth_config" && forkId !== undefined ? { result: { current: config } } : NO_SUCH_METHOD,
    );
    const block = { ...(await readBlock(new RpcClient(main.url))), number, timestamp };
    return rulesOf(new RpcClient(url), block);
  };

  it.each([
    [1_764_798_551n, "osaka"],
    [1_767_800_000n, "osaka"],
    [1_764_798_550n, "prague"],
    [1_700_000_000n, "shanghai"],
  ])("are at %d those of %s by its schedule", async (timestamp, hardfork) => {
    expect((await at(0x1600000n, timestamp)).hardfork).toBe(hardfork);
  });

  it("are refused before the Merge", async () => {
    await expect(at(0xd00000n, 0x60000000n)).rejects.toMatchObject({ code: "vectors/hardfork-unsupported" });
  });

  it("are refused where the node's fork id is not that of the schedule: a fork that is newer than it", async () => {
    const osaka = "0x5167e2a6";
    expect(await at(0x1600000n, 1_764_798_551n, osaka)).toMatchObject({ hardfork: "osaka" });
    await expect(at(0x1600000n, 1_764_798_551n, "0x12345678")).rejects.toMatchObject({
      code: "vectors/rules-contradicted",
    });
  });
});

describe("a recorded call is held against the node", () => {
  it("whose trace of the call lies about a slot", async () => {
    const { url } = await proxied(cancun, ({ method }, answered) =>
      method === "debug_traceCall"
        ? { result: JSON.parse(JSON.stringify(answered.result).replaceAll(word(7n), word(8n))) }
        : answered,
    );
    await expect(record(url, SLOT)).rejects.toMatchObject({ code: "vectors/trace-contradicted" });
    expect(await expected(url, SLOT, { trace: false })).toMatchObject({ returnData: word(7n) });
  });

  it("whose trace and values lie, while its EVM does not", async () => {
    const { url } = await proxied(cancun, ({ method }, answered) =>
      method === "eth_call" ? answered : JSON.parse(JSON.stringify(answered).replaceAll(word(7n), word(8n))),
    );
    for (const trace of [true, false]) {
      await expect(record(url, SLOT, { trace })).rejects.toMatchObject({ code: "vectors/differs-from-node" });
    }
  });

  it("which says that a call reverts, and with what", async () => {
    expect(await expected(cancun.url, FAILS)).toMatchObject({ success: false, returnData: "0xaa" });
    const { url } = await proxied(cancun, (asked, answered) =>
      asked.method === "eth_call" && answered.error?.code === 3
        ? { error: { ...answered.error, data: "0xab" } }
        : answered,
    );
    await expect(record(url, FAILS)).rejects.toMatchObject({ code: "vectors/differs-from-node" });
  });

  it.each([
    ["has no eth_call", NO_SUCH_METHOD],
    ["does not have the state", { error: { code: -32000, message: "missing trie node" } }],
    ["is busy", { error: { code: -32005, message: "limit exceeded" } }],
  ])("and a node that %s says nothing about a call that reverts here", async (_what, refusal) => {
    const { url } = await proxied(cancun, ({ method }, answered) =>
      method === "eth_call" ? refusal : answered,
    );
    await expect(record(url, FAILS)).rejects.toMatchObject({ code: "vectors/node-refuses" });
  });

  it("in the surroundings that are asked for", async () => {
    const timestamp: Hex = `0x${"a5".repeat(20)}`;
    await rpc(cancun.url, "anvil_setCode", timestamp, "0x425f5260205ff3");
    const calls = [
      { from: FROM, to: timestamp, data: "0x" as Hex, environment: { timestamp: 4_000_000_000n } },
    ];
    expect(await expected(cancun.url, timestamp, { calls })).toMatchObject({
      returnData: word(4_000_000_000n),
    });
    // A node that takes no other surroundings.
    const { url } = await proxied(cancun, ({ method, params }, answered) =>
      method === "eth_call" && params.length > 2
        ? { error: { code: -32602, message: "too many arguments, want at most 2" } }
        : answered,
    );
    await expect(record(url, timestamp, { calls })).rejects.toMatchObject({
      code: "vectors/differs-from-node",
    });
  });
});
