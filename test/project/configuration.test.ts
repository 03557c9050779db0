import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configurationText } from "../../src/cli/init/template.js";
import { laneOf, nodeUrl, parseConfiguration, proxyNamed, readProject } from "../../src/project/index.js";
import { temporaryFolder } from "./projects.js";

const ADDRESS = `0x${"11".repeat(20)}`;
const OTHER = `0x${"22".repeat(20)}`;
const PARTS = {
  facts: { tool: "foundry", artifacts: "out", sources: "src" },
  chainId: 31337,
  kind: "uups",
  contracts: ["src/Vault.sol:Vault", "src/Bank.sol:Vault"],
} as const;

/** What `init` writes, with the addresses that it leaves open. */
const FRESH = configurationText(PARTS);
const FILLED = FRESH.replace('address = ""', `address = "${ADDRESS}"`).replace(
  'address = ""',
  `address = "${OTHER}"`,
);

const folder = temporaryFolder();

const refusal = (
  text: string,
): { code?: string; message?: string; why?: string; remedy?: string; details?: object } => {
  try {
    parseConfiguration(text);
  } catch (error) {
    return error as object;
  }
  return { code: "accepted" };
};
/** The configuration with a line in place of another, which must be there. */
const changed = (line: string, by: string): string => {
  expect(FILLED).toContain(line);
  return FILLED.replace(line, by);
};

describe("a new configuration", () => {
  it("lacks addresses and nothing else", () => {
    expect(refusal(FRESH)).toMatchObject({
      code: "config/invalid-value",
      details: { key: "proxies.Vault.address" },
      why: expect.stringContaining("40 hexadecimal digits"),
    });
    const configuration = parseConfiguration(FILLED);
    expect(configuration.project).toEqual({ tool: "foundry", artifacts: "out" });
    expect(configuration.chains["chain-31337"]).toMatchObject({ id: 31337, rpc: "env:RPC_URL" });
    expect(Object.keys(configuration.proxies)).toEqual(["Vault", "Vault-2"]);
    expect(proxyNamed(configuration, "Vault-2")).toMatchObject({
      address: OTHER,
      contract: "src/Bank.sol:Vault",
      policy: "policies/Vault-2.json",
      checks: [],
    });
    expect(configuration.timelock).toMatchObject({ min_delay: 604_800, delay: [3_600, 604_800] });
  });

  it("is whole too where every line that is commented out is filled in", () => {
    const commented = FILLED.replaceAll(/^# (?=\[|[a-z]+ = )/gm, "").replaceAll('"0x.."', `"${OTHER}"`);
    const whole = parseConfiguration(commented.replaceAll("0x..", OTHER));
    expect(whole.chains["chain-31337"]).toMatchObject({ timelock: OTHER, block: 0 });
    expect(whole.proxies.Vault).toMatchObject({ admin: OTHER, checks: [{ target: OTHER }] });
    expect(whole.project.name).toBe("Protocol");
    expect(whole.keystores).toEqual({ account: "../account.json", council: "../council.age" });
  });

  it("has an admin to fill in where the kind needs one", () => {
    const text = configurationText({ ...PARTS, kind: "transparent-v5", chainId: 1 });
    expect(text).toContain('\nadmin = ""');
    expect(refusal(text.replaceAll('address = ""', `address = "${ADDRESS}"`))).toMatchObject({
      details: { key: "proxies.Vault.admin" },
    });
  });
});

describe("a configuration", () => {
  it("is read from its file, and refused by it", async () => {
    const file = join(folder, "sealpatch.toml");
    writeFileSync(file, FILLED);
    expect(await readProject(file)).toMatchObject({
      file,
      folder,
      configuration: parseConfiguration(FILLED),
    });
    await expect(readProject(join(folder, "no.toml"))).rejects.toMatchObject({ code: "config/unreadable" });
    writeFileSync(file, `# ${"x".repeat(2 ** 20)}\n`);
    await expect(readProject(file)).rejects.toMatchObject({ code: "config/unreadable" });
  });

  it("gives a proxy its own terms, else those for all", () => {
    const own = parseConfiguration(`${FILLED}\n[proxies.Vault.lane]\ndelay = "2h"\n`);
    expect(laneOf(own, "Vault")).toEqual({ delay: 7_200, grace: 172_800, disclosure_deadline: 1_209_600 });
    expect(laneOf(own, "Vault-2").delay).toBe(14_400);
    expect(() => laneOf(own, "Vualt")).toThrowError(
      expect.objectContaining({
        code: "config/no-such-proxy",
        details: { proxy: "Vualt", nearest: "Vault" },
      }),
    );
    expect(() => proxyNamed(own, "constructor")).toThrowError(
      expect.objectContaining({ code: "config/no-such-proxy" }),
    );
  });

  it.each([
    ["threshold = 2", "treshold = 2", "treshold", "policy", "threshold"],
    ["[policy]", "[polciy]", "polciy", "", "policy"],
    [
      'rpc = "env:RPC_URL"',
      'rpc = "env:RPC_URL"\nprivate_key = "0x11"',
      "private_key",
      "chains.chain-31337",
      null,
    ],
    ["proposers = []", "proposer = []", "proposer", "chains.chain-31337.roles", "proposers"],
    ['kind = "uups"', 'kind = "uups"\nlane = { dealy = "4h" }', "dealy", "proxies.Vault.lane", "delay"],
    ['kind = "uups"', 'kind = "uups"\nchecks = [{ date = "0x" }]', "date", "proxies.Vault.checks[0]", "data"],
  ])("has no key that nobody reads: %s as %s", (line, by, key, place, nearest) => {
    const error = refusal(changed(line, by));
    expect(error).toMatchObject({ code: "config/unknown-key", details: { key, place, nearest } });
    if (nearest !== null) expect(error.remedy).toContain(nearest);
  });

  it.each([
    ["threshold = 2\n", "", "policy.threshold"],
    ['delay = "4h"\n', "", "lane.delay"],
    ["id = 31337\n", "", "chains.chain-31337.id"],
  ])("lacks nothing: %j", (line, by, key) => {
    expect(refusal(changed(line, by))).toMatchObject({ code: "config/missing-key", details: { key } });
  });

  it.each([
    ["threshold = 2", 'threshold = "2"', "policy.threshold"],
    ["threshold = 2", "threshold = 0", "policy.threshold"],
    ["max_waivers = 0", "max_waivers = 129", "policy.max_waivers"],
    ["id = 31337", "id = 0", "chains.chain-31337.id"],
    ['delay = "4h"', "delay = 14400", "lane.delay"],
    ['delay = "4h"', 'delay = "4 hours"', "lane.delay"],
    ['delay = "4h"', 'delay = "0h"', "lane.delay"],
    ['delay = ["1h", "7d"]', 'delay = ["7d", "1h"]', "timelock.delay"],
    ['delay = ["1h", "7d"]', 'delay = ["7d"]', "timelock.delay"],
    [`address = "${ADDRESS}"`, `address = "0x${"00".repeat(20)}"`, "proxies.Vault.address"],
    [`address = "${ADDRESS}"`, 'address = "vault.eth"', "proxies.Vault.address"],
    ['kind = "uups"', 'kind = "diamond"', "proxies.Vault.kind"],
    ['tool = "foundry"', 'tool = "brownie"', "project.tool"],
    ['contract = "src/Vault.sol:Vault"', 'contract = "Vault"', "proxies.Vault.contract"],
    ["proposers = []", "proposers = [1]", "chains.chain-31337.roles.proposers[0]"],
  ])("has values of their kind: %s as %s", (line, by, key) => {
    const error = refusal(changed(line, by));
    expect(error.code).toBe("config/invalid-value");
    expect(error.details).toMatchObject({ key });
  });

  it.each([
    ["threshold = 2", "threshold = 4", "policy.threshold"],
    ['chain = "chain-31337"', 'chain = "chain-3133"', "proxies.Vault.chain"],
    [`address = "${OTHER}"`, `address = "${ADDRESS}"`, "proxies.Vault-2"],
    ['policy = "policies/Vault-2.json"', 'policy = "policies/Vault.json"', "proxies.Vault-2"],
    ['delay = "4h"', 'delay = "30m"', "proxies.Vault, its delay"],
    ['grace = "2d"', 'grace = "15d"', "proxies.Vault, its grace"],
  ])("does not contradict itself: %s as %s", (line, by, key) => {
    expect(refusal(changed(line, by))).toMatchObject({ code: "config/contradiction", details: { key } });
  });

  it.each([
    "https://user:not-to-be-shown@node.example",
    "https://node.example/?key=not-to-be-shown",
    "https://mainnet.node.example/v3/0123456789abcdef0123456789abcdef",
    "https://0123456789abcdef0123456789abcdef.node.example",
    "https://node.example/#not-to-be-shown",
    "wss://node.example",
    "file:///etc/passwd",
    "env:",
    "env:A B",
    "node.example",
  ])("T20: names no node by what may be a secret: %s", (rpc) => {
    const error = refusal(changed("env:RPC_URL", rpc));
    expect(error).toMatchObject({ code: "config/invalid-value", details: { key: "chains.chain-31337.rpc" } });
    expect(JSON.stringify(error)).not.toMatch(/not-to-be-shown|0123456789abcdef/);
  });

  it.each(["http://127.0.0.1:8545", "https://eth.node.example/rpc"])("takes %s", (rpc) => {
    expect(refusal(changed("env:RPC_URL", rpc)).code).toBe("accepted");
  });

  it.each(["[policy", 'a = "b', "a = 1\na = 2"])(
    "is TOML, which %j is not; the error does not quote it",
    (text) => {
      const error = refusal(`${text}\n# not-to-be-shown\n`);
      expect(error).toMatchObject({ code: "config/not-toml", details: { line: expect.any(Number) } });
      expect(JSON.stringify(error)).not.toContain("not-to-be-shown");
    },
  );

  it("has no place where a name of every object counts as a key", () => {
    for (const key of ["constructor", "__proto__", "toString"])
      expect(refusal(`${FILLED}\n[${key}]\na = 1\n`)).toMatchObject({ code: "config/unknown-key" });
    expect(refusal(changed('chain = "chain-31337"', 'chain = "constructor"'))).toMatchObject({
      code: "config/contradiction",
    });
  });
});

describe("the node of a chain", () => {
  it("is where the configuration or the variable that it names says", () => {
    expect(nodeUrl({ rpc: "http://127.0.0.1:8545" }, {})).toBe("http://127.0.0.1:8545");
    expect(nodeUrl({ rpc: "env:NODE" }, { NODE: "https://node.example/?key=1" })).toBe(
      "https://node.example/?key=1",
    );
  });

  it.each([undefined, "", "not-to-be-shown", "ws://not-to-be-shown", "https://"])("is not %j", (NODE) => {
    try {
      nodeUrl({ rpc: "env:NODE" }, { NODE });
    } catch (error) {
      expect(error).toMatchObject({ code: "config/no-node", details: { variable: "NODE" } });
      expect(JSON.stringify(error)).not.toContain("not-to-be-shown");
      return;
    }
    throw new Error("it was taken");
  });
});
