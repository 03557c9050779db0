import { findInstalledKeys, keyClassOf, openKeyPackage } from "../../ceremony/index.js";
import { checkVerifierOnChain, providerOf, setupHash } from "../../chain/index.js";
import { type Manifest, readManifest } from "../../manifest.js";
import { print, printJson } from "../../terminal/index.js";
import { areOpen, type CheckLine, printChecks } from "../checks.js";
import { prove } from "../keys/packages.js";
import { usageError } from "../options.js";
import { EXIT } from "../run.js";

interface Options {
  readonly rpc: string;
  readonly timelock: string;
  readonly keys?: string;
  readonly ptau?: string;
  readonly json?: boolean;
}

/** Prints the checks of a deployed verifier, those of the keys' ceremony before them where powers of tau are given. */
export async function doctor(options: Options): Promise<void> {
  const { rpc, timelock, json } = options;
  if (!URL.canParse(rpc) || !/^https?:$/.test(new URL(rpc).protocol)) {
    throw usageError("--rpc is not the URL of a node", "give a URL that begins with http:// or https://");
  }
  const { manifest, checks: ofCeremony } = await keysOf(options);
  const provider = providerOf(rpc);
  try {
    const checks = [...ofCeremony, ...(await checkVerifierOnChain(provider, timelock, manifest))];
    const keyClass = await keyClassOf(manifest);
    if (json === true) printJson({ timelock, setupHash: setupHash(manifest), keyClass, checks });
    else {
      print(`keys ${setupHash(manifest)}, class ${keyClass}`);
      printChecks(checks);
    }
    if (areOpen(checks)) process.exitCode = EXIT.refused;
  } finally {
    provider.destroy();
  }
}

async function keysOf({
  keys,
  ptau,
  json,
}: Options): Promise<{ manifest: Manifest; checks: readonly CheckLine[] }> {
  if (keys === undefined && ptau !== undefined)
    throw usageError("--ptau is given without --keys", "name the installed keys whose class it proves");
  if (keys === undefined) return { manifest: await readManifest(), checks: [] };
  const { folder } = await findInstalledKeys(keys);
  if (ptau === undefined) return { manifest: await openKeyPackage(folder), checks: [] };
  return prove(folder, ptau, json);
}
