import { randomBytes } from "node:crypto";
import { bytesToBigInt, FIELD_ORDER } from "../../field/index.js";
import {
  type Machine,
  multiScalarSum,
  readPoint,
  splitScalars,
  timed,
  timesJob,
  windowWidth,
  writeWords,
} from "../arithmetic/index.js";
import { FIELD_BYTES } from "../keys/index.js";
import { blindingWires, type LoadedKey } from "./loaded-key.js";
import type { PartName } from "./parts.js";
import { type Groth16Proof, parseProof } from "./proof.js";
import { type CreateProof, proverFailed } from "./prove.js";

/** Name of the prover that needs nothing installed. */
export const WASM = "wasm";

/**
 * Groth16 (Groth, "On the Size of Pairing-based Non-interactive Arguments", EUROCRYPT 2016, section 3.2), with the
 * quotient as in snarkjs' keys: H holds the values of the Lagrange basis over the odd coset.
 *
 *   A = alpha + sum w_i A_i(x) + r delta,  B = beta + sum w_i B_i(x) + s delta,
 *   C = sum w_i L_i + h(x) t(x) / delta + s A + r B - r s delta.
 *
 * What it takes of the machine's memory is overwritten and given back.
 * @param scalars the witness, plain, 32 bytes a wire.
 * @throws SealpatchError `proof/prover-failed`.
 */
export async function createProof(
  machine: Machine,
  key: LoadedKey,
  scalars: Uint8Array,
  { onProgress, run }: Parameters<CreateProof>[2],
): Promise<Groth16Proof> {
  const { memory } = machine;
  let done = 0;
  const part = async <T>(name: PartName, work: (machine: Machine) => Promise<T>): Promise<T> => {
    const value = await run(name, (onThread) => work(timed(machine, onThread)));
    onProgress({ stage: "proof", fraction: ++done / 8 });
    return value;
  };
  try {
    return await memory.during(async () => {
      const r = randomScalar();
      const s = randomScalar();
      const wires = blindingWires(key.header);
      const witness = memory.take(wires.count * FIELD_BYTES);
      memory.bytes(witness, scalars.length).set(scalars);
      writeWords(memory, witness + wires.r * FIELD_BYTES, r, FIELD_BYTES / 4);
      writeWords(memory, witness + wires.s * FIELD_BYTES, s, FIELD_BYTES / 4);
      const halves = await splitScalars(machine, witness, wires.count, windowWidth(key.lists.a.count));
      const [h, b2, a, b1, c] = await Promise.all([
        quotientSum(key, witness, part),
        part("sum B2", (on) => multiScalarSum(on, key.lists.b2, halves)),
        part("sum A", (on) => multiScalarSum(on, key.lists.a, halves)),
        part("sum B1", (on) => multiScalarSum(on, key.lists.b1, halves)),
        part("sum C", (on) => multiScalarSum(on, key.lists.c, halves)),
      ]);
      return part("finish", async (on) => {
        const scaled = [
          [a, s],
          [b1, r],
          [key.delta1, FIELD_ORDER - ((r * s) % FIELD_ORDER)],
        ] as const;
        const terms = await Promise.all(
          scaled.map(async ([point, scalar]) => {
            const out = memory.take(POINT_BYTES);
            await on.run(timesJob(memory, "g1", point, scalar, out));
            return out;
          }),
        );
        const summands = [c, h, ...terms];
        const list = memory.take(4 * summands.length);
        memory.words(list, summands.length).set(summands);
        const total = memory.take(POINT_BYTES);
        await on.run({ calls: [["g1_horner", list, summands.length, 0, total]] });
        return proofOf(
          readPoint(memory, "g1", a),
          readPoint(memory, "g2", b2),
          readPoint(memory, "g1", total),
        );
      });
    });
  } catch (cause) {
    throw proverFailed(WASM, "the computation broke off", cause);
  }
}

/** Room for a sum of either group. */
const POINT_BYTES = 160;

/** The sum over H: of the values of A B - C over the odd coset. */
async function quotientSum(
  { coefficients, domain, lists }: LoadedKey,
  witness: number,
  part: <T>(name: PartName, work: (machine: Machine) => Promise<T>) => Promise<T>,
): Promise<number> {
  const a = domain.zeros();
  const b = domain.zeros();
  await part("rows", (on) =>
    on.run({
      calls: [["rows", coefficients.address, coefficients.quadruples, witness, a, b, domain.groups]],
      urgent: true,
    }),
  );
  const scalars = await part("transforms", (on) => domain.quotient(on, a, b));
  return part("sum H", async (on) => {
    const halves = await splitScalars(on, scalars, domain.size, windowWidth(domain.size));
    return multiScalarSum(on, lists.h, halves);
  });
}

/** A scalar below r from the system's generator; 384 bits make its bias less than 2^-128. */
function randomScalar(): bigint {
  return bytesToBigInt(randomBytes(48)) % FIELD_ORDER;
}

function proofOf(
  a: readonly bigint[] | undefined,
  b: readonly bigint[] | undefined,
  c: readonly bigint[] | undefined,
): Groth16Proof {
  // snarkjs writes infinity as (0, 1, 0); it verifies nowhere, and is refused by the check that follows.
  const [ax, ay] = a ?? [0n, 1n];
  const [bx0, bx1, by0, by1] = b ?? [0n, 0n, 1n, 0n];
  const [cx, cy] = c ?? [0n, 1n];
  const one = (point: unknown) => (point === undefined ? "0" : "1");
  return parseProof({
    pi_a: [String(ax), String(ay), one(a)],
    pi_b: [
      [String(bx0), String(bx1)],
      [String(by0), String(by1)],
      [one(b), "0"],
    ],
    pi_c: [String(cx), String(cy), one(c)],
    protocol: "groth16",
  });
}
