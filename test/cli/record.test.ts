import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JsonRpcProvider } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordCommand } from "../../src/cli/vectors-record.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { deployImplementation, send } from "../../src/drill/deploy.js";
import { contractOf } from "../../src/solc/index.js";
import { type Hex, readVectorSet, vectorLeaf } from "../../src/vectors/index.js";
import { abi, ETHER, probeInterface, probes } from "../vectors/probe.js";

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

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const record = (...words: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const command = ["--import", "tsx", "src/cli/main.ts", "vectors", "record", ...words];
    execFile(process.execPath, command, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
const file = (name: string) => join(folder, name);

describe("vectors record", () => {
  it("writes the vector of a transaction, says what it is, and never overwrites unasked", async () => {
    const out = file("transaction.json");
    const words = ["--rpc", anvil.url, "--tx", hash, "--out", out];
    const done = await record(...words, "--json");
    expect([done.status, done.stderr]).toEqual([0, ""]);
    const set = await readVectorSet(out);
    const leaf = `0x${vectorLeaf(set.vectors[0]!, set.codes).toString(16).padStart(64, "0")}`;
    expect(JSON.parse(done.stdout)).toMatchObject({
      file: out,
      leaf,
      expectation: { success: true, logs: 1 },
    });

    const before = await readFile(out, "utf8");
    const again = await record(...words);
    expect([again.status, again.stdout]).toEqual([1, ""]);
    expect(again.stderr).toMatch(/exists already[\s\S]*to do:.*--force/);
    expect(await readFile(out, "utf8")).toBe(before);
    const forced = await record(...words, "--force");
    expect(forced.status).toBe(0);
    expect(forced.stdout).toContain(leaf);
  });

  it("writes the vector of a call, from the state of the block that is named", async () => {
    const words = ["--rpc", anvil.url, "--call", "--from", from, "--to", to, "--data"];
    const load = probeInterface().encodeFunctionData("load", [1n]);
    const returned = async (...more: string[]) => {
      const done = await record(...words, load, ...more, "--json", "--force", "--out", file("call.json"));
      return BigInt(JSON.parse(done.stdout).expectation.returnData);
    };
    expect([await returned(), await returned("--block", "2")]).toEqual([111n, 0n]);
    const otherwise = await record(...words, load, "--expect", "revert", "--out", file("never.json"));
    expect(otherwise.status).toBe(1);
    await expect(stat(file("never.json"))).rejects.toThrow();
  });

  it("T20: takes an incident's expectation from the patch, and shows nothing of it", async () => {
    await writeFile(file("patch.hex"), "0x60006000fd");
    const words = ["--rpc", anvil.url, "--tx", hash, "--kind", "incident", "--code", file("patch.hex")];
    const unasked = await record(...words, "--out", file("incident.json"));
    expect([unasked.status, unasked.stderr]).toEqual([2, expect.stringContaining("--in-clear")]);
    const done = await record(...words, "--in-clear", "--out", file("incident.json"));
    expect([done.status, done.stderr]).toEqual([0, ""]);
    expect(done.stdout).not.toMatch(/0x/);
    const set = await readVectorSet(file("incident.json"));
    expect(set.vectors[0]).toMatchObject({ kind: "incident", expectation: { calls: [{ success: false }] } });
    expect((await stat(file("incident.json"))).mode & 0o077).toBe(0);
  });

  it.each([
    ["no node", () => ["--tx", hash]],
    ["neither transaction nor call", () => ["--rpc", anvil.url]],
    ["both", () => ["--rpc", anvil.url, "--tx", hash, "--call"]],
    ["a transaction with a sender", () => ["--rpc", anvil.url, "--tx", hash, "--from", from]],
    ["a hash that is none", () => ["--rpc", anvil.url, "--tx", "0x12"]],
    ["a call without target", () => ["--rpc", anvil.url, "--call", "--from", from]],
    ["a sender that is no address", () => ["--rpc", anvil.url, "--call", "--from", "0x12", "--to", to]],
    [
      "calldata that is no hex",
      () => ["--rpc", anvil.url, "--call", "--from", from, "--to", to, "--data", "xyz"],
    ],
    ["a block that is no number", () => ["--rpc", anvil.url, "--call", "--block", "soon"]],
    [
      "a step limit beyond the format's",
      () => ["--rpc", anvil.url, "--tx", hash, "--step-limit", "99999999"],
    ],
    ["a pointer without slot", () => ["--rpc", anvil.url, "--tx", hash, "--pointer", to]],
    ["rules that there are not", () => ["--rpc", anvil.url, "--tx", hash, "--hardfork", "frontier"]],
    ["a Foundry project without a test", () => ["--foundry", "."]],
    ["a Foundry test with a sender", () => ["--foundry", ".", "--match-test", "a", "--from", from]],
    [
      "an incident without a patch",
      () => ["--rpc", anvil.url, "--tx", hash, "--kind", "incident", "--in-clear"],
    ],
  ])("with %s is used wrongly", async (_what, words) => {
    const command = recordCommand()
      .exitOverride()
      .configureOutput({ outputError: () => {} });
    const ended = command.parseAsync([...words(), "--out", file("wrong.json")], { from: "user" });
    // Both end the process with 2: `runProgram` sees to it.
    await expect(ended).rejects.toMatchObject({
      code: expect.stringMatching(/^(cli\/usage|commander\..+)$/),
    });
    await expect(stat(file("wrong.json"))).rejects.toThrow();
  });

  it("a node that knows no such transaction is a refusal, on three lines or as JSON", async () => {
    const words = [
      "--rpc",
      `${anvil.url}/?key=s3cret-k3y`,
      "--tx",
      `0x${"12".repeat(32)}`,
      "--out",
      file("wrong.json"),
    ];
    const ended = await record(...words);
    expect(ended.status).toBe(1);
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
    expect((await record("--help")).stdout).toMatch(/Examples:[\s\S]*--tx[\s\S]*--call/);
  });
});
