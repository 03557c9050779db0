import { SealpatchError } from "../errors.js";
import { hasProvingKey, type Manifest } from "../manifest.js";
import { CIRCUIT_NAMES } from "../proof/index.js";
import {
  chainsOf,
  checkedProvingKey,
  hasPublishedAlpha,
  isDevelopmentKey,
  type KeyClass,
  verifyingKeyOf,
} from "../proof/keys/index.js";
import type { CeremonyCheck } from "./checks.js";
import { ceremonyRecordText } from "./forms.js";
import { readKeyPackage } from "./key-package.js";
import { type VerifyOptions, verifyCeremony } from "./verify.js";

/**
 * Manifests of key packages that were proven in this process. Nothing else is taken for a proof: no file, no record, no copy of a manifest.
 * They are frozen, so that nobody puts other keys into one.
 */
const proven = new WeakMap<Manifest, KeyClass>();

/**
 * Opens a key package and verifies the ceremony that it comes from. The class that comes out belongs to the manifest that is returned, as
 * long as this process lives (`keyClassOf`).
 * @param folder that the ceremony's coordinator published.
 * @param options.powersOfTau path of the prepared powers of tau that the ceremony began with.
 * @param options.circuits those that the keys are for; the product's unless given.
 * @param options.pinned powers of tau that a production key may begin with; those of the package unless given.
 * @param options.beaconChain that the ceremony has to have announced; quicknet unless given.
 * @throws SealpatchError as `openKeyPackage` and `verifyCeremony`. A check that fails is no error: it makes the class `test`.
 * @example
 * ```ts
 * import { deployVerifier } from "sealpatch";
 * import { proveKeyPackage } from "sealpatch/ceremony";
 * const powersOfTau = "powersOfTau28_hez_final_18.ptau";
 * const { manifest, keyClass } = await proveKeyPackage("keys-of-the-ceremony", { powersOfTau });
 * if (keyClass === "production") await deployVerifier(governance, manifest);
 * ```
 */
export async function proveKeyPackage(
  folder: string,
  options: VerifyOptions & { readonly powersOfTau: string },
): Promise<{
  readonly manifest: Manifest;
  readonly keyClass: KeyClass;
  readonly checks: readonly CeremonyCheck[];
}> {
  const { manifest, record } = await readKeyPackage(folder, options.circuits);
  const verified = await verifyCeremony(folder, options);
  // The manifest holds the hashes of the record that was read first: it has to be the one that was verified.
  if (verified.record === undefined || ceremonyRecordText(verified.record) !== ceremonyRecordText(record)) {
    throw new SealpatchError("key/package-changed", "the key package is not as it was made", {
      details: { file: "record.json" },
      why: "record.json changed while it was verified",
      remedy: "let nothing write into the key package, and try again",
    });
  }
  proven.set(manifest, verified.keyClass);
  return { manifest, keyClass: await keyClassOf(manifest), checks: verified.checks };
}

/**
 * What the keys of a manifest are worth: `development` where one of them is a development key, whatever else is said of it; the class
 * that `proveKeyPackage` found for this very object; else `test`. Without its proving key, only a development key has a class.
 * @throws SealpatchError `proof/no-key`, `key/changed`, `key/unreadable`.
 * @example
 * ```ts
 * import { readManifest } from "sealpatch";
 * import { keyClassOf } from "sealpatch/ceremony";
 * const keyClass = await keyClassOf(await readManifest());
 * ```
 */
export async function keyClassOf(manifest: Manifest): Promise<KeyClass> {
  for (const circuit of CIRCUIT_NAMES) {
    const isDevelopment = hasProvingKey(manifest, circuit)
      ? await isDevelopmentKey(await checkedProvingKey(manifest, circuit))
      : await hasPublishedAlpha(await verifyingKeyOf(manifest, circuit));
    if (isDevelopment) return "development";
  }
  return proven.get(manifest) ?? "test";
}

/**
 * Refuses keys whose class has no place on a chain. Call it before any transaction that deploys a verifier.
 * @throws SealpatchError `key/development-key` off local chains; `key/class-not-proven` off local chains and the listed test networks; and
 *   as `keyClassOf`.
 */
export async function assertDeployable(options: {
  readonly manifest: Manifest;
  readonly chainId: bigint;
}): Promise<void> {
  const { chainId } = options;
  const keyClass = await keyClassOf(options.manifest);
  const chains = chainsOf(keyClass);
  if (chains === undefined || chains.has(chainId)) return;
  if (keyClass === "development") {
    throw new SealpatchError("key/development-key", "a development key must not be deployed on this chain", {
      details: { chainId },
      why: "its secrets are published: anybody can make a proof of any false statement",
      remedy:
        "deploy the verifier of a ceremony's key, or deploy to a local chain; a rehearsal on a fork runs as one: `anvil --chain-id 31337`",
    });
  }
  throw new SealpatchError("key/class-not-proven", "these keys must not be deployed on this chain", {
    details: { chainId, chains: [...chains].join(", ") },
    why: "nobody has proven here that they come from a ceremony: who made a key alone can prove anything",
    remedy:
      "open the key package with proveKeyPackage() and the powers of tau of its ceremony, or deploy to a local chain or a listed test network",
  });
}
