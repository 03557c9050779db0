// One stage of the benchmark in a process of its own: `stage.ts <stage> <circuit> [scratch folder]`.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { groth16 } from "snarkjs";
import { readManifest } from "../../src/manifest.js";
import { withCurve } from "../../src/proof/curve/index.js";
import { buildCircuit, circuitSource } from "../../src/proof/index.js";
import { makeDevelopmentKey, parseVerifyingKey } from "../../src/proof/keys/index.js";
import {
  calculateWitness,
  findProver,
  parseProof,
  verifyProof,
  wasmProver,
} from "../../src/proof/prover/index.js";
import { CHECKED_CIRCUITS } from "../circuits/checked.js";

const [stage, name, scratch = ""] = process.argv.slice(2);
const { circuits } = await readManifest();
const circuit = circuits[name as "attest" | "bind"];
const input = CHECKED_CIRCUITS.find((checked) => checked.name === name)!
  .inputs()
  .at(-1)!;
const proofFile = join(scratch, `${name}.json`);

const STAGES: Record<string, () => Promise<() => Promise<unknown>>> = {
  key: async () => {
    const { r1csFile } = await buildCircuit({ source: circuitSource(name as "attest" | "bind") });
    return () => makeDevelopmentKey({ r1csFile, zkeyFile: join(scratch, `${name}.zkey`) });
  },
  witness: async () => () => calculateWitness(circuit.wasm, input),
  wasm: async () => async () => {
    const made = await wasmProver.prove({ wasmFile: circuit.wasm, zkeyFile: circuit.zkey, input });
    await writeFile(
      proofFile,
      JSON.stringify({ proof: made.proof, signals: made.publicSignals.map(String) }),
    );
  },
  // The same work with snarkjs' own prover, to compare: witness, proof, and no check.
  snarkjs: async () => () =>
    withCurve(async () => groth16.prove(circuit.zkey, await calculateWitness(circuit.wasm, input))),
  rapidsnark: async () => () => findProver().prove({ wasmFile: circuit.wasm, zkeyFile: circuit.zkey, input }),
  verify: async () => {
    const key = parseVerifyingKey(await readFile(circuit.verifyingKey, "utf8"));
    const { proof, signals } = JSON.parse(await readFile(proofFile, "utf8")) as {
      proof: unknown;
      signals: string[];
    };
    return async () => {
      if (!(await verifyProof(key, signals.map(BigInt), parseProof(proof))))
        throw new Error("the proof is not valid");
    };
  },
};

const work = await STAGES[stage!]!();
const since = performance.now();
await work();
console.log(JSON.stringify({ ms: performance.now() - since }));
