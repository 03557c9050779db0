import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isSatisfied, violatedConstraints, wireName } from "../../soundness/constraints.js";
import {
  checkDeterminism,
  compileCircuit,
  type LoadedCircuit,
  WitnessCalculator,
} from "../../soundness/index.js";
import { readR1cs } from "../../soundness/r1cs.js";
import { readSymbols } from "../../soundness/sym.js";
import { FIELD_ORDER } from "../../src/field/index.js";
import { ROOT } from "../../src/places.js";
import { fixture, GADGETS_INPUT, loadFixture, WORK_DIR } from "./fixtures.js";

let circuit: LoadedCircuit;
let files: { r1csFile: string; symFile: string };
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "readers-"));
  circuit = await loadFixture("gadgets");
  files = await compileCircuit({ source: fixture("gadgets"), outDir: join(scratch, "gadgets") });
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** Position of the length of the last linear form; the constraints are the first section of what circom writes. */
function lastLengthOf(r1cs: Buffer): number {
  const section = 12;
  const end = section + 12 + Number(r1cs.readBigUInt64LE(section + 4));
  let last = section + 12;
  for (let at = last; at < end; at += 4 + 36 * r1cs.readUInt32LE(at)) last = at;
  return last;
}

describe("the r1cs reader", () => {
  it("reads a system that the compiler's own witness satisfies", () => {
    const { r1cs, calculator } = circuit;
    expect(violatedConstraints(r1cs, calculator.calculate(GADGETS_INPUT))).toEqual([]);
    expect(r1cs).toMatchObject({ outputCount: 7, publicInputCount: 0, privateInputCount: 11 });
  });

  it("holds each coefficient once, as the representative nearest to 0", () => {
    const { coefficients } = circuit.r1cs;
    expect(new Set(coefficients).size).toBe(coefficients.length);
    for (const value of coefficients)
      expect(value <= FIELD_ORDER / 2n && value > -FIELD_ORDER / 2n).toBe(true);
    expect(coefficients).toContain(-1n);
  });

  it("sees any change of any signal in a constraint that holds it", () => {
    const { r1cs, calculator } = circuit;
    const witness = calculator.calculate(GADGETS_INPUT);
    // A linear form that misses or mixes up a coefficient would let some of these pass.
    for (let wire = 1; wire <= 18; wire++) {
      const forged = witness.with(wire, (witness[wire]! + 12_345n) % FIELD_ORDER);
      expect(violatedConstraints(r1cs, forged)).not.toEqual([]);
    }
    expect(
      isSatisfied(
        r1cs,
        0,
        witness.map(() => 3n),
      ),
    ).toBe(false);
  });

  it("refuses files that are cut off or something else", async () => {
    const whole = await readFile(files.r1csFile);
    const file = join(scratch, "broken.r1cs");
    const refuses = async (bytes: Uint8Array) => {
      await writeFile(file, bytes);
      await expect(readR1cs(file)).rejects.toMatchObject({ code: "soundness/r1cs-invalid" });
    };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), (length) =>
        refuses(whole.subarray(0, length)),
      ),
      { numRuns: 20 },
    );
    await refuses(await readFile(files.symFile));
    const longer = Uint8Array.from(whole);
    longer[lastLengthOf(whole)]! += 1;
    await refuses(longer);
    const otherField = Uint8Array.from(whole);
    otherField[whole.lastIndexOf(Buffer.from("010000f093f5e143", "hex"))]! ^= 2;
    await refuses(otherField);
  });
});

describe("the sym reader", () => {
  it("agrees with the r1cs on which label each wire has", () => {
    const { r1cs, symbols } = circuit;
    for (let wire = 1; wire < r1cs.wireCount; wire++) {
      const name = wireName(r1cs, symbols, wire);
      expect(symbols.wires[symbols.labelOf.get(name)!]).toBe(wire);
    }
    expect(symbols.names.slice(1, 4)).toEqual(["main.isZero", "main.isLess", "main.chosen[0]"]);
  });

  it("refuses files that are something else", async () => {
    await expect(readSymbols(join(ROOT, "package.json"))).rejects.toMatchObject({
      code: "soundness/sym-invalid",
    });
  });
});

describe("the witness calculator", () => {
  const refusal = (input: object) => {
    try {
      circuit.calculator.calculate({ ...GADGETS_INPUT, ...input });
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it("names the template and the line of the constraint that fails, without any value", () => {
    const error = refusal({ number: 2n ** 40n });
    expect(error).toMatchObject({
      code: "soundness/witness-refused",
      details: { template: "Num2Bits", line: 38 },
    });
    expect(JSON.stringify(error)).not.toContain(String(2n ** 40n));
  });

  it("starts afresh: a refused attempt leaves no trace in the next", () => {
    refusal({ number: 2n ** 40n });
    expect(refusal({ number: 2n ** 41n })).toMatchObject({
      why: expect.stringMatching(/^[^;]*Num2Bits[^;]*;[^;]*$/),
    });
    expect(refusal({})).toBe(undefined);
  });

  it("refuses inputs that do not fit the circuit", () => {
    const wrong = [{ unknown: 1n }, { table: [1n] }, { zero: FIELD_ORDER }, { zero: -1n }, { zero: [] }];
    for (const input of wrong) expect(refusal(input)).toMatchObject({ code: "soundness/input-mismatch" });
    const { zero: _, ...incomplete } = GADGETS_INPUT;
    expect(() => circuit.calculator.calculate(incomplete)).toThrowError(
      expect.objectContaining({ code: "soundness/input-mismatch" }),
    );
  });

  it("yields the same witness as the public outputs say", () => {
    const witness = circuit.calculator.calculate(GADGETS_INPUT);
    const { number, other } = GADGETS_INPUT as { number: bigint; other: bigint };
    expect(witness.slice(0, 7)).toEqual([1n, 1n, 0n, 13n, 23n, number / other, number % other]);
  });
});

describe("the determinism check", () => {
  it("refuses a witness that does not satisfy the constraints", async () => {
    const { r1cs, symbols, calculator } = circuit;
    const witness = calculator.calculate(GADGETS_INPUT).with(1, 0n);
    expect(() => checkDeterminism(r1cs, symbols, witness)).toThrowError(
      expect.objectContaining({ code: "soundness/unsatisfied" }),
    );
  });

  it("needs a calculator that loads", async () => {
    await expect(WitnessCalculator.load(join(WORK_DIR, "missing.wasm"))).rejects.toThrow();
  });
});
