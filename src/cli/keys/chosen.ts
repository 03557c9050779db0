import { findInstalledKeys, keyClassOf, openKeyPackage } from "../../ceremony/index.js";
import { type Manifest, readManifest } from "../../manifest.js";
import type { KeyClass } from "../../proof/keys/index.js";
import type { CheckLine } from "../checks.js";
import { usageError } from "../options.js";
import { prove } from "./packages.js";

/** The keys that a command line names. */
export interface ChosenKeys {
  readonly manifest: Manifest;
  readonly keyClass: KeyClass;
  /** Of their ceremony, where powers of tau are given. */
  readonly checks: readonly CheckLine[];
}

/** How a command line names keys. */
export interface KeyOptions {
  /** First digits of the setup hash of an installed key package. */
  readonly keys?: string;
  /** Powers of tau by which the class of such keys is proven. */
  readonly ptau?: string;
  readonly json?: boolean;
}

/**
 * The keys of this release, or those that `--keys` names, their class proven where powers of tau are given.
 * @throws SealpatchError `cli/usage`, and as `findInstalledKeys`, `openKeyPackage` and `proveKeyPackage`.
 */
export async function chosenKeys(options: KeyOptions): Promise<ChosenKeys> {
  const { manifest, checks } = await openChosenKeys(options);
  return { manifest, checks, keyClass: await keyClassOf(manifest) };
}

/** The same without their class, for whom it is a finding that the keys are not there. @throws SealpatchError as `chosenKeys`. */
export async function openChosenKeys({
  keys,
  ptau,
  json,
}: KeyOptions): Promise<Pick<ChosenKeys, "manifest" | "checks">> {
  if (keys === undefined && ptau !== undefined)
    throw usageError("--ptau is given without --keys", "name the installed keys whose class it proves");
  if (keys === undefined) return { manifest: await readManifest(), checks: [] };
  const { folder } = await findInstalledKeys(keys);
  if (ptau === undefined) return { manifest: await openKeyPackage(folder), checks: [] };
  return prove(folder, ptau, json);
}
