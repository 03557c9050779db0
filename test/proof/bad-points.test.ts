import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { singleThreadCurve, withCurve } from "../../src/proof/curve/index.js";
import {
  exportVerifierContract,
  exportVerifyingKey,
  makeDevelopmentKey,
  type PointG1,
  type PointG2,
  BASE_FIELD_ORDER as Q,
  type VerifyingKey,
} from "../../src/proof/keys/index.js";
import {
  type Groth16Proof,
  type ProveResult,
  parseProof,
  type SolidityProof,
  verifyProof,
  wasmProver,
} from "../../src/proof/prover/index.js";
import { compileTestCircuit, scratchFolder } from "./circuit.js";
import { deployedVerifier } from "./keys/evm-verifier.js";
import { outsideSubgroup } from "./keys/points.js";
import { rerandomizeProof } from "./rerandomize.js";

const folder = await scratchFolder();
let good: ProveResult;
let verifyingKey: VerifyingKey;
let onChain: Awaited<ReturnType<typeof deployedVerifier>>;
let outside: PointG2;

beforeAll(async () => {
  const { r1csFile, wasmFile } = await compileTestCircuit(folder, "multiplier");
  const zkeyFile = join(folder, "multiplier.zkey");
  await makeDevelopmentKey({ r1csFile, zkeyFile });
  good = await wasmProver.prove({ wasmFile, zkeyFile, input: { first: 3n, second: 5n, secret: 7n } });
  verifyingKey = await exportVerifyingKey(zkeyFile);
  const source = await exportVerifierContract({ zkeyFile, contractName: "MultiplierVerifier" });
  onChain = await deployedVerifier(source, "MultiplierVerifier");
  outside = outsideSubgroup(await singleThreadCurve());
});

/** The coordinates as they stand, in the order of the verifier contract: `toSolidityProof` would look at them. */
function asCalldata({ pi_a: a, pi_b: [x, y], pi_c: c }: Groth16Proof): SolidityProof {
  const numbers = (values: readonly string[]) => values.map(BigInt);
  return {
    a: numbers(a.slice(0, 2)),
    b: [numbers([x[1], x[0]]), numbers([y[1], y[0]])],
    c: numbers(c.slice(0, 2)),
  } as unknown as SolidityProof;
}

/** Whether both say yes. @throws where they disagree. */
async function accepted(proof: Groth16Proof): Promise<boolean> {
  const answers = [
    await onChain(asCalldata(proof), good.publicSignals),
    await withCurve(() => verifyProof(verifyingKey, good.publicSignals, proof)),
  ];
  expect(answers[0]).toBe(answers[1]);
  return answers[1] as boolean;
}

type Change = (value: bigint) => bigint;
const ENCODINGS: readonly [what: string, change: Change][] = [
  ["itself and q", (value) => value + Q],
  ["q", () => Q],
  ["q - 1", () => Q - 1n],
  ["zero", () => 0n],
  ["one more", (value) => value + 1n],
  ["2^256 - 1", () => 2n ** 256n - 1n],
];

/** A proof with one coordinate changed: `pi_a`, `x`; `pi_b`, `y1`. */
function withCoordinate(place: "pi_a" | "pi_b" | "pi_c", coordinate: string, change: Change): Groth16Proof {
  const proof = structuredClone(good.proof);
  const axis = coordinate.startsWith("x") ? 0 : 1;
  const [values, index]: [string[], number] =
    place === "pi_b" ? [proof.pi_b[axis], Number(coordinate[1])] : [proof[place], axis];
  values[index] = `${change(BigInt(values[index]!))}`;
  return proof;
}

const COORDINATES = [
  ["pi_a", "x"],
  ["pi_a", "y"],
  ["pi_b", "x0"],
  ["pi_b", "x1"],
  ["pi_b", "y0"],
  ["pi_b", "y1"],
  ["pi_c", "x"],
  ["pi_c", "y"],
] as const;

const ZERO_G1: PointG1 = ["0", "0", "1"];
const ZERO_G2: PointG2 = [
  ["0", "0"],
  ["0", "0"],
  ["1", "0"],
];
/** On neither curve: 3^2 is not 2^3 + 3. */
const OFF_G1: PointG1 = ["2", "3", "1"];
const OFF_G2: PointG2 = [
  ["1", "0"],
  ["2", "0"],
  ["1", "0"],
];

const POINTS: readonly [what: string, change: () => Partial<Groth16Proof>][] = [
  ["A at infinity", () => ({ pi_a: ZERO_G1 })],
  ["B at infinity", () => ({ pi_b: ZERO_G2 })],
  ["C at infinity", () => ({ pi_c: ZERO_G1 })],
  ["all at infinity", () => ({ pi_a: ZERO_G1, pi_b: ZERO_G2, pi_c: ZERO_G1 })],
  ["A off the curve", () => ({ pi_a: OFF_G1 })],
  ["B off the curve", () => ({ pi_b: OFF_G2 })],
  ["C off the curve", () => ({ pi_c: OFF_G1 })],
  ["B outside the subgroup", () => ({ pi_b: outside })],
];

describe("P01: a proof is taken or refused by the verifier contract and off chain alike", () => {
  it("as it was made, and re-randomised: identity never rests on the proof", async () => {
    expect(await accepted(good.proof)).toBe(true);
    for (const factors of [undefined, [1n, 5n], [7n, 0n]] as const)
      expect(await accepted(await rerandomizeProof(good.proof, verifyingKey, factors))).toBe(true);
  });

  it.each(POINTS)("%s: refused", async (_, change) => {
    expect(await accepted({ ...good.proof, ...change() })).toBe(false);
  });

  const changes = COORDINATES.flatMap(([place, coordinate]) =>
    ENCODINGS.map(([what, change]) => [place, coordinate, what, change] as const),
  );
  it.each(changes)("%s.%s = %s: refused", async (place, coordinate, _, change) => {
    expect(await accepted(withCoordinate(place, coordinate, change))).toBe(false);
  });

  it("what is no number of 256 bits is not read as a proof", () => {
    for (const [place, coordinate] of COORDINATES) {
      for (const wrong of [-1n, 10n ** 78n]) {
        const proof = withCoordinate(place, coordinate, () => wrong);
        expect(() => parseProof(proof)).toThrow(expect.objectContaining({ code: "proof/malformed" }));
      }
    }
  });
});
