import { loadAge } from "../age.js";
import { SealpatchError } from "../errors.js";
import { askVersion, type CompilerChoice, findCompiler } from "../solc/index.js";
import type { CodeUnderTest } from "../vectors/index.js";
import { bundleToJson, type ContractSource, type PatchBundle, parseBundle, parseDraft } from "./bundle.js";
import { newSalt } from "./commitment.js";
import { assertFollows } from "./current.js";
import { rebuildPatch } from "./rebuild.js";

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
 * @param parts.compiler.version release of solc, with or without its commit, that of `current` too; the bundle names both, as the
 *   compiler says them.
 * @param parts.migrationGas at least twice what the migration needs with the proxy before it, at most `largestMigrationGas`.
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
  const encrypter = await encrypterFor(recipients);
  return encrypter.encrypt(JSON.stringify(bundleToJson(bundle)));
}

/**
 * Checks recipients as `encryptBundle` does, before there is a bundle.
 * @throws SealpatchError `patch/no-recipient`, `patch/invalid-recipient`.
 */
export async function assertRecipients(recipients: readonly string[]): Promise<void> {
  await encrypterFor(recipients);
}

async function encrypterFor(recipients: readonly string[]) {
  if (recipients.length === 0) {
    throw new SealpatchError("patch/no-recipient", "a sealed bundle needs at least one recipient", {
      remedy: "name the auditors' age recipients",
    });
  }
  const { Encrypter } = await loadAge();
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch {
      // Whatever else it is may be a secret, and so may what the cipher says of it.
      const shown = String(recipient).startsWith("age1") ? { recipient } : {};
      throw new SealpatchError("patch/invalid-recipient", "not a valid age recipient", {
        details: shown,
        remedy: "a recipient begins with age1; an identity, which is secret, is not a recipient",
      });
    }
  }
  return encrypter;
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
  const { Decrypter } = await loadAge();
  const decrypter = new Decrypter();
  // Asked where the identity before it has not opened the file, and then alone.
  let refused = false;
  let text: string;
  try {
    decrypter.addIdentity(identity);
    decrypter.addIdentity({
      unwrapFileKey() {
        refused = true;
        return null;
      },
    });
    text = await decrypter.decrypt(sealed, "text");
  } catch {
    // No cause: what the cipher says about a secret key stays here.
    throw refused ? sealedForOthers() : damaged();
  }
  return parseBundle(text);
}

const sealedForOthers = () =>
  new SealpatchError("patch/cannot-decrypt", "the bundle cannot be decrypted with this identity", {
    why: "it was sealed for others, or the key that it opens was changed in the file",
    remedy: "ask the council to seal it for your recipient",
  });

const damaged = () =>
  new SealpatchError("patch/damaged-bundle", "the bundle is damaged", {
    why: "it is no age file, a part of it is missing or was changed, or the identity is none",
    remedy: "ask the council to send it again",
  });
