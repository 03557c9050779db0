// One stage of the prover's profile in a process of its own: `prover-stage.ts STAGE CIRCUIT FILE`. What it finds, beside its time, goes
// to the file, as JSON.
import { writeFile } from "node:fs/promises";
import { groth16 } from "snarkjs";
import { readManifest } from "../../src/manifest.js";
import { threadCount, withCurve } from "../../src/proof/curve/index.js";
import { openZkey } from "../../src/proof/keys/index.js";
import {
  calculateWitness,
  findProver,
  openWasmProver,
  type ProofPart,
  type Prover,
  wasmProver,
  witnessScalars,
} from "../../src/proof/prover/index.js";
import { CHECKED_CIRCUITS } from "../circuits/checked.js";
import type { ProofFigures, SumFigures } from "./prover.js";
import { sumSizes } from "./sum-sizes.js";

const [stage, name, file] = process.argv.slice(2) as [string, "attest" | "bind", string];
const { wasm: wasmFile, zkey: zkeyFile } = (await readManifest()).circuits[name];
const input = CHECKED_CIRCUITS.find((checked) => checked.name === name)!
  .inputs()
  .at(-1)!;

/** Each gives what goes to the file. */
const STAGES: Record<string, () => Promise<unknown>> = {
  "built-in": () => proofs(wasmProver, 1),
  // Two proofs one after the other in one process.
  twice: () => proofs(openWasmProver(), 2),
  // Witness and proof, and no check.
  snarkjs: () => withCurve(async () => groth16.prove(zkeyFile, await calculateWitness(wasmFile, input))),
  rapidsnark: () => proofs(findProver(), 1),
  sizes,
};

const since = performance.now();
const found = await STAGES[stage]!();
const ms = performance.now() - since;
await writeFile(file, JSON.stringify(found));
console.log(JSON.stringify({ ms }));

async function proofs(prover: Prover, count: number): Promise<ProofFigures> {
  const taken: ProofFigures["proofs"][number][] = [];
  const parts: ProofPart[] = [];
  for (let proof = 0; proof < count; proof++) {
    const [begun, used] = [performance.now(), process.cpuUsage()];
    await prover.prove({ wasmFile, zkeyFile, input, onPart: (part) => parts.push(part) });
    const { user, system } = process.cpuUsage(used);
    taken.push({ seconds: (performance.now() - begun) / 1000, processorSeconds: (user + system) / 1e6 });
  }
  return { threads: threadCount(), proofs: taken, parts };
}

/** The sums of this circuit's proof. What H is multiplied with, the quotient, the prover alone computes: its scalars are not counted. */
async function sizes(): Promise<SumFigures> {
  const scalars = witnessScalars(await calculateWitness(wasmFile, input));
  const key = await openZkey(zkeyFile);
  try {
    const { wires, publicSignals, domainSize } = key.header;
    const privateScalars = scalars.subarray((publicSignals + 1) * 32);
    const sum = async (section: "a" | "b1" | "b2" | "c", values = scalars) =>
      sumSizes(await key.points(section), values);
    const [A, B1, B2] = [await sum("a"), await sum("b1"), await sum("b2")];
    return { wires, domainSize, sums: { A, B1, B2, C: await sum("c", privateScalars) } };
  } finally {
    await key.close();
  }
}
