import { inspect } from "node:util";
import { type JsonRpcProvider, keccak256, recoverAddress, toUtf8Bytes, Wallet } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { providerOf, RELAY_KINDS, type RelayOptions, relayTo } from "../../src/chain/index.js";
import { RelayEndpoint, signatureOf } from "../../src/chain/relay-endpoint.js";
import type { SealpatchError } from "../../src/errors.js";
import { BEFORE_SENDING, type OddNode, type Reply, startOddNode } from "./odd-node.js";
import { type Behaviour, type RelayServer, startRelay } from "./relay-server.js";

const KEY = "v2/0123456789ab";
const PATCH = "5ea1".repeat(40);
const wallet = new Wallet(`0x${"01".repeat(32)}`);
let raw: string;
let hash: string;
/** What the relay's chain says, by method; an error where it is one. */
let chain: Record<string, unknown>;
let node: OddNode;
let provider: JsonRpcProvider;
let relay: RelayServer;
let forwarded: unknown[];

beforeAll(async () => {
  raw = await wallet.signTransaction({ to: wallet.address, data: `0x${PATCH}`, gasPrice: 1, chainId: 1 });
  hash = keccak256(raw);
  node = await startOddNode(({ method }) => ({ result: BEFORE_SENDING[method] }));
  provider = providerOf(node.url);
  relay = await startRelay(async (method, [first]) => {
    if (method === "eth_sendRawTransaction") forwarded.push(first);
    const answer = { ...BEFORE_SENDING, ...chain }[method];
    if (answer === undefined) throw Object.assign(new Error(`unknown method ${method}`), { code: -32601 });
    if (answer instanceof Error) throw answer;
    return answer;
  }, KEY);
});

beforeEach(() => {
  chain = {};
  forwarded = [];
  relay.requests.length = 0;
  node.asked.length = 0;
  relay.behave({ does: "forwards", answers: "the truth" });
});

afterAll(async () => {
  provider.destroy();
  await node.stop();
  await relay.stop();
});

const outlet = (options: Partial<RelayOptions> = {}) =>
  relayTo({ url: relay.url, kind: "private", provider, ...options });
const sent = () => relay.requests.filter(({ method }) => method.startsWith("eth_send"));
const thrown = (work: Promise<unknown>): Promise<SealpatchError> =>
  work.then(
    () => expect.fail("nothing was thrown"),
    (error) => error,
  );

describe("T11: a transaction", () => {
  it("goes to a plain endpoint as to any node, and has no last block there", async () => {
    expect(await outlet({ kind: "plain" }).submit(raw)).toBeUndefined();
    expect(sent()).toMatchObject([{ method: "eth_sendRawTransaction", params: [raw] }]);
    expect(forwarded).toEqual([raw]);
  });

  it("goes to a private relay until a last block, and is to be shared as its hash alone", async () => {
    expect(await outlet().submit(raw)).toBe(16 + 25);
    expect(await outlet({ blocks: 3 }).submit(raw)).toBe(19);
    const offers = ["0x29", "0x13"].map((maxBlockNumber) => ({
      method: "eth_sendPrivateTransaction",
      params: [{ tx: raw, maxBlockNumber, preferences: { privacy: { hints: ["hash"] } } }],
    }));
    expect(sent()).toMatchObject(offers);
  });

  it("goes to a builder as a bundle for each block ahead, which may not revert", async () => {
    expect(await outlet({ kind: "bundle", blocks: 3 }).submit(raw)).toBe(19);
    expect(sent().map(({ method }) => method)).toEqual(Array(3).fill("eth_sendBundle"));
    const offers = sent().map(({ params }) => params[0] as { blockNumber: string });
    expect(offers.sort((a, b) => Number(a.blockNumber) - Number(b.blockNumber))).toEqual(
      ["0x11", "0x12", "0x13"].map((blockNumber) => ({ txs: [raw], blockNumber })),
    );
    // It is for its block alone.
    expect(forwarded).toEqual([raw]);
  });

  it.each(RELAY_KINDS)("by %s is shown to the relay alone", async (kind) => {
    const { estimateGas, submit } = outlet({ kind });
    await estimateGas({ to: wallet.address, data: `0x${PATCH}` });
    await submit(raw);
    expect(node.asked.length).toBeGreaterThan(0);
    expect(JSON.stringify(node.asked)).not.toContain(PATCH);
    expect(JSON.stringify(relay.requests)).toContain(PATCH);
  });

  it("goes to no relay of another chain, nor to a plain endpoint that does not say which it serves", async () => {
    for (const [served, kind, code] of [
      ["0x5", "plain", "chain/other-chain"],
      ["0x5", "private", "chain/other-chain"],
      ["0x5", "bundle", "chain/other-chain"],
      [undefined, "plain", "chain/unsupported-method"],
      ["nowhere", "private", "chain/unknown-chain"],
    ] as const) {
      chain = { eth_chainId: served };
      const { estimateGas, submit } = outlet({ kind });
      expect(await thrown(submit(raw))).toMatchObject({ code });
      expect(await thrown(estimateGas({ data: `0x${PATCH}` }))).toMatchObject({ code });
    }
    expect(JSON.stringify(relay.requests)).not.toContain(PATCH);
    chain = { eth_chainId: undefined };
    await outlet().submit(raw);
    expect(sent()).toHaveLength(1);
  });

  it("is not sent on to another address", async () => {
    const elsewhere = await startOddNode(() => ({ result: hash }));
    try {
      relay.behave({ does: "holds", answers: "another address", elsewhere: elsewhere.url });
      expect(await thrown(outlet().submit(raw))).toMatchObject({
        code: "chain/unreachable",
        details: { cause: "REDIRECT" },
      });
      expect(elsewhere.asked).toEqual([]);
    } finally {
      await elsewhere.stop();
    }
  });
});

describe("a request", () => {
  it("is signed over its very body, where a signer is given", async () => {
    await outlet({ signer: wallet, kind: "bundle", blocks: 2 }).submit(raw);
    expect(relay.requests).toHaveLength(3);
    for (const { body, headers } of relay.requests) {
      const [address, signature] = String(headers["x-flashbots-signature"]).split(":");
      const text = toUtf8Bytes(keccak256(toUtf8Bytes(body)));
      const signedText = [...toUtf8Bytes(`\x19Ethereum Signed Message:\n${text.length}`), ...text];
      expect(recoverAddress(keccak256(Uint8Array.from(signedText)), signature!)).toBe(address);
      expect(address).toBe(wallet.address);
    }
    await outlet().submit(raw);
    expect(relay.requests.at(-1)!.headers).not.toHaveProperty("x-flashbots-signature");
  });

  it("is signed as cast and Flashbots' own library do it", async () => {
    // github.com/flashbots/go-utils, signature/signature_test.go: the key of the Go Ethereum book, over "Hello".
    const signer = new Wallet("0xfad9c8855b740a0b7ed4c221dbad0f33a83a49cad6b3fe8d5817ac83d38b6a19");
    expect(await signatureOf("Hello", signer)).toBe(
      "0x96216849c49358B10257cb55b28eA603c874b05E:0x1446053488f02d460c012c84c4091cd5054d98c6cfca01b65f6c1a72773e80e60b8a4931aeee7ed18ce3adb45b2107e8c59e25556c1f871a8334e30e5bddbed21c",
    );
  });

  it("carries the credentials of the URL in its header", async () => {
    await outlet({ url: relay.url.replace("//", "//user:p%40ss@") }).submit(raw);
    const authorization = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    expect(relay.requests.every(({ headers }) => headers.authorization === authorization)).toBe(true);
    await outlet({ url: relay.url.replace("//", "//50%25:%@") }).submit(raw);
    expect(relay.requests.at(-1)!.headers.authorization).toBe(
      `Basic ${Buffer.from("50%:%").toString("base64")}`,
    );
  });
});

describe("the gas", () => {
  it("is what the relay says", async () => {
    expect(await outlet().estimateGas({ to: wallet.address })).toBe(21_000n);
    expect(relay.requests.map(({ method }) => method)).toEqual(["eth_chainId", "eth_estimateGas"]);
  });

  const unwilling: readonly [string, Reply][] = [
    ["it has no such method", { error: { code: -32601, message: "the method does not exist" } }],
    ["the method is not allowed", { error: { code: -32600, message: "rpc method is not whitelisted" } }],
    ["it is forbidden", { text: "Forbidden", status: 403 }],
  ];
  it.each(unwilling)("is asked of whoever sends where the relay says that %s", async (_, reply) => {
    const other = await startOddNode(() => reply);
    try {
      for (const kind of ["private", "bundle"] as const)
        expect(
          await thrown(outlet({ url: other.url, kind }).estimateGas({ to: wallet.address })),
        ).toMatchObject({
          code: "chain/unsupported-method",
          details: { host: new URL(other.url).host },
          remedy: expect.stringContaining("give the gas"),
        });
    } finally {
      await other.stop();
    }
  });

  it("is not asked for where somebody else is wrong", async () => {
    for (const [kind, message] of [
      ["private", "insufficient funds for gas * price + value"],
      ["plain", "too many requests"],
    ] as const) {
      chain = { eth_estimateGas: Object.assign(new Error(message), { code: -32000 }) };
      const refused = { code: "chain/rejected" };
      expect(await thrown(outlet({ kind }).estimateGas({ to: wallet.address })), message).toMatchObject(
        refused,
      );
    }
  });

  it("is none of what would revert", async () => {
    chain = { eth_estimateGas: Object.assign(new Error("execution reverted"), { code: 3, data: "0x" }) };
    expect(await thrown(outlet().estimateGas({ to: wallet.address }))).toMatchObject({
      code: "chain/reverted",
    });
  });
});

describe("T20: an answer", () => {
  const cases: readonly [Behaviour["answers"], code: string, details: object][] = [
    ["another hash", "chain/relay-lies", {}],
    ["a refusal", "chain/rejected", { answer: "the bundle was refused" }],
    ["a refusal with a status", "chain/rejected", { answer: "the bundle was refused" }],
    ["HTML", "chain/unreachable", { cause: "NO_JSON_RPC" }],
    ["the status 500", "chain/unreachable", { cause: "HTTP_500" }],
    ["nothing", "chain/unreachable", { cause: "NO_JSON_RPC" }],
    ["both", "chain/unreachable", { cause: "NO_JSON_RPC" }],
    ["too much", "chain/unreachable", { cause: "TOO_LARGE" }],
    ["half of it", "chain/unreachable", { cause: expect.stringMatching(/^[A-Z_]+$/) }],
    ["a dead line", "chain/unreachable", { cause: expect.stringMatching(/^[A-Z_]+$/) }],
  ];
  const rows = cases.flatMap((row) => RELAY_KINDS.map((kind) => [kind, ...row] as const));

  it.each(rows)(
    "of a relay (%s) that is %s is %s, and nothing else is shown",
    async (kind, answers, code, details) => {
      relay.behave({ does: "forwards", answers });
      const error = await thrown(outlet({ kind, blocks: kind === "plain" ? 25 : 2 }).submit(raw));
      expect(error).toMatchObject({ code, details });
      expect(error.remedy).toMatch(/may still be mined/);
      if (code !== "chain/rejected") expect(error.details.host).toBe(new URL(relay.url).host);
      const shown = inspect(error, { depth: null, showHidden: true });
      for (const secret of [PATCH, raw, KEY, "holiday"]) expect(shown).not.toContain(secret);
    },
  );

  it.each(["plain", "private"] as const)(
    "of a relay (%s) that is no hash is not taken for one",
    async (kind) => {
      relay.behave({ does: "forwards", answers: "another form" });
      expect(await thrown(outlet({ kind }).submit(raw))).toMatchObject({
        code: "chain/unreachable",
        details: { cause: "OTHER_FORM" },
      });
    },
  );

  it("that names no hash of the bundle takes it", async () => {
    relay.behave({ does: "holds", answers: "another form" });
    expect(await outlet({ kind: "bundle", blocks: 1 }).submit(raw)).toBe(17);
  });

  it.each(["plain", "private"] as const)(
    "of a relay (%s) that has the transaction already is a success",
    async (kind) => {
      relay.behave({ does: "holds", answers: "that it has it already" });
      await outlet({ kind }).submit(raw);
      expect(sent()).toHaveLength(1);
    },
  );

  it("that repeats a key of the URL is shown without it", async () => {
    chain = { eth_chainId: Object.assign(new Error("key 0123456789ab has no credit"), { code: -32005 }) };
    expect(await thrown(outlet({ kind: "plain" }).submit(raw))).toMatchObject({
      code: "chain/rejected",
      details: { answer: "key (hidden) has no credit" },
    });
  });

  it("of one block is enough for a bundle; without any, one that leaves it open goes before a refusal", async () => {
    const answers = ["a refusal", "a refusal", "the truth"] as Behaviour["answers"][];
    const only = (chosen: typeof answers) =>
      startOddNode(({ method }) => {
        if (method !== "eth_sendBundle") return { result: BEFORE_SENDING[method] };
        const next = chosen.shift();
        if (next === "a dead line") return "hang up";
        return next === "the truth" ? { result: {} } : { error: { code: -32000, message: "no" } };
      });
    for (const [chosen, outcome] of [
      [answers, 19],
      [["a refusal", "a dead line", "a refusal"], "chain/unreachable"],
      [["a refusal", "a refusal", "a refusal"], "chain/rejected"],
    ] as [typeof answers, number | string][]) {
      const builder = await only(chosen);
      try {
        const bundle = outlet({ url: builder.url, kind: "bundle", blocks: 3 });
        expect(await bundle.submit(raw).catch(({ code }) => code)).toBe(outcome);
      } finally {
        await builder.stop();
      }
    }
  });

  it("is waited for no longer than a relay may take", async () => {
    relay.behave({ does: "holds", answers: "the truth", after: 2_000 });
    const impatient = new RelayEndpoint(new URL(relay.url), undefined, 0.1);
    expect(await thrown(impatient.send("eth_sendRawTransaction", [raw]))).toMatchObject({
      code: "chain/unreachable",
      details: { cause: "TIMEOUT" },
    });
  });

  it("is none where nobody listens", async () => {
    const gone = await startRelay(async () => "0x1");
    await gone.stop();
    expect(await thrown(outlet({ url: gone.url }).submit(raw))).toMatchObject({
      code: "chain/unreachable",
      details: { cause: "ECONNREFUSED", host: new URL(gone.url).host },
    });
  });
});

describe("a relay that is none", () => {
  it.each([
    ["url", "relay"],
    ["url", "ftp://relay.example"],
    ["url", "http://relay.example"],
    ["url", "http://127.0.0.1.example"],
    ["url", "http://localhost.example"],
    ["url", 5],
    ["kind", "public"],
    ["kind", undefined],
    ["blocks", 0],
    ["blocks", 101],
    ["blocks", 1.5],
    ["blocks", "5"],
  ])("is refused: %s %s", (name, value) => {
    expect(() => outlet({ [name]: value })).toThrow(
      expect.objectContaining({ code: "chain/malformed-relay", remedy: expect.any(String) }),
    );
  });

  it.each(["https://relay.example/key", "http://localhost:1", "http://[::1]:1", "http://127.1:1"])(
    "is not %s",
    (url) => {
      expect(outlet({ url }).host).toBe(new URL(url).host);
    },
  );

  it("shows no URL in its error", async () => {
    const error = await thrown(Promise.resolve().then(() => outlet({ url: "http://relay.example/key" })));
    expect(inspect(error)).not.toContain("relay.example/key");
  });
});
