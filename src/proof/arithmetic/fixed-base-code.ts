import {
  type Code,
  i32,
  i32s,
  increase,
  type Local,
  loopWhile,
  repeat,
  type WasmModule,
  when,
} from "./assembler.js";
import type { ConvertFunctions } from "./convert-code.js";
import type { ListFunctions } from "./digits-code.js";
import { LANES } from "./limbs.js";
import { PAIR_BYTES, type PairFunctions } from "./pairs-code.js";
import { SCALAR_BYTES } from "./split-code.js";
import { BATCH_GROUPS, type SumFunctions, type ThreadPlaces } from "./sum-code.js";

/** Keys of a batch: below 2^16. */
const KEY_MASK = 0xffff;

/**
 * Multiples of one point by many scalars: a table of its multiples for every window (Brickell et al., "Fast Exponentiation with Precomputation", 1992), and
 * of each scalar the sum of one entry a window.
 *
 * - `_tableRow(row, size)`: from a point at `row`, its multiples by 2 to `size`, a power of two, after it.
 * - `_multiplyFixed(scalars, count, table, rowBytes, width, out)`: scalars with the offset of their digits added, fewer than 2^16; points in the form of a file
 *   where zeros stand before.
 */
export function addFixedBase(
  module: WasmModule,
  { fixedDigits }: ListFunctions,
  { layout, addPairs }: PairFunctions,
  { sumByKey, pairList, work }: SumFunctions,
  { toFile }: ConvertFunctions,
  places: ThreadPlaces,
): void {
  const { name, sumBytes, degree } = layout;
  const fileBytes = 64 * degree;
  const groupBytes = PAIR_BYTES * LANES;
  /** Repeats the last entry of a list until its groups are full; their number. */
  const fill = (list: Code, end: Local, groups: Local): Code => [
    groups.set(i32.div(i32.add(i32.sub(end, list), groupBytes - 1), groupBytes)),
    loopWhile(i32.less(end, i32.add(list, i32.mul(groups, groupBytes))), [
      [0, 4, 8].map((at) => i32.store(end, i32.load(i32.sub(end, PAIR_BYTES - at)), at)),
      increase(end, PAIR_BYTES),
    ]),
  ];

  module.function(`${name}_tableRow`, i32s(2), (body) => {
    const [row, size] = body.params;
    const [known, index, end, groups] = body.locals("i32", 4);
    const entry = (at: Code) => i32.add(row, i32.mul(at, sumBytes));
    const add: Code = [fill(pairList, end, groups), addPairs.call(pairList, groups, work), end.set(pairList)];
    // m + k for all m up to k, where k multiples are known.
    return [
      known.set(i32.constant(1)),
      loopWhile(i32.less(known, size), [
        end.set(pairList),
        repeat(index, known, [
          i32.store(end, entry(index.get)),
          i32.store(end, entry(i32.sub(known, 1)), 4),
          i32.store(end, entry(i32.add(index, known)), 8),
          increase(end, PAIR_BYTES),
          when(i32.equal(i32.sub(end, pairList), groupBytes * BATCH_GROUPS), add),
        ]),
        when(i32.sub(end, pairList), add),
        known.set(i32.shl(known, 1)),
      ]),
    ];
  });

  module.function(`${name}_multiplyFixed`, i32s(6), (body) => {
    const [scalars, count, table, rowBytes, width, out] = body.params;
    const [entries, keys, references, keysOut, referencesOut, found, index, end, groups] = body.locals(
      "i32",
      9,
    );
    const word = (list: Local) => i32.load(i32.add(list, i32.shl(index, 2)));
    return [
      entries.set(i32.mul(count, i32.div(8 * SCALAR_BYTES, width))),
      keys.set(places.lists.get),
      references.set(i32.add(keys, i32.shl(entries, 2))),
      keysOut.set(i32.add(references, i32.shl(entries, 2))),
      referencesOut.set(i32.add(keysOut, i32.shl(entries, 2))),
      places.lists.set(i32.add(referencesOut, i32.shl(entries, 2))),
      found.set(fixedDigits.call(scalars, count, table, rowBytes, width, sumBytes, keys, references)),
      found.set(sumByKey.call(keys, references, found, 0, KEY_MASK, keysOut, referencesOut)),
      // A chunk that ends within a scalar leaves two sums of it.
      found.set(sumByKey.call(keysOut, referencesOut, found, 0, KEY_MASK, keys, references)),
      when(found, [
        end.set(keysOut.get),
        repeat(index, found, [
          i32.store(end, word(references)),
          i32.store(end, i32.add(out, i32.mul(i32.sub(word(keys), 1), fileBytes)), 8),
          increase(end, PAIR_BYTES),
        ]),
        fill(keysOut.get, end, groups),
        toFile.call(keysOut, groups),
      ]),
    ];
  });
}
