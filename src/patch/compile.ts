import { contentKey } from "../cached.js";
import { type Artifact, parseArtifact } from "../code/index.js";
import {
  type Compiler,
  type CompilerChoice,
  compileStandardJson,
  findCompiler,
  INSTALLED_COMPILER,
  type StandardInput,
} from "../solc/index.js";
import type { ContractSource } from "./bundle.js";

const CONTRACT_OUTPUTS = [
  "abi",
  "evm.bytecode.object",
  "evm.bytecode.linkReferences",
  "evm.deployedBytecode.object",
  "evm.deployedBytecode.linkReferences",
  "evm.deployedBytecode.immutableReferences",
  "storageLayout",
  "metadata",
];

/**
 * Compiles one contract with everything that code and layout need, whatever the input selects.
 * @param contract fully qualified name.
 * @param compiler the one that comes with this package by default; `findCompiler` finds others.
 * @throws SealpatchError as `compileStandardJson`, and `code/contract-not-found`.
 * @example
 * ```ts
 * const { sourceName, sources, remappings } = collectFile("contracts/Vault.sol");
 * const input: StandardInput = { language: "Solidity", sources, settings: { remappings, evmVersion: "cancun" } };
 * const artifact = await compileContract(input, `${sourceName}:Vault`);
 * ```
 */
export async function compileContract(
  input: StandardInput,
  contract: string,
  compiler: Compiler = INSTALLED_COMPILER,
): Promise<Artifact> {
  const colon = contract.lastIndexOf(":");
  // Code for this contract alone: code generation is most of the compiler's work.
  const code = { [contract.slice(0, colon)]: { [contract.slice(colon + 1)]: CONTRACT_OUTPUTS } };
  const syntaxTrees = { "*": { "": ["ast"] } };
  const output = await compileStandardJson(input, [syntaxTrees, code], compiler);
  return parseArtifact(output, contract);
}

/** A patch, and what it replaces. */
const KEPT = 2;

/**
 * The compilations of the last patch: it is sealed once for its vectors and once with them, and each auditor of a process
 * asks for it again.
 */
const kept = new Map<string, Promise<Artifact>>();

/**
 * A contract of a bundle, by the release and commit of solc that it names.
 * @throws SealpatchError as `findCompiler` and `compileContract`.
 */
export function compileSource(
  { compiler, contract }: ContractSource,
  choice: CompilerChoice,
): Promise<Artifact> {
  const found = findCompiler(compiler.version, choice);
  const key = contentKey([found.module, found.version, contract, JSON.stringify(compiler.input)]);
  const artifact = kept.get(key) ?? compileContract(compiler.input, contract, found);
  // Asked for last, forgotten last.
  kept.delete(key);
  kept.set(key, artifact);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  artifact.catch(() => {
    if (kept.get(key) === artifact) kept.delete(key);
  });
  return artifact;
}
