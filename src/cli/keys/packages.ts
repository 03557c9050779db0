import {
  addKeys,
  findInstalledKeys,
  type InstalledKeys,
  installedKeys,
  proveKeyPackage,
} from "../../ceremony/index.js";
import type { Manifest } from "../../manifest.js";
import { print, printJson } from "../../terminal/index.js";
import { type CheckLine, exitCodeOf, printChecks } from "../checks.js";
import { withStages } from "../stages.js";

interface Options {
  readonly json?: boolean;
}

/** Installs a key package. */
export async function add(folder: string, { json }: Options): Promise<void> {
  const { added, ...keys } = await addKeys(folder);
  if (json === true) return printJson({ ...summary(keys), added });
  print(added ? "installed" : "already installed");
  printKeys(keys);
  print("Its class is what the record states. `sealpatch keys show --ptau FILE` proves it.");
}

/** Lists the key packages that are installed. */
export async function list({ json }: Options): Promise<void> {
  const installed = await installedKeys();
  if (json === true) return printJson({ keys: installed.map(summary) });
  if (installed.length === 0) print("no key package is installed");
  for (const keys of installed) printKeys(keys);
}

/** Shows an installed key package, and proves its class where powers of tau are given. */
export async function show(
  prefix: string | undefined,
  { json, ptau }: Options & { readonly ptau?: string },
): Promise<void> {
  const keys = await findInstalledKeys(prefix);
  const proven = ptau === undefined ? undefined : await prove(keys.folder, ptau, json);
  if (proven !== undefined) process.exitCode = exitCodeOf(proven.checks);
  if (json === true) {
    return printJson({
      ...summary(keys),
      provenClass: proven?.keyClass ?? null,
      checks: proven?.checks ?? [],
    });
  }
  printKeys(keys);
  if (proven === undefined)
    print("The class is what the record states. It is proven by `--ptau FILE` alone.");
  else {
    printChecks(proven.checks);
    print(`proven class: ${proven.keyClass}`);
  }
}

/** Proves the class of a key package, with progress on standard error. */
export async function prove(
  folder: string,
  powersOfTau: string,
  quiet: boolean | undefined,
): Promise<{ manifest: Manifest; keyClass: string; checks: readonly CheckLine[] }> {
  const { manifest, keyClass, checks } = await withStages(quiet, (onProgress) =>
    proveKeyPackage(folder, { powersOfTau, onProgress }),
  );
  const lines = checks.map(({ name, outcome, what }) => ({ name, outcome, detail: what }));
  return { manifest, keyClass, checks: lines };
}

function summary({ folder, record }: InstalledKeys) {
  const { announcement, attestations, setupHash } = record;
  return {
    setupHash,
    folder,
    recordedClass: record.class,
    circuits: Object.keys(announcement.circuits),
    contributors: attestations.filter(({ beacon }) => beacon === undefined).map(({ name }) => name),
  };
}

function printKeys(keys: InstalledKeys): void {
  const { setupHash, folder, recordedClass, circuits, contributors } = summary(keys);
  print(setupHash);
  print(`  folder         ${folder}`);
  print(`  record states  class ${recordedClass}`);
  print(`  circuits       ${circuits.join(", ")}`);
  print(`  contributors   ${contributors.join(", ")}`);
}
