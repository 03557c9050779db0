import { askVersion, type CompilerChoice, findCompiler } from "../solc/index.js";
import type { CodeUnderTest } from "../vectors/index.js";
import { bundleToJson, type ContractSource, type PatchBundle, parseBundle, parseDraft } from "./bundle.js";
import { newSalt } from "./commitment.js";
import { assertFollows } from "./current.js";
import { rebuildPatch } from "./rebuild.js";
import { decryptText, encryptText } from "./sealed-text.js";

/** A bundle before it has its salt. */
export type BundleParts = Omit<PatchBundle, "schema" | "salt">;

/** What sealing takes besides the bundle's parts. */
export interface SealingInputs extends CompilerChoice {
  /** The implementation that is live now, as read from the chain. */
  readonly currentCode: CodeUnderTest;
}

/**
 * Makes a bundle with a fresh salt, rebuilds the patch from it as its readers will, and compares it with the live code: what they
 * would refuse without running a vector is refused here. The salt is never given, derived or reused (T04).
 * @param parts their `compiler.version` is a release of solc, with or without its commit, that of `current` too: the bundle names both,
 *   as the compiler says them. Their `migrationGas` is at least twice what the migration needs with the proxy before it, at most
 *   `largestMigrationGas`.
 * @throws SealpatchError as `parseBundle` and `rebuildPatch` do; `patch/other-current-source`, `layout/not-preserved`,
 *   `layout/upgrades-core-failed`, `layout/too-many-entries` and `layout/too-many-changes` as `reviewPatch` does.
 * @example
 * ```ts
 * const parts: BundleParts = {
 *   contract: "contracts/Vault.sol:Vault",
 *   compiler: { version: SOLC_VERSION, input },
 *   current: { contract: "contracts/Vault.sol:Vault", compiler: { version: "0.8.20", input: currentInput } },
 *   libraries: {},
 *   constructorArguments: new Uint8Array(0),
 *   deployer: timelock.address,
 *   deploySalt: hexlify(randomBytes(32)),
 *   migration: new Uint8Array(0),
 *   migrationGas: 0n,
 *   migrationCaller: await timelock.migrationCaller(proxy),
 *   incidents: await readVectorSet("incidents.json"),
 * };
 * const bundle = await newBundle(parts, { currentCode });
 * ```
 */
export async function newBundle(parts: BundleParts, inputs: SealingInputs): Promise<PatchBundle> {
  const draft = parseDraft(bundleToJson({ ...parts, schema: "sealpatch.patch/3", salt: newSalt() }));
  const bundle = { ...(await pinned(draft, inputs)), current: await pinned(draft.current, inputs) };
  assertFollows(await rebuildPatch(bundle, inputs), inputs.currentCode);
  return bundle;
}

/** A contract's source whose compiler has its commit. */
async function pinned<T extends ContractSource>(source: T, choice: CompilerChoice): Promise<T> {
  const version = await askVersion(findCompiler(source.compiler.version, choice));
  return { ...source, compiler: { ...source.compiler, version } };
}

/**
 * Encrypts a bundle to named recipients in the age format (age-encryption.org/v1), so that it can travel and lie on
 * disks (T20).
 * @param recipients `age1...` public keys, at least one.
 * @throws SealpatchError `patch/no-recipient`, `patch/invalid-recipient`.
 * @example
 * ```ts
 * const sealed = await encryptBundle(bundle, auditorRecipients);
 * await writeFile("patch.age", sealed);
 * ```
 */
export async function encryptBundle(bundle: PatchBundle, recipients: readonly string[]): Promise<Uint8Array> {
  return encryptText(JSON.stringify(bundleToJson(bundle)), recipients);
}

/**
 * Opens a sealed bundle.
 * @param identity `AGE-SECRET-KEY-1...`.
 * @throws SealpatchError `patch/cannot-decrypt` where it was sealed for others, `patch/damaged-bundle`, and as `parseBundle`.
 * @example
 * ```ts
 * const bundle = await decryptBundle(await readFile("patch.age"), identity);
 * ```
 */
export async function decryptBundle(sealed: Uint8Array, identity: string): Promise<PatchBundle> {
  return parseBundle(await decryptText(sealed, identity));
}
