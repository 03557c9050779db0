import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  applyBeacon,
  beginCeremony,
  type CeremonyCircuit,
  type CeremonyRecord,
  contribute,
  finalizeCeremony,
} from "../../src/ceremony/index.js";
import type { BeaconChain, PinnedPowers } from "../../src/proof/index.js";
import { makePowersOfTau, POWER } from "../proof/keys/ceremony.js";
import { MULTIPLIERS } from "./made-package.js";
import { beaconAnswer, TEST_BEACON } from "./rehearsal.js";

/** A ceremony over the tests' powers of tau, with the tests' beacon. */
export interface FinishedCeremony {
  /** The coordinator's folder. */
  readonly folder: string;
  /** What proves its keys to be production keys: among others the tests' pinned list and beacon. */
  readonly terms: {
    readonly powersOfTau: string;
    readonly pinned: readonly PinnedPowers[];
    readonly circuits: readonly CeremonyCircuit[];
    readonly beaconChain: BeaconChain;
  };
  /** Key package of production keys, on these terms. */
  readonly keyPackage: string;
  readonly record: CeremonyRecord;
}

/** A whole ceremony of three contributors and a beacon, for `MULTIPLIERS`, in seconds. @param scratch an empty folder. */
export async function finishCeremony(scratch: string): Promise<FinishedCeremony> {
  const { prepared: powersOfTau } = await makePowersOfTau(scratch);
  const bytes = await readFile(powersOfTau);
  const blake2b512 = createHash("blake2b512").update(bytes).digest("hex");
  const pinned = [{ power: POWER, file: "tests.ptau", bytes: bytes.length, blake2b512 }];
  const folder = join(scratch, "ceremony");
  const terms = { powersOfTau, pinned, circuits: MULTIPLIERS, beaconChain: TEST_BEACON };
  const { beacon } = await beginCeremony(folder, {
    ...terms,
    beaconRound: Math.floor(Date.now() / 1000) + 86_400,
  });
  for (const name of ["first", "second", "third"]) await contribute(folder, { name });
  await applyBeacon(folder, beaconAnswer(beacon.round));
  const made = await finalizeCeremony(folder, terms);
  return { folder, terms, keyPackage: made.folder, record: made.record };
}
