import type { CeremonyCircuit } from "../../ceremony/index.js";
import type { BeaconChain, PinnedPowers } from "../../proof/index.js";

/** What ceremonies of tests change. No option, variable or file does. */
export interface CeremonySettings {
  readonly circuits?: readonly CeremonyCircuit[];
  readonly pinned?: readonly PinnedPowers[];
  readonly beaconChain?: BeaconChain;
}
