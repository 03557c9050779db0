import type { z } from "zod";
import { parseForm } from "../../file-form.js";
import { lazily } from "../../lazily.js";
import { zod } from "../../zod.js";
import { type OnProgress, pointSchemas } from "../keys/index.js";
import type { OnPart } from "./parts.js";

/** snarkjs' proof.json; rapidsnark leaves the curve out. */
export const proofSchema = lazily(() =>
  zod.object({
    pi_a: pointSchemas().g1,
    pi_b: pointSchemas().g2,
    pi_c: pointSchemas().g1,
    protocol: zod.literal("groth16"),
    curve: zod.literal("bn128").default("bn128"),
  }),
);

/** A Groth16 proof over BN254 in snarkjs' JSON form: coordinates are decimal strings. */
export type Groth16Proof = z.infer<ReturnType<typeof proofSchema>>;

/** Values of a circuit's input signals: integers in [0, r), nested as the signal's dimensions. */
export type SignalValue = bigint | readonly SignalValue[];
export type CircuitInput = Readonly<Record<string, SignalValue>>;

export interface ProveRequest {
  /** The circuit's witness calculator, as circom compiles it. */
  readonly wasmFile: string;
  readonly zkeyFile: string;
  readonly input: CircuitInput;
  /** Stages: `witness`, `proof`, `check`. */
  readonly onProgress?: OnProgress;
  /** Told what each part took, as it ends. */
  readonly onPart?: OnPart;
}

export interface ProveResult {
  readonly proof: Groth16Proof;
  /** In the circuit's order, each in [0, r). */
  readonly publicSignals: readonly bigint[];
}

/** Makes Groth16 proofs and verifies each one before it hands it out. */
export interface Prover {
  readonly name: string;
  /**
   * @throws SealpatchError `proof/witness-refused` where the input breaks the statement, `proof/input-mismatch` where it
   * does not fit the circuit, `proof/key-mismatch` where the key is another circuit's, `proof/prover-failed`,
   * `proof/does-not-verify`, `key/unreadable`, `proof/bad-calculator`.
   */
  prove(request: ProveRequest): Promise<ProveResult>;
}

/**
 * Reads a proof in snarkjs' form, which is also how it is written: a `Groth16Proof` is its own JSON.
 * @param file its JSON, or its text.
 * @throws SealpatchError `proof/malformed`.
 */
export function parseProof(file: unknown): Groth16Proof {
  return parseForm(proofSchema(), file, { code: "proof/malformed", what: "a Groth16 proof" });
}
