import { CIRCUIT_NAMES, circuitSource } from "../proof/index.js";
import { VERIFIERS } from "../proof/keys/index.js";

/** A circuit that a ceremony makes a key for. */
export interface CeremonyCircuit {
  readonly name: string;
  /** Source with a `main`, below the package's root. */
  readonly source: string;
  /** Name of its verifier contract. */
  readonly verifier: string;
}

/** The product's circuits: what a ceremony is about unless other circuits are given. */
export const PRODUCT_CIRCUITS: readonly CeremonyCircuit[] = CIRCUIT_NAMES.map((name) => ({
  name,
  source: circuitSource(name),
  verifier: VERIFIERS[name],
}));
