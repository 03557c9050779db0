import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { JsonRpcProvider, type JsonRpcSigner, ZeroAddress, ZeroHash } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployContract, deployTimelock, deployVerifier, TimelockClient } from "../../src/chain/index.js";
import { codeDigest, readArtifact } from "../../src/code/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { buildPolicy, readProject } from "../../src/project/index.js";
import { policyProject, put, temporaryFolder } from "../project/projects.js";
import { sealpatch } from "./sealpatch.js";

const folder = temporaryFolder();
const config = join(folder, "sealpatch.toml");
const policyFile = join(folder, "policies/Vault.json");
const policy = (...words: string[]) => sealpatch("policy", ...words, "--config", config);
const json = async (...words: string[]) => {
  const { code, stdout } = await policy(...words, "--json");
  return { code, ...JSON.parse(stdout) };
};

let anvil: Anvil;
let provider: JsonRpcProvider;
let signer: JsonRpcSigner;
let timelock: TimelockClient;
let text: string;

beforeAll(async () => {
  anvil = await startAnvil();
  provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  signer = await provider.getSigner(0);
  const mine = [signer.address];
  const verifier = await (await deployVerifier(signer)).getAddress();
  // What the configuration says, as a deployment takes it.
  const bounds = {
    minDelay: 3_600,
    maxDelay: 7 * 86_400,
    minGrace: 3_600,
    maxGrace: 14 * 86_400,
    minDisclosureDeadline: 86_400,
    maxDisclosureDeadline: 30 * 86_400,
    maxValidity: 30 * 86_400,
  };
  const roles = { proposers: mine, executors: mine, council: mine, guardians: mine, admin: ZeroAddress };
  const contract = await deployTimelock(signer, { minDelay: 7 * 86_400, roles, verifier, bounds });
  timelock = await TimelockClient.at(await contract.getAddress(), signer);
  await policyProject(folder, { timelock: timelock.address, proxy: timelock.address, rpc: anvil.url });
  const artifact = await readArtifact(join(folder, "out/Vault.sol/Vault.json"));
  // A contract in the place of the proxy: nothing here is upgraded.
  const vault = await (await deployContract(signer, { artifact })).getAddress();
  await policyProject(folder, { timelock: timelock.address, proxy: vault, rpc: anvil.url });
  text = readFileSync(config, "utf8");
});

afterAll(async () => {
  provider.destroy();
  await anvil.stop();
});

/** Sends an operation that was printed. */
async function run({ schedule, execute }: Record<"schedule" | "execute", { target: string; data: string }>) {
  await (await signer.sendTransaction({ to: schedule.target, data: schedule.data })).wait();
  await provider.send("evm_increaseTime", [7 * 86_400 + 1]);
  await (await signer.sendTransaction({ to: execute.target, data: execute.data })).wait();
}

describe("sealpatch policy", () => {
  it("builds the file, and prints the roots", async () => {
    const { code, stdout, stderr } = await policy("build");
    expect([code, stderr]).toEqual([0, ""]);
    const { lane } = await buildPolicy(await readProject(config), "Vault");
    expect(stdout).toContain(`0x${lane.auditorRoot.toString(16).padStart(64, "0")}`);
    expect(stdout).toContain("1 of first auditor");
    expect(await json("build")).toMatchObject({ code: 0, policies: [{ name: "Vault", changed: false }] });
    expect(await json("check")).toMatchObject({ code: 0, policies: [{ proxy: "Vault" }] });
  });

  it("replaces a file that differs only where it is told to", async () => {
    put(folder, { "sealpatch.toml": text.replace("max_waivers = 0", "max_waivers = 1") });
    const before = readFileSync(policyFile, "utf8");
    expect(await json("build")).toMatchObject({ code: 1, error: { code: "cli/file-exists" } });
    expect(readFileSync(policyFile, "utf8")).toBe(before);
    const checked = await policy("check");
    expect(checked.code).toBe(1);
    expect(checked.stdout).toMatch(
      /fails +file: vectors that may be waived\n +the file has 0, the configuration makes 1/,
    );
    expect(await json("operation")).toMatchObject({
      code: 1,
      error: { code: "config/stale-policy", details: { differs: "vectors that may be waived" } },
    });
    expect(await json("build", "--replace")).toMatchObject({ code: 0, policies: [{ changed: true }] });
    expect((await policy("check")).code).toBe(0);
    put(folder, { "sealpatch.toml": text });
    expect((await policy("build", "--replace")).code).toBe(0);
  });

  it("shows that the timelock has no policy yet", async () => {
    const { code, stdout } = await policy("check", "--rpc");
    expect(code).toBe(1);
    expect(stdout).toMatch(/fails +timelock: policy\n +the timelock has no policy/);
  });

  it("prints the operation that sets it: its id is the timelock's, and it does what it says", async () => {
    const operation = await json("operation", "Vault");
    expect(operation).toMatchObject({ code: 0, chainId: 31337, proxies: ["Vault"], delay: 7 * 86_400 });
    expect((await json("operation")).salt).not.toBe(operation.salt);
    const { stdout } = await policy("operation", "--salt", operation.salt);
    for (const part of [operation.id, operation.schedule.data, operation.execute.data])
      expect(stdout).toContain(part);
    const read = new (await import("ethers")).Contract(timelock.address, timelock.interface, provider);
    await run(operation);
    expect(await read.getFunction("isOperationDone")(operation.id)).toBe(true);
    const { lane } = await buildPolicy(await readProject(config), "Vault");
    const { proxies } = (await readProject(config)).configuration;
    expect(await timelock.policy(proxies.Vault!.address)).toEqual(lane);
  });

  it("compares with the timelock value by value, and the live code with the compiler's output", async () => {
    const failing = async (...words: string[]) => {
      const { policies } = await json("check", ...words);
      return policies[0].checks
        .filter(({ outcome }: { outcome: string }) => outcome === "fails")
        .map(({ name }: { name: string }) => name);
    };
    expect(await failing("--rpc")).toEqual([
      "timelock: storage layout",
      "timelock: code of the implementation",
    ]);
    const project = await readProject(config);
    const { address } = project.configuration.proxies.Vault!;
    const { policy: built } = await buildPolicy(project, "Vault");
    const baseline = async (layoutRoot: bigint) => {
      const currentCode = codeDigest(Buffer.from((await provider.getCode(address)).slice(2), "hex"));
      const call = timelock.setBaselineCall(address, { implementation: address, layoutRoot, currentCode });
      await run(timelock.slowPathTransactions({ calls: [call], salt: ZeroHash }, BigInt(7 * 86_400)));
    };
    await baseline(built.layoutRoot);
    expect((await policy("check", "--rpc")).code).toBe(0);
    expect((await policy("check", "Vault", "--rpc", anvil.url)).code).toBe(0);
    // Each value on its own.
    const changes: [part: string, by: string, name: string][] = [
      ["max_waivers = 0", "max_waivers = 1", "vectors that may be waived"],
      ['delay = "4h"', 'delay = "5h"', "delay"],
      ['grace = "2d"', 'grace = "3d"', "grace"],
      ['disclosure_deadline = "14d"', 'disclosure_deadline = "15d"', "deadline of disclosure"],
      ['kind = "uups"', 'kind = "uups-legacy"', "kind of proxy"],
      [
        'contract = "src',
        `checks = [{ target = "${address}", data = "0x", measure = "code-hash", comparison = "equal-to-before" }]\ncontract = "src`,
        "safety checks",
      ],
      ['"auditors/first.json"', '"auditors/second.json"', "auditors"],
    ];
    for (const [part, by, name] of changes) {
      expect(text).toContain(part);
      put(folder, { "sealpatch.toml": text.replace(part, by) });
      const own = (await failing("--rpc")).filter((line: string) => line.startsWith("timelock: "));
      expect(own).toEqual([`timelock: ${name}`]);
    }
    put(folder, { "sealpatch.toml": text.replace("id = 31337", "id = 1") });
    expect(await failing("--rpc")).toEqual(["timelock: chain"]);
    put(folder, { "sealpatch.toml": text });
  });

  it("is used wrongly without a configuration, a proxy of it, or a URL", async () => {
    for (const [words, code] of [
      [["check", "--rpc", "Vault"], "cli/usage"],
      [["operation", "--salt", "0x11"], "cli/usage"],
      [["operation", "--delay", "7 days"], "cli/usage"],
      [["check", "Valt"], "config/no-such-proxy"],
      [["build", "Valt"], "config/no-such-proxy"],
    ] as const)
      expect((await json(...words)).error.code).toBe(code);
    const { stdout } = await sealpatch("policy", "check", "--config", join(folder, "no.toml"), "--json");
    expect(JSON.parse(stdout).error.code).toBe("config/unreadable");
    rmSync(policyFile);
    expect((await json("check")).error.code).toBe("config/unreadable-file");
    expect(existsSync(policyFile)).toBe(false);
  });
});
