import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeDigest, parseArtifact, readArtifact } from "../../src/code/index.js";
import { canonicalLayout } from "../../src/layout/index.js";
import { compileSolidity, type SolcOutput } from "../../tools/solc.js";
import { compileContracts, SOURCES } from "./contracts.js";
import { buildWithForge } from "./forge.js";

const failure = (code: string, properties: object = {}) => expect.objectContaining({ code, ...properties });

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "sealpatch-code-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function write(path: string, json: unknown): string {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof json === "string" ? json : JSON.stringify(json));
  return file;
}

/** A contract as Hardhat's artifact holds it: the fields of solc's output, flat. */
function hardhatArtifact(output: SolcOutput, sourceName: string, contractName: string) {
  const { abi, evm } = output.contracts[sourceName]![contractName]!;
  return {
    _format: "hh-sol-artifact-1",
    contractName,
    sourceName,
    abi,
    bytecode: `0x${evm.bytecode.object}`,
    deployedBytecode: `0x${evm.deployedBytecode.object}`,
    linkReferences: {},
    deployedLinkReferences: {},
  };
}

describe("solc's standard-JSON output", () => {
  it("gives code, ABI, immutables, storage layout, syntax trees and compiler version", () => {
    const output = compileContracts();
    const artifact = parseArtifact(output, "Immutables");
    const { abi, evm, storageLayout } = output.contracts["src/Immutables.sol"]!.Immutables!;
    expect(artifact).toMatchObject({
      contractName: "Immutables",
      sourceName: "src/Immutables.sol",
      abi,
      storageLayout,
      immutableReferences: evm.deployedBytecode.immutableReferences,
      linkReferences: [],
      compiler: expect.stringMatching(/^0\.8\.30\+commit/),
    });
    expect(Buffer.from(artifact.creationCode).toString("hex")).toBe(evm.bytecode.object);
    expect(Buffer.from(artifact.runtimeTemplate).toString("hex")).toBe(evm.deployedBytecode.object);
    expect(artifact.asts).toHaveLength(Object.keys(SOURCES).length);
  });

  it("needs no name where there is one contract, and lists the candidates where there are several", () => {
    const one = compileSolidity({ sources: { "A.sol": "contract A {}" } });
    expect(parseArtifact(one).contractName).toBe("A");
    const remedy = expect.stringContaining("src/Fees.sol:Fees, src/other/Fees.sol:Fees");
    expect(() => parseArtifact(compileContracts(), "Fees")).toThrow(
      failure("code/ambiguous-contract", { remedy }),
    );
    expect(() => parseArtifact(compileContracts())).toThrow(failure("code/ambiguous-contract"));
    expect(parseArtifact(compileContracts(), "src/other/Fees.sol:Fees").sourceName).toBe(
      "src/other/Fees.sol",
    );
    expect(() => parseArtifact(compileContracts(), "Nothing")).toThrow(
      failure("code/contract-not-found", { remedy: expect.stringContaining("src/Vault.sol:Vault") }),
    );
  });

  it("is refused where the compiler reported an error", () => {
    const output = { errors: [{ severity: "error" }, { severity: "warning" }] };
    expect(() => parseArtifact(output, "A")).toThrow(
      failure("code/compilation-failed", { details: { errors: 1 } }),
    );
  });

  it("is refused where the selected outputs lack the code", () => {
    const output = { contracts: { "A.sol": { A: { abi: [] } } }, sources: {} };
    expect(() => parseArtifact(output)).toThrow(
      failure("code/invalid-artifact", { remedy: expect.stringContaining("evm.deployedBytecode") }),
    );
  });
});

describe("Hardhat", () => {
  const packages = fileURLToPath(new URL("../../node_modules/@openzeppelin/", import.meta.url));

  it("artifacts of published packages are read", async () => {
    const files = [
      "contracts/build/contracts/TimelockController.json",
      "contracts-upgradeable-4.3.0/build/contracts/TimelockControllerUpgradeable.json",
    ];
    for (const file of files) {
      const artifact = await readArtifact(join(packages, file));
      expect(file).toContain(artifact.contractName);
      expect(codeDigest(artifact.runtimeTemplate)).toBeGreaterThan(0n);
      expect(artifact.storageLayout).toBeUndefined();
    }
  });

  it("artifacts take storage layout and syntax trees from the build-info that their debug file names", async () => {
    const output = compileContracts();
    const file = write(
      "hh2/src/Vault.sol/Immutables.json",
      hardhatArtifact(output, "src/Immutables.sol", "Immutables"),
    );
    write("hh2/src/Vault.sol/Immutables.dbg.json", { buildInfo: "../../build-info/1.json" });
    write("hh2/build-info/1.json", { _format: "hh-sol-build-info-1", solcVersion: "0.8.30", output });
    const artifact = await readArtifact(file);
    expect(artifact.storageLayout).toBeDefined();
    expect(artifact.asts).not.toHaveLength(0);
    expect(artifact.compiler).toBe("0.8.30");
    expect(Object.keys(artifact.immutableReferences)).toHaveLength(2);
  });

  it("artifacts of Hardhat 3 take them from the output half of their build-info", async () => {
    const output = compileContracts();
    const file = write("hh3/src/Immutables.sol/Deployer.json", {
      ...hardhatArtifact(output, "src/Immutables.sol", "Deployer"),
      _format: "hh3-artifact-1",
      sourceName: "Immutables.sol",
      inputSourceName: "src/Immutables.sol",
      buildInfoId: "solc-1",
    });
    write("hh3/build-info/solc-1.output.json", {
      _format: "hh3-sol-build-info-output-1",
      id: "solc-1",
      output,
    });
    expect((await readArtifact(file)).storageLayout).toBeDefined();
    const input = { _format: "hh3-sol-build-info-1", id: "solc-1", input: {} };
    expect(() => parseArtifact(input)).toThrow(
      failure("code/unknown-artifact-format", { remedy: expect.stringContaining("output.json") }),
    );
  });

  it("artifacts that do not come from their build-info are refused", async () => {
    const output = compileContracts();
    const other = compileSolidity({
      sources: { "src/Immutables.sol": "contract Deployer { uint256 public x; }" },
    });
    const file = write(
      "stale/src/Immutables.sol/Deployer.json",
      hardhatArtifact(other, "src/Immutables.sol", "Deployer"),
    );
    write("stale/src/Immutables.sol/Deployer.dbg.json", { buildInfo: "../../build-info/1.json" });
    write("stale/build-info/1.json", { output });
    await expect(readArtifact(file)).rejects.toThrow(failure("code/stale-build-info"));
  });
});

describe("Foundry", () => {
  const sources = ["src/Vault.sol", "src/Fees.sol", "src/Immutables.sol"] as const;

  beforeAll(() => {
    const chosen = Object.fromEntries(sources.map((name) => [name, SOURCES[name]]));
    buildWithForge(join(directory, "forge"), chosen, ["--build-info"]);
  });

  const artifactFile = () => join(directory, "forge/out/Immutables.sol/Immutables.json");

  it("artifacts give the same as solc's output", () => {
    const artifact = parseArtifact(JSON.parse(readFileSync(artifactFile(), "utf8")));
    expect(artifact).toMatchObject({ contractName: "Immutables", sourceName: "src/Immutables.sol" });
    expect(artifact.compiler).toMatch(/^0\.8\.30\+commit/);
    expect(artifact.storageLayout).toBeDefined();
    expect(artifact.asts).toHaveLength(1);
    expect(Object.keys(artifact.immutableReferences)).toHaveLength(2);
  });

  it("artifacts name the libraries that they are to be linked with", async () => {
    const { linkReferences } = await readArtifact(join(directory, "forge/out/Vault.sol/Vault.json"));
    expect(linkReferences).toMatchObject([{ library: "src/Fees.sol:Fees", address: undefined }]);
  });

  it("build-info gives every contract with the syntax trees of all sources, and completes artifacts", async () => {
    const folder = join(directory, "forge/out/build-info");
    const fromBuildInfo = await readArtifact(join(folder, readdirSync(folder)[0]!), "Immutables");
    const fromArtifact = await readArtifact(artifactFile());
    expect(fromBuildInfo.asts).toHaveLength(sources.length);
    expect(fromArtifact).toEqual(fromBuildInfo);
    expect(fromArtifact.creationCode).toEqual(fromBuildInfo.creationCode);
    // Foundry writes no layout for a contract without storage; that there is none, the trees say.
    expect(fromBuildInfo.storageLayout).toBeUndefined();
    expect(canonicalLayout(fromBuildInfo).entries).toEqual([]);
  });

  it("build-info of another build is passed over", async () => {
    const file = write("other/Immutables.sol/Immutables.json", readFileSync(artifactFile(), "utf8"));
    const output = compileSolidity({ sources: { "src/Immutables.sol": "contract Immutables {}" } });
    write("other/build-info/1.json", { output });
    write("other/build-info/2.json", { id: "2", source_id_to_path: {} });
    const artifact = await readArtifact(file);
    expect(Object.keys(artifact.immutableReferences)).toHaveLength(2);
  });

  it("build-info without the compiler's output says how to build it", () => {
    const slim = { id: "1", source_id_to_path: { "0": "src/A.sol" }, language: "Solidity" };
    expect(() => parseArtifact(slim)).toThrow(
      failure("code/unknown-artifact-format", { remedy: expect.stringContaining("--build-info") }),
    );
  });

  it("artifacts without metadata are refused, because nothing in them names the contract", () => {
    const { metadata: _, rawMetadata: __, ...rest } = JSON.parse(readFileSync(artifactFile(), "utf8"));
    expect(() => parseArtifact(rest)).toThrow(failure("code/invalid-artifact"));
  });
});

describe("anything else", () => {
  it("is refused with the list of what can be read", async () => {
    const remedy = expect.stringContaining("Foundry");
    for (const json of [{}, [], "text", null, { bytecode: 5 }]) {
      expect(() => parseArtifact(json)).toThrow(failure("code/unknown-artifact-format", { remedy }));
    }
    await expect(readArtifact(write("broken.json", "{"))).rejects.toThrow(failure("code/unreadable-file"));
    await expect(readArtifact(join(directory, "none.json"))).rejects.toThrow(failure("code/unreadable-file"));
  });

  it("never quotes code in an error", () => {
    const secret = "6001600255";
    const artifact = {
      ...hardhatArtifact(compileContracts(), "src/Vault.sol", "Vault"),
      bytecode: `0x${secret}zz`,
    };
    try {
      parseArtifact(artifact);
      expect.unreachable();
    } catch (error) {
      expect(error).toEqual(failure("code/invalid-artifact"));
      expect(JSON.stringify(error) + (error as Error).stack + String((error as Error).cause)).not.toContain(
        secret,
      );
    }
  });
});
