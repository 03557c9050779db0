import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { v128, WasmModule } from "../../../src/proof/arithmetic/assembler.js";
import { addField } from "../../../src/proof/arithmetic/field-code.js";
import {
  BASE_FIELD,
  LIMB_BITS,
  LIMBS,
  powerModulo,
  SCALAR_FIELD,
} from "../../../src/proof/arithmetic/limbs.js";
import type { ArithmeticExports } from "../../../src/proof/arithmetic/module.js";
import { Bench, edgeForms } from "./memory.js";

const bench = new Bench();
const [a, b, out] = [bench.group(), bench.group(), bench.group()];

describe.each([BASE_FIELD, SCALAR_FIELD])("the field of order $name", (field) => {
  const { name, order } = field;
  const bound = 2n * order + (1n << 232n);
  const element = fc.oneof(fc.constantFrom(...edgeForms(field)), fc.bigInt({ min: 0n, max: bound - 1n }));
  const four = fc.tuple(element, element, element, element);
  const inverseOfR = powerModulo(2n, order - 1n - BigInt(LIMB_BITS * LIMBS), order);
  const modulo = (value: bigint) => ((value % order) + order) % order;
  const write = (address: number, forms: readonly bigint[]) => {
    const from = bench.group(forms);
    bench.memory.bytes(address, 144).set(bench.memory.bytes(from, 144));
  };
  /** Of all four lanes: the value, and that it is below the bound with whole limbs. */
  const agrees = async (
    call: readonly [string, ...number[]],
    expected: (x: bigint, y: bigint) => bigint,
    [x, y]: readonly [readonly bigint[], readonly bigint[]],
  ) => {
    await bench.memory.during(async () => {
      write(a, x);
      write(b, y);
      await bench.call(...call);
      const words = bench.memory.words(call.at(-1) as number, 4 * LIMBS);
      expect(words.every((word) => word < 2 ** LIMB_BITS)).toBe(true);
      for (const [lane, form] of bench.forms(call.at(-1) as number).entries()) {
        expect(form < bound).toBe(true);
        expect(form % order).toBe(modulo(expected(x[lane]!, y[lane]!)));
      }
    });
  };
  const OPERATIONS: readonly [string, readonly [string, ...number[]], (x: bigint, y: bigint) => bigint][] = [
    ["multiplies", [`${name}_multiply`, a, b, out], (x, y) => x * y * inverseOfR],
    ["squares", [`${name}_square`, a, out], (x) => x * x * inverseOfR],
    ["adds", [`${name}_add`, a, b, out], (x, y) => x + y],
    ["subtracts", [`${name}_subtract`, a, b, out], (x, y) => x - y],
    ["multiplies in place", [`${name}_multiply`, a, b, a], (x, y) => x * y * inverseOfR],
    ["subtracts in place", [`${name}_subtract`, a, b, b], (x, y) => x - y],
  ];

  it.each(OPERATIONS)(
    "%s, whatever multiple of the order stands in the operands",
    async (_, call, expected) => {
      await fc.assert(
        fc.asyncProperty(four, four, (x, y) => agrees(call, expected, [x, y])),
        { numRuns: 300 },
      );
    },
  );

  it("multiplies four by one, written as nine words", async () => {
    const one = bench.memory.take(36);
    await fc.assert(
      fc.asyncProperty(four, element, async (x, y) => {
        const words = bench.memory.words(one, LIMBS);
        for (let limb = 0; limb < LIMBS; limb++) words[limb] = Number((y >> BigInt(29 * limb)) & 0x1fffffffn);
        await agrees([`${name}_multiplyByOne`, a, one, out], (value) => value * y * inverseOfR, [x, x]);
      }),
      { numRuns: 100 },
    );
  });

  it("gives the smallest of its class", async () => {
    await fc.assert(
      fc.asyncProperty(four, async (x) => {
        write(a, x);
        await bench.call(`${name}_canonical`, a, out);
        expect(bench.forms(out)).toEqual(x.map(modulo));
      }),
      { numRuns: 300 },
    );
  });

  it("says of which the class is zero, whatever limbs they share with one that is", async () => {
    const module = new WasmModule();
    const { isZero } = addField(module, field);
    module.function("zeros", ["i32", "i32"], ({ params: [from, to] }) => v128.store(to!, isZero.call(from!)));
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const bytes = module.build({ shared: false, initialPages: 1, maximumPages: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
    const { zeros } = exports as unknown as ArithmeticExports;
    const near = fc
      .tuple(fc.constantFrom(0n, 1n, 2n), fc.integer({ min: 0, max: LIMBS - 1 }), fc.constantFrom(0n, 1n))
      .map(([times, limb, one]) => (times * order) ^ (one << BigInt(LIMB_BITS * limb)));
    const any = fc.oneof(near, element);
    await fc.assert(
      fc.asyncProperty(fc.tuple(any, any, any, any), async (x) => {
        write(a, x);
        new Uint8Array(memory.buffer).set(bench.memory.bytes(a, 144));
        zeros!(0, 144);
        expect([...new Int32Array(memory.buffer, 144, 4)]).toEqual(
          x.map((form) => (modulo(form) === 0n ? -1 : 0)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("inverts, and leaves zero as it is", async () => {
    await fc.assert(
      fc.asyncProperty(four, async (x) => {
        write(a, x);
        await bench.call(`${name}_invert`, a, out);
        await bench.call(`${name}_multiply`, a, out, out);
        await bench.call(`${name}_canonical`, out, out);
        const one = powerModulo(2n, BigInt(LIMB_BITS * LIMBS), order);
        expect(bench.forms(out)).toEqual(x.map((value) => (modulo(value) === 0n ? 0n : one)));
      }),
      { numRuns: 30 },
    );
  });
});
