import { expect, it } from "vitest";
import { caseCompiler, collectCase, compileCase, openZeppelinUpgradeable } from "../../corpus/sources.js";

const SOURCES = {
  folder: "CVE-2023-34459",
  contracts: ["MerklePayouts.sol", "MerklePayoutsUUPS.sol"],
  exploit: [],
  packages: { vulnerable: openZeppelinUpgradeable("4.9.1"), fixed: openZeppelinUpgradeable("4.9.2") },
};
const LIBRARY = "@openzeppelin/contracts-upgradeable/utils/cryptography/MerkleProofUpgradeable.sol";

it("a case is collected against both releases, and compiled from what was collected alone", async () => {
  const inputs = collectCase(SOURCES);
  expect(inputs.vulnerable.sources[LIBRARY]).not.toEqual(inputs.fixed.sources[LIBRARY]);
  expect(inputs.vulnerable.sources["MerklePayouts.sol"]).toEqual(inputs.fixed.sources["MerklePayouts.sol"]);

  const prepared: typeof inputs = JSON.parse(JSON.stringify(inputs));
  const compiled = await compileCase(prepared);
  expect(compiled).toEqual(await caseCompiler(SOURCES)());
  expect(compiled.vulnerable.input).toEqual(inputs.vulnerable);
  // Contracts of the case alone, not of the packages.
  expect(Object.keys(compiled.fixed.contracts)).toEqual(SOURCES.contracts);
  expect(compiled.exploit.contracts).toEqual({});
});
