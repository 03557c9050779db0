import {
  type Body,
  type Code,
  i32s,
  type Local,
  v128,
  type WasmFunction,
  type WasmModule,
  when,
} from "./assembler.js";
import { LIMB_BITS, LIMB_MASK, LIMBS, limbsOf, type PrimeField } from "./limbs.js";

/**
 * Arithmetic of four elements at once, by the addresses of their groups (limbs.ts); the result may stand where an operand stands. All take and
 * give elements below `2 order + 2^232` with limbs of 29 bits, most often not the smallest ones of their class; only `canonical` gives those in [0, order).
 */
export interface FieldFunctions {
  readonly field: PrimeField;
  /** a b / 2^261. */
  readonly multiply: WasmFunction;
  /** The same with one element of nine words at `b`, for all four. */
  readonly multiplyByOne: WasmFunction;
  readonly square: WasmFunction;
  readonly add: WasmFunction;
  readonly subtract: WasmFunction;
  /** a^(order - 2): the inverse in Montgomery form; of zero, zero. */
  readonly invert: WasmFunction;
  /** The elements in [0, order). */
  readonly canonical: WasmFunction;
  /** A mask of the lanes whose element is zero. */
  readonly isZero: WasmFunction;
}

/** Adds the functions of a field to a module. */
export function addField(module: WasmModule, field: PrimeField): FieldFunctions {
  const { name } = field;
  const multiply = addProduct(module, field, `${name}_multiply`, (operand, limb) =>
    v128.load(operand, 16 * limb),
  );
  const square = addSquare(module, field);
  return {
    field,
    multiply,
    multiplyByOne: addProduct(module, field, `${name}_multiplyByOne`, (operand, limb) =>
      v128.loadSplat(operand, 4 * limb),
    ),
    square,
    add: addSum(module, field),
    subtract: addDifference(module, field),
    invert: addInverse(module, field, multiply, square),
    canonical: addCanonical(module, field),
    isZero: addIsZero(module, field),
  };
}

/** The factors of a column of a product: what is added up at one limb. */
type Column = (column: number) => readonly (readonly [Code, Code])[];

/**
 * Product scanning with the reduction folded in: column after column, q_k clears the lowest limb (Koç, Acar, Kaliski, "Analyzing and
 * Comparing Montgomery Multiplication Algorithms", 1996). A column holds at most nine products of limbs, nine of q and the modulus, and
 * what the one before carried: below 2^63.
 */
function montgomery(body: Body, { order }: PrimeField, column: Column, out: Local): Code {
  const modulus = limbsOf(order);
  // -1 / order modulo 2^29.
  const negativeInverse = Number(2n ** BigInt(LIMB_BITS) - inverseOfTwoPower(order));
  const quotients = body.locals("v128", LIMBS);
  const lower = body.local("v128");
  const upper = body.local("v128");
  const halves = [
    [lower, v128.multiplyLow],
    [upper, v128.multiplyHigh],
  ] as const;
  const lowWords = v128.shuffle(lower.get, upper.get, [0, 2, 4, 6]);
  const code: Code[] = [];
  for (let k = 0; k < 2 * LIMBS - 1; k++) {
    const first = Math.max(0, k - LIMBS + 1);
    const reductions = Array.from({ length: Math.min(k, LIMBS) - first }, (_, index) => {
      const i = first + index;
      return [quotients[i]!.get, v128.splat(modulus[k - i]!)] as const;
    });
    for (const [half, product] of halves) {
      const products = [...column(k), ...reductions].map(([a, b]) => product(a, b));
      const terms = k === 0 ? products : [half.get, ...products];
      code.push(half.set(terms.reduce((sum, term) => v128.add64(sum, term))));
    }
    if (k < LIMBS) {
      const quotient = quotients[k]!;
      code.push(
        quotient.set(v128.and(v128.mul(lowWords, v128.splat(negativeInverse)), v128.splat(LIMB_MASK))),
      );
      for (const [half, product] of halves) {
        const cleared = v128.add64(half.get, product(quotient.get, v128.splat(modulus[0]!)));
        code.push(half.set(v128.shiftRight64(cleared, LIMB_BITS)));
      }
    } else {
      code.push(v128.store(out, v128.and(lowWords, v128.splat(LIMB_MASK)), 16 * (k - LIMBS)));
      for (const [half] of halves) code.push(half.set(v128.shiftRight64(half.get, LIMB_BITS)));
    }
  }
  return [code, v128.store(out, lowWords, 16 * (LIMBS - 1))];
}

function inverseOfTwoPower(order: bigint): bigint {
  // Odd squares are 1 modulo 8; each step doubles the bits that are right (Hensel).
  let inverse = order;
  for (let bits = 3; bits < LIMB_BITS; bits *= 2) inverse *= 2n - order * inverse;
  return BigInt.asUintN(LIMB_BITS, inverse);
}

function addProduct(
  module: WasmModule,
  field: PrimeField,
  name: string,
  load: (operand: Local, limb: number) => Code,
): WasmFunction {
  return module.function(name, i32s(3), (body) => {
    const [a, b, out] = body.params;
    const left = body.locals("v128", LIMBS);
    const right = body.locals("v128", LIMBS);
    const column: Column = (k) =>
      left.flatMap((limb, i) => (right[k - i] === undefined ? [] : [[limb.get, right[k - i]!.get] as const]));
    return [
      left.map((limb, index) => limb.set(v128.load(a, 16 * index))),
      right.map((limb, index) => limb.set(load(b, index))),
      montgomery(body, field, column, out),
    ];
  });
}

function addSquare(module: WasmModule, field: PrimeField): WasmFunction {
  return module.function(`${field.name}_square`, i32s(2), (body) => {
    const [a, out] = body.params;
    const limbs = body.locals("v128", LIMBS);
    const doubled = body.locals("v128", LIMBS);
    const column: Column = (k) =>
      limbs.flatMap((limb, i) => {
        const j = k - i;
        if (j < i || j >= LIMBS) return [];
        return [[limb.get, i === j ? limb.get : doubled[j]!.get] as const];
      });
    return [
      limbs.map((limb, index) => limb.set(v128.load(a, 16 * index))),
      doubled.map((limb, index) => limb.set(v128.shiftLeft(limbs[index]!.get, 1))),
      montgomery(body, field, column, out),
    ];
  });
}

/** Carries between limbs, which are signed meanwhile; the highest keeps what is left. */
function carry(limbs: readonly Local[]): Code {
  return limbs.slice(0, -1).map((limb, index) => {
    const next = limbs[index + 1]!;
    return [
      next.set(v128.add(next.get, v128.shiftRightSigned(limb.get, LIMB_BITS))),
      limb.set(v128.and(limb.get, v128.splat(LIMB_MASK))),
    ];
  });
}

/**
 * From limbs of a value below 6 order + 2^232 to one below 2 order + 2^232: takes off 2 or 4 times the order, as the highest limb says. That
 * limb is the value divided by 2^232, so a value above a multiple by less than that may keep it.
 */
function reduceOnce(body: Body, { order }: PrimeField, limbs: readonly Local[]): Code {
  const times = body.local("v128");
  const highest = limbs[LIMBS - 1]!;
  const twice = limbsOf(2n * order);
  const above = (multiple: bigint) =>
    v128.greater(highest.get, v128.splat(Number((multiple * order) >> BigInt(LIMB_BITS * (LIMBS - 1)))));
  return [
    carry(limbs),
    // A lane of a comparison that holds is -1.
    times.set([above(2n), above(4n)].reduce((sum, mask) => v128.add(sum, mask))),
    limbs.map((limb, index) => limb.set(v128.add(limb.get, v128.mul(times.get, v128.splat(twice[index]!))))),
    carry(limbs),
  ];
}

const storeAll = (limbs: readonly Local[], out: Local): Code =>
  limbs.map((limb, index) => v128.store(out, limb.get, 16 * index));

function addSum(module: WasmModule, field: PrimeField): WasmFunction {
  return module.function(`${field.name}_add`, i32s(3), (body) => {
    const [a, b, out] = body.params;
    const limbs = body.locals("v128", LIMBS);
    return [
      limbs.map((limb, index) => limb.set(v128.add(v128.load(a, 16 * index), v128.load(b, 16 * index)))),
      reduceOnce(body, field, limbs),
      storeAll(limbs, out),
    ];
  });
}

function addDifference(module: WasmModule, field: PrimeField): WasmFunction {
  // 4 order, written so that no limb becomes negative: each borrows 2^29 from the next.
  const base = limbsOf(4n * field.order).map(
    (limb, index) => limb + (index < LIMBS - 1 ? 2 ** LIMB_BITS : 0) - (index > 0 ? 1 : 0),
  );
  return module.function(`${field.name}_subtract`, i32s(3), (body) => {
    const [a, b, out] = body.params;
    const limbs = body.locals("v128", LIMBS);
    return [
      limbs.map((limb, index) => {
        const raised = v128.add(v128.load(a, 16 * index), v128.splat(base[index]!));
        return limb.set(v128.sub(raised, v128.load(b, 16 * index)));
      }),
      reduceOnce(body, field, limbs),
      storeAll(limbs, out),
    ];
  });
}

/** Fermat: a^(order - 2) by squaring and multiplying; one inversion serves thousands of additions. */
function addInverse(
  module: WasmModule,
  { name, order }: PrimeField,
  multiply: WasmFunction,
  square: WasmFunction,
): WasmFunction {
  return module.function(`${name}_invert`, i32s(2), ({ params }) => {
    const [a, out] = params;
    const [, ...bits] = (order - 2n).toString(2);
    return [
      Array.from({ length: LIMBS }, (_, limb) => v128.store(out, v128.load(a, 16 * limb), 16 * limb)),
      bits.map((bit) => [square.call(out, out), bit === "1" ? multiply.call(out, a, out) : []]),
    ];
  });
}

function addCanonical(module: WasmModule, field: PrimeField): WasmFunction {
  const order = limbsOf(field.order);
  return module.function(`${field.name}_canonical`, i32s(2), (body) => {
    const [a, out] = body.params;
    const limbs = body.locals("v128", LIMBS);
    const smaller = body.locals("v128", LIMBS);
    const keep = body.local("v128");
    const takeOff: Code = [
      smaller.map((limb, index) => limb.set(v128.sub(limbs[index]!.get, v128.splat(order[index]!)))),
      carry(smaller),
      // Below zero where the order does not go off.
      keep.set(v128.shiftRightSigned(smaller[LIMBS - 1]!.get, 31)),
      limbs.map((limb, index) => limb.set(v128.select(limb.get, smaller[index]!.get, keep.get))),
    ];
    return [
      limbs.map((limb, index) => limb.set(v128.load(a, 16 * index))),
      // A value below 2 order + 2^232.
      takeOff,
      takeOff,
      storeAll(limbs, out),
    ];
  });
}

function addIsZero(module: WasmModule, { name, order }: PrimeField): WasmFunction {
  const zeros = [0n, order, 2n * order].map(limbsOf);
  return module.function(
    `${name}_isZero`,
    ["i32"],
    (body) => {
      const a = body.params[0]!;
      const equal = (limb: number) =>
        zeros.map((zero) => v128.equal(v128.load(a, 16 * limb), v128.splat(zero[limb]!)));
      const found = zeros.map(() => body.local("v128"));
      const either = (masks: readonly Code[]) => masks.reduce((all, mask) => v128.or(all, mask));
      return [
        found.map((mask, index) => mask.set(equal(0)[index]!)),
        // Of the other limbs only where the lowest can be that of a zero.
        when(
          v128.any(either(found.map((mask) => mask.get))),
          Array.from({ length: LIMBS - 1 }, (_, limb) =>
            found.map((mask, index) => mask.set(v128.and(mask.get, equal(limb + 1)[index]!))),
          ),
        ),
        either(found.map((mask) => mask.get)),
      ];
    },
    "v128",
  );
}
