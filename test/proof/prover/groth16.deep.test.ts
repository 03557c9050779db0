import { readFile } from "node:fs/promises";
import { bn254 } from "@noble/curves/bn254.js";
import { beforeAll, describe, expect, it } from "vitest";
import { FIELD_ORDER } from "../../../src/field/index.js";
import { readManifest } from "../../../src/manifest.js";
import { singleThreadCurve, withCurve } from "../../../src/proof/curve/index.js";
import {
  parseVerifyingKey,
  BASE_FIELD_ORDER as Q,
  type VerifyingKey,
} from "../../../src/proof/keys/index.js";
import { proofHolds } from "../../../src/proof/prover/groth16.js";
import {
  fromSolidityProof,
  type Groth16Proof,
  type SolidityProof,
  toSolidityProof,
  verifyProof,
} from "../../../src/proof/prover/index.js";
import { recordedVerifier } from "../../portal/patch-verifier.js";
import { deployedVerifier } from "../keys/evm-verifier.js";
import { trapdoorKey } from "../keys/forgery.js";
import { outsideSubgroup } from "../keys/points.js";
import { rerandomizeProof } from "../rerandomize.js";

let real: Awaited<ReturnType<typeof recordedVerifier>>;
let key: VerifyingKey;
let outside: SolidityProof["b"];

beforeAll(async () => {
  real = await recordedVerifier();
  const { circuits } = await readManifest();
  key = parseVerifyingKey(await readFile(circuits.attest.verifyingKey, "utf8"));
  const pairs = outsideSubgroup(await singleThreadCurve()).slice(0, 2);
  outside = pairs.map(([c0, c1]) => [BigInt(c1), BigInt(c0)]) as unknown as SolidityProof["b"];
});

/** In snarkjs' form as it stands: `fromSolidityProof` would refuse what is no number of 256 bits, and no test has that. */
const inJson = (proof: SolidityProof): Groth16Proof => fromSolidityProof(proof);

/** What the page, snarkjs by the SDK, and a contract say of a proof. */
async function answers(
  signals: readonly bigint[],
  proof: SolidityProof,
  { verifyingKey = key, onChain = real.verifyAttest } = {},
) {
  return {
    page: proofHolds(verifyingKey, signals, proof),
    sdk: await withCurve(() => verifyProof(verifyingKey, signals, inJson(proof))),
    chain: await onChain(signals, proof),
  };
}
const YES = { page: true, sdk: true, chain: true };
const NO = { page: false, sdk: false, chain: false };

/** A proof with one of its eight words changed, in the order of calldata. */
function withWord(
  { a, b, c }: SolidityProof,
  index: number,
  change: (word: bigint) => bigint,
): SolidityProof {
  const words = [...a, ...b.flat(), ...c];
  words[index] = change(words[index]!);
  const [a0, a1, b0, b1, b2, b3, c0, c1] = words as [bigint, ...bigint[]];
  return {
    a: [a0, a1],
    b: [
      [b0, b1],
      [b2, b3],
    ],
    c: [c0, c1],
  } as SolidityProof;
}

const WORDS = ["a.x", "a.y", "b.x1", "b.x0", "b.y1", "b.y0", "c.x", "c.y"].map(
  (name, i) => [name, i] as const,
);
const CHANGES: readonly [what: string, change: (word: bigint) => bigint][] = [
  ["one more", (word) => (word + 1n) % Q],
  ["negated", (word) => Q - word],
  ["itself and q", (word) => word + Q],
  ["q", () => Q],
  ["zero", () => 0n],
  ["2^256 - 1", () => 2n ** 256n - 1n],
];

describe("P01: the page, snarkjs and the PatchVerifier say the same of the real proof", () => {
  it("yes as it was made, and re-randomised", async () => {
    expect(await answers(real.signals, real.proof)).toEqual(YES);
    for (const factors of [undefined, [1n, 5n], [7n, 0n]] as const) {
      const other = toSolidityProof(await rerandomizeProof(inJson(real.proof), key, factors));
      expect(other).not.toEqual(real.proof);
      expect(await answers(real.signals, other)).toEqual(YES);
    }
    const { a, b, c } = real.proof;
    const negated = withWord(
      withWord(
        withWord({ a, b, c }, 1, (y) => Q - y),
        4,
        (y) => Q - y,
      ),
      5,
      (y) => Q - y,
    );
    expect(await answers(real.signals, negated)).toEqual(YES);
  });

  it.each(
    WORDS.flatMap(([name, index]) => CHANGES.map(([what, change]) => [name, what, index, change] as const)),
  )("no where %s is %s", async (_name, _what, index, change) => {
    expect(await answers(real.signals, withWord(real.proof, index, change))).toEqual(NO);
  });

  it("T06: no where a signal is another, or the same modulo r", async () => {
    for (const index of real.signals.keys()) {
      for (const change of [1n, FIELD_ORDER, -real.signals[index]! + FIELD_ORDER]) {
        const signals = real.signals.map((signal, i) => (i === index ? signal + change : signal));
        expect(await answers(signals, real.proof), `${index}`).toEqual(NO);
      }
    }
  });

  it("no where signals are exchanged", async () => {
    const [first, second, ...others] = real.signals as [bigint, bigint, ...bigint[]];
    expect(await answers([second, first, ...others], real.proof)).toEqual(NO);
  });

  it("no where there are more or fewer signals than the key has, or they are no numbers", () => {
    expect(proofHolds(key, real.signals, real.proof)).toBe(true);
    const { signals, proof } = real;
    const texts = signals.map(String) as unknown as bigint[];
    for (const wrong of [[], signals.slice(1), signals.slice(0, -1), [...signals, 0n], texts])
      expect(proofHolds(key, wrong, proof)).toBe(false);
    const negative = signals.map((signal) => signal - FIELD_ORDER);
    expect(proofHolds(key, negative, proof)).toBe(false);
    // Zeros at the end that the key does not have would change nothing in the sum.
    expect(proofHolds({ ...key, nPublic: 8 }, [...signals, 0n], proof)).toBe(false);
  });

  it("no where a point is off its curve, at infinity, outside the subgroup, or stands in another's place", async () => {
    const { a, b, c } = real.proof;
    const zero = [0n, 0n] as const;
    const changes: Partial<SolidityProof>[] = [
      { a: [2n, 3n] },
      { c: [2n, 3n] },
      {
        b: [
          [0n, 1n],
          [0n, 2n],
        ],
      },
      { a: zero },
      { b: [zero, zero] },
      { c: zero },
      { a: zero, b: [zero, zero], c: zero },
      { b: outside },
      { a: c, c: a },
      // Real parts first.
      { b: b.map(([imaginary, real]) => [real, imaginary]) as unknown as SolidityProof["b"] },
    ];
    for (const change of changes)
      expect(await answers(real.signals, { ...real.proof, ...change })).toEqual(NO);
  });
});

describe("with other keys", () => {
  it("no under a key of which one point is another", () => {
    const { IC, vk_alpha_1, vk_beta_2, vk_delta_2, vk_gamma_2 } = key;
    const others: Partial<VerifyingKey>[] = [
      { vk_alpha_1: IC[0]! },
      { vk_beta_2: vk_gamma_2 },
      { vk_gamma_2: vk_delta_2 },
      { vk_delta_2: vk_gamma_2 },
      // The point of a signal that is zero is not in the sum.
      ...IC.map((_, i) => i)
        .filter((i) => i === 0 || real.signals[i - 1] !== 0n)
        .map((i) => ({ IC: IC.map((point, j) => (i === j ? vk_alpha_1 : point)) })),
    ];
    for (const other of others)
      expect(proofHolds({ ...key, ...other }, real.signals, real.proof)).toBe(false);
    expect(vk_beta_2).not.toEqual(vk_gamma_2);
  });

  it("no under a key with a point that is none", () => {
    const { IC, vk_gamma_2 } = key;
    const zero: VerifyingKey["vk_alpha_1"] = ["0", "0", "0"];
    const others: Partial<VerifyingKey>[] = [
      { vk_alpha_1: zero },
      { vk_alpha_1: ["2", "3", "1"] },
      { IC: [zero, ...IC.slice(1)] },
      { IC: IC.slice(1) },
      { vk_gamma_2: [vk_gamma_2[0], vk_gamma_2[1], ["0", "0"]] },
      {
        vk_delta_2: [
          ["1", "0"],
          ["2", "0"],
          ["1", "0"],
        ],
      },
    ];
    for (const other of others)
      expect(proofHolds({ ...key, ...other }, real.signals, real.proof)).toBe(false);
  });
});

describe("a key of which the secrets are known", () => {
  const signals = [1n, 2n, 3n, 4n, 5n, 6n, 7n];
  let verifyingKey: VerifyingKey;
  let good: SolidityProof;
  let onChain: (signals: readonly bigint[], proof: SolidityProof) => Promise<boolean>;

  beforeAll(async () => {
    const { verifyingKey: made, forge } = await trapdoorKey(signals.length);
    verifyingKey = made;
    good = toSolidityProof(forge(signals));
    const contract = await deployedVerifier(await contractOf(made), "AttestVerifier");
    onChain = async (values, proof) => (await contract(proof, values)) === true;
  });

  const asked = (proof: SolidityProof) => answers(signals, proof, { verifyingKey, onChain });

  it("proves what it likes, alike for all three", async () => {
    expect(await asked(good)).toEqual(YES);
    expect(await asked({ ...good, c: good.a })).toEqual(NO);
  });

  it("infinity is a point as any other where the equation holds with it, and the SDK refuses it as B", async () => {
    const { G1, G2 } = bn254;
    // As `trapdoorKey` makes them: alpha beta + IC_0 + sum of s_i IC_i, and delta.
    const right = signals.reduce((sum, signal, i) => sum + signal * (101n + BigInt(i)), 15n + 100n);
    const { Fr } = bn254.fields;
    const g1 = (scalar: bigint) => {
      const { x, y } = G1.Point.BASE.multiply(Fr.create(scalar)).toAffine();
      return [x, y] as const;
    };
    const { x, y } = G2.Point.BASE.toAffine();
    const generator = [
      [x.c1, x.c0],
      [y.c1, y.c0],
    ] as const;
    const zero = [0n, 0n] as const;
    const cancelling = g1(Fr.mul(Fr.neg(right), Fr.inv(7n)));
    expect(await asked({ a: zero, b: generator, c: cancelling })).toEqual(YES);
    expect(await asked({ a: g1(11n), b: [zero, zero], c: cancelling })).toEqual({ ...YES, sdk: false });
    expect(await asked({ a: g1(right), b: generator, c: zero })).toEqual(YES);
    expect(await asked({ a: g1(right + 1n), b: generator, c: zero })).toEqual(NO);
  });
});

/** The contract of the attest circuit with the points of another key of as many signals. */
async function contractOf({
  vk_alpha_1,
  vk_beta_2,
  vk_gamma_2,
  vk_delta_2,
  IC,
}: VerifyingKey): Promise<string> {
  const { circuits } = await readManifest();
  const source = await readFile(circuits.attest.verifier, "utf8");
  const values = new Map<string, string>();
  const g1 = (name: string, [x, y]: VerifyingKey["vk_alpha_1"]) =>
    values.set(`${name}x`, x).set(`${name}y`, y);
  g1("alpha", vk_alpha_1);
  for (const [i, point] of IC.entries()) g1(`IC${i}`, point);
  const inG2 = { beta: vk_beta_2, gamma: vk_gamma_2, delta: vk_delta_2 };
  for (const [name, [[x0, x1], [y0, y1]]] of Object.entries(inG2))
    for (const [end, value] of Object.entries({ x1, x2: x0, y1, y2: y0 })) values.set(`${name}${end}`, value);
  let text = source;
  for (const [name, value] of values) {
    const changed = text.replace(new RegExp(`(uint256 constant ${name} *= )[0-9]+;`), `$1${value};`);
    if (changed === text && !text.includes(`${value};`)) throw new Error(`the contract has no ${name}`);
    text = changed;
  }
  return text;
}

it("of A.y numbers beyond q that snarkjs' template takes modulo q are refused", async () => {
  for (const more of [Q, 2n * Q, 3n * Q]) {
    const wrapping = withWord(real.proof, 1, (y) => ((2n ** 256n + y) % Q) + more);
    expect(await answers(real.signals, wrapping)).toEqual(NO);
  }
});
