import type { CeremonyCircuit } from "../../src/ceremony/index.js";
import { INSTANCES } from "../../tools/circuits/instances.js";

export { beaconAnswer, POWERS_SECRETS, TEST_BEACON } from "../../tools/ceremony/rehearsal.js";

/** Small instances of the product's circuits, in their places. */
export const SMALL_CIRCUITS: readonly CeremonyCircuit[] = [
  { name: "attest", source: INSTANCES["attest-small"], verifier: "AttestVerifier" },
  { name: "bind", source: INSTANCES["bind-small"], verifier: "BindVerifier" },
];

/** Circuits of a few constraints, for what every circuit has in common; 2^5 powers of tau are enough. */
export const TINY_CIRCUITS: readonly CeremonyCircuit[] = [
  { name: "multiplier", source: "test/proof/circuits/multiplier.circom", verifier: "MultiplierVerifier" },
  { name: "guarded", source: "test/proof/circuits/guarded.circom", verifier: "GuardedVerifier" },
];
