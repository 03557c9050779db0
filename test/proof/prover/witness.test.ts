import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { wtns } from "snarkjs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FIELD_ORDER, poseidon } from "../../../src/field/index.js";
import { calculateWitness } from "../../../src/proof/prover/index.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";

const folder = await scratchFolder();
const multiplier = await compileTestCircuit(folder, "multiplier");
const chain = await compileTestCircuit(folder, "chain");
const guarded = await compileTestCircuit(folder, "guarded");
const element = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n });

afterEach(() => vi.restoreAllMocks());

function value(witness: Uint8Array, index: number): bigint {
  const bytes = Buffer.from(witness.subarray(76 + 32 * index, 108 + 32 * index));
  return BigInt(`0x${bytes.reverse().toString("hex")}`);
}

/** The same WASM with a custom section, so many bytes longer (at least 11). */
function withSection(code: Uint8Array, bytes: number): Buffer {
  // Integers of WASM in five bytes, seven bits each, though fewer would do.
  const integer = (size: number) =>
    Buffer.from([0, 7, 14, 21, 28].map((shift) => ((size >>> shift) & 127) | (shift < 28 ? 128 : 0)));
  const name = Buffer.alloc(bytes - 11, "x");
  return Buffer.concat([code, Buffer.from([0]), integer(name.length + 5), integer(name.length), name]);
}

/** Lets a test see what instances export, and change it. */
function withInstances(change: (exports: WebAssembly.Exports) => WebAssembly.Exports): void {
  const { instantiate } = WebAssembly;
  const changed = async (module: WebAssembly.Module, imports?: WebAssembly.Imports) => ({
    exports: change((await instantiate(module, imports)).exports),
  });
  vi.spyOn(WebAssembly, "instantiate").mockImplementation(changed as never);
}

describe("calculateWitness", () => {
  it("gives the bytes that snarkjs gives, which satisfy the constraints", async () => {
    await fc.assert(
      fc.asyncProperty(element, element, async (preimage, salt) => {
        const witness = await calculateWitness(chain.wasmFile, { preimage, salt });
        const expected = { type: "mem" as const, data: new Uint8Array() };
        await wtns.calculate({ preimage, salt }, chain.wasmFile, expected);
        expect(Buffer.from(witness).equals(expected.data)).toBe(true);
        let image = preimage;
        for (let link = 0; link < 8; link++) image = poseidon([image, salt]);
        expect([value(witness, 0), value(witness, 1), value(witness, 2)]).toEqual([1n, image, salt]);
      }),
      { numRuns: 5 },
    );
  });

  it("takes signals with dimensions", async () => {
    const witness = await calculateWitness(guarded.wasmFile, { values: [20n, 30n], limit: 600n });
    expect(value(witness, 1)).toBe(50n);
  });

  it("names template and line of the broken rule, and prints and tells no value", async () => {
    const printed = vi.spyOn(console, "log").mockImplementation(() => {});
    const complained = vi.spyOn(console, "error").mockImplementation(() => {});
    const refusals = [
      { input: { values: [7531n, 3n], limit: 22593n }, template: "Num2Bits", line: 38 },
      { input: { values: [75n, 31n], limit: 5n }, template: "Guarded", line: 23 },
    ];
    for (const { input, template, line } of refusals) {
      const error: unknown = await calculateWitness(guarded.wasmFile, input).catch(
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ code: "proof/witness-refused", details: { template, line } });
      expect(JSON.stringify(error)).not.toMatch(/7531|22593|"75"|75n/);
    }
    expect(printed).not.toHaveBeenCalled();
    expect(complained).not.toHaveBeenCalled();
  });

  it("does not repeat an earlier call's error", async () => {
    await calculateWitness(guarded.wasmFile, { values: [300n, 3n], limit: 900n }).catch(() => {});
    const second = calculateWitness(guarded.wasmFile, { values: [1n, 2n], limit: 3n });
    await expect(second).rejects.toMatchObject({ details: { template: "Guarded" } });
    await calculateWitness(guarded.wasmFile, { values: [1n, 2n], limit: 2n });
  });

  const good = { first: 1n, second: 2n, secret: 3n };
  const mismatches: [rule: string, input: Record<string, bigint | bigint[]>][] = [
    ["a signal too few", { first: 1n, second: 2n }],
    ["a signal too many", { ...good, third: 3n }],
    ["a value too few", { ...good, secret: [] }],
    ["a value too many", { ...good, secret: [1n, 2n] }],
    ["a negative value", { ...good, secret: -1n }],
    ["T06: a value of r, which is not reduced", { ...good, first: FIELD_ORDER }],
  ];
  for (const [rule, input] of mismatches) {
    it(`refuses ${rule}`, async () => {
      await expect(calculateWitness(multiplier.wasmFile, input)).rejects.toMatchObject({
        code: "proof/input-mismatch",
      });
    });
  }

  it("compiles a calculator once", async () => {
    const file = join(folder, "kept.wasm");
    await writeFile(file, withSection(await readFile(multiplier.wasmFile), 12));
    const compile = vi.spyOn(WebAssembly, "compile");
    for (let call = 0; call < 3; call++) await calculateWitness(file, good);
    expect(compile).toHaveBeenCalledTimes(1);
  });

  it("keeps few compiled calculators", async () => {
    const code = await readFile(multiplier.wasmFile);
    const files = Array.from({ length: 6 }, (_, index) => join(folder, `one-of-many-${index}.wasm`));
    for (const [index, file] of files.entries()) {
      await writeFile(file, withSection(code, 20 + index));
      await calculateWitness(file, good);
    }
    const compile = vi.spyOn(WebAssembly, "compile");
    await calculateWitness(files.at(-1)!, good);
    expect(compile).not.toHaveBeenCalled();
    await calculateWitness(files[0]!, good);
    expect(compile).toHaveBeenCalledTimes(1);
  });

  it("takes the calculator that the file holds now, though its path, size and time are those of another one", async () => {
    const file = join(folder, "changed.wasm");
    const [first, second] = [await readFile(multiplier.wasmFile), await readFile(chain.wasmFile)];
    const size = Math.max(first.length, second.length) + 20;
    await writeFile(file, withSection(first, size - first.length));
    const time = new Date("2026-01-01");
    await utimes(file, time, time);
    const before = await stat(file);
    expect(value(await calculateWitness(file, good), 1)).toBe(6n);
    await writeFile(file, withSection(second, size - second.length));
    await utimes(file, time, time);
    const after = await stat(file);
    expect([after.size, after.mtimeMs]).toEqual([before.size, before.mtimeMs]);
    const input = { preimage: 1n, salt: 2n };
    expect(await calculateWitness(file, input)).toEqual(await calculateWitness(chain.wasmFile, input));
  });

  it("leaves nothing in the calculator's memory, whether it gives a witness or refuses", async () => {
    const memories: WebAssembly.Memory[] = [];
    withInstances((exports) => {
      memories.push(exports.memory as WebAssembly.Memory);
      return exports;
    });
    await calculateWitness(guarded.wasmFile, { values: [20n, 30n], limit: 600n });
    await calculateWitness(guarded.wasmFile, { values: [75n, 31n], limit: 5n }).catch(() => {});
    await calculateWitness(guarded.wasmFile, { values: [75n, 31n] }).catch(() => {});
    expect(memories).toHaveLength(3);
    for (const { buffer } of memories) {
      expect(Buffer.from(buffer).every((byte) => byte === 0)).toBe(true);
    }
  });

  it("refuses a calculator whose memory grows while it is read", async () => {
    withInstances((exports) => ({
      ...exports,
      getWitness: (index: number) => {
        (exports.getWitness as (index: number) => void)(index);
        if (index === 2) (exports.memory as WebAssembly.Memory).grow(1);
      },
    }));
    await expect(calculateWitness(multiplier.wasmFile, good)).rejects.toMatchObject({
      code: "proof/bad-calculator",
      why: "it crashed",
    });
  });

  it("refuses a file that is no witness calculator", async () => {
    const file = join(folder, "empty.wasm");
    await writeFile(file, Buffer.from("0061736d01000000", "hex"));
    for (const bad of [file, join(folder, "none.wasm"), multiplier.r1csFile]) {
      await expect(calculateWitness(bad, good)).rejects.toMatchObject({ code: "proof/bad-calculator" });
    }
  });
});
