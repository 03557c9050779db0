import { createHash } from "node:crypto";
import { FIELD_ORDER } from "../../field/index.js";

/** The published seed of every development key. Anyone who knows it can prove anything: such a key is for development only. */
export const DEVELOPMENT_SEED = "sealpatch development key, not for production";

/** The secrets of a Groth16 setup (Groth, "On the Size of Pairing-Based Non-interactive Arguments", 2016). */
export interface SetupSecrets {
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly delta: bigint;
}

/** Those of a development key, with the secret of its contribution. */
export interface DevelopmentSecrets extends SetupSecrets {
  /** Base of the public key in the key's contribution entry. */
  readonly contribution: bigint;
}

/** Derives every secret from a seed: SHA-512 of the labelled seed and a counter, reduced modulo r. */
export function developmentSecrets(seed: string): DevelopmentSecrets {
  return {
    tau: derive(seed, "tau"),
    alpha: derive(seed, "alpha"),
    beta: derive(seed, "beta"),
    delta: derive(seed, "delta"),
    contribution: derive(seed, "contribution"),
  };
}

function derive(seed: string, label: string): bigint {
  for (let counter = 0; ; counter++) {
    const digest = createHash("sha512")
      .update(JSON.stringify([seed, label, counter]))
      .digest("hex");
    const secret = BigInt(`0x${digest}`) % FIELD_ORDER;
    // 0, 1 and -1 would make a key element zero or plus or minus the generator; gamma is the generator.
    if (secret > 1n && secret < FIELD_ORDER - 1n) return secret;
  }
}
