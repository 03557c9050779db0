import { createHash } from "node:crypto";
import { CIRCUIT_NAMES, circuitSource, circuitSources } from "../proof/index.js";
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

/**
 * SHA-256 of a circuit's source and of everything that it includes, 64 hex digits each, by their names (`circuitSources`): what an announcement says of
 * the circuit, and what this release has.
 * @param source below the package's root.
 */
export async function sourceHashes(source: string): Promise<Record<string, string>> {
  const texts = await circuitSources(source);
  return Object.fromEntries(
    [...texts].map(([name, text]) => [name, createHash("sha256").update(text).digest("hex")]),
  );
}
