import { buildPoseidon } from "circomlibjs";
import fc from "fast-check";
import * as lite from "poseidon-lite";
import { describe, expect, it } from "vitest";
import {
  chunkBytes,
  FIELD_ORDER,
  MerkleTree,
  poseidon,
  prepareHashing,
  sponge,
  spongeBytes,
  tag,
  wordLimbs,
} from "../../src/field/index.js";

const element = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n });
const arities = Array.from({ length: 16 }, (_, index) => index + 1);

/** Compares H_n of every arity with another implementation. */
function expectAgreement(other: (inputs: bigint[]) => bigint): void {
  for (const arity of arities) {
    fc.assert(
      fc.property(fc.array(element, { minLength: arity, maxLength: arity }), (inputs) => {
        expect(poseidon(inputs)).toBe(other(inputs));
      }),
      { numRuns: 8 },
    );
  }
}

describe("poseidon", () => {
  it("H_1 to H_16 agree with circomlibjs before hashing is prepared", async () => {
    const wasm = await buildPoseidon();
    expectAgreement((inputs) => wasm.F.toObject(wasm(inputs)));
  });

  it("H_1 to H_16 agree with poseidon-lite once hashing is prepared", async () => {
    await prepareHashing();
    const functions = lite as unknown as Record<string, (inputs: bigint[]) => bigint>;
    expectAgreement((list) => functions[`poseidon${list.length}`]!(list));
  });

  it("refuses more inputs than it has room for, and none", () => {
    for (const inputs of [[], Array<bigint>(17).fill(0n)])
      expect(() => poseidon(inputs)).toThrowError(expect.objectContaining({ code: "field/arity" }));
  });

  it("refuses elements that are not canonical", () => {
    for (const bad of [-1n, FIELD_ORDER, 1n << 256n]) {
      expect(() => poseidon([1n, bad])).toThrowError(expect.objectContaining({ code: "field/out-of-range" }));
    }
  });
});

describe("sponge", () => {
  it("absorbs the count first and pads the last block with zeros", () => {
    const elements = Array.from({ length: 16 }, (_, i) => BigInt(i + 1));
    const first = lite.poseidon16([7n, 16n, ...elements.slice(0, 14)]);
    const expected = lite.poseidon16([first, 15n, 16n, ...Array<bigint>(13).fill(0n)]);
    expect(sponge(7n, elements)).toBe(expected);
  });

  it("tells lists apart that differ only in trailing zeros", () => {
    expect(sponge(7n, [1n])).not.toBe(sponge(7n, [1n, 0n]));
    expect(spongeBytes(7n, new Uint8Array([1]))).not.toBe(spongeBytes(7n, new Uint8Array([1, 0])));
  });
});

describe("encodings", () => {
  it("chunks bytes big-endian with right padding", () => {
    expect(chunkBytes(new Uint8Array([1, 2]))).toEqual([0x0102n << 232n]);
    expect(chunkBytes(new Uint8Array(32).fill(255))).toEqual([(1n << 248n) - 1n, 0xffn << 240n]);
    expect(chunkBytes(new Uint8Array(0))).toEqual([]);
  });

  it("splits words into 128-bit limbs", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }), (word) => {
        const [hi, lo] = wordLimbs(word);
        expect((hi << 128n) + lo).toBe(word);
        expect(hi < 1n << 128n && lo < 1n << 128n).toBe(true);
      }),
    );
    expect(() => wordLimbs(1n << 256n)).toThrowError(
      expect.objectContaining({ code: "field/word-out-of-range" }),
    );
  });

  it("reads a tag as a big-endian ASCII integer", () => {
    expect(tag("ab")).toBe(0x6162n);
  });
});

describe("MerkleTree", () => {
  it("opens every leaf", () => {
    const leaves = [11n, 12n, 13n, 14n, 15n];
    const tree = new MerkleTree(3, leaves);
    for (let index = 0; index < 8; index++) {
      let node = leaves[index] ?? 0n;
      for (const [level, sibling] of tree.path(index).entries()) {
        node = lite.poseidon2((index >> level) & 1 ? [sibling, node] : [node, sibling]);
      }
      expect(node).toBe(tree.root);
    }
  });

  it("refuses more leaves than it has places", () => {
    expect(() => new MerkleTree(1, [1n, 2n, 3n])).toThrowError(
      expect.objectContaining({ code: "merkle/too-many-leaves" }),
    );
  });
});
