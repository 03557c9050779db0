import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { Command } from "commander";
import {
  encryptKeystoreJson,
  type JsonRpcProvider,
  keccak256,
  toUtf8Bytes,
  verifyMessage,
  Wallet,
} from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { providerOf } from "../../src/chain/index.js";
import { chosenRelay, openRelay } from "../../src/cli/lane/relay.js";
import { addRelayOptions, type RelayCommandOptions } from "../../src/cli/lane/relay-options.js";
import { BEFORE_SENDING, type OddNode, startOddNode } from "../chain/odd-node.js";
import { type RelayServer, startRelay } from "../chain/relay-server.js";

const PASSPHRASE = "correct horse battery staple";
const wallet = new Wallet(`0x${"01".repeat(32)}`);
let folder: string;
let keystore: string;
let passphraseFile: string;
let raw: string;
let node: OddNode;
let provider: JsonRpcProvider;
let relay: RelayServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealpatch-relay-"));
  keystore = join(folder, "relay.json");
  passphraseFile = join(folder, "passphrase");
  const scrypt = { N: 1024, r: 8, p: 1 };
  await writeFile(keystore, await encryptKeystoreJson(wallet, PASSPHRASE, { scrypt }));
  await writeFile(passphraseFile, PASSPHRASE);
  raw = await wallet.signTransaction({ to: wallet.address, gasPrice: 1, chainId: 1 });
  node = await startOddNode(({ method }) => ({ result: BEFORE_SENDING[method] }));
  provider = providerOf(node.url);
  relay = await startRelay(async (method) => {
    if (method === "eth_estimateGas") throw Object.assign(new Error("unknown method"), { code: -32601 });
    return BEFORE_SENDING[method];
  });
});

beforeEach(() => {
  relay.requests.length = 0;
});

afterAll(async () => {
  provider.destroy();
  await node.stop();
  await relay.stop();
  await rm(folder, { recursive: true });
});

/** What a command gets of a command line. */
function options(...words: string[]): RelayCommandOptions {
  const command = addRelayOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse(words, { from: "user" }).opts();
}
/** Hands the transaction in as a command line says. */
async function submit(...words: string[]): Promise<number | undefined> {
  const outlet = await openRelay(options("--relay", relay.url, ...words), { provider });
  return outlet!.submit(raw);
}
const signers = (): string[] =>
  relay.requests.map(({ body, headers }) => {
    const [address, signature] = String(headers["x-flashbots-signature"]).split(":");
    expect(verifyMessage(keccak256(toUtf8Bytes(body)), signature!)).toBe(address);
    return address!;
  });

describe("the options of a relay", () => {
  it("lead to a plain endpoint, unsigned, unless they say something else", async () => {
    expect(await submit()).toBeUndefined();
    expect(relay.requests.map(({ method }) => method)).toEqual(["eth_chainId", "eth_sendRawTransaction"]);
    expect(relay.requests[0]!.headers).not.toHaveProperty("x-flashbots-signature");
  });

  it("name its kind and its blocks", async () => {
    expect(await submit("--relay-kind", "private")).toBe(41);
    expect(await submit("--relay-kind", "bundle", "--relay-blocks", "2")).toBe(18);
    expect(relay.requests.filter(({ method }) => method === "eth_sendBundle")).toHaveLength(2);
  });

  it("take its URL from the environment", () => {
    process.env.SEALPATCH_TEST_RELAY = "https://relay.example/key";
    expect(chosenRelay(options("--relay", "env:SEALPATCH_TEST_RELAY"))).toBe("https://relay.example/key");
    process.env.SEALPATCH_TEST_RELAY = "http://relay.example/key";
    expect(() => chosenRelay(options("--relay", "env:SEALPATCH_TEST_RELAY"))).toThrow(
      expect.objectContaining({ code: "cli/usage", message: expect.not.stringContaining("/key") }),
    );
    delete process.env.SEALPATCH_TEST_RELAY;
  });

  it("sign requests by a keystore whose passphrase a file holds, or somebody types", async () => {
    await submit("--relay-key", keystore, "--relay-passphrase-file", passphraseFile);
    expect(signers()).toEqual([wallet.address, wallet.address]);

    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
    const output = new PassThrough();
    const opened = openRelay(
      options("--relay", relay.url, "--relay-key", keystore),
      { provider },
      { input, output },
    );
    input.write(`${PASSPHRASE}\r`);
    await (await opened)!.submit(raw);
    expect(String(output.read())).toBe("Passphrase of the relay: \n");
    expect(signers()).toEqual(Array(4).fill(wallet.address));
  });

  it("sign requests by a key of this run", async () => {
    await submit("--relay-key", "once");
    await submit("--relay-key", "once");
    const [first, second, third] = signers();
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(first).not.toBe(wallet.address);
  });

  it("lead nowhere without --relay", async () => {
    expect(await openRelay(options(), { provider })).toBeUndefined();
    expect(await openRelay(options("--gas", "9000000"), { provider })).toBeUndefined();
  });

  it("hold the gas as a number", () => {
    expect(options("--gas", "9000000").gas).toBe(9_000_000n);
  });

  it("say which one gives the gas that the relay cannot say", async () => {
    const outlet = await openRelay(options("--relay", relay.url), { provider });
    await expect(outlet!.estimateGas({ to: wallet.address })).rejects.toMatchObject({
      code: "chain/unsupported-method",
      remedy: expect.stringContaining("--gas AMOUNT"),
    });
  });

  it.each([
    ["--relay-kind", "private"],
    ["--relay-blocks", "5"],
    ["--relay-key", "once"],
    ["--relay-passphrase-file", "file"],
    ["--relay", "relay"],
    ["--relay", "http://relay.example"],
    ["--relay", "https://relay.example", "--relay-blocks", "5"],
    ["--relay", "https://relay.example", "--relay-kind", "private", "--relay-blocks", "0"],
    ["--relay", "https://relay.example", "--relay-kind", "bundle", "--relay-blocks", "101"],
    ["--relay", "https://relay.example", "--relay-passphrase-file", "file"],
    ["--relay", "https://relay.example", "--relay-key", "once", "--relay-passphrase-file", "file"],
  ])("are refused: %s %s %s %s %s", async (...words) => {
    const usage = { code: "cli/usage", remedy: expect.any(String) };
    expect(() => chosenRelay(options(...words))).toThrow(expect.objectContaining(usage));
    await expect(openRelay(options(...words), { provider })).rejects.toMatchObject(usage);
  });

  it.each([
    ["--relay-kind", "public"],
    ["--relay-blocks", "x"],
    ["--gas", "0"],
    ["--gas", "1.5"],
    ["--gas", "0x10"],
  ])("are no options: %s %s", (...words) => {
    expect(() => options(...words)).toThrow(expect.objectContaining({ code: "commander.invalidArgument" }));
  });
});
