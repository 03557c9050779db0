import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { applyBeacon, beginCeremony, contribute, receiveContribution } from "../../src/ceremony/index.js";
import type { PinnedPowers } from "../../src/proof/index.js";
import { writePowersOfTau } from "../../src/proof/keys/ceremony/rehearsal/index.js";
import { beaconAnswer, POWERS_SECRETS, TEST_BEACON, TINY_CIRCUITS } from "./rehearsal.js";

/** Round that the ceremonies of these tests announce: its time, in seconds since the epoch, is years ahead. */
export const ROUND = 4_000_000_000;
export const ANSWER = JSON.stringify(beaconAnswer(ROUND));
const POWER = 5;
export const PEOPLE = ["North", "South", "East"] as const;
/** Index of the step that the beacon makes. */
export const BEACON_STEP = PEOPLE.length + 1;

/** A whole ceremony of tiny circuits, and what it began with. */
export interface TinyCeremony {
  readonly powersOfTau: string;
  /** A pinned list that has the powers of tau. */
  readonly pinned: readonly PinnedPowers[];
  /** The coordinator's folder, with all steps and no package. */
  readonly folder: string;
  /** A folder with the announcement and some of the steps; those of the coordinator after so many contributions. */
  copy(target: string, steps: readonly number[] | number): Promise<string>;
}

/** Steps 0 to `last`. */
const upTo = (last: number) => Array.from({ length: last + 1 }, (_, index) => index);

export const stepName = (index: number) => String(index).padStart(4, "0");

/** Powers of tau for tiny circuits, with the list that pins them. */
export async function tinyPowers(folder: string): Promise<Pick<TinyCeremony, "powersOfTau" | "pinned">> {
  const powersOfTau = join(folder, "tiny.ptau");
  await writePowersOfTau(powersOfTau, { power: POWER, ...POWERS_SECRETS });
  return pinnedAs(powersOfTau);
}

/** A file of powers of tau with a list that pins it. @param power that the list says. */
export async function pinnedAs(
  powersOfTau: string,
  power = POWER,
): Promise<Pick<TinyCeremony, "powersOfTau" | "pinned">> {
  const bytes = await readFile(powersOfTau);
  const blake2b512 = createHash("blake2b512").update(bytes).digest("hex");
  return { powersOfTau, pinned: [{ power, file: "tiny.ptau", bytes: bytes.length, blake2b512 }] };
}

/** Options of a ceremony's beginning over those powers, as if they were pinned ones. */
export function beginning({ powersOfTau, pinned }: Pick<TinyCeremony, "powersOfTau" | "pinned">) {
  return { powersOfTau, pinned, circuits: TINY_CIRCUITS, beaconRound: ROUND, beaconChain: TEST_BEACON };
}

/** Options of its verification, with the pinned list that has its powers. */
export function verifying({ powersOfTau, pinned }: Pick<TinyCeremony, "powersOfTau" | "pinned">) {
  return { powersOfTau, pinned, circuits: TINY_CIRCUITS, beaconChain: TEST_BEACON };
}

/** Holds a ceremony: each contributor has a folder of his own, and files alone go to and fro. */
export async function holdTinyCeremony(
  home: string,
  options: { readonly people?: readonly string[]; readonly minimumContributions?: number } = {},
): Promise<TinyCeremony> {
  const { people = PEOPLE, ...asked } = options;
  await mkdir(home, { recursive: true });
  const powers = await tinyPowers(home);
  const folder = join(home, "coordinator");
  await beginCeremony(folder, { ...beginning(powers), ...asked });
  const copy = async (target: string, steps: readonly number[] | number) => {
    await mkdir(target, { recursive: true });
    const names = (typeof steps === "number" ? upTo(steps) : steps).map(stepName);
    for (const name of ["ceremony.json", ...names])
      await cp(join(folder, name), join(target, name), { recursive: true });
    return target;
  };
  for (const [index, name] of people.entries()) {
    const made = await contribute(await copy(join(home, name), [index]), { name });
    await receiveContribution(folder, [made.folder]);
  }
  await applyBeacon(folder, ANSWER);
  return { ...powers, folder, copy };
}

/** Every file below a folder with the hash of its bytes, and every folder: what a refusal leaves as it was. */
export async function contentOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1)] = entry.isFile() ? hashOf(await readFile(path)) : "no file";
  }
  return found;
}

export function hashOf(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
