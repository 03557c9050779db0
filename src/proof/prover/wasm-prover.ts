import { randomBytes } from "node:crypto";
import type { Curve, Group, ThreadTask } from "ffjavascript";
import { bytesToBigInt, FIELD_ORDER } from "../../field/index.js";
import { withCurve } from "../curve/index.js";
import { FIELD_BYTES, openZkey, type ProvingKey } from "../keys/index.js";
import type { PartName } from "./parts.js";
import { type Groth16Proof, type Prover, parseProof } from "./proof.js";
import { type CreateProof, proverFailed, proverFrom } from "./prove.js";
import { witnessScalars } from "./witness.js";

/**
 * The prover that needs nothing installed: ffjavascript's multi-exponentiations and Fourier transforms on all threads.
 * It works as snarkjs' own, which computes the constraints' values one by one in JavaScript and lets the threads wait
 * between the steps (`npm run bench` measures both).
 */
export const wasmProver: Prover = proverFrom("wasm", async (zkeyFile, witness, tell) => {
  const key = await tell.run("key", () => openZkey(zkeyFile));
  try {
    return await withCurve((curve) => prove(curve, key, witnessScalars(witness), tell));
  } catch (cause) {
    throw proverFailed("wasm", "the computation broke off", cause);
  } finally {
    await key.close();
  }
});

/**
 * Groth16 (Groth, "On the Size of Pairing-based Non-interactive Arguments", EUROCRYPT 2016, section 3.2), with the
 * quotient as in snarkjs' keys: H holds the values of the Lagrange basis over the odd coset.
 *
 *   A = alpha + sum w_i A_i(x) + r delta,  B = beta + sum w_i B_i(x) + s delta,
 *   C = sum w_i L_i + h(x) t(x) / delta + s A + r B - r s delta.
 */
async function prove(
  curve: Curve,
  key: ProvingKey,
  scalars: Uint8Array,
  { onProgress, run }: Parameters<CreateProof>[2],
): Promise<Groth16Proof> {
  const { Fr, G1, G2 } = curve;
  const { publicSignals } = key.header;
  const privateScalars = scalars.subarray((publicSignals + 1) * FIELD_BYTES);
  let done = 0;
  const part = async <T>(name: PartName, work: () => Promise<T>): Promise<T> => {
    const value = await run(name, work);
    onProgress({ stage: "proof", fraction: ++done / 7 });
    return value;
  };
  const constraints = part("rows", () => constraintValues(curve, key, scalars));
  const quotient = constraints.then((values) =>
    part("transforms", () => quotientScalars(curve, key, values)),
  );
  const sum = async (group: Group, section: "a" | "b1" | "b2" | "c" | "h", values: Uint8Array) => {
    const points = await run("key", () => key.points(section));
    const name = `sum ${section.toUpperCase() as Uppercase<typeof section>}` as const;
    return part(name, () => group.multiExpAffine(...withoutZeros(points, values)));
  };
  const [b2, a, b1, c, h] = await Promise.all([
    sum(G2, "b2", scalars),
    sum(G1, "a", scalars),
    sum(G1, "b1", scalars),
    sum(G1, "c", privateScalars),
    quotient.then((values) => sum(G1, "h", values)),
  ]);

  return run("finish", async () => {
    // What hides the witness.
    const r = Fr.e(randomScalar());
    const s = Fr.e(randomScalar());
    const { alpha1, beta1, beta2, delta1, delta2 } = key.header;
    const proofA = G1.add(G1.add(a, alpha1), G1.timesFr(delta1, r));
    const proofB = G2.add(G2.add(b2, beta2), G2.timesFr(delta2, s));
    const proofB1 = G1.add(G1.add(b1, beta1), G1.timesFr(delta1, s));
    const proofC = [
      h,
      G1.timesFr(proofA, s),
      G1.timesFr(proofB1, r),
      G1.timesFr(delta1, Fr.neg(Fr.mul(r, s))),
    ].reduce((total, point) => G1.add(total, point), c);
    const text = (coordinate: unknown): unknown =>
      Array.isArray(coordinate) ? coordinate.map(text) : String(coordinate);
    return parseProof({
      pi_a: text(G1.toObject(G1.toAffine(proofA))),
      pi_b: text(G2.toObject(G2.toAffine(proofB))),
      pi_c: text(G1.toObject(G1.toAffine(proofC))),
      protocol: "groth16",
    });
  });
}

/** A scalar below r from the system's generator; 384 bits make its bias less than 2^-128. */
function randomScalar(): bigint {
  return bytesToBigInt(randomBytes(48)) % FIELD_ORDER;
}

/**
 * Leaves out what adds nothing to a sum: scalars that are zero, and points at infinity, which a key file writes as zero
 * bytes. In `attest` that is half of B, and whatever capacity a statement does not use.
 */
function withoutZeros(points: Uint8Array, scalars: Uint8Array): [points: Uint8Array, scalars: Uint8Array] {
  const count = scalars.length / FIELD_BYTES;
  const pointBytes = points.length / count;
  const words = (bytes: Uint8Array) => new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const pointWords = words(points);
  const scalarWords = words(scalars);
  const isZero = (list: Uint32Array, index: number, bytes: number): boolean => {
    const end = ((index + 1) * bytes) / 4;
    for (let word = (index * bytes) / 4; word < end; word++) if (list[word] !== 0) return false;
    return true;
  };
  const keptPoints = new Uint8Array(points.length);
  const keptScalars = new Uint8Array(scalars.length);
  let kept = 0;
  for (let index = 0; index < count; index++) {
    if (isZero(scalarWords, index, FIELD_BYTES) || isZero(pointWords, index, pointBytes)) continue;
    keptPoints.set(points.subarray(index * pointBytes, (index + 1) * pointBytes), kept * pointBytes);
    keptScalars.set(scalars.subarray(index * FIELD_BYTES, (index + 1) * FIELD_BYTES), kept * FIELD_BYTES);
    kept++;
  }
  return [keptPoints.subarray(0, kept * pointBytes), keptScalars.subarray(0, kept * FIELD_BYTES)];
}

type Triple = readonly [Uint8Array, Uint8Array, Uint8Array];

/** The values of A, B and their product over the domain, one for each constraint. */
async function constraintValues(curve: Curve, key: ProvingKey, scalars: Uint8Array): Promise<Triple> {
  const { domainSize, wires } = key.header;
  const { count, bytes } = await key.coefficients();
  const length = domainSize * FIELD_BYTES;
  const task: ThreadTask[] = [
    { cmd: "ALLOCSET", var: 0, buff: bytes },
    { cmd: "ALLOCSET", var: 1, buff: scalars },
    ...[2, 3, 4].map((variable): ThreadTask => ({ cmd: "ALLOC", var: variable, len: length })),
    {
      cmd: "CALL",
      fnName: "qap_buildABC",
      params: [
        { var: 0 },
        { val: count },
        { var: 1 },
        { var: 2 },
        { var: 3 },
        { var: 4 },
        // All of the domain and all of the witness.
        { val: 0 },
        { val: domainSize },
        { val: 0 },
        { val: wires },
      ],
    },
    ...[2, 3, 4].map(
      (variable): ThreadTask => ({ cmd: "GET", out: variable - 2, var: variable, len: length }),
    ),
  ];
  return (await curve.tm.queueAction(task)) as [Uint8Array, Uint8Array, Uint8Array];
}

/** A B - C over the odd coset, as plain scalars. */
async function quotientScalars(curve: Curve, key: ProvingKey, values: Triple): Promise<Uint8Array> {
  const { Fr } = curve;
  const { domainSize } = key.header;
  const shift = Fr.w[Math.log2(domainSize) + 1]!;
  const [a, b, c] = await Promise.all(
    values.map(async (list) => Fr.fft(await Fr.batchApplyKey(await Fr.ifft(list), Fr.e(1), shift))),
  );
  const [scalars] = await curve.tm.queueAction([
    { cmd: "ALLOCSET", var: 0, buff: a! },
    { cmd: "ALLOCSET", var: 1, buff: b! },
    { cmd: "ALLOCSET", var: 2, buff: c! },
    {
      cmd: "CALL",
      fnName: "qap_joinABC",
      params: [{ var: 0 }, { var: 1 }, { var: 2 }, { val: domainSize }, { var: 0 }],
    },
    { cmd: "CALL", fnName: "frm_batchFromMontgomery", params: [{ var: 0 }, { val: domainSize }, { var: 0 }] },
    { cmd: "GET", out: 0, var: 0, len: domainSize * FIELD_BYTES },
  ]);
  return scalars!;
}
