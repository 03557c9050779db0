import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HARDHAT_LINE } from "../../src/compiler-settings.js";
import type { Project } from "../../src/project/index.js";
import { detectProject, inspectOutput, sourceInProject } from "../../src/project/index.js";
import { hardhatCompile, hardhatProject } from "./hardhat.js";
import { put, temporaryFolder } from "./projects.js";

const OTHER = "contracts/Other.sol:Other";
const VAULT = "contracts/Vault.sol:Vault";

describe("what Hardhat compiled", () => {
  const built = temporaryFolder();
  const hardhat = {
    folder: built,
    configuration: { project: { tool: "hardhat", artifacts: "artifacts" } },
  } as unknown as Project;
  const other = "pragma solidity ^0.8.20; import 'lib/Base.sol'; contract Other is Base {}";
  const base = "pragma solidity ^0.8.20; contract Base { uint256 public x; }";
  const facts = () => inspectOutput(built, detectProject(built));
  const refused = (source: string) => ({
    code: "code/stale-build-info",
    details: expect.objectContaining({ source }),
    remedy: "compile the whole project again: `npx hardhat compile --force`",
  });
  const lacking = (...contracts: string[]) => [
    { lacks: "an up-to-date build", contracts, command: "npx hardhat compile --force" },
  ];

  it("a build in part has what was changed, and what was not is refused, with the command that helps", async () => {
    put(built, {
      "contracts/Other.sol": other,
      "node_modules/lib/package.json": { name: "lib", version: "1.0.0" },
      "node_modules/lib/Base.sol": base,
    });
    hardhatProject(built, HARDHAT_LINE);
    expect((await facts()).faults).toEqual([]);
    const vault = readFileSync(join(built, "contracts/Vault.sol"), "utf8");
    put(built, { "contracts/Vault.sol": vault.replace("public total", "public total; uint256 more") });
    expect((await facts()).faults).toEqual(lacking(OTHER, VAULT));
    hardhatCompile(built);
    const { compiler } = await sourceInProject(hardhat, VAULT);
    expect(Object.keys(compiler.input.sources)).toEqual(["contracts/Types.sol", "contracts/Vault.sol"]);
    const work = sourceInProject(hardhat, OTHER);
    await expect(work).rejects.toMatchObject(refused("contracts/Vault.sol"));
    expect((await facts()).faults).toEqual(lacking(OTHER));
    hardhatCompile(built, "--force");
    expect(await facts()).toEqual({
      implementations: [OTHER, VAULT],
      faults: [],
    });
    expect((await sourceInProject(hardhat, OTHER)).contract).toBe(OTHER);
  });

  it("another release of a package is seen, and refused until it is compiled", async () => {
    put(built, { "node_modules/lib/Base.sol": base.replace("x;", "x; uint256 y;") });
    const work = () => sourceInProject(hardhat, OTHER);
    await expect(work()).rejects.toMatchObject(refused("lib/Base.sol"));
    expect((await facts()).faults).toEqual(lacking(OTHER, VAULT));
    hardhatCompile(built);
    expect((await work()).compiler.input.sources["lib/Base.sol"]!.content).toContain("uint256 y;");
  });
});
