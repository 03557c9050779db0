import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bindPoint,
  codeChunks,
  codeDigest,
  evaluateCodePolynomial,
  MAX_CODE_BYTES,
} from "../../src/code/index.js";
import { chunkBytes, FIELD_ORDER, keccak248, sponge, TAGS } from "../../src/field/index.js";

const code = fc.uint8Array({ minLength: 1, maxLength: 200 });
const point = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n });

describe("codeDigest", () => {
  it("is the sponge over the length and the 793 chunks of docs/encodings.md", () => {
    const bytes = new Uint8Array(100).fill(7);
    expect(codeChunks(bytes)).toEqual([...chunkBytes(bytes), ...Array<bigint>(789).fill(0n)]);
    // For a code of 793 bytes the byte length equals the number of chunks, which the list sponge absorbs.
    const equal = new Uint8Array(793).fill(9);
    expect(codeDigest(equal)).toBe(sponge(TAGS.code, codeChunks(equal)));
    expect(codeDigest(bytes)).not.toBe(sponge(TAGS.code, codeChunks(bytes)));
  });

  it("T05: trailing zeros, one changed byte and one more byte each change the digest", () => {
    fc.assert(
      fc.property(code, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, place, flip) => {
        const changed = bytes.slice();
        changed[place % bytes.length]! ^= flip;
        const digest = codeDigest(bytes);
        expect(codeDigest(changed)).not.toBe(digest);
        expect(codeDigest(Uint8Array.of(...bytes, 0))).not.toBe(digest);
      }),
      { numRuns: 10 },
    );
  });

  it("takes 24,576 bytes and refuses one more, and none", () => {
    expect(codeDigest(new Uint8Array(MAX_CODE_BYTES))).toBeTypeOf("bigint");
    const tooLarge = new Uint8Array(MAX_CODE_BYTES + 1);
    for (const use of [codeDigest, codeChunks, (bytes: Uint8Array) => evaluateCodePolynomial(bytes, 1n)]) {
      expect(() => use(tooLarge)).toThrow(expect.objectContaining({ code: "code/too-large" }));
      expect(() => use(new Uint8Array())).toThrow(expect.objectContaining({ code: "code/empty" }));
    }
  });
});

describe("evaluateCodePolynomial", () => {
  it("is the byte length plus the sum of chunk_i X^(i+1)", () => {
    fc.assert(
      fc.property(code, point, (bytes, x) => {
        let power = 1n;
        let sum = BigInt(bytes.length);
        for (const chunk of chunkBytes(bytes)) {
          power = (power * x) % FIELD_ORDER;
          sum = (sum + chunk * power) % FIELD_ORDER;
        }
        expect(evaluateCodePolynomial(bytes, x)).toBe(sum);
      }),
    );
  });

  it("T05: tells codes apart that differ by trailing zeros only", () => {
    fc.assert(
      fc.property(code, point, fc.integer({ min: 1, max: 40 }), (bytes, x, zeros) => {
        const padded = Uint8Array.of(...bytes, ...new Uint8Array(zeros));
        // Whole chunks stay as they are when the last one was full or the zeros fit into it: the length tells.
        expect(evaluateCodePolynomial(padded, x)).not.toBe(evaluateCodePolynomial(bytes, x));
      }),
    );
  });

  it("refuses a point outside the field", () => {
    expect(() => evaluateCodePolynomial(Uint8Array.of(1), FIELD_ORDER)).toThrow(
      expect.objectContaining({ code: "field/out-of-range" }),
    );
  });
});

describe("bindPoint", () => {
  const codehash = `0x${"ab".repeat(32)}`;

  it("is keccak248 of the three words tag, commitment and codehash", () => {
    const word = (value: bigint) => value.toString(16).padStart(64, "0");
    const encoded = Buffer.from(word(TAGS.bindPoint) + word(5n) + codehash.slice(2), "hex");
    expect(bindPoint(5n, codehash)).toBe(keccak248(encoded));
  });

  it("refuses a commitment outside the field", () => {
    expect(() => bindPoint(FIELD_ORDER, codehash)).toThrow(
      expect.objectContaining({ code: "field/out-of-range" }),
    );
  });
});
