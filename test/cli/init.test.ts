import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { FORGE_BUILD, FOUNDRY_LINES, HARDHAT_LINE } from "../../src/compiler-settings.js";
import { parseConfiguration, proxyNamed } from "../../src/project/index.js";
import { hardhatProject } from "../project/hardhat.js";
import { foundryProject, put, temporaryFolder } from "../project/projects.js";
import { sealpatch } from "./sealpatch.js";

const folder = temporaryFolder();
const file = join(folder, "sealpatch.toml");
const init = (...words: string[]) => sealpatch("init", "--project", folder, ...words);
const written = () => readFileSync(file, "utf8");
const filled = () =>
  parseConfiguration(
    written()
      .replaceAll(/ = ""$/gm, ` = "0x${"11".repeat(20)}"`)
      .replace(/address = .*/, `address = "0x${"12".repeat(20)}"`),
  );

describe("sealpatch init", () => {
  beforeEach(() => rmSync(file, { force: true }));

  it("writes a configuration for a Foundry project, which needs nothing but addresses", async () => {
    foundryProject(folder, FOUNDRY_LINES);
    const { code, stdout, stderr } = await init();
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`${file}: for a project of foundry, with src/Vault.sol:Vault\n`);
    expect(filled().project).toEqual({ name: basename(folder), tool: "foundry", artifacts: "out" });
    expect(proxyNamed(filled(), "Vault").contract).toBe("src/Vault.sol:Vault");
  });

  it("says what the output lacks, with the exact lines", async () => {
    rmSync(join(folder, "out"), { recursive: true });
    const { code, stdout } = await init();
    expect(code).toBe(0);
    for (const line of [...FOUNDRY_LINES.split("\n"), FORGE_BUILD]) expect(stdout).toContain(`    ${line}\n`);
    expect(proxyNamed(filled(), "Vault").contract).toBe("src/Vault.sol:Vault");
  });

  it("never replaces a file", async () => {
    writeFileSync(file, "mine");
    expect(JSON.parse((await init("--json")).stdout).error).toMatchObject({ code: "cli/file-exists" });
    expect(written()).toBe("mine");
  });

  it("takes the contracts, kind and chain that it is told", async () => {
    foundryProject(folder, FOUNDRY_LINES, "--force");
    const words = ["--contract", "src/Vault.sol:Vault", "--kind", "transparent-v5", "--chain-id", "31337"];
    expect((await init(...words)).code).toBe(0);
    expect(proxyNamed(filled(), "Vault")).toMatchObject({ kind: "transparent-v5", chain: "chain-31337" });
  });

  it.each([
    [["--contract", "src/Valt.sol:Vault"], "src/Vault.sol:Vault"],
    [["--kind", "diamond"], "uups"],
    [["--tool", "truffle"], "hardhat"],
    [["--chain-id", "one"], "--help"],
  ])("is used wrongly with %j", async (words, remedy) => {
    const { code, stderr } = await init(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(remedy);
    expect(existsSync(file)).toBe(false);
  });

  it("writes one for a Hardhat project, none of whose code it runs", async () => {
    const hardhat = temporaryFolder();
    const ending = { "hardhat.config.js": "process.exit(77);\n" };
    hardhatProject(hardhat, "");
    put(hardhat, ending);
    const lacking = await sealpatch("init", "--project", hardhat);
    expect(lacking.stdout).toContain(`in hardhat.config, in the compiler's settings:\n    ${HARDHAT_LINE}\n`);
    rmSync(join(hardhat, "sealpatch.toml"));
    hardhatProject(hardhat, HARDHAT_LINE);
    put(hardhat, ending);
    const { code, stdout } = await sealpatch("init", "--project", hardhat, "--json");
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { tool: "hardhat", contracts: ["contracts/Vault.sol:Vault"], lacks: [] },
    ]);
    put(hardhat, { "foundry.toml": "" });
    rmSync(join(hardhat, "sealpatch.toml"));
    const both = await sealpatch("init", "--project", hardhat);
    expect([both.code, both.stderr]).toEqual([1, expect.stringContaining("(--tool TOOL)")]);
    expect((await sealpatch("init", "--project", hardhat, "--tool", "hardhat")).code).toBe(0);
  });
});
