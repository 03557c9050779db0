import { getBytes } from "ethers";
import fc from "fast-check";
import { poseidon2, poseidon4 } from "poseidon-lite";
import { describe, expect, it } from "vitest";
import { codeDigest } from "../../src/code/index.js";
import { keccak248, sponge, tag } from "../../src/field/index.js";
import {
  canonicalVectorSet,
  type Expectation,
  type Hex,
  incidentRoot,
  inputDigest,
  outcomeDigest,
  reportDigest,
  type Vector,
  vectorLeaf,
  vectorRoot,
} from "../../src/vectors/index.js";
import { CALLER, COINBASE, PROXY_CODE, SUBJECT, sampleSet, sampleVector } from "./sample.js";

const { codes } = sampleSet();
const LIMB = 2n ** 128n;

const ENVIRONMENT = [
  ...[10n, 11n, 12n, BigInt(COINBASE)],
  ...[1n, 13n, 0n, 14n, 0n, 15n, 16n, 0n, 17n, BigInt(CALLER)],
  ...[1n, 10n, 0n, 18n], // block hashes
];

/** docs/vectors.md, element by element, for the sample vector. */
const INPUT = [
  1n, // format
  3n, // Cancun
  1000n, // step limit
  BigInt(SUBJECT),
  ...[1n, BigInt(SUBJECT), 2n ** 127n, 3n], // pointer
  2n, // accounts
  ...[BigInt(CALLER), 4n, 0n, 4n, 0n, 0n],
  ...[BigInt(SUBJECT), 0n, 6n, 1n, codeDigest(getBytes(PROXY_CODE)), 2n],
  ...[0n, 7n, 0n, 8n],
  ...[2n ** 72n, 0n, 2n, 0n],
  1n, // calls
  ...ENVIRONMENT,
  ...[BigInt(CALLER), 0n, BigInt(SUBJECT), 0n, 9n],
  ...[37n, 0x11223344n, 0n, 5n, 0xffn << 120n, 0n], // calldata
];
const OUTCOME = [
  1n, // calls
  ...[1n, 2n, 0x0102n << 112n, 0n],
  1n, // logs
  ...[BigInt(SUBJECT), 2n, 0n, 19n, 1n, 0n, 0n],
  1n, // changed accounts
  ...[BigInt(CALLER), 0n, 0n, 20n, 5n, 0n],
  1n, // changed slots
  ...[BigInt(SUBJECT), 0n, 7n, 0n, 21n],
];

describe("digests of a vector", () => {
  it("inputDigest is of the code itself, whatever hash a set made by hand claims for it", () => {
    const vector = sampleVector();
    const claimed = vector.accounts.find(({ codeHash }) => codeHash !== null)!.codeHash!;
    const honest = inputDigest(vector, codes);
    const other = inputDigest(vector, { ...codes, [claimed]: "0x5f5ff3" });
    expect(other).not.toBe(honest);
    expect(inputDigest(vector, codes)).toBe(honest);
  });

  it("inputDigest is the sponge over the documented elements", () => {
    expect(inputDigest(sampleVector(), codes)).toBe(sponge(tag("sealpatch.vector.input"), INPUT));
  });

  it("outcomeDigest is the sponge over the documented elements", () => {
    expect(outcomeDigest(sampleVector().expectation)).toBe(sponge(tag("sealpatch.vector.outcome"), OUTCOME));
    expect(outcomeDigest("step-limit")).toBe(sponge(tag("sealpatch.vector.outcome"), [0n]));
  });

  it("a creation, short calldata and a vector without pointer are encoded as documented", () => {
    const [call] = sampleVector().calls;
    const vector = sampleVector({
      pointer: null,
      calls: [{ ...call!, to: null, data: "0x99" }],
      accounts: [],
    });
    const elements = [
      ...INPUT.slice(0, 4),
      ...[0n, 0n, 0n, 0n],
      0n,
      1n,
      ...ENVIRONMENT,
      ...[BigInt(CALLER), 1n, 0n, 0n, 9n],
      ...[1n, 0x99000000n],
    ];
    expect(inputDigest(vector, codes)).toBe(sponge(tag("sealpatch.vector.input"), elements));
  });

  it("the leaf is H_4 of tag, input, expectation and run record, of which there is none", () => {
    expect(vectorLeaf(sampleVector(), codes)).toBe(
      poseidon4([
        tag("sealpatch.vector"),
        inputDigest(sampleVector(), codes),
        outcomeDigest(sampleVector().expectation),
        0n,
      ]),
    );
  });

  it("are pinned, so that a registered root stays valid", () => {
    expect(inputDigest(sampleVector(), codes)).toMatchInlineSnapshot(
      `9905181871704017819524429459386471327316533401611121233493003307438036389616n`,
    );
    expect(outcomeDigest(sampleVector().expectation)).toMatchInlineSnapshot(
      `549812578441846628490673908744954109681376254089292530854090666595185292957n`,
    );
    expect(vectorRoot(sampleSet())).toMatchInlineSnapshot(
      `5433785828067940998244541731583652636406820345130348884681068000936972921272n`,
    );
  });
});

/** Every leaf value of an object as a function that changes it and nothing else. */
function changes(
  value: unknown,
  rebuild: (changed: unknown) => unknown = (changed) => changed,
): (() => unknown)[] {
  if (typeof value === "bigint") return [() => rebuild(value + 1n), () => rebuild(value + LIMB)];
  if (typeof value === "number") return [() => rebuild(value + 1)];
  if (typeof value === "boolean") return [() => rebuild(!value)];
  if (typeof value === "string" && value.startsWith("0x")) {
    const flipped = value === "0x" ? "0x00" : value.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
    return [() => rebuild(flipped)];
  }
  if (Array.isArray(value)) {
    return [
      ...value.flatMap((member, index) => changes(member, (changed) => rebuild(value.with(index, changed)))),
      ...(value.length === 0 ? [] : [() => rebuild(value.slice(1)), () => rebuild([...value, value[0]])]),
      ...(value.length < 2 ? [] : [() => rebuild(value.toReversed())]),
    ];
  }
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, member]) =>
    changes(member, (changed) => rebuild({ ...value, [key]: changed })),
  );
}

describe("T10: what a digest covers", () => {
  it("inputDigest changes with every single value of the input", () => {
    const { name, kind, expectation, hardfork, ...input } = sampleVector();
    const known = { ...codes };
    const variants = changes(input).map(
      (change) => ({ ...sampleVector(), ...(change() as object) }) as Vector,
    );
    for (const variant of variants) {
      for (const account of variant.accounts) {
        // A changed code hash stands for another code.
        if (account.codeHash !== null) known[account.codeHash] ??= "0x6001";
      }
    }
    const digests = variants.map((variant) => inputDigest(variant, known));
    const all = [
      inputDigest(sampleVector(), codes),
      inputDigest(sampleVector({ hardfork: "prague" }), codes),
      inputDigest(sampleVector({ pointer: null }), codes),
      ...digests,
    ];
    expect(variants.length).toBeGreaterThan(50);
    expect(new Set(all).size).toBe(all.length);
  });

  it("outcomeDigest changes with every single value of the outcome", () => {
    const { expectation } = sampleVector();
    const variants = changes(expectation).map((change) => change() as Expectation);
    const all = [expectation, ...variants].map(outcomeDigest);
    expect(new Set(all).size).toBe(all.length);
  });

  it("name, kind and description are not part of it", () => {
    const renamed = sampleVector({ name: "other", kind: "incident", description: "text" });
    expect(vectorLeaf(renamed, codes)).toBe(vectorLeaf(sampleVector(), codes));
  });

  it("the order in which accounts and slots were written does not matter", () => {
    const storage = [1n, 2n, 3n].map((slot) => ({ slot, value: slot }));
    const accounts = [3, 4, 5, 6].map((digit) => {
      return {
        address: `0x${`${digit}`.repeat(40)}` as Hex,
        balance: 1n,
        nonce: 0n,
        codeHash: null,
        storage,
      };
    });
    const leaf = (others: Vector["accounts"]) => {
      const vector = sampleVector({ accounts: [...others, ...sampleVector().accounts] });
      return vectorLeaf(canonicalVectorSet(sampleSet([vector])).vectors[0]!, codes);
    };
    const expected = leaf(accounts);
    const shuffled = <T>(list: T[]) => fc.shuffledSubarray(list, { minLength: list.length });
    fc.assert(
      fc.property(shuffled(accounts), shuffled(storage), (order, slots) => {
        expect(leaf(order.map((account) => ({ ...account, storage: slots })))).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  it("the root changes when a vector is dropped, added, repeated or moved", () => {
    const vectors = [1, 2, 3].map((stepLimit) => sampleVector({ stepLimit }));
    const root = (...indices: number[]) => vectorRoot(sampleSet(indices.map((index) => vectors[index]!)));
    const roots = [root(0, 1, 2), root(0, 1), root(1, 2), root(1, 0, 2), root(0, 1, 2, 2), root()];
    expect(new Set(roots).size).toBe(roots.length);
  });
});

describe("roots and report", () => {
  it("are Merkle trees of depth 7 and 4 over the leaves, padded with 0", () => {
    const root = (depth: number) => {
      let node = vectorLeaf(sampleVector(), codes);
      let empty = 0n;
      for (let level = 0; level < depth; level++) {
        node = poseidon2([node, empty]);
        empty = poseidon2([empty, empty]);
      }
      return node;
    };
    expect(vectorRoot(sampleSet())).toBe(root(7));
    expect(incidentRoot(sampleSet())).toBe(root(4));
  });

  it("refuse more vectors than leaves", () => {
    const many = (count: number) => sampleSet(Array.from({ length: count }, () => sampleVector()));
    expect(() => vectorRoot(many(129))).toThrowError(expect.objectContaining({ code: "vectors/too-many" }));
    expect(() => incidentRoot(many(17))).toThrowError(expect.objectContaining({ code: "vectors/too-many" }));
  });

  it("reportDigest is H_4 over both parts and the current code's hash", () => {
    const current = getBytes("0x6001");
    const outcomes = {
      baseline: [{ outcomeDigest: 1n }, { outcomeDigest: 2n }],
      incidents: [{ current: { outcomeDigest: 3n }, patch: { outcomeDigest: 4n } }],
      currentCode: keccak248(current),
    };
    expect(reportDigest(outcomes)).toBe(
      poseidon4([
        tag("sealpatch.report"),
        sponge(tag("sealpatch.report.baseline"), [1n, 2n]),
        sponge(tag("sealpatch.report.incident"), [3n, 4n]),
        keccak248(current),
      ]),
    );
  });
});
