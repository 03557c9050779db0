import { SealpatchError } from "../errors.js";
import {
  type BeaconChain,
  type PinnedPowers,
  pinnedPowersOfTau,
  QUICKNET,
} from "../proof/keys/ceremony/index.js";
import type { OnProgress } from "../proof/keys/index.js";
import type { CeremonyCheck, CheckContext, PlannedCheck } from "./checks.js";
import { circuitChecks } from "./circuit-checks.js";
import { type CeremonyCircuit, PRODUCT_CIRCUITS } from "./circuits.js";
import type { CeremonyRecord } from "./forms.js";
import { readMaterial } from "./material.js";
import { classFound, wholeChecks } from "./whole-checks.js";

/** What a ceremony's keys are worth: made by strangers over pinned powers of tau, or anything less. */
export type CeremonyClass = "production" | "test";

export interface VerifyOptions {
  /** File of the powers of tau. Without it what rests on them is not checked, and the class is test. */
  readonly powersOfTau?: string | undefined;
  /** Those of the product unless given. */
  readonly circuits?: readonly CeremonyCircuit[];
  /** The list of this release unless given. */
  readonly pinned?: readonly PinnedPowers[];
  /** The beacon's chain that the ceremony has to have announced; quicknet unless given. */
  readonly beaconChain?: BeaconChain;
  /** Makes the initial keys again by snarkjs, too, and compares them byte for byte. */
  readonly slow?: boolean;
  readonly onProgress?: OnProgress;
  /** Told of each check when it is done. */
  readonly onCheck?: (check: CeremonyCheck) => void;
}

export interface VerifiedCeremony {
  /** Of a key package. */
  readonly record: CeremonyRecord | undefined;
  readonly checks: readonly CeremonyCheck[];
  /** production where every check holds, and nothing else. */
  readonly keyClass: CeremonyClass;
}

/**
 * Verifies a ceremony from the sources of its circuits to its keys, with nothing but its files, this package and the powers of tau. Every
 * check is done, whatever the others found.
 * @param path a ceremony's folder, or the key package that came out of it.
 * @throws SealpatchError as `readMaterial`: where there is nothing to check.
 * @example
 * ```ts
 * import { verifyCeremony } from "sealpatch/ceremony";
 * const { checks, keyClass } = await verifyCeremony("keys", { powersOfTau: "powersOfTau28_hez_final_18.ptau" });
 * for (const { name, outcome } of checks) console.log(outcome, name);
 * console.log(keyClass);
 * ```
 */
export async function verifyCeremony(path: string, options: VerifyOptions = {}): Promise<VerifiedCeremony> {
  const { circuits = PRODUCT_CIRCUITS, beaconChain = QUICKNET, onCheck = () => {} } = options;
  const material = await readMaterial(path);
  const context: CheckContext = {
    material,
    path,
    powersOfTau: options.powersOfTau,
    pinned: options.pinned ?? (await pinnedPowersOfTau()),
    beaconChain,
    slow: options.slow ?? false,
    onProgress: options.onProgress ?? (() => {}),
  };
  const planned = [
    ...wholeChecks(context, circuits),
    ...circuits.flatMap((circuit) => circuitChecks(context, circuit)),
  ];
  const checks: CeremonyCheck[] = [];
  const { record } = material;
  if (record !== undefined) planned.push({ name: "class", run: async () => classFound(record, checks) });
  for (const each of planned) {
    const check = await done(each);
    checks.push(check);
    onCheck(check);
  }
  const isProven = checks.every(({ outcome }) => outcome === "holds");
  return { record, checks, keyClass: isProven ? "production" : "test" };
}

async function done({ name, run }: PlannedCheck): Promise<CeremonyCheck> {
  try {
    const found = await run();
    if (typeof found === "string") return { name, outcome: "holds", what: found };
    return { name, ...found };
  } catch (error) {
    // Whatever a check stops on, the others are done.
    if (!(error instanceof SealpatchError))
      return { name, outcome: "fails", what: "it stops on these files" };
    return { name, outcome: "fails", what: error.why ?? error.message };
  }
}
