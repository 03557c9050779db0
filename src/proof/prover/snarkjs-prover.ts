import { groth16, type Logger } from "snarkjs";
import type { OnProgress } from "../keys/index.js";
import { type Prover, parseProof } from "./proof.js";
import { proverFailed, proverFrom } from "./prove.js";

// snarkjs announces these parts in this order; they take about equally long.
const MILESTONES = [
  "Building ABC",
  "IFFT_A",
  "IFFT_B",
  "IFFT_C",
  "Join ABC",
  "Reading A Points",
  "Reading B1 Points",
  "Reading B2 Points",
  "Reading C Points",
  "Reading H Points",
];

/** snarkjs in this process: needs nothing installed, and is several times slower than rapidsnark. */
export const snarkjsProver: Prover = proverFrom("snarkjs", async (zkeyFile, witness, onProgress) => {
  const { proof } = await groth16
    .prove(zkeyFile, witness, progressLogger(onProgress))
    .catch((cause: unknown) => {
      throw proverFailed("snarkjs", cause instanceof Error ? cause.message : "it gave no reason", cause);
    });
  return parseProof(proof);
});

function progressLogger(onProgress: OnProgress): Logger {
  let passed = 0;
  const watch = (message: string) => {
    const milestone = MILESTONES.findIndex((part) => message.startsWith(part));
    if (milestone < passed) return;
    passed = milestone + 1;
    onProgress({ stage: "proof", fraction: milestone / MILESTONES.length });
  };
  return { debug: watch, info: watch, warn: () => {}, error: () => {} };
}
