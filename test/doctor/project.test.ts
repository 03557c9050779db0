import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkProject } from "../../src/doctor/index.js";
import { policyToJson } from "../../src/patch/index.js";
import { buildPolicy, readProject } from "../../src/project/index.js";
import { policyProject, put, temporaryFolder } from "../project/projects.js";
import { expectOpen, lineOf, open } from "./outcomes.js";

const folder = temporaryFolder();
const config = join(folder, "sealpatch.toml");
const buildInfo = join(folder, "out/build-info");
const KEYSTORE = "council.age";
const SOURCE = "source of src/Vault.sol:Vault";
const COMPILER = "compiler of src/Vault.sol:Vault";
/** Lines that wait for the configuration, without which nobody knows of others, and for the compiler's output. */
const OF_CONFIGURATION = ["compiler output"];
const OF_OUTPUT = [SOURCE, COMPILER, "policy file of Vault"];

let text: string;
let policy: string;
let infoFile: string;
let info: string;

beforeAll(async () => {
  const address = `0x${"11".repeat(20)}`;
  await policyProject(folder, { timelock: address, proxy: `0x${"22".repeat(20)}` });
  text = `${readFileSync(config, "utf8")}\n[keystores]\ncouncil = "${KEYSTORE}"\n`;
  put(folder, { "sealpatch.toml": text });
  policy = JSON.stringify(policyToJson((await buildPolicy(await readProject(config), "Vault")).policy));
  infoFile = join(buildInfo, readdirSync(buildInfo).find((name) => name.endsWith(".json"))!);
  info = readFileSync(infoFile, "utf8");
});
beforeEach(() => {
  put(folder, { "sealpatch.toml": text, "policies/Vault.json": policy, [KEYSTORE]: "sealed" });
  writeFileSync(infoFile, info);
  chmodSync(join(folder, KEYSTORE), 0o600);
});

const look = async () => (await checkProject(config)).findings;
const configure = (part: string, by: string) => {
  expect(text).toContain(part);
  put(folder, { "sealpatch.toml": text.replace(part, by) });
};
const compiled = (change: (json: ReturnType<typeof JSON.parse>) => void) => {
  const json = JSON.parse(info);
  change(json);
  writeFileSync(infoFile, JSON.stringify(json));
};

describe("the doctor, of a project", () => {
  it("says that all holds where it does", async () => {
    const { findings, project } = await checkProject(config);
    expect(open(findings)).toEqual([]);
    expect(project?.folder).toBe(folder);
    expect(findings.map(({ name }) => name)).toEqual([
      ...["configuration", "compiler output", ...OF_OUTPUT, "keystore council"],
    ]);
    const compiler = lineOf(findings, COMPILER).detail;
    expect(compiler).toBe("solc 0.8.30+commit.73712a01; build-info says 0.8.30, without a commit");
    compiled((json) => {
      json.solcLongVersion = "0.8.30+commit.73712a01.Linux.gcc";
    });
    expect(lineOf(await look(), COMPILER)).toEqual({
      name: COMPILER,
      outcome: "holds",
      detail: "solc 0.8.30+commit.73712a01",
    });
  });

  it.each<[string, string, RegExp]>([
    ["is no TOML", "[chains", /is not TOML/],
    ["has a key that is none", "[projct]\n", /a key "projct", which is none/],
  ])("a configuration that %s fails, and nothing else is looked at", async (_, start, detail) => {
    put(folder, { "sealpatch.toml": `${start}\n${text}` });
    const found = await checkProject(config);
    expect(found.project).toBeUndefined();
    expectOpen(found.findings, { name: "configuration", outcome: "fails", detail }, OF_CONFIGURATION);
  });

  it("a configuration that is not there fails", async () => {
    rmSync(config);
    const detail = /cannot be read: there is no such file/;
    expectOpen(await look(), { name: "configuration", outcome: "fails", detail }, OF_CONFIGURATION);
  });

  it("compiler output without layouts fails, with the lines that it needs", async () => {
    compiled(({ output }) => {
      for (const contract of Object.values(output.contracts["src/Vault.sol"]))
        Reflect.deleteProperty(contract as object, "storageLayout");
    });
    const findings = await look();
    const detail = /^it lacks storage layouts of src\/Vault\.sol:Vault$/;
    expectOpen(findings, { name: "compiler output", outcome: "fails", detail }, OF_OUTPUT);
    expect(lineOf(findings, "compiler output")).toMatchObject({
      remedy: expect.stringMatching(
        /^write extra_output = .* in foundry\.toml, in .*, then .*forge build --force/,
      ),
    });
  });

  it("build-info that is no JSON fails", async () => {
    writeFileSync(infoFile, info.slice(0, -9));
    const detail = /^there is no compiler output with build-info that can be read$/;
    expectOpen(await look(), { name: "compiler output", outcome: "fails", detail }, OF_OUTPUT);
  });

  it("a contract that the compiler's output does not have fails", async () => {
    configure("src/Vault.sol:Vault", "src/Vault.sol:Safe");
    const detail = /^it has no layout of src\/Vault\.sol:Safe$/;
    const waiting = OF_OUTPUT.map((name) => name.replace("sol:Vault", "sol:Safe"));
    expectOpen(await look(), { name: "compiler output", outcome: "fails", detail }, waiting);
  });

  it("a source that was changed since fails", async () => {
    const file = join(folder, "src/Vault.sol");
    const source = readFileSync(file, "utf8");
    writeFileSync(file, `${source}\n`);
    const detail = /^it lacks an up-to-date build of src\/Vault\.sol:Vault$/;
    expectOpen(await look(), { name: "compiler output", outcome: "fails", detail }, OF_OUTPUT);
    writeFileSync(file, source);
  });

  it("build-info that does not say which compiler it is of fails", async () => {
    compiled((json) => {
      for (const key of ["solcVersion", "solcLongVersion"]) Reflect.deleteProperty(json, key);
    });
    const cause = { name: SOURCE, outcome: "fails", detail: /^the source of .* is not found/ } as const;
    expectOpen(await look(), cause, [COMPILER]);
  });

  it.each<[string, string, RegExp]>([
    ["is not installed", "0.8.29+commit.ab55807c", /^solc 0\.8\.29 is not installed/],
    ["is of another commit", "0.8.30+commit.00000000", /^the compiler is not solc 0\.8\.30\+commit\.0{8}/],
  ])("a compiler that %s fails", async (_, version, detail) => {
    compiled((json) => {
      json.solcLongVersion = version;
    });
    expectOpen(await look(), { name: COMPILER, outcome: "fails", detail });
  });

  it("a policy file that is not there, or not what the configuration makes, fails", async () => {
    configure("max_waivers = 0", "max_waivers = 1");
    const name = "policy file of Vault";
    expectOpen(await look(), { name, outcome: "fails", detail: /: vectors that may be waived$/ });
    rmSync(join(folder, "policies/Vault.json"));
    expectOpen(await look(), { name, outcome: "fails", detail: /^policies\/Vault\.json, .*cannot be read/ });
  });

  it("a keystore that is not there, or that others may read, fails", async () => {
    const name = "keystore council";
    chmodSync(join(folder, KEYSTORE), 0o640);
    expectOpen(await look(), { name, outcome: "fails", detail: /^others may read or write / });
    rmSync(join(folder, KEYSTORE));
    expectOpen(await look(), { name, outcome: "fails", detail: /council\.age: there is no such file/ });
    configure(`council = "${KEYSTORE}"`, 'council = "policies"');
    expectOpen(await look(), { name, outcome: "fails", detail: /is no file$/ });
  });
});
