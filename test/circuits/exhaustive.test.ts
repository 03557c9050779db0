import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileCircuit, type R1cs, readR1cs, violatedConstraints } from "../../soundness/index.js";
import { FIELD_ORDER } from "../../src/field/index.js";

const VALUES = [0n, 1n, 2n, 3n, FIELD_ORDER - 1n, FIELD_ORDER - 2n, (FIELD_ORDER + 1n) / 2n];

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "sealpatch-test-"));
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

async function constraintsOf(name: string): Promise<R1cs> {
  const { r1csFile } = await compileCircuit({
    source: `test/circuits/instances/${name}.circom`,
    outDir: join(scratch, name),
  });
  return readR1cs(r1csFile);
}

const triples = VALUES.flatMap((a) => VALUES.flatMap((b) => VALUES.map((c) => [a, b, c] as const)));

describe("templates without helper signals, over every assignment of their wires from a set of values", () => {
  it("T19: Prefix accepts exactly 000, 100, 110 and 111, with their count", async () => {
    const r1cs = await constraintsOf("prefix");
    const accepted: string[] = [];
    for (const [a, b, c] of triples) {
      for (const count of VALUES) {
        // Wires: one, the output, the inputs.
        if (violatedConstraints(r1cs, [1n, count, a, b, c]).length === 0)
          accepted.push(`${a}${b}${c}:${count}`);
      }
    }
    expect(accepted.sort()).toEqual(["000:0", "100:1", "110:2", "111:3"]);
  });

  it("T19: ZeroWhereUnused accepts anything at a used place and only zeros at an unused one", async () => {
    const r1cs = await constraintsOf("zero-where-unused");
    for (const [used, first, second] of triples) {
      const accepted = violatedConstraints(r1cs, [1n, used, first, second]).length === 0;
      expect(accepted).toBe(used === 1n || (first === 0n && second === 0n));
    }
  });
});
