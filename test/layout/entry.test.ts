import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { poseidon, sponge, spongeBytes, TAGS } from "../../src/field/index.js";
import {
  entryLimbs,
  layoutEntry,
  layoutEntryDigest,
  layoutRoot,
  layoutToJson,
  makeLayout,
  parseLayout,
  positionLimbs,
} from "../../src/layout/index.js";
import { entry, listed } from "./entries.js";

const failure = (code: string, properties: object = {}) => expect.objectContaining({ code, ...properties });
const text = (value: string) => new TextEncoder().encode(value);

describe("layout entries", () => {
  it("are hashed as docs/encodings.md says", () => {
    const slot = (3n << 40n) + 5n;
    const variable = entry({ slot, offset: 7, size: 20, label: "owner", type: "address" });
    const inputs = [
      3n,
      5n * 32n + 7n + 20n * 2n ** 45n,
      spongeBytes(TAGS.layoutType, text("address")),
      spongeBytes(TAGS.layoutLabel, text("owner")),
    ];
    expect(layoutEntryDigest(variable)).toBe(poseidon([TAGS.layoutEntry, ...inputs]));
    expect(layoutEntryDigest({ ...variable, gap: true })).toBe(poseidon([TAGS.layoutGap, ...inputs]));
    expect(layoutRoot(listed(variable))).toBe(sponge(TAGS.layout, [layoutEntryDigest(variable)]));
    expect(layoutRoot(listed())).toBe(sponge(TAGS.layout, []));
  });

  it("take positions apart and put them together again", () => {
    const slots = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    fc.assert(
      fc.property(slots, fc.nat({ max: 31 }), fc.nat({ max: 31 }), (slot, offset, more) => {
        const variable = entry({ slot, offset, size: Math.min(more + 1, 32 - offset) });
        const { hi, lo } = positionLimbs(variable);
        expect(hi * 2n ** 45n + lo).toBe(slot * 32n + BigInt(offset));
        expect(hi < 2n ** 216n && lo < 2n ** 45n).toBe(true);
        expect(entryLimbs(variable)).toEqual({
          hi,
          lo,
          size: BigInt(variable.size),
          packed: lo + BigInt(variable.size) * 2n ** 45n,
        });
      }),
      { numRuns: 50 },
    );
  });

  it("refuse places and sizes that the encoding has no room for", () => {
    const base = { slot: 0n, offset: 0, size: 32, label: "x", type: "uint256", gap: false };
    for (const place of [
      { slot: -1n },
      { slot: 2n ** 256n },
      { offset: 32 },
      { offset: -1 },
      { offset: 0.5 },
    ]) {
      expect(() => layoutEntry({ ...base, ...place })).toThrow(failure("layout/position-out-of-range"));
    }
    for (const size of [0, -1, 0.5, 2 ** 40 + 1, Number.NaN]) {
      expect(() => layoutEntry({ ...base, size })).toThrow(failure("layout/invalid-size"));
    }
    const last = 2n ** 40n - 1n;
    expect(layoutEntry({ ...base, slot: last, offset: 31, size: 1 }).slot).toBe(last);
    expect(() => layoutEntry({ ...base, slot: last, offset: 31, size: 2 })).toThrow(
      failure("layout/crosses-region"),
    );
    expect(() => layoutEntry({ ...base, slot: 2n ** 256n - 1n, size: 33 })).toThrow(
      failure("layout/crosses-region"),
    );
    expect(layoutEntry({ ...base, size: 2 ** 40 }).size).toBe(2 ** 40);
  });
});

describe("makeLayout", () => {
  it("sorts by byte position and refuses overlaps", () => {
    const [a, b, c] = [
      entry({ slot: 0n, offset: 4, size: 4 }),
      entry({ slot: 0n, size: 4 }),
      entry({ slot: 7n }),
    ];
    expect(makeLayout([c, a, b]).entries).toEqual([b, a, c]);
    const touching = entry({ slot: 0n, offset: 7, size: 1, label: "late" });
    expect(() => makeLayout([a, touching])).toThrow(
      failure("layout/overlap", { details: { first: "x0", second: "late", slot: 0n, offset: 7 } }),
    );
    expect(() => makeLayout([c, c])).toThrow(failure("layout/overlap"));
  });
});

describe("layouts in files", () => {
  const layout = makeLayout([
    entry({ slot: 2n ** 255n, label: "far" }),
    entry({ slot: 1n, gap: true, size: 320, label: "__gap", type: "uint256[10]" }),
  ]);

  it("come back as they were, with digests computed anew", () => {
    expect(parseLayout(JSON.parse(JSON.stringify(layoutToJson(layout))))).toEqual(layout);
  });

  it("are refused where they are not what the tool writes", () => {
    const [first] = layoutToJson(layout);
    const lies = [
      {},
      [{ ...first, slot: "12" }],
      [{ ...first, gap: 0 }],
      [{ ...first, typeDigest: "1" }],
      [{ ...first, label: "" }],
    ];
    for (const json of lies) expect(() => parseLayout(json)).toThrow(failure("layout/invalid-file"));
    expect(() => parseLayout([first, first])).toThrow(failure("layout/overlap"));
    expect(() => parseLayout([{ ...first, size: 0 }])).toThrow(failure("layout/invalid-size"));
  });
});
