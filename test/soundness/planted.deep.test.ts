import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findSignalAsserts, findWideDecompositions } from "../../soundness/forbidden.js";
import {
  buildTwins,
  type CircuitInput,
  checkDeterminism,
  checkSources,
  mutateHints,
  unconstrainedPublicSignals,
  violatedConstraints,
} from "../../soundness/index.js";
import { checkLedger, type Ledger } from "../../soundness/ledger.js";
import { readSources } from "../../soundness/sources.js";
import { ROOT } from "../../src/places.js";
import { fixture, GADGETS_INPUT, loadFixture, MERKLE_INPUT, signatureInput, WORK_DIR } from "./fixtures.js";

async function determinismOf(name: string, input: CircuitInput) {
  const { r1cs, symbols, calculator } = await loadFixture(name);
  return checkDeterminism(r1cs, symbols, calculator.calculate(input));
}

describe("T19: the determinism check finds", () => {
  const cases: [bug: string, input: CircuitInput, free: string[]][] = [
    ["missing-bit-check", { in: 77n }, Array.from({ length: 8 }, (_, i) => `main.bits[${i}]`)],
    ["missing-product", { a: 3n, b: 4n }, ["main.product"]],
    ["half-is-zero", { in: 5n, weight: 2n }, ["main.out", "main.isZero.inv"]],
    ["unpinned-division", { dividend: 1000n, divisor: 7n }, ["main.quotient", "main.remainder"]],
    ["aliased-combination", { in: 0x12345678n }, ["main.high", "main.low"]],
    ["copied-hint", { in: 4n }, ["main.out"]],
    ["fixed-input", { version: 3n, in: 4n, flag: 1n }, ["main.out", "main.half"]],
  ];

  it.each(cases)("%s, and names the signals that can move", async (bug, input, free) => {
    const { freeSignals } = await determinismOf(bug, input);
    expect(freeSignals).toEqual(expect.arrayContaining(free));
  });

  it("half-is-zero also at input 0, where the inverse looks like that of a whole IsZero", async () => {
    expect(await determinismOf("half-is-zero", { in: 0n, weight: 2n })).toMatchObject({
      idleInverses: 0,
      freeSignals: ["main.isZero.inv"],
    });
  });

  it("free-selector, whose selectors move the root", async () => {
    const { freeSignals } = await determinismOf("free-selector", MERKLE_INPUT);
    expect(freeSignals).toEqual(expect.arrayContaining(["main.root", "main.side[0]", "main.side[1]"]));
  });
});

describe("the other checks find", () => {
  it("T06: a public signal that no constraint touches, and only that", async () => {
    const { r1cs, symbols } = await loadFixture("unused-public-signal");
    expect(unconstrainedPublicSignals(r1cs, symbols)).toEqual(["main.recipient"]);
    const product = await loadFixture("missing-product");
    expect(unconstrainedPublicSignals(product.r1cs, product.symbols)).toEqual(["main.product"]);
  });

  it("a decomposition of 254 bits, which the determinism check cannot see", async () => {
    expect((await determinismOf("wide-decomposition", { in: 5n })).freeSignals).toEqual([]);
    expect(findWideDecompositions(await readSources([fixture("wide-decomposition")]))).toMatchObject([
      { rule: "wide-decomposition", template: "Parity", text: "Num2Bits(bits)" },
    ]);
  });

  it("an assert on what a signal leads to, but none on parameters", async () => {
    expect(findSignalAsserts(await readSources([fixture("assert-on-signal")]))).toMatchObject([
      { rule: "assert-on-signal", template: "Positive", text: "assert ( doubled != 0 )" },
    ]);
  });
});

describe("the mutation of hints finds", () => {
  it("hints without any constraint, also where they are copied and optimised away", async () => {
    for (const [bug, input] of [
      ["missing-product", { a: 3n, b: 4n }],
      ["copied-hint", { in: 4n }],
    ] as const) {
      const twins = await buildTwins({ mainFile: fixture(bug), workDir: WORK_DIR });
      const { unpinned } = mutateHints(twins, input);
      expect(unpinned.map(({ mutation }) => mutation)).toEqual(["+1", "0", "random"]);
    }
  });

  it("a bit check that lets 2 pass: an isolated second solution, which the determinism check cannot see", async () => {
    expect((await determinismOf("wrong-bit-check", { in: 5n })).freeSignals).toEqual([]);
    const twins = await buildTwins({ mainFile: fixture("wrong-bit-check"), workDir: WORK_DIR });
    expect(mutateHints(twins, { in: 5n }).unpinned).toEqual([{ signal: "main.flag", mutation: "2" }]);
  });
});

describe("T19: a decomposition with a spare weight", () => {
  /** As somebody would list it who holds it to be pinned. */
  const listed = (file: string): Ledger["hints"][number] => ({
    file,
    template: "SpareWeight",
    signal: "out[i]",
    pinnedBy: ["out[i] * (out[i] - 1) === 0", "sum === in"],
  });

  it("has two witnesses, which neither the Jacobian, nor mutated hints, nor its entry in a ledger show", async () => {
    const twins = await buildTwins({ mainFile: fixture("spare-weight"), workDir: WORK_DIR });
    const { r1cs, symbols, calculator } = twins.real;
    const witness = calculator.calculate({ in: 5n });
    const wire = (index: number) => symbols.wires[symbols.labelOf.get(`main.out[${index}]`)!]!;
    const other = [...witness];
    [other[wire(2)], other[wire(3)]] = [witness[wire(3)]!, witness[wire(2)]!];
    expect(other).not.toEqual(witness);
    expect(violatedConstraints(r1cs, other)).toEqual([]);
    expect(checkDeterminism(r1cs, symbols, witness).freeSignals).toEqual([]);
    expect(mutateHints(twins, { in: 5n }).unpinned).toEqual([]);
    const sources = await readSources([fixture("spare-weight")]);
    const hints = [listed("test/soundness/planted/spare-weight.circom")];
    expect(checkLedger(sources, { ownHints: "listed", hints })).toEqual([]);
    expect(checkLedger(sources, { ownHints: "forbidden", hints })).toMatchObject([
      { problem: "forbidden", template: "SpareWeight", signal: "out[i]", constraint: "" },
    ]);
  });

  it("is found in the product's circuits, however it is listed: no hint stands outside of circomlib", async () => {
    const folder = await mkdtemp(join(tmpdir(), "planted-"));
    try {
      await cp(join(ROOT, "circuits"), folder, { recursive: true });
      const [, body] = (await readFile(fixture("spare-weight"), "utf8")).split(
        /(?=template)|(?=component main)/,
      );
      const layout = join(folder, "lib/layout.circom");
      const text = await readFile(layout, "utf8");
      await writeFile(layout, text.replace("Num2Bits(SIZE_BITS())", "SpareWeight()") + body);
      const ledgerFile = join(folder, "ledger.json");
      const ledger = JSON.parse(await readFile(ledgerFile, "utf8")) as Ledger;
      const { files } = await readSources([layout]);
      const hints = [...ledger.hints, listed(files[0]!.name)];
      await writeFile(ledgerFile, JSON.stringify({ ...ledger, hints }));
      const { problems } = await checkSources(folder);
      expect(problems).toEqual([expect.stringMatching(/^ledger: forbidden: out\[i\] of SpareWeight /)]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("the correct twins pass", () => {
  it("IsZero at 0, Num2Bits, LessThan, MultiMux2 and a division are determined", async () => {
    expect(await determinismOf("gadgets", GADGETS_INPUT)).toMatchObject({ idleInverses: 1, freeSignals: [] });
    expect(await determinismOf("gadgets", { ...GADGETS_INPUT, zero: 5n })).toMatchObject({
      idleInverses: 0,
      freeSignals: [],
    });
  });

  it("each signal is an input, peeled, in the core, or an idle inverse", async () => {
    const { r1cs, symbols, calculator } = await loadFixture("gadgets");
    const found = checkDeterminism(r1cs, symbols, calculator.calculate(GADGETS_INPUT));
    expect(1 + 11 + found.peeled + found.coreColumns + found.idleInverses).toBe(r1cs.wireCount);
    expect(found.coreRank).toBe(found.coreColumns);
  });

  it("a Merkle path is determined", async () => {
    expect((await determinismOf("merkle", MERKLE_INPUT)).freeSignals).toEqual([]);
  });

  it("EdDSAPoseidonVerifier is determined at a real signature", async () => {
    expect((await determinismOf("signature", await signatureInput())).freeSignals).toEqual([]);
  });

  it("every public signal is constrained, no decomposition too wide, no assert on a signal", async () => {
    for (const name of ["gadgets", "merkle", "signature"]) {
      const { r1cs, symbols } = await loadFixture(name);
      const sources = await readSources([fixture(name)]);
      expect(unconstrainedPublicSignals(r1cs, symbols)).toEqual([]);
      expect([...findWideDecompositions(sources), ...findSignalAsserts(sources)]).toEqual([]);
    }
  });

  it("every hint is pinned, circomlib's included", async () => {
    for (const [name, input, signals] of [
      ["gadgets", GADGETS_INPUT, 32 * 4 + 33 * 2 + 254 + 135 + 3],
      ["merkle", MERKLE_INPUT, 2],
      ["pinned-copy", { in: 5n, other: 6n }, 1],
    ] as const) {
      const twins = await buildTwins({ mainFile: fixture(name), workDir: WORK_DIR });
      expect(mutateHints(twins, input)).toMatchObject({ mutated: signals, unpinned: [] });
    }
  });

  it("every hint of a signature is pinned", async () => {
    const twins = await buildTwins({ mainFile: fixture("signature"), workDir: WORK_DIR });
    const { mutated, unpinned, absent } = mutateHints(twins, await signatureInput());
    expect({ unpinned, absent }).toEqual({ unpinned: [], absent: [] });
    expect(mutated).toBeGreaterThan(1000);
  });
});
