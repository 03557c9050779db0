import {
  type Code,
  type Global,
  i32,
  i32s,
  type Local,
  type Tuple,
  times,
  type WasmFunction,
  type WasmModule,
} from "./assembler.js";
import type { FieldFunctions } from "./field-code.js";
import { GROUP_BYTES } from "./limbs.js";

/** What the sums of points need of the field of their coordinates: groups of `degree` consecutive groups of the base field. */
export interface CoordinateField {
  readonly degree: 1 | 2;
  readonly base: FieldFunctions;
  readonly multiply: WasmFunction;
  readonly square: WasmFunction;
  readonly add: WasmFunction;
  readonly subtract: WasmFunction;
}

/** Working memory of one thread: addresses relative to a variable of its instance. */
export class Scratch {
  readonly base: Global;
  #size = 0;

  constructor(module: WasmModule) {
    this.base = module.global();
  }

  /** Bytes that every thread needs. */
  get size(): number {
    return this.#size;
  }

  /** Takes bytes for one function, and gives the code of their address. */
  take(bytes: number): Code {
    const offset = this.#size;
    this.#size += (bytes + 15) & ~15;
    return i32.add(this.base.get, offset);
  }

  /** Takes so many groups of the base field. */
  groups<N extends number>(count: N, degree = 1): Tuple<Code, N> {
    return times(count, () => this.take(degree * GROUP_BYTES));
  }
}

/** The quadratic extension i^2 = -1 of the field of coordinates, where the points of G2 are (EIP-197). */
export function addExtension(module: WasmModule, base: FieldFunctions, scratch: Scratch): CoordinateField {
  const upper = (element: Local): Code => i32.add(element, GROUP_BYTES);
  const componentwise = (name: string, operation: WasmFunction) =>
    module.function(name, i32s(3), ({ params }) => {
      const [a, b, out] = params;
      return [operation.call(a, b, out), operation.call(upper(a), upper(b), upper(out))];
    });
  const [product0, product1, sumA, sumB] = scratch.groups(4);
  // (a0 + a1 i)(b0 + b1 i) by three products (Karatsuba).
  const multiply = module.function("q2_multiply", i32s(3), ({ params }) => {
    const [a, b, out] = params;
    return [
      base.add.call(a, upper(a), sumA),
      base.add.call(b, upper(b), sumB),
      base.multiply.call(a, b, product0),
      base.multiply.call(upper(a), upper(b), product1),
      base.multiply.call(sumA, sumB, sumA),
      base.subtract.call(product0, product1, out),
      base.subtract.call(sumA, product0, sumA),
      base.subtract.call(sumA, product1, upper(out)),
    ];
  });
  // (a0 + a1)(a0 - a1) + 2 a0 a1 i.
  const square = module.function("q2_square", i32s(2), ({ params }) => {
    const [a, out] = params;
    return [
      base.add.call(a, upper(a), sumA),
      base.subtract.call(a, upper(a), sumB),
      base.multiply.call(a, upper(a), product0),
      base.multiply.call(sumA, sumB, out),
      base.add.call(product0, product0, upper(out)),
    ];
  });
  return {
    degree: 2,
    base,
    multiply,
    square,
    add: componentwise("q2_add", base.add),
    subtract: componentwise("q2_subtract", base.subtract),
  };
}
