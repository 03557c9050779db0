import { readFile } from "node:fs/promises";
import { type Artifact, parseArtifact } from "../../src/code/index.js";
import { ROOT } from "../../src/places.js";
import { collectSources, compileStandardJson } from "../../src/solc/index.js";
import { contractSettings } from "../build/contracts.js";

const NAME = "DigestProbe";

/** DigestProbe.sol, compiled as the timelock is. */
export async function compileProbe(): Promise<Artifact> {
  const file = `${NAME}.sol`;
  const text = await readFile(new URL(`./${file}`, import.meta.url), "utf8");
  const outputSelection = { [file]: { [NAME]: ["abi", "evm.bytecode", "evm.deployedBytecode"] } };
  const output = await compileStandardJson({
    language: "Solidity",
    sources: collectSources([file], { base: ROOT, given: { [file]: text } }),
    settings: { ...(await contractSettings()).timelock, outputSelection },
  });
  return parseArtifact(output, NAME);
}
