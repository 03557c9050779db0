import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JsonRpcProvider } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { deployImplementation, send } from "../../src/drill/deploy.js";
import { contractOf } from "../../src/solc/index.js";
import { type Hex, readVectorSet, vectorLeaf } from "../../src/vectors/index.js";
import { abi, ETHER, probeInterface, probes } from "../vectors/probe.js";
import { sealpatch } from "./sealpatch.js";

let anvil: Anvil;
let provider: JsonRpcProvider;
let folder: string;
let from: Hex;
let to: Hex;
let hash: string;
const data = probeInterface().encodeFunctionData("store", [1n, 111n]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "record-"));
  anvil = await startAnvil();
  provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  from = (await provider.send("eth_accounts", []))[0];
  const probe = await deployImplementation(provider, from, probes(), "Probe");
  const initCode = `0x${contractOf(probes(), "Proxy").evm.bytecode.object}${abi(["address"], [probe.address]).slice(2)}`;
  const proxy = await send(provider, { from, to: null, data: initCode as Hex, value: ETHER });
  to = proxy.contractAddress as Hex;
  hash = (await send(provider, { from, to, data: data as Hex })).hash;
});

afterAll(async () => {
  provider?.destroy();
  await anvil?.stop();
  await rm(folder, { recursive: true, force: true });
});

const record = (...words: string[]) => sealpatch("vectors", "record", ...words);
const file = (name: string) => join(folder, name);

describe("vectors record", () => {
  it("writes the vector of a transaction, says what it is, and replaces none unasked", async () => {
    const out = file("transaction.json");
    const words = ["tx", hash, "--rpc", anvil.url, "--out", out];
    const done = await record(...words, "--json");
    expect([done.code, done.stderr]).toEqual([0, ""]);
    const set = await readVectorSet(out);
    const leaf = `0x${vectorLeaf(set.vectors[0]!, set.codes).toString(16).padStart(64, "0")}`;
    expect(JSON.parse(done.stdout)).toMatchObject({
      file: out,
      leaf,
      expectation: { success: true, logs: 1 },
    });

    const before = await readFile(out, "utf8");
    const again = await record(...words);
    expect([again.code, again.stdout]).toEqual([1, ""]);
    expect(again.stderr).toContain("a name that another vector has");
    expect(await readFile(out, "utf8")).toBe(before);
    const forced = await record(...words, "--force");
    expect(forced.code).toBe(0);
    expect(forced.stdout).toContain(leaf);
  });

  it("records several transactions at once, behind the vectors that the file has", async () => {
    const more: string[] = [];
    for (const value of [2n, 3n]) {
      const stored = probeInterface().encodeFunctionData("store", [2n, value]) as Hex;
      more.push((await send(provider, { from, to, data: stored })).hash);
    }
    const out = file("several.json");
    const words = ["--rpc", anvil.url, "--out", out];
    expect((await record("tx", hash, ...words)).code).toBe(0);
    const done = await record("tx", ...more, ...words, "--json");
    expect([done.code, done.stderr]).toEqual([0, ""]);
    expect(JSON.parse(done.stdout)).toMatchObject({
      total: 3,
      vectors: [{ success: true }, { success: true }],
    });
    const names = async () => (await readVectorSet(out)).vectors.map(({ name }) => name);
    const all = [hash, ...more].map((each) => `transaction ${each}`);
    expect(await names()).toEqual(all);

    const named = await record("tx", ...more, ...words, "--name", "both");
    expect([named.code, named.stderr]).toEqual([2, expect.stringContaining("--name")]);
    await writeFile(file("patch.hex"), "0x60006000fd");
    const incident = ["--kind", "incident", "--in-clear", "--code", file("patch.hex"), "--name", "secret"];
    const mixed = await record("tx", hash, ...words, ...incident);
    expect([mixed.code, mixed.stderr]).toEqual([1, expect.stringContaining("is no incident set")]);
    expect(await names()).toEqual(all);
  });

  it("writes the vector of a call, from the state of the block that is named", async () => {
    const words = ["call", "--rpc", anvil.url, "--from", from, "--to", to, "--data"];
    const load = probeInterface().encodeFunctionData("load", [1n]);
    const returned = async (...more: string[]) => {
      const done = await record(...words, load, ...more, "--json", "--force", "--out", file("call.json"));
      return BigInt(JSON.parse(done.stdout).expectation.returnData);
    };
    expect([await returned(), await returned("--block", "2")]).toEqual([111n, 0n]);
    await writeFile(file("load.hex"), `${load}\n`);
    const fromFile = await record(...words, `@${file("load.hex")}`, "--json", "--out", file("same.json"));
    expect(BigInt(JSON.parse(fromFile.stdout).expectation.returnData)).toBe(111n);
    const otherwise = await record(...words, load, "--expect", "revert", "--out", file("never.json"));
    expect(otherwise.code).toBe(1);
    await expect(stat(file("never.json"))).rejects.toThrow();
  });

  it("T20: takes an incident's expectation from the patch, and shows nothing of it", async () => {
    await writeFile(file("patch.hex"), "0x60006000fd");
    const words = ["tx", hash, "--rpc", anvil.url, "--kind", "incident", "--code", file("patch.hex")];
    const unasked = await record(...words, "--out", file("incident.json"));
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining("--in-clear")]);
    const done = await record(...words, "--in-clear", "--out", file("incident.json"));
    expect([done.code, done.stderr]).toEqual([0, ""]);
    expect(done.stdout).not.toMatch(/0x/);
    const set = await readVectorSet(file("incident.json"));
    expect(set.vectors[0]).toMatchObject({ kind: "incident", expectation: { calls: [{ success: false }] } });
    expect((await stat(file("incident.json"))).mode & 0o077).toBe(0);
    const call = ["call", ...words.slice(2), "--from", from, "--to", to, "--data", "0x1234"];
    const shown = await record(...call, "--in-clear", "--out", file("never.json"));
    expect([shown.code, shown.stderr]).toEqual([2, expect.stringContaining("give --data @FILE")]);
    expect(shown.stderr).not.toContain("1234");
  });

  it.each([
    ["no node", () => ["tx", hash]],
    ["no way of recording", () => ["--rpc", anvil.url]],
    ["a transaction with a sender", () => ["tx", hash, "--rpc", anvil.url, "--from", from]],
    ["a transaction with a test", () => ["tx", hash, "--rpc", anvil.url, "--match-test", "a"]],
    ["no transaction", () => ["tx", "--rpc", anvil.url]],
    ["a hash that is none", () => ["tx", "0x12", "--rpc", anvil.url]],
    ["a call without target", () => ["call", "--rpc", anvil.url, "--from", from]],
    ["a call without sender", () => ["call", "--rpc", anvil.url, "--to", to]],
    ["a sender that is no address", () => ["call", "--rpc", anvil.url, "--from", "0x12", "--to", to]],
    [
      "calldata that is no hex",
      () => ["call", "--rpc", anvil.url, "--from", from, "--to", to, "--data", "xyz"],
    ],
    [
      "a block that is no number",
      () => ["call", "--rpc", anvil.url, "--from", from, "--to", to, "--block", "soon"],
    ],
    ["a step limit beyond the format's", () => ["tx", hash, "--rpc", anvil.url, "--step-limit", "99999999"]],
    ["a step limit of nothing", () => ["tx", hash, "--rpc", anvil.url, "--step-limit", "0"]],
    ["a pointer without slot", () => ["tx", hash, "--rpc", anvil.url, "--pointer", to]],
    ["rules that there are not", () => ["tx", hash, "--rpc", anvil.url, "--hardfork", "frontier"]],
    ["a Foundry project without a test", () => ["foundry", "."]],
    ["a Foundry test with a sender", () => ["foundry", ".", "--match-test", "a", "--from", from]],
    ["a Foundry test with a node", () => ["foundry", ".", "--match-test", "a", "--rpc", anvil.url]],
    [
      "an incident without a patch",
      () => ["tx", hash, "--rpc", anvil.url, "--kind", "incident", "--in-clear"],
    ],
  ])("with %s is used wrongly", async (_what, words) => {
    const ended = await record(...words(), "--out", file("wrong.json"));
    expect([ended.code, ended.stdout]).toEqual([2, ""]);
    expect(ended.stderr).toMatch(/^error: .+\n( {7}.+\n)* {2}to do: .+\n$/);
    await expect(stat(file("wrong.json"))).rejects.toThrow();
  });

  it("a node that knows no such transaction is a refusal, on three lines or as JSON", async () => {
    const unknown = `0x${"12".repeat(32)}`;
    const words = ["tx", unknown, "--rpc", `${anvil.url}/?key=s3cret-k3y`, "--out", file("wrong.json")];
    const ended = await record(...words);
    expect(ended.code).toBe(1);
    expect(
      ended.stderr
        .trim()
        .split("\n")
        .map((line) => line.split(":")[0]!.trim()),
    ).toEqual(["error", "why", "to do"]);
    const { error } = JSON.parse((await record(...words, "--json")).stdout);
    expect(error.code).toBe("vectors/transaction-unknown");
    expect(JSON.stringify([ended, error])).not.toContain("s3cret");
  });

  it("shows examples", async () => {
    for (const way of ["tx", "call", "foundry"])
      expect((await record(way, "--help")).stdout).toContain(`sealpatch vectors record ${way} `);
  });
});
