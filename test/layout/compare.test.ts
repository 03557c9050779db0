import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  assertLayoutPreserved,
  compareLayouts,
  type Layout,
  type LayoutCapacity,
  type LayoutEntry,
  type LayoutVariable,
  layoutWitness,
  meetsCircuit,
} from "../../src/layout/index.js";
import { entry, listed } from "./entries.js";

const failure = (code: string, properties: object = {}) => expect.objectContaining({ code, ...properties });

/**
 * The rule, said naively: write every entry of the new layout over a map of bytes, each byte at most once and in rising
 * order; then every byte of an old variable must hold one variable of that size, at the same place within it, that has its
 * name and its type or tells them.
 */
function preservedByByteMap(old: Layout, next: Layout): boolean {
  const map = new Map<bigint, { entry: LayoutEntry; index: number }>();
  const bytesOf = ({ slot, offset, size }: LayoutEntry) =>
    Array.from({ length: size }, (_, index) => slot * 32n + BigInt(offset) + BigInt(index));
  let last = -1n;
  for (const entry of next.entries) {
    for (const [index, byte] of bytesOf(entry).entries()) {
      if (byte <= last) return false;
      map.set(byte, { entry, index });
      last = byte;
    }
  }
  const isStill = (entry: LayoutEntry, variable: LayoutEntry) =>
    !entry.gap &&
    entry.size === variable.size &&
    [entry.label, entry.renamedFrom].includes(variable.label) &&
    [entry.type, entry.retypedFrom].includes(variable.type);
  return old.entries
    .filter(({ gap }) => !gap)
    .every((variable) =>
      bytesOf(variable).every((byte, index) => {
        const found = map.get(byte);
        return found !== undefined && found.index === index && isStill(found.entry, variable);
      }),
    );
}

/** Layouts in a few slots with few names and types, so that chance makes them meet. */
const variable = fc.record({
  skip: fc.constantFrom(0, 0, 0, 1, 8, 32),
  size: fc.constantFrom(1, 8, 20, 32, 64),
  label: fc.constantFrom("a", "b", "c", "d"),
  type: fc.constantFrom("uint256", "address"),
  gap: fc.constantFrom(false, false, false, true),
  past: fc.constantFrom({}, {}, {}, { renamedFrom: "e" }, { retypedFrom: "bytes8" }),
});
const layout = fc.array(variable, { maxLength: 6 }).map((variables): Layout => {
  let position = 0;
  return listed(
    ...variables.map(({ skip, size, past, ...rest }) => {
      const start = position + skip;
      position = start + size;
      return entry({ slot: BigInt(start >> 5), offset: start & 31, size, ...rest, ...past });
    }),
  );
});

/** One step of an edit; the numbers are taken modulo what is there. */
const edit = fc.record({
  kind: fc.constantFrom(
    ...["keep", "move", "resize", "retype", "rename", "delete", "flip", "insert", "swap", "double", "fill"],
    ...["tell rename", "tell retype", "tell something else", "tell nothing"],
  ),
  at: fc.nat({ max: 5 }),
  by: fc.nat({ max: 40 }),
});
const edits = fc.array(edit, { maxLength: 3 });

function applyEdits(old: Layout, steps: readonly { kind: string; at: number; by: number }[]): Layout {
  const entries: LayoutVariable[] = [...old.entries];
  for (const { kind, at, by } of steps) {
    const index = entries.length === 0 ? 0 : at % entries.length;
    const chosen = entries[index];
    const start = chosen === undefined ? 0 : Number(chosen.slot) * 32 + chosen.offset;
    const placed = (position: number) => ({ slot: BigInt(position >> 5), offset: position & 31 });
    const fresh = { size: 1 + (by % 32), label: "new", type: "bytes8", gap: false };
    if (kind === "insert") entries.splice(index, 0, { ...fresh, ...placed(start + by) });
    if (chosen === undefined) continue;
    if (kind === "move") entries[index] = { ...chosen, ...placed(start + by) };
    if (kind === "resize") entries[index] = { ...chosen, size: 1 + by };
    if (kind === "retype") entries[index] = { ...chosen, type: "uint128" };
    if (kind === "rename") entries[index] = { ...chosen, label: "renamed" };
    if (kind === "tell rename") entries[index] = { ...chosen, label: "renamed", renamedFrom: chosen.label };
    if (kind === "tell retype") entries[index] = { ...chosen, type: "uint128", retypedFrom: chosen.type };
    if (kind === "tell something else") entries[index] = { ...chosen, label: "renamed", renamedFrom: "e" };
    if (kind === "tell nothing") {
      const { renamedFrom: _name, retypedFrom: _type, ...silent } = chosen;
      entries[index] = silent;
    }
    if (kind === "delete") entries.splice(index, 1);
    if (kind === "flip") entries[index] = { ...chosen, gap: !chosen.gap };
    if (kind === "swap") entries.push(...entries.splice(index, 1));
    if (kind === "double") entries.splice(index, 0, chosen);
    // The proper use of a gap: a new variable at its start, and the rest as a smaller gap.
    if (kind === "fill" && chosen.gap && chosen.size > fresh.size) {
      const rest = { ...chosen, ...placed(start + fresh.size), size: chosen.size - fresh.size };
      entries.splice(index, 1, { ...fresh, ...placed(start) }, rest);
    }
  }
  return listed(
    ...entries.map(({ slot, offset, size, label, type, gap, renamedFrom, retypedFrom }) =>
      entry({
        ...{ slot, offset, size, label, type, gap },
        ...(renamedFrom === undefined ? {} : { renamedFrom }),
        ...(retypedFrom === undefined ? {} : { retypedFrom }),
      }),
    ),
  );
}

describe("compareLayouts", () => {
  it("judges as the byte map does, for any two layouts and any edits", () => {
    let preserved = 0;
    let broken = 0;
    fc.assert(
      fc.property(
        layout,
        edits,
        layout,
        fc.constantFrom(true, true, true, false),
        (old, steps, other, edited) => {
          const next = edited ? applyEdits(old, steps) : other;
          const verdict = compareLayouts(old, next);
          expect(verdict.preserved).toBe(preservedByByteMap(old, next));
          expect(verdict.findings.length === 0).toBe(verdict.preserved);
          if (verdict.preserved) preserved++;
          else broken++;
        },
      ),
      { numRuns: 2000 },
    );
    // Both verdicts must come up often, or the property says little.
    expect(Math.min(preserved, broken)).toBeGreaterThan(300);
  });

  it("names every lost variable exactly in terms of what happened to it", () => {
    const variables = layout.filter(({ entries }) => entries.some(({ gap }) => !gap));
    fc.assert(
      fc.property(variables, edits, (old, steps) => {
        const next = applyEdits(old, steps);
        const { findings } = compareLayouts(old, next);
        for (const { code, old: before, new: after } of findings) {
          if (code === "layout/moved")
            expect([before!.slot, before!.offset]).not.toEqual([after!.slot, after!.offset]);
          if (code === "layout/resized") expect(before!.size).not.toBe(after!.size);
          if (code === "layout/renamed") expect(before!.label).not.toBe(after!.label);
          if (code === "layout/retyped") {
            expect([before!.type, before!.gap]).not.toEqual([after!.type, after!.gap]);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  const old = listed(
    entry({ slot: 0n, label: "total" }),
    entry({ slot: 1n, size: 20, label: "owner", type: "address" }),
    entry({ slot: 1n, offset: 20, size: 8, label: "since", type: "uint64" }),
    entry({ slot: 2n, size: 320, label: "__gap", type: "uint256[10]", gap: true }),
    entry({ slot: 12n, label: "shares", type: "mapping(address => uint256)" }),
  );
  const [total, owner, since, gap, shares] = old.entries as [
    LayoutEntry,
    LayoutEntry,
    LayoutEntry,
    LayoutEntry,
    LayoutEntry,
  ];
  const findings = (...entries: LayoutEntry[]) =>
    compareLayouts(old, listed(...entries)).findings.map(({ code, label, message }) => [
      code,
      label,
      message,
    ]);

  it("accepts new variables in gaps, in unused bytes and at the end, and gaps that change or go", () => {
    const smaller = entry({ slot: 3n, size: 288, label: "__gap", type: "uint256[9]", gap: true });
    expect(findings(total, owner, since, entry({ slot: 2n, label: "fee" }), smaller, shares)).toEqual([]);
    const flag = entry({ slot: 1n, offset: 28, size: 1, label: "open", type: "bool" });
    expect(findings(total, owner, since, flag, shares, entry({ slot: 13n, label: "more" }))).toEqual([]);
  });

  it("explains what was moved, resized, retyped, renamed and deleted", () => {
    const moved = entry({ slot: 13n, label: "shares", type: shares.type });
    expect(findings(total, owner, since, gap, moved)).toEqual([
      ["layout/moved", "shares", "shares moved from slot 12 to slot 13"],
    ]);
    const narrow = entry({ slot: 1n, offset: 20, size: 4, label: "since", type: "uint32" });
    expect(findings(total, owner, narrow, gap, shares)).toEqual([
      ["layout/resized", "since", "since (slot 1, byte 20) has 4 bytes in place of 8"],
    ]);
    const retyped = entry({ slot: 0n, label: "total", type: "int256" });
    expect(findings(retyped, owner, since, gap, shares)).toEqual([
      ["layout/retyped", "total", "total (slot 0) was uint256 and is int256"],
    ]);
    const renamed = entry({ slot: 0n, label: "supply" });
    expect(findings(renamed, owner, since, gap, shares)).toEqual([
      ["layout/renamed", "total", "total (slot 0) is now called supply"],
    ]);
    expect(findings(total, since, gap, shares)).toEqual([
      ["layout/deleted", "owner", "owner (slot 1) is gone"],
    ]);
    const asGap = entry({ slot: 0n, label: "total", gap: true });
    expect(findings(asGap, owner, since, gap, shares)).toEqual([
      ["layout/retyped", "total", "total (slot 0) is now a gap"],
    ]);
  });

  it("explains what lies in used space, overlaps, or stands in the wrong order", () => {
    const intruder = entry({ slot: 0n, label: "intruder", type: "bytes32" });
    expect(findings(intruder, owner, since, gap, shares)).toEqual([
      ["layout/deleted", "total", "total (slot 0) is gone"],
      ["layout/inserted-in-used-space", "intruder", "intruder (slot 0) lies where total was"],
    ]);
    const wide = entry({ slot: 11n, size: 64, label: "wide", type: "uint256[2]" });
    expect(findings(total, owner, since, wide, shares)).toEqual([
      ["layout/overlap", "shares", "wide and shares overlap at slot 12"],
      ["layout/inserted-in-used-space", "wide", "wide (slot 11) lies where shares was"],
    ]);
    expect(findings(owner, since, total, gap, shares)).toEqual([
      ["layout/unsorted", "total", "total (slot 0) stands after since in the list, but before it in storage"],
    ]);
  });

  it("reports a variable that went into the middle as the shift that it causes", () => {
    const shifted = (entry: LayoutEntry, slots: bigint): LayoutEntry => ({
      ...entry,
      slot: entry.slot + slots,
    });
    const codes = compareLayouts(
      old,
      listed(
        total,
        entry({ slot: 1n, label: "fee" }),
        ...[owner, since, gap, shares].map((moved) => shifted(moved, 1n)),
      ),
    ).findings.map(({ code, label }) => `${code} ${label}`);
    expect(codes).toContain("layout/moved owner");
    expect(codes).toContain("layout/moved since");
    expect(codes).toContain("layout/moved shares");
    expect(codes).toContain("layout/inserted-in-used-space fee");
  });

  it("tells variables of one name apart by their places", () => {
    const twins = listed(entry({ slot: 0n, label: "_x" }), entry({ slot: 1n, label: "_x" }));
    expect(compareLayouts(twins, twins).preserved).toBe(true);
    const [first] = twins.entries;
    expect(compareLayouts(twins, listed(first!)).findings).toMatchObject([
      { code: "layout/deleted", slot: 1n, label: "_x" },
    ]);
  });
});

describe("assertLayoutPreserved", () => {
  const old = listed(entry({ slot: 0n, label: "a" }), entry({ slot: 1n, label: "b" }));

  it("names the first finding and lists all", () => {
    expect(() => assertLayoutPreserved(compareLayouts(old, old))).not.toThrow();
    expect(() => assertLayoutPreserved(compareLayouts(old, listed()))).toThrow(
      failure("layout/not-preserved", {
        message: expect.stringContaining("a (slot 0) is gone"),
        why: "a (slot 0) is gone; b (slot 1) is gone",
        details: { finding: "layout/deleted", label: "a", slot: 0n, findings: 2 },
      }),
    );
  });
});

describe("layoutWitness", () => {
  it("keeps exactly the unchanged variables, and as many as the old layout has when it is preserved", () => {
    fc.assert(
      fc.property(layout, edits, (old, steps) => {
        const next = applyEdits(old, steps);
        const comparison = compareLayouts(old, next);
        const witness = layoutWitness(comparison);
        const kept = witness.new.filter(({ keep, changed }) => keep + changed === 1n).length;
        expect(meetsCircuit(witness)).toBe(comparison.preserved);
        expect(witness.findings).toEqual(comparison.findings);
        expect(comparison.preserved).toBe(preservedByByteMap(old, next));
        expect(witness.new.every(({ keep, gap }) => keep * gap === 0n)).toBe(true);
        const variables = old.entries.filter(({ gap }) => !gap).length;
        if (comparison.preserved) expect(kept).toBe(variables);
        else expect(kept).toBeLessThanOrEqual(variables);
      }),
      { numRuns: 100 },
    );
  });

  it("carries each value of docs/encodings.md by itself", () => {
    const before = entry({ slot: (1n << 40n) + 2n, offset: 3, size: 20, label: "owner", type: "address" });
    const gap = entry({ slot: (1n << 40n) + 3n, size: 64, label: "__gap", type: "uint256[2]", gap: true });
    const fresh = entry({ slot: (1n << 40n) + 3n, label: "fee" });
    const { typeDigest, labelDigest } = before;
    const witness = layoutWitness(compareLayouts(listed(before, gap), listed(before, fresh)));
    expect(witness.old).toEqual([
      { hi: 1n, packed: 67n + 20n * 2n ** 45n, typeDigest, labelDigest, gap: 0n, changed: 0n },
      {
        hi: 1n,
        packed: 96n + 64n * 2n ** 45n,
        typeDigest: gap.typeDigest,
        labelDigest: gap.labelDigest,
        gap: 1n,
        changed: 0n,
      },
    ]);
    expect(witness.new).toEqual([
      { hi: 1n, lo: 67n, size: 20n, typeDigest, labelDigest, gap: 0n, changed: 0n, keep: 1n },
      {
        hi: 1n,
        lo: 96n,
        size: 32n,
        typeDigest: fresh.typeDigest,
        labelDigest: fresh.labelDigest,
        gap: 0n,
        changed: 0n,
        keep: 0n,
      },
    ]);
  });

  it("refuses more entries than the circuit takes, and says how many", () => {
    const witness = (old: Layout, next: Layout, capacity?: LayoutCapacity) =>
      layoutWitness(compareLayouts(old, next), capacity);
    const many = (count: number) =>
      listed(...Array.from({ length: count }, (_, slot) => entry({ slot: BigInt(slot) })));
    expect(witness(many(64), many(96)).new).toHaveLength(96);
    expect(() => witness(many(65), many(65))).toThrow(
      failure("layout/too-many-entries", {
        details: { layout: "old", entries: 65, gaps: 0, capacity: 64, parameter: "oldEntries" },
      }),
    );
    expect(() => witness(many(1), many(97))).toThrow(
      failure("layout/too-many-entries", {
        details: { layout: "new", entries: 97, gaps: 0, capacity: 96, parameter: "newEntries" },
      }),
    );
    const told = (count: number) =>
      listed(
        ...Array.from({ length: count }, (_, slot) =>
          entry({ slot: BigInt(slot), label: `y${slot}`, renamedFrom: `x${slot}` }),
        ),
      );
    expect(witness(many(7), told(7)).changes).toHaveLength(7);
    expect(() => witness(many(8), told(8))).toThrow(
      failure("layout/too-many-changes", { details: { changes: 8, capacity: 7 } }),
    );
    expect(() => witness(many(2), many(2), { oldEntries: 2, newEntries: 1, changes: 1 })).toThrow(
      failure("layout/too-many-entries"),
    );
  });
});
