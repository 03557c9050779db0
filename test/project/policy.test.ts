import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newRecipient } from "../../src/age.js";
import { AuditorSet, newAuditorKey } from "../../src/audit/index.js";
import { readArtifact } from "../../src/code/index.js";
import { HARDHAT_LINE } from "../../src/compiler-settings.js";
import { contractLayout, layoutRoot, layoutToJson } from "../../src/layout/index.js";
import { policyToJson } from "../../src/patch/index.js";
import { buildPolicy, checkPolicyFile, readPolicy, readProject } from "../../src/project/index.js";
import { readVectorSet, vectorRoot } from "../../src/vectors/index.js";
import { compileLayout } from "../layout/compile.js";
import { sampleSet } from "../vectors/sample.js";
import { hardhatProject } from "./hardhat.js";
import {
  callVector,
  forgeBuild,
  ONE_AUDITOR,
  policyProject,
  put,
  SOURCES,
  THREE_AUDITORS,
  temporaryFolder,
} from "./projects.js";

const TIMELOCK = `0x${"11".repeat(20)}`;
const PROXY = `0x${"22".repeat(20)}`;
const ADMIN = `0x${"33".repeat(20)}`;

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(file(name), "utf8");
const project = () => readProject(file("sealpatch.toml"));
const built = async () => buildPolicy(await project(), "Vault");
/** Writes the configuration with one part of it changed. */
const configure = (part: string, by: string) => {
  expect(text).toContain(part);
  put(folder, { "sealpatch.toml": text.replace(part, by) });
};
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "accepted",
    (error: { code?: unknown }) => error.code ?? error,
  );

let text: string;
beforeAll(async () => {
  await policyProject(folder, { timelock: TIMELOCK, proxy: PROXY });
  text = read("sealpatch.toml");
});
beforeEach(() => put(folder, { "sealpatch.toml": text }));

describe("a policy that is built", () => {
  it("is of the members that the configuration names", async () => {
    configure(ONE_AUDITOR, THREE_AUDITORS);
    const { registrations, policy, lane } = await built();
    expect(registrations.map(({ label }) => label)).toEqual([
      "first auditor",
      "second auditor",
      "third auditor",
    ]);
    expect(policy.auditors.publicKeys).toEqual(registrations.map(({ publicKey }) => publicKey));
    const artifact = await readArtifact(file("out/Vault.sol/Vault.json"));
    expect(policy).toMatchObject({
      threshold: 2,
      maxWaivers: 0,
      layoutRoot: layoutRoot(contractLayout(artifact).layout),
      migrationCaller: TIMELOCK,
    });
    expect(lane).toMatchObject({
      kind: "uups",
      delay: 14_400,
      grace: 172_800,
      disclosureDeadline: 1_209_600,
      auditorRoot: policy.auditors.root,
      vectorRoot: vectorRoot(await readVectorSet(file("vectors/baseline.json"))),
    });
  });

  it("has the ProxyAdmin as the caller of migrations where there is one, and then needs no timelock", async () => {
    configure('kind = "uups"', `kind = "transparent-v5"\nadmin = "${ADMIN}"`);
    put(folder, { "sealpatch.toml": read("sealpatch.toml").replace(`timelock = "${TIMELOCK}"`, "") });
    const { policy, lane } = await built();
    expect([policy.migrationCaller, lane.admin]).toEqual([ADMIN, ADMIN]);
  });

  it("holds the checks and terms of the proxy", async () => {
    configure(
      "# What the timelock measures",
      `lane = { delay = "2h" }\nchecks = [{ target = "${PROXY}", data = "0x8da5cb5b", measure = "first-word", comparison = "equal-to-before" }]\n#`,
    );
    expect((await built()).lane).toMatchObject({
      delay: 7_200,
      checks: [{ target: PROXY, data: "0x8da5cb5b", measure: "first-word", comparison: "equal-to-before" }],
    });
  });

  it("T20: takes no auditor whose key has not signed the recipient", async () => {
    const name = "auditors/first.json";
    const before = read(name);
    put(folder, { [name]: { ...JSON.parse(before), recipient: (await newRecipient()).recipient } });
    expect(await codeOf(built())).toBe("audit/unproven-key");
    put(folder, { [name]: before });
  });

  it("counts no auditor twice", async () => {
    configure('["auditors/first.json"]', '["auditors/first.json", "auditors/first.json"]');
    expect(await codeOf(built())).toBe("audit/duplicate-key");
  });

  it.each([
    [`timelock = "${TIMELOCK}"`, "", "config/no-timelock"],
    ['"auditors/first.json"', '"auditors/nobody.json"', "config/unreadable-file"],
    ['"auditors/first.json"', '"vectors/baseline.json"', "audit/malformed-registration"],
    ['"vectors/baseline.json"', '"vectors/none.json"', "vectors/unreadable"],
    ["max_waivers = 0", "max_waivers = 2", "patch/too-many-waivers"],
    ['"src/Vault.sol:Vault"', '"src/Vault.sol:Bank"', "config/no-artifact"],
    ['"src/Vault.sol:Vault"', '"lib/Vault.sol:Vault"', "config/no-artifact"],
    ['"src/Vault.sol:Vault"', '"src/Vault.sol:IVault"', "layout/no-implementation"],
    ['kind = "uups"', 'kind = "transparent-v5"', "chain/wrong-admin"],
    ['kind = "uups"', `kind = "uups"\nadmin = "${ADMIN}"`, "chain/wrong-admin"],
  ])("is refused with %s as %s", async (part, by, code) => {
    configure(part, by);
    expect(await codeOf(built())).toBe(code);
  });

  it("is of a proxy that there is", async () => {
    expect(await codeOf(buildPolicy(await project(), "Valt"))).toBe("config/no-such-proxy");
  });

  it("is of the contract that is named, also where another file is called alike", async () => {
    const twin = "pragma solidity ^0.8.20; contract Vault { bytes32 other; }";
    put(folder, { "src/twin/Vault.sol": twin });
    forgeBuild(folder);
    const { policy } = await built();
    configure("src/Vault.sol:Vault", "src/twin/Vault.sol:Vault");
    expect((await built()).policy.layoutRoot).toBe(layoutRoot(compileLayout(twin, "Vault")));
    expect(policy.layoutRoot).not.toBe((await built()).policy.layoutRoot);
    rmSync(file("src/twin"), { recursive: true });
  });

  it("is read from Hardhat's artifacts, too", async () => {
    const { policy } = await built();
    hardhatProject(folder, HARDHAT_LINE);
    const hardhat = text
      .replace('tool = "foundry"', 'tool = "hardhat"')
      .replace('artifacts = "out"', 'artifacts = "artifacts"')
      .replace("src/Vault.sol:Vault", "contracts/Vault.sol:Vault");
    put(folder, { "sealpatch.toml": hardhat });
    expect((await built()).policy.layoutRoot).toBe(policy.layoutRoot);
    expect((await built()).artifact.sourceName).toBe("contracts/Vault.sol");
  });

  it("is of the layout that the patch before left, where it is named", async () => {
    const { layoutRoot: alone } = (await built()).policy;
    const before = SOURCES["DIR/Vault.sol"].replace("uint256 b; }", "uint256[1] __gap; }");
    const previous = compileLayout(
      before.replace('import "./Types.sol";', "enum Color { Red, Green }"),
      "Vault",
    );
    put(folder, { "previous.json": JSON.stringify(layoutToJson(previous)) });
    configure('contract = "src', 'previous_layout = "previous.json"\ncontract = "src');
    expect((await built()).policy.layoutRoot).not.toBe(alone);
    put(folder, { "previous.json": "{}" });
    expect(await codeOf(built())).toBe("layout/invalid-file");
  });
});

describe("a policy file", () => {
  const check = async (changes: object = {}) => {
    const whole = await built();
    put(folder, { "policies/Vault.json": policyToJson({ ...whole.policy, ...changes }) });
    const checks = await checkPolicyFile(await project(), "Vault", whole);
    expect(checks).toHaveLength(6);
    return checks.filter(({ outcome }) => outcome !== "holds").map(({ name }) => name);
  };
  const other = newAuditorKey().publicKey;

  it("is what the configuration makes, root by root", async () => {
    expect(await check()).toEqual([]);
    expect(await readPolicy(await project(), "Vault")).toEqual((await built()).policy);
  });

  it.each<[string[], object]>([
    [["auditors"], { auditors: new AuditorSet([other]) }],
    [["storage layout"], { layoutRoot: 7n }],
    [["caller of migrations"], { migrationCaller: ADMIN }],
    [["baseline vectors"], { baseline: sampleSet([callVector("0x01"), callVector("0x03")]) }],
    [
      ["baseline vectors", "vectors that may be waived"],
      { baseline: sampleSet([callVector("0x03"), callVector("0x04")]), maxWaivers: 1 },
    ],
    [
      ["auditors", "threshold"],
      { auditors: new AuditorSet([other, newAuditorKey().publicKey]), threshold: 2 },
    ],
  ])("differs in its %j, and in nothing else", async (names, changes) => {
    expect(await check(changes)).toEqual(names);
  });

  it("has to be there", async () => {
    rmSync(file("policies/Vault.json"));
    expect(await codeOf(readPolicy(await project(), "Vault"))).toBe("config/unreadable-file");
  });
});
