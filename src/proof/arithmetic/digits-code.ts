import {
  type Code,
  i32,
  i32s,
  increase,
  type Local,
  loopWhile,
  repeat,
  type WasmFunction,
  type WasmModule,
  when,
} from "./assembler.js";
import { ENDOMORPHISM } from "./pairs-code.js";
import { HALF_BYTES, SCALAR_BYTES } from "./split-code.js";

/** What all sums share. */
export interface ListFunctions {
  /** `(halves, wires, count, bit, width, points, pointBytes, keys, references)`: i32. */
  readonly digits: WasmFunction;
  /** `(scalars, count, table, rowBytes, width, sumBytes, keys, references)`: i32. */
  readonly fixedDigits: WasmFunction;
}

/** What a digit is taken apart into. */
interface Digit {
  readonly digit: Local;
  readonly magnitude: Local;
  /** 1 of a digit below zero, which is `NEGATIVE` in a reference; else 0. */
  readonly negative: Local;
}

/**
 * The digit of `width` bits at a bit, of a number that has the highest bit of every digit added: four bytes reach over any digit, and what
 * follows the last one is masked away.
 */
function readDigit(word: Code, bit: Local, width: Local, { digit, magnitude, negative }: Digit): Code {
  const highest = i32.shl(1, i32.sub(width, 1));
  return [
    digit.set(i32.and(i32.shiftRight(word, i32.and(bit, 7)), i32.sub(i32.shl(1, width), 1))),
    digit.set(i32.sub(digit, highest)),
    negative.set(i32.shiftRight(digit, 31)),
    magnitude.set(i32.select(i32.sub(0, digit), digit, negative)),
  ];
}

/** Writes a digit that is not zero as key and reference. */
function appendDigit(
  digit: Local,
  entry: Local,
  lists: { keys: Local; references: Local },
  key: Code,
  reference: Code,
): Code {
  const at = i32.shl(entry, 2);
  return when(digit, [
    i32.store(i32.add(lists.keys, at), key),
    i32.store(i32.add(lists.references, at), reference),
    increase(entry, 1),
  ]);
}

export function addLists(module: WasmModule): ListFunctions {
  // The digits of `width` bits at `bit` of the halves of scalars: those of point j belong to the scalar of wire `wires[j]`.
  const digits = module.function(
    "digits",
    i32s(9),
    (body) => {
      const [halves, wires, count, bit, width, points, pointBytes, keys, references] = body.params;
      const [index, scalar, digit, entry, magnitude, negative] = body.locals("i32", 6);
      const one = (half: number): Code => {
        const word = i32.load(i32.add(scalar, i32.shiftRight(bit, 3)), half * HALF_BYTES);
        const reference = i32.or(i32.add(points, i32.mul(index, pointBytes)), negative);
        return [
          readDigit(word, bit, width, { digit, magnitude, negative }),
          appendDigit(
            digit,
            entry,
            { keys, references },
            magnitude.get,
            half === 0 ? reference : i32.or(reference, ENDOMORPHISM),
          ),
        ];
      };
      return [
        entry.set(i32.constant(0)),
        repeat(index, count, [
          scalar.set(i32.add(halves, i32.mul(i32.load(i32.add(wires, i32.shl(index, 2))), SCALAR_BYTES))),
          one(0),
          one(1),
        ]),
        entry.get,
      ];
    },
    "i32",
  );
  // All digits of whole scalars against a table of multiples: key i + 1 for scalar i.
  const fixedDigits = module.function(
    "fixedDigits",
    i32s(8),
    (body) => {
      const [scalars, count, table, rowBytes, width, sumBytes, keys, references] = body.params;
      const [index, bit, row, digit, entry, magnitude, negative] = body.locals("i32", 7);
      const word = i32.load(i32.add(scalars, i32.shiftRight(bit, 3)));
      const multiple = i32.add(row, i32.mul(i32.sub(magnitude, 1), sumBytes));
      return [
        entry.set(i32.constant(0)),
        repeat(index, count, [
          bit.set(i32.constant(0)),
          row.set(table.get),
          loopWhile(i32.less(bit, 8 * SCALAR_BYTES), [
            readDigit(word, bit, width, { digit, magnitude, negative }),
            appendDigit(digit, entry, { keys, references }, i32.add(index, 1), i32.or(multiple, negative)),
            increase(bit, width),
            increase(row, rowBytes),
          ]),
          increase(scalars, SCALAR_BYTES),
        ]),
        entry.get,
      ];
    },
    "i32",
  );
  return { digits, fixedDigits };
}
