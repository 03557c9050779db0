import { getAddress, getBytes } from "ethers";
import { describe, expect, it } from "vitest";
import { linkArtifact, parseArtifact } from "../../src/code/index.js";
import { compileSolidity } from "../../tools/solc.js";
import { compileContracts, SOURCES } from "./contracts.js";

const ADDRESS = getAddress(`0x${"11".repeat(20)}`);
const OTHER = getAddress(`0x${"22".repeat(20)}`);
const vault = () => parseArtifact(compileContracts(), "Vault");
const twice = () => parseArtifact(compileContracts(), "Twice");
const failure = (code: string, properties: object = {}) => expect.objectContaining({ code, ...properties });

describe("unlinked code", () => {
  it("cannot be used, and every library that lacks an address is named", () => {
    const missing = "src/Fees.sol:Fees, src/other/Fees.sol:Fees";
    const refusal = failure("code/unlinked-library", {
      message: expect.stringContaining(missing),
      details: { contract: "Twice", libraries: missing },
    });
    expect(() => twice().creationCode).toThrow(refusal);
    expect(() => twice().runtimeTemplate).toThrow(refusal);
    const half = linkArtifact(twice(), { "src/Fees.sol:Fees": ADDRESS });
    expect(() => half.creationCode).toThrow(
      failure("code/unlinked-library", {
        details: { contract: "Twice", libraries: "src/other/Fees.sol:Fees" },
      }),
    );
  });

  it("is refused by its placeholder where the artifact does not name the library", () => {
    const { abi, evm } = compileContracts().contracts["src/Vault.sol"]!.Vault!;
    const artifact = parseArtifact({
      contractName: "Vault",
      sourceName: "src/Vault.sol",
      abi,
      bytecode: evm.bytecode.object,
      deployedBytecode: evm.deployedBytecode.object,
      linkReferences: {},
      deployedLinkReferences: {},
    });
    expect(() => artifact.creationCode).toThrow(
      failure("code/unlinked-library", { message: expect.stringMatching(/__\$[0-9a-f]{34}\$__/) }),
    );
    expect(linkArtifact(artifact, { "src/Fees.sol:Fees": ADDRESS }).creationCode).toEqual(
      linkArtifact(vault(), { Fees: ADDRESS }).creationCode,
    );
  });
});

describe("linkArtifact", () => {
  it("gives the code that the compiler gives when it links itself", () => {
    const libraries = { "src/Fees.sol": { Fees: ADDRESS }, "src/other/Fees.sol": { Fees: OTHER } };
    // Metadata hashes differ, because the settings do: compile without them.
    const metadata = { appendCBOR: false };
    const sources = SOURCES;
    const byCompiler = parseArtifact(
      compileSolidity({ sources, settings: { libraries, metadata } }),
      "Twice",
    );
    const unlinked = parseArtifact(compileSolidity({ sources, settings: { metadata } }), "Twice");
    const linked = linkArtifact(unlinked, {
      "src/Fees.sol:Fees": ADDRESS,
      "src/other/Fees.sol:Fees": OTHER,
    });
    expect(linked.creationCode).toEqual(byCompiler.creationCode);
    expect(linked.runtimeTemplate).toEqual(byCompiler.runtimeTemplate);
  });

  it("leaves the artifact as it was and keeps the list of libraries", () => {
    const artifact = vault();
    const linked = linkArtifact(artifact, { Fees: ADDRESS.toLowerCase() });
    expect(() => artifact.creationCode).toThrow(failure("code/unlinked-library"));
    expect(artifact.template.runtime).not.toEqual(linked.template.runtime);
    expect(linked.linkReferences).toMatchObject([{ library: "src/Fees.sol:Fees", address: ADDRESS }]);
    expect(Buffer.from(linked.runtimeTemplate).includes(Buffer.from(getBytes(ADDRESS)))).toBe(true);
    expect(linked.storageLayout).toEqual(artifact.storageLayout);
  });

  it("names libraries that the compiler linked, from the metadata", () => {
    const libraries = { "src/Fees.sol": { Fees: ADDRESS } };
    const output = compileSolidity({ sources: SOURCES, settings: { libraries } });
    expect(parseArtifact(output, "Vault").linkReferences).toEqual([
      { library: "src/Fees.sol:Fees", address: ADDRESS, creation: [], runtime: [] },
    ]);
  });

  it("refuses names that it cannot place and addresses that are none", () => {
    expect(() => linkArtifact(vault(), { Nothing: ADDRESS })).toThrow(
      failure("code/unknown-library", { remedy: expect.stringContaining("src/Fees.sol:Fees") }),
    );
    expect(() => linkArtifact(linkArtifact(vault(), { Fees: ADDRESS }), { Fees: OTHER })).toThrow(
      failure("code/unknown-library"),
    );
    expect(() => linkArtifact(twice(), { Fees: ADDRESS })).toThrow(failure("code/ambiguous-library"));
    const wrongChecksum = "0xABcdefabcdefabcdefabcdefabcdefabcdefabcd";
    for (const address of ["0x12", wrongChecksum]) {
      expect(() => linkArtifact(vault(), { Fees: address })).toThrow(failure("code/invalid-address"));
    }
  });
});
