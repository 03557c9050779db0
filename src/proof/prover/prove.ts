import { SealpatchError } from "../../errors.js";
import { checkElements, type OnProgress, readVerifyingElements, readZkeyHeader } from "../keys/index.js";
import { proofHolds } from "./groth16.js";
import { partsTold, type RunPart } from "./parts.js";
import type { Groth16Proof, ProveRequest, ProveResult, Prover } from "./proof.js";
import { toSolidityProof } from "./solidity.js";
import { calculateWitness, witnessLength, witnessPublicSignals } from "./witness.js";

/** The part in which provers differ. */
export type CreateProof = (
  zkeyFile: string,
  witness: Uint8Array,
  tell: { readonly onProgress: OnProgress; readonly run: RunPart },
) => Promise<Groth16Proof>;

/** A prover around `createProof`: witness before it, verification after it, the same for all. */
export function proverFrom(name: string, createProof: CreateProof): Prover {
  return { name, prove: (request) => prove(request, createProof) };
}

async function prove(request: ProveRequest, createProof: CreateProof): Promise<ProveResult> {
  const { wasmFile, zkeyFile, input } = request;
  const onProgress = request.onProgress ?? (() => {});
  const run = partsTold(request.onPart);
  const key = await readZkeyHeader(zkeyFile);
  onProgress({ stage: "witness", fraction: 0 });
  const witness = await run("witness", () => calculateWitness(wasmFile, input));
  try {
    if (witnessLength(witness) !== key.wires) throw keyMismatch(witnessLength(witness), key.wires);
    const publicSignals = witnessPublicSignals(witness, key.publicSignals);
    onProgress({ stage: "proof", fraction: 0 });
    const proof = await createProof(zkeyFile, witness, { onProgress, run });
    onProgress({ stage: "check", fraction: 0 });
    await run("check", async () => {
      const verifyingKey = await readVerifyingElements(zkeyFile);
      checkElements(verifyingKey);
      if (!proofHolds(verifyingKey, publicSignals, toSolidityProof(proof))) throw doesNotVerify();
    });
    onProgress({ stage: "check", fraction: 1 });
    return { proof, publicSignals };
  } finally {
    witness.fill(0);
  }
}

function keyMismatch(witness: number, key: number): SealpatchError {
  return new SealpatchError("proof/key-mismatch", "the proving key belongs to another circuit", {
    details: { witnessValues: witness, keyWires: key },
    remedy: "use the key that was made from this circuit",
  });
}

function doesNotVerify(): SealpatchError {
  return new SealpatchError("proof/does-not-verify", "the prover made a proof that does not verify", {
    why: "the proving key is damaged or belongs to another circuit, or the prover is broken",
    remedy: "check the key against the circuit, or use another prover",
  });
}

/** Error for a prover that stopped. */
export function proverFailed(name: string, why: string, cause?: unknown): SealpatchError {
  return new SealpatchError("proof/prover-failed", `${name} did not make a proof`, {
    details: { prover: name },
    why,
    cause,
    remedy: "check that the proving key is whole, and that there is enough memory and disk",
  });
}
