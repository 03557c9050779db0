import {
  type Body,
  type Code,
  i32,
  i32s,
  i64,
  increase,
  type Local,
  loopWhile,
  type WasmFunction,
  type WasmModule,
} from "./assembler.js";
import { LATTICE, ROUNDING, ROUNDING_BITS } from "./endomorphism.js";

const WORD = 32n;
const MASK = 0xffffffffn;

/** Size in bytes of a plain scalar, and of its two halves. */
export const SCALAR_BYTES = 32;
export const HALF_BYTES = SCALAR_BYTES / 2;
export const HALF_BITS = 8 * HALF_BYTES;

const HALF_WORDS = HALF_BYTES / 4;
const wordsOf = (value: bigint, count: number): bigint[] =>
  Array.from({ length: count }, (_, index) => (value >> (WORD * BigInt(index))) & MASK);

/** A factor of a sum of products, as words without sign; a constant word of zero adds nothing. */
interface Product {
  readonly words: readonly Local[];
  readonly constant: readonly bigint[];
}

/**
 * Words of a sum of products and words, from the lowest on. Each product of two words counts in two columns, so that 64 bits hold them all.
 */
function sumWords(
  body: Body,
  products: readonly Product[],
  addends: readonly ((column: number) => Code | undefined)[],
  columns: number,
  keep: (column: number, word: Code) => Code,
): Code {
  const [low, high, product] = body.locals("i64", 3);
  const code: Code[] = [low.set(i64.constant(0n)), high.set(i64.constant(0n))];
  for (let column = 0; column < columns; column++) {
    for (const { words, constant } of products) {
      words.forEach((word, index) => {
        const factor = constant[column - index] ?? 0n;
        if (factor === 0n) return;
        code.push(
          product.set(i64.mul(word.get, i64.constant(factor))),
          low.set(i64.add(low.get, i64.and(product.get, i64.constant(MASK)))),
          high.set(i64.add(high.get, i64.shiftRight(product.get, i64.constant(WORD)))),
        );
      });
    }
    for (const addend of addends) {
      const word = addend(column);
      if (word !== undefined) code.push(low.set(i64.add(low.get, word)));
    }
    code.push(
      keep(column, i64.and(low.get, i64.constant(MASK))),
      low.set(i64.add(high.get, i64.shiftRight(low.get, i64.constant(WORD)))),
      high.set(i64.constant(0n)),
    );
  }
  return code;
}

/**
 * `(scalars, count, offset, out)`: splits plain scalars below r (endomorphism.ts). Out come the two halves of each, plus the 128 bits at `offset`, modulo
 * 2^128: with an offset that has the highest bit of every digit, the digits of this sum less those bits are signed digits of the halves.
 */
export function addSplit(module: WasmModule): WasmFunction {
  const magnitude = (value: bigint) => (value < 0n ? -value : value);
  return module.function("splitScalars", i32s(4), (body) => {
    const [scalars, count, offset, out] = body.params;
    const end = body.local("i32");
    const k = body.locals("i64", SCALAR_BYTES / 4);
    const load = (address: Local, words: readonly Local[]): Code =>
      words.map((word, index) => word.set(i64.load32(address, 4 * index)));
    // round(k factor / 2^256).
    const counts = ROUNDING.map((factor) => {
      const constant = wordsOf(magnitude(factor), 5);
      const result = body.locals("i64", HALF_WORDS);
      const half = (column: number) => (column === 7 ? i64.constant(1n << (WORD - 1n)) : undefined);
      const first = Number(ROUNDING_BITS / WORD);
      const code = sumWords(body, [{ words: k, constant }], [half], first + HALF_WORDS, (column, word) =>
        column < first ? [] : result[column - first]!.set(word),
      );
      return { code, result, negative: factor < 0n };
    });
    const half = (
      vectors: readonly [bigint, bigint],
      scalar: readonly Local[] | undefined,
      at: number,
    ): Code => {
      const products = counts.map(({ result, negative }, index) => {
        // -c v modulo 2^128, for c of either sign.
        const term = negative ? vectors[index]! : -vectors[index]!;
        return { words: result, constant: wordsOf(BigInt.asUintN(HALF_BITS, term), HALF_WORDS) };
      });
      const addends = [
        (column: number) => i64.load32(offset, 4 * column),
        (column: number) => scalar?.[column]?.get,
      ];
      return sumWords(body, products, addends, HALF_WORDS, (column, word) =>
        i64.store32(out, word, at + 4 * column),
      );
    };
    return [
      end.set(i32.add(scalars, i32.mul(count, SCALAR_BYTES))),
      loopWhile(i32.less(scalars, end), [
        load(scalars, k),
        counts.map(({ code }) => code),
        half(LATTICE.a, k, 0),
        half(LATTICE.b, undefined, HALF_BYTES),
        increase(scalars, SCALAR_BYTES),
        increase(out, SCALAR_BYTES),
      ]),
    ];
  });
}
