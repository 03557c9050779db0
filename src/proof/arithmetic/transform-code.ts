import {
  type Code,
  i32,
  i32s,
  increase,
  type Local,
  loopWhile,
  repeat,
  v128,
  type WasmFunction,
  type WasmModule,
  when,
} from "./assembler.js";
import { storeConstant } from "./convert-code.js";
import type { Scratch } from "./extension-code.js";
import type { FieldFunctions } from "./field-code.js";
import type { GroupFunctions } from "./group-code.js";
import { ELEMENT_BYTES, GROUP_BYTES, LANES, LIMB_BITS, LIMB_MASK, LIMBS, limbsOf } from "./limbs.js";
import { SCALAR_BYTES } from "./split-code.js";

/*
 * Fourier transforms over a domain of n elements. Element i lies in lane i / (n/4) of group i mod (n/4), so that all stages but the two across
 * lanes work on whole groups. Towards coefficients the order becomes bit-reversed, back from there it becomes natural again: nothing is
 * ever put in order (Cooley, Tukey 1965, by the decimations of Gentleman and Sande, 1966).
 */
export interface TransformFunctions {
  /** `(data, groups, quarterRoots, powers)`: the stages across lanes, before those within. */
  readonly acrossInverse: WasmFunction;
  /** The same after those within, the other way round. */
  readonly acrossForward: WasmFunction;
  /** `(data, half, powers, step)`: a stage within lanes: a, b -> a + b, (a - b) w; powers of w `step` elements apart. */
  readonly stageInverse: WasmFunction;
  /** a, b -> a + b w, a - b w. */
  readonly stageForward: WasmFunction;
  /** `(data, groups, powers, all)`: all stages within `groups` groups, of a domain of `all`. */
  readonly blockInverse: WasmFunction;
  readonly blockForward: WasmFunction;
  /** `(data, table, groups)`: products with a table, in place. */
  readonly scale: WasmFunction;
  /** `(first, step, groups, out)`: first, first step, first step^2, ... */
  readonly powers: WasmFunction;
  /** `(a, b, c, groups, out)`: plain scalars of a b - c, element i at 32 i. */
  readonly quotient: WasmFunction;
  /** `(a, b, out, groups)`: products. */
  readonly product: WasmFunction;
  /** `(from, factor, groups, out)`: products with one group. */
  readonly times: WasmFunction;
  /** `(from, groups, out)`: elements of groups one after the other, nine words each. */
  readonly spread: WasmFunction;
  /** `(coefficients, quadruples, scalars, a, b, groups)`: adds coefficient times scalar to rows of a or b, four coefficients of a key at a time. */
  readonly rows: WasmFunction;
}

export function addTransforms(
  module: WasmModule,
  fr: FieldFunctions,
  groups: GroupFunctions,
  scratch: Scratch,
): TransformFunctions {
  const [swapped, mixed, zero] = scratch.groups(3);
  const limbs = (part: (at: number) => Code): Code =>
    Array.from({ length: LIMBS }, (_, limb) => part(16 * limb));
  const shuffled = (from: Local, lanes: readonly number[], out: Code): Code =>
    limbs((at) => v128.store(out, v128.shuffle(v128.load(from, at), v128.load(from, at), lanes), at));
  const allOnes = -1;
  // Sum of the operand and its partner in lanes whose mask is not set, partner minus operand in the others.
  const butterfly = (data: Local, partner: readonly number[], minus: readonly boolean[]): Code => [
    shuffled(data, partner, swapped),
    fr.subtract.call(zero, data, mixed),
    limbs((at) =>
      v128.store(
        mixed,
        v128.select(
          v128.load(mixed, at),
          v128.load(data, at),
          v128.words(minus.map((negative) => (negative ? allOnes : 0))),
        ),
        at,
      ),
    ),
    fr.add.call(swapped, mixed, data),
  ];
  const OPPOSITE = [2, 3, 0, 1];
  const NEIGHBOUR = [1, 0, 3, 2];
  const across = (name: string, stages: (data: Local, quarter: Local, power: Local) => Code) =>
    module.function(name, i32s(4), ({ params }) => {
      const [data, count, quarter, power] = params;
      return loopWhile(count, [
        stages(data, quarter, power),
        increase(data, GROUP_BYTES),
        increase(power, GROUP_BYTES),
        increase(count, -1),
      ]);
    });
  const acrossInverse = across("acrossInverse", (data, quarter, power) => [
    butterfly(data, OPPOSITE, [false, false, true, true]),
    fr.multiply.call(data, quarter, data),
    butterfly(data, NEIGHBOUR, [false, true, false, true]),
    fr.multiply.call(data, power, data),
  ]);
  const acrossForward = across("acrossForward", (data, quarter, power) => [
    fr.multiply.call(data, power, data),
    butterfly(data, NEIGHBOUR, [false, true, false, true]),
    fr.multiply.call(data, quarter, data),
    butterfly(data, OPPOSITE, [false, false, true, true]),
  ]);

  const stage = (name: string, step: (a: Local, b: Local, power: Local) => Code) =>
    module.function(name, i32s(4), (body) => {
      const [data, half, powers, stride] = body.params;
      const [index, partner] = body.locals("i32", 2);
      return [
        partner.set(i32.add(data, i32.mul(half, GROUP_BYTES))),
        repeat(index, half, [
          step(data, partner, powers),
          increase(data, GROUP_BYTES),
          increase(partner, GROUP_BYTES),
          increase(powers, stride),
        ]),
      ];
    });
  const stageInverse = stage("stageInverse", (a, b, power) => [
    fr.subtract.call(a, b, mixed),
    fr.add.call(a, b, a),
    fr.multiplyByOne.call(mixed, power, b),
  ]);
  const stageForward = stage("stageForward", (a, b, power) => [
    fr.multiplyByOne.call(b, power, mixed),
    fr.subtract.call(a, mixed, b),
    fr.add.call(a, mixed, a),
  ]);

  // Powers for blocks of 2 half groups stand all / (2 half) apart.
  const block = (name: string, one: WasmFunction, forward: boolean) =>
    module.function(name, i32s(4), (body) => {
      const [data, count, powers, all] = body.params;
      const [half, at, end] = body.locals("i32", 3);
      const stages: Code = [
        at.set(data.get),
        loopWhile(i32.less(at, end), [
          one.call(at, half, powers, i32.mul(i32.div(all, i32.shl(half, 1)), ELEMENT_BYTES)),
          increase(at, i32.mul(half, 2 * GROUP_BYTES)),
        ]),
      ];
      return [
        end.set(i32.add(data, i32.mul(count, GROUP_BYTES))),
        half.set(forward ? i32.constant(1) : i32.shiftRight(count, 1)),
        forward
          ? loopWhile(i32.less(half, count), [stages, half.set(i32.shl(half, 1))])
          : loopWhile(half, [stages, half.set(i32.shiftRight(half, 1))]),
      ];
    });
  const blockInverse = block("blockInverse", stageInverse, false);
  const blockForward = block("blockForward", stageForward, true);

  const scale = module.function("scale", i32s(3), ({ params }) => {
    const [data, table, count] = params;
    return loopWhile(count, [
      fr.multiply.call(data, table, data),
      increase(data, GROUP_BYTES),
      increase(table, GROUP_BYTES),
      increase(count, -1),
    ]);
  });
  const product = module.function("product", i32s(4), ({ params }) => {
    const [a, b, out, count] = params;
    return loopWhile(count, [
      fr.multiply.call(a, b, out),
      [a, b, out].map((address) => increase(address, GROUP_BYTES)),
      increase(count, -1),
    ]);
  });
  const powers = module.function("powers", i32s(4), ({ params }) => {
    const [first, step, count, out] = params;
    const last = i32.sub(out, GROUP_BYTES);
    return [
      limbs((at) => v128.store(out, v128.load(first, at), at)),
      increase(out, GROUP_BYTES),
      increase(count, -1),
      loopWhile(count, [fr.multiply.call(last, step, out), increase(out, GROUP_BYTES), increase(count, -1)]),
    ];
  });
  const quotient = module.function("quotient", i32s(5), (body) => {
    const [a, b, c, count, out] = body.params;
    const bytes = body.local("i32");
    return [
      bytes.set(i32.mul(count, SCALAR_BYTES)),
      storeConstant(swapped, 1n),
      loopWhile(count, [
        fr.multiply.call(a, b, mixed),
        fr.subtract.call(mixed, c, mixed),
        // The product with one takes R away.
        fr.multiply.call(mixed, swapped, mixed),
        fr.canonical.call(mixed, mixed),
        groups.scatterWords.call(
          mixed,
          ...Array.from({ length: LANES }, (_, lane) => i32.add(out, i32.mul(bytes, lane))),
        ),
        [a, b, c].map((address) => increase(address, GROUP_BYTES)),
        increase(out, SCALAR_BYTES),
        increase(count, -1),
      ]),
    ];
  });
  const times = module.function("times", i32s(4), ({ params }) => {
    const [from, factor, count, out] = params;
    return loopWhile(count, [
      fr.multiply.call(from, factor, out),
      increase(from, GROUP_BYTES),
      increase(out, GROUP_BYTES),
      increase(count, -1),
    ]);
  });
  const spread = module.function("spread", i32s(3), ({ params }) => {
    const [from, count, out] = params;
    return loopWhile(count, [
      groups.scatter.call(from, ...[0, 1, 2, 3].map((lane) => i32.add(out, lane * ELEMENT_BYTES))),
      increase(from, GROUP_BYTES),
      increase(out, LANES * ELEMENT_BYTES),
      increase(count, -1),
    ]);
  });
  const rows = addRows(module, fr, groups, [mixed, swapped]);
  return {
    acrossInverse,
    acrossForward,
    stageInverse,
    stageForward,
    blockInverse,
    blockForward,
    scale,
    powers,
    quotient,
    product,
    times,
    spread,
    rows,
  };
}

/** Matrix, row and wire of a coefficient, then its value. */
const COEFFICIENT = { matrix: 0, row: 4, wire: 8, value: 12, bytes: 44 } as const;

function addRows(
  module: WasmModule,
  fr: FieldFunctions,
  groups: GroupFunctions,
  [values, scalarsOf]: readonly [Code, Code],
): WasmFunction {
  // One lane of a group, below 2 r as products are, onto a lane of another: below 2 r + 2^232, as before.
  const addLane = module.function("addLane", i32s(2), (body) => {
    const [from, to] = body.params;
    const limbs = body.locals("i32", LIMBS);
    const twice = limbsOf(2n * fr.field.order);
    const carry = limbs.slice(0, -1).map((limb, index) => {
      const next = limbs[index + 1]!;
      return [
        next.set(i32.add(next, i32.shiftRightSigned(limb, LIMB_BITS))),
        limb.set(i32.and(limb, LIMB_MASK)),
      ];
    });
    return [
      limbs.map((limb, index) => limb.set(i32.add(i32.load(from, 16 * index), i32.load(to, 16 * index)))),
      carry,
      when(i32.less(twice[LIMBS - 1]!, limbs[LIMBS - 1]!), [
        limbs.map((limb, index) => limb.set(i32.sub(limb, twice[index]!))),
        carry,
      ]),
      limbs.map((limb, index) => i32.store(to, limb, 16 * index)),
    ];
  });
  return module.function("rows", i32s(6), (body) => {
    const [coefficients, count, scalars, a, b, quarter] = body.params;
    const [row, target] = body.locals("i32", 2);
    const lanes = [0, 1, 2, 3];
    const field = (lane: number, offset: number) => i32.load(coefficients, COEFFICIENT.bytes * lane + offset);
    return loopWhile(count, [
      groups.gatherWords.call(
        ...lanes.map((lane) => i32.add(coefficients, COEFFICIENT.bytes * lane + COEFFICIENT.value)),
        values,
      ),
      groups.gatherWords.call(
        ...lanes.map((lane) => i32.add(scalars, i32.mul(field(lane, COEFFICIENT.wire), SCALAR_BYTES))),
        scalarsOf,
      ),
      fr.multiply.call(values, scalarsOf, values),
      lanes.map((lane) => [
        row.set(field(lane, COEFFICIENT.row)),
        target.set(i32.select(b, a, field(lane, COEFFICIENT.matrix))),
        target.set(i32.add(target, i32.mul(i32.rem(row, quarter), GROUP_BYTES))),
        target.set(i32.add(target, i32.mul(i32.div(row, quarter), 4))),
        addLane.call(i32.add(values, 4 * lane), target),
      ]),
      increase(coefficients, COEFFICIENT.bytes * LANES),
      increase(count, -1),
    ]);
  });
}
