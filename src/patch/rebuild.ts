import { concat, getBytes } from "ethers";
import { contentKey } from "../cached.js";
import {
  type Artifact,
  codeDigest,
  create2Address,
  deployCode,
  linkArtifact,
  parseArtifact,
} from "../code/index.js";
import { prepareHashing } from "../field/index.js";
import { canonicalLayout, compareLayouts, type LayoutComparison, layoutRoot } from "../layout/index.js";
import {
  type Compiler,
  type CompilerChoice,
  compileStandardJson,
  findCompiler,
  INSTALLED_COMPILER,
  type StandardInput,
} from "../solc/index.js";
import { type CodeUnderTest, type Hex, incidentRoot } from "../vectors/index.js";
import type { PatchBundle } from "./bundle.js";
import {
  migrationDigest,
  NO_EXECUTION,
  type PatchOpening,
  patchAccount,
  patchCommitment,
} from "./commitment.js";
import { arrivingGas, assertMigrationGas, assertTransactionHolds } from "./migration-gas.js";
import { type PatchWarning, patchWarnings } from "./warnings.js";

/** A patch as it was rebuilt from its sources: what the commitment is about. */
export interface RebuiltPatch {
  readonly bundle: PatchBundle;
  readonly artifact: Artifact;
  /** Creation code with constructor arguments: what the executor sends. */
  readonly initCode: Uint8Array;
  /** Deployed runtime code, immutables filled in, and where it will stand. */
  readonly code: CodeUnderTest;
  /** The bundle's old layout and that of the patch. */
  readonly layouts: LayoutComparison;
  readonly opening: PatchOpening;
  readonly commitment: bigint;
  /** What to look at with one's own eyes before the patch is sealed, attested or proven. They refuse nothing. */
  readonly warnings: readonly PatchWarning[];
}

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

/**
 * The compilation of the last patch: it is sealed once for its vectors and once with them, and each auditor of a process
 * asks for it again.
 */
let last: { readonly key: string; readonly artifact: Promise<Artifact> } | undefined;

/** The contract of a bundle, by the release and commit of solc that it names. */
function compileBundle({ compiler, contract }: PatchBundle, choice: CompilerChoice): Promise<Artifact> {
  const found = findCompiler(compiler.version, choice);
  const key = contentKey([found.module, found.version, contract, JSON.stringify(compiler.input)]);
  if (last?.key !== key) {
    const artifact = compileContract(compiler.input, contract, found);
    last = { key, artifact };
    artifact.catch(() => {
      last = undefined;
    });
  }
  return last.artifact;
}

/**
 * Rebuilds a patch from its sources, trusting nothing but the bundle's text: compiles with the release of solc that it names,
 * runs the constructor at the CREATE2 address, and computes every digest again.
 * @param choice solc packages beside those that are installed under their usual names.
 * @throws SealpatchError of `code/...`, `layout/...` or `vectors/...` where a part cannot be rebuilt, among them
 *   `code/no-compiler` and `code/other-compiler`; `patch/migration-gas-too-high` where no transaction could execute it.
 * @example
 * ```ts
 * const { code, opening, layouts, warnings } = await rebuildPatch(bundle);
 * console.log(`${code.code.length} bytes at ${code.address}, layout root ${opening.layoutRoot}`);
 * for (const { message } of [...layouts.findings, ...warnings]) console.log(message);
 * ```
 */
export async function rebuildPatch(bundle: PatchBundle, choice: CompilerChoice = {}): Promise<RebuiltPatch> {
  const patch = await rebuildExecuted(bundle, choice);
  const { initCode, code } = patch;
  assertTransactionHolds(bundle.migrationGas, { initCode, code: code.code, migration: bundle.migration });
  return patch;
}

/** The same for a patch that a chain has executed: whatever its limits are, a transaction did hold it. */
export async function rebuildExecuted(
  bundle: PatchBundle,
  choice: CompilerChoice = {},
): Promise<RebuiltPatch> {
  await prepareHashing();
  assertMigrationGas(bundle);
  const artifact = linkArtifact(await compileBundle(bundle, choice), bundle.libraries);
  const initCode = getBytes(concat([artifact.creationCode, bundle.constructorArguments]));
  const address = create2Address({ ...bundle, initCode }) as Hex;
  const runtime = await deployCode({ initCode, address, deployer: bundle.deployer });
  const previous = bundle.oldLayout;
  const layouts = compareLayouts(previous, canonicalLayout(artifact, { previous }));
  const opening: PatchOpening = {
    codeDigest: codeDigest(runtime),
    layoutRoot: layoutRoot(layouts.new),
    incidentRoot: incidentRoot(bundle.incidents),
    account: patchAccount(address, bundle.migrationGas),
    migrationDigest: migrationDigest(bundle.migration),
    executionDigest: NO_EXECUTION,
    salt: bundle.salt,
  };
  const code: CodeUnderTest = {
    code: runtime,
    address,
    ...(bundle.migration.length === 0
      ? {}
      : {
          migration: {
            data: bundle.migration,
            caller: bundle.migrationCaller as Hex,
            gas: arrivingGas(bundle.migrationGas),
          },
        }),
  };
  const commitment = patchCommitment(opening);
  const warnings = patchWarnings({ bundle, artifact, code });
  return { bundle, artifact, initCode, code, layouts, opening, commitment, warnings };
}
