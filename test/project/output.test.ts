import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FOUNDRY_LINES, HARDHAT_LINE } from "../../src/compiler-settings.js";
import { detectProject, inspectOutput } from "../../src/project/index.js";
import { hardhatProject } from "./hardhat.js";
import { forgeBuild, foundryProject, put, temporaryFolder } from "./projects.js";

describe("a project is told by its configuration's file", () => {
  const detected = (files: Record<string, string>, tool?: "foundry" | "hardhat") => {
    const folder = temporaryFolder();
    put(folder, files);
    return detectProject(folder, tool);
  };

  it("of Foundry, with the folders that it names", () => {
    const facts = { tool: "foundry", sources: "src", artifacts: "out" };
    expect(detected({ "foundry.toml": "" })).toEqual(facts);
    const own = '[profile.default]\nsrc = "contracts"\nout = "build"\n';
    expect(detected({ "foundry.toml": own })).toEqual({ ...facts, sources: "contracts", artifacts: "build" });
  });

  it.each(["js", "cjs", "ts"])("of Hardhat, whose hardhat.config.%s is not run", (end) => {
    const facts = { tool: "hardhat", sources: "contracts", artifacts: "artifacts" };
    expect(detected({ [`hardhat.config.${end}`]: "process.exit(77)" })).toEqual(facts);
  });

  it("of both: somebody has to choose", () => {
    const both = { "foundry.toml": "", "hardhat.config.js": "" };
    expect(() => detected(both)).toThrowError(expect.objectContaining({ code: "config/several-tools" }));
    expect(detected(both, "hardhat").tool).toBe("hardhat");
    expect(detected(both, "foundry").tool).toBe("foundry");
  });

  it("of none", () => {
    for (const [files, tool] of [
      [{}, undefined],
      [{ "foundry.toml": "" }, "hardhat"],
    ] as const)
      expect(() => detected(files, tool)).toThrowError(
        expect.objectContaining({ code: "config/no-project" }),
      );
    for (const text of ["[profile", "[profile.default]\nout = 1"])
      expect(() => detected({ "foundry.toml": text })).toThrowError(
        expect.objectContaining({ code: "config/unreadable-foundry-toml" }),
      );
  });
});

describe("what a compiler's output lacks", () => {
  const folder = temporaryFolder();
  const inspect = () => inspectOutput(folder, detectProject(folder));

  it("of Foundry: everything, then nothing once the lines that are named are in foundry.toml", async () => {
    foundryProject(folder, "");
    const [fault, ...others] = (await inspect()).faults;
    expect(others).toEqual([]);
    expect(fault).toEqual({
      lacks: "compiler output",
      contracts: [],
      file: "foundry.toml",
      section: "the profile",
      lines: FOUNDRY_LINES,
      command: expect.stringMatching(/^forge build --force --build-info --ast --extra-output storageLayout$/),
    });
    foundryProject(folder, fault!.lines!, "--force");
    expect(await inspect()).toEqual({ implementations: ["src/Vault.sol:Vault"], faults: [] });
  });

  it("of a build in part: what newer build-info lacks, older ones do not make up for; what is gone is not missed", async () => {
    const [vault, lines] = ["src/Vault.sol", "foundry.toml"].map((name) =>
      readFileSync(join(folder, name), "utf8"),
    );
    put(folder, {
      "src/Vault.sol": vault!.replace("uint256 public total;", "uint256 public total; uint256 more;"),
      "src/Gone.sol": "pragma solidity ^0.8.20; contract Gone { uint256 x; }",
      "foundry.toml": lines!.replace('extra_output = ["storageLayout"]', ""),
    });
    forgeBuild(folder);
    rmSync(join(folder, "src/Gone.sol"));
    expect(await inspect()).toMatchObject({
      implementations: [],
      faults: [{ lacks: "storage layouts", contracts: ["src/Vault.sol:Vault"], lines: FOUNDRY_LINES }],
    });
  });

  it("of Foundry: nothing after the command that is named, whatever foundry.toml says", async () => {
    rmSync(join(folder, "out"), { recursive: true });
    foundryProject(folder, "", "--force", "--build-info", "--ast", "--extra-output", "storageLayout");
    expect((await inspect()).faults).toEqual([]);
  });

  it("of Foundry: syntax trees, where solc was not asked for them", async () => {
    // forge writes them with every build-info: they are taken out.
    const builds = join(folder, "out/build-info");
    for (const name of readdirSync(builds)) {
      const json = JSON.parse(readFileSync(join(builds, name), "utf8"));
      for (const source of Object.values<{ ast?: unknown }>(json.output.sources)) delete source.ast;
      put(builds, { [name]: json });
    }
    const fault = (await inspect()).faults.find(({ lacks }) => lacks === "syntax trees");
    expect(fault).toMatchObject({
      contracts: ["src/Vault.sol:Vault"],
      file: "foundry.toml",
      lines: FOUNDRY_LINES,
    });
  });

  it("of Hardhat: storage layouts, then nothing once the line that is named is in its configuration", async () => {
    const hardhat = temporaryFolder();
    const own = "optimizer: { enabled: true },\n";
    hardhatProject(hardhat, own);
    const facts = detectProject(hardhat);
    const [fault, ...others] = (await inspectOutput(hardhat, facts)).faults;
    expect(others).toEqual([]);
    expect(fault).toEqual({
      lacks: "storage layouts",
      contracts: ["contracts/Vault.sol:Vault"],
      file: "hardhat.config",
      section: "the compiler's settings",
      lines: HARDHAT_LINE,
      command: "npx hardhat compile --force",
    });
    hardhatProject(hardhat, own + fault!.lines!);
    const whole = { implementations: ["contracts/Vault.sol:Vault"], faults: [] };
    expect(await inspectOutput(hardhat, facts)).toEqual(whole);
  });
});
