import { concat, getBytes } from "ethers";
import { type Artifact, codeDigest, create2Address, deployCode, linkArtifact } from "../code/index.js";
import { prepareHashing } from "../field/index.js";
import {
  type ContractLayout,
  canonicalLayout,
  compareLayouts,
  contractLayout,
  diffLayouts,
  type LayoutComparison,
  type LayoutDiff,
  layoutRoot,
} from "../layout/index.js";
import { lazily } from "../lazily.js";
import type { CompilerChoice } from "../solc/index.js";
import { type CodeUnderTest, type Hex, incidentRoot } from "../vectors/index.js";
import type { PatchBundle } from "./bundle.js";
import {
  migrationDigest,
  NO_EXECUTION,
  type PatchOpening,
  patchAccount,
  patchCommitment,
} from "./commitment.js";
import { compileSource } from "./compile.js";
import { arrivingGas, assertMigrationGas, assertTransactionHolds } from "./migration-gas.js";
import { type PatchWarning, patchWarnings } from "./warnings.js";

/** A patch as it was rebuilt from its sources: what the commitment is about. */
export interface RebuiltPatch {
  readonly bundle: PatchBundle;
  readonly artifact: Artifact;
  /**
   * What the bundle's source of the live implementation compiles to, not linked: `assertCurrentSource` tells whether it is what
   * is live.
   */
  readonly current: Artifact;
  /** Creation code with constructor arguments: what the executor sends. */
  readonly initCode: Uint8Array;
  /** Deployed runtime code, immutables filled in, and where it will stand. */
  readonly code: CodeUnderTest;
  /** The layout of `current` and that of the patch, by the rule of the proof. */
  readonly layouts: LayoutComparison;
  /** What all judges say of the two, made when it is asked for. @throws SealpatchError `layout/upgrades-core-failed`. */
  readonly layoutDiff: () => LayoutDiff;
  readonly opening: PatchOpening;
  readonly commitment: bigint;
  /** What to look at with one's own eyes before the patch is sealed, attested or proven. They refuse nothing. */
  readonly warnings: readonly PatchWarning[];
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

/** What the bundle's source of the implementation that is live compiles to, with its layout. @throws as `rebuildPatch`. */
export async function rebuildCurrent(
  { current }: Pick<PatchBundle, "current">,
  choice: CompilerChoice = {},
): Promise<ContractLayout & { readonly artifact: Artifact }> {
  const artifact = await compileSource(current, choice);
  const { previous } = current;
  return { artifact, ...contractLayout(artifact, previous === undefined ? {} : { previous }) };
}

/** The same for a patch that a chain has executed: whatever its limits are, a transaction did hold it. */
export async function rebuildExecuted(
  bundle: PatchBundle,
  choice: CompilerChoice = {},
): Promise<RebuiltPatch> {
  await prepareHashing();
  assertMigrationGas(bundle);
  // One after the other: each takes a process with about 1 GB of memory.
  const { artifact: current, ...old } = await rebuildCurrent(bundle, choice);
  const artifact = linkArtifact(await compileSource(bundle, choice), bundle.libraries);
  const initCode = getBytes(concat([artifact.creationCode, bundle.constructorArguments]));
  const address = create2Address({ ...bundle, initCode }) as Hex;
  const runtime = await deployCode({ initCode, address, deployer: bundle.deployer });
  const layouts = compareLayouts(old.layout, canonicalLayout(artifact, { previous: old.layout }));
  const layoutDiff = lazily(() => diffLayouts(old, contractLayout(artifact)));
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
  const warnings = patchWarnings({ bundle, artifact, code, layouts });
  return { bundle, artifact, current, initCode, code, layouts, layoutDiff, opening, commitment, warnings };
}
