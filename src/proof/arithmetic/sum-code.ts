import {
  type Code,
  type Global,
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
import type { ListFunctions } from "./digits-code.js";
import type { Scratch } from "./extension-code.js";
import { LANES } from "./limbs.js";
import { PAIR_BYTES, type PairFunctions } from "./pairs-code.js";

/** Points that are summed together; their sums stay near the core. */
export const CHUNK = 8192;

/** Groups of pairs that share an inversion. */
export const BATCH_GROUPS = 1024;

/** Bits of the widest digit. */
export const MAX_WINDOW_BITS = 16;

/** At most so many bits are summed one by one. */
const SINGLE_BITS = 4;

export interface SumFunctions {
  /**
   * `(keys, references, count, shift, mask, keysOut, referencesOut)`: i32. Sums the points of equal `(key >> shift) & mask`; key 0 is left out.
   * Out come, in order of keys, at least one sum a key: more where a key has more points than a chunk. Takes four bytes a point of the lists.
   */
  readonly sumByKey: WasmFunction;
  /** `(halves, wires, count, bit, width, points, out)`: writes the sum of digit times point. */
  readonly sumWindow: WasmFunction;
  /** `(references, count, doublings, out)`: `sum of 2^(doublings i) P_i`, where reference 0 is no point. */
  readonly horner: WasmFunction;
  /** Bytes of working memory of a thread for sums, at `area`. */
  readonly areaBytes: number;
  /** Within it: a list of up to half a chunk of pairs, and what adding them takes. */
  readonly pairList: Code;
  readonly work: Code;
}

/** Places of a thread: where its working memory begins, and the next free bytes for lists and for sums that last. */
export interface ThreadPlaces {
  readonly area: Global;
  readonly lists: Global;
  readonly sums: Global;
}

/**
 * Sums of many points by a tree: within each key pairs, then pairs of their sums, all pairs of a chunk together (`addPairs`). A bucket
 * method (Pippenger, 1976) needs no more than that: digits of the scalars are the keys, and the sum of key times point over all keys is found
 * by summing once over the upper and once over the lower half of the keys' bits, and so on.
 */
export function addSums(
  module: WasmModule,
  { digits }: ListFunctions,
  pairs: PairFunctions,
  places: ThreadPlaces,
  scratch: Scratch,
): SumFunctions {
  const { layout, addPairs, workBytes } = pairs;
  const { name, sumBytes } = layout;
  let areaBytes = 0;
  const within = (bytes: number): Code => {
    const at = areaBytes;
    areaBytes += (bytes + 15) & ~15;
    return i32.add(places.area.get, at);
  };
  const counts = within(4 * (2 ** MAX_WINDOW_BITS + 2));
  const lengths = within(4 * CHUNK);
  const chunkKeys = within(4 * CHUNK);
  const pairList = within(PAIR_BYTES * (CHUNK / 2 + LANES));
  const chunkSums = within(sumBytes * CHUNK);
  const work = within(workBytes * BATCH_GROUPS);
  const word = (base: Operand, index: Operand) => i32.add(base, i32.shl(index, 2));

  // Sums the segments of a chunk, whose references begin at `items`, until each has one.
  const sumChunk = module.function(`${name}_sumChunk`, i32s(2), (body) => {
    const [items, segments] = body.params;
    const [read, write, next, end, segment, length, half, index, target, list, groups] = body.locals(
      "i32",
      11,
    );
    const takePlace = (variable: Code, set: (value: Code) => Code): Code => [
      target.set(variable),
      set(i32.add(target, sumBytes)),
    ];
    const segmentPairs: Code = [
      length.set(i32.load(word(lengths, segment))),
      half.set(i32.shiftRight(length, 1)),
      i32.store(word(lengths, segment), i32.add(half, i32.and(length, 1))),
      repeat(index, half, [
        // The last sum of a key lasts; the others until the chunk is done.
        when(
          i32.equal(i32.add(half, i32.and(length, 1)), 1),
          takePlace(places.sums.get, places.sums.set),
          takePlace(next.get, (value) => next.set(value)),
        ),
        i32.store(end, i32.load(read)),
        i32.store(end, i32.load(read, 4), 4),
        i32.store(end, target, 8),
        i32.store(write, target),
        increase(end, PAIR_BYTES),
        increase(read, 8),
        increase(write, 4),
      ]),
      when(i32.and(length, 1), [i32.store(write, i32.load(read)), increase(read, 4), increase(write, 4)]),
    ];
    const pairBytes = PAIR_BYTES * LANES;
    return [
      next.set(chunkSums),
      end.set(i32.constant(1)),
      loopWhile(end, [
        read.set(items.get),
        write.set(items.get),
        end.set(pairList),
        repeat(segment, segments, segmentPairs),
        // Fills the last group with its last pair.
        groups.set(i32.div(i32.add(i32.sub(end, pairList), pairBytes - 1), pairBytes)),
        half.set(i32.add(pairList, i32.mul(groups, pairBytes))),
        loopWhile(i32.less(end, half), [
          [0, 4, 8].map((at) => i32.store(end, i32.load(i32.sub(end, PAIR_BYTES - at)), at)),
          increase(end, PAIR_BYTES),
        ]),
        list.set(pairList),
        end.set(groups.get),
        loopWhile(groups, [
          half.set(i32.select(BATCH_GROUPS, groups, i32.less(BATCH_GROUPS, groups))),
          addPairs.call(list, half, work),
          increase(list, i32.mul(half, pairBytes)),
          groups.set(i32.sub(groups, half)),
        ]),
      ]),
    ];
  });

  const sumByKey = module.function(
    `${name}_sumByKey`,
    i32s(7),
    (body) => {
      const [keys, references, count, shift, mask, keysOut, referencesOut] = body.params;
      const [index, sorted, at, key, used, segments, position, take, start, out] = body.locals("i32", 10);
      const keyOf = i32.and(i32.shiftRight(i32.load(word(keys, index)), shift), mask);
      const countsAt = word(counts, at);
      return [
        sorted.set(places.lists.get),
        // Where each key begins: counted one place further, then summed up.
        repeat(at, i32.add(mask, 2), i32.store(countsAt, 0)),
        repeat(index, count, [
          at.set(i32.add(keyOf, 1)),
          i32.store(countsAt, i32.add(i32.load(countsAt), 1)),
        ]),
        repeat(
          at,
          i32.add(mask, 1),
          i32.store(countsAt, i32.add(i32.load(countsAt, 4), i32.load(countsAt)), 4),
        ),
        repeat(index, count, [
          at.set(keyOf),
          position.set(i32.load(countsAt)),
          i32.store(countsAt, i32.add(position, 1)),
          i32.store(word(sorted, position), i32.load(word(references, index))),
        ]),
        // Now each count says where its key ends.
        position.set(i32.load(counts)),
        key.set(i32.constant(1)),
        out.set(i32.constant(0)),
        loopWhile(i32.less(position, count), [
          start.set(position.get),
          used.set(i32.constant(0)),
          segments.set(i32.constant(0)),
          loopWhile(i32.and(i32.less(position, count), i32.less(used, CHUNK)), [
            at.set(key.get),
            loopWhile(i32.isZero(i32.less(position, i32.load(countsAt))), increase(at, 1)),
            key.set(at.get),
            take.set(i32.sub(i32.load(countsAt), position)),
            take.set(i32.select(take, i32.sub(CHUNK, used), i32.less(take, i32.sub(CHUNK, used)))),
            i32.store(word(lengths, segments), take),
            i32.store(word(chunkKeys, segments), key),
            increase(segments, 1),
            increase(used, take),
            increase(position, take),
          ]),
          sumChunk.call(word(sorted, start), segments),
          repeat(index, segments, [
            i32.store(word(keysOut, out), i32.load(word(chunkKeys, index))),
            i32.store(word(referencesOut, out), i32.load(word(sorted, i32.add(start, index)))),
            increase(out, 1),
          ]),
        ]),
        out.get,
      ];
    },
    "i32",
  );

  const onePair = scratch.take(PAIR_BYTES * LANES);
  const addOne = (a: Operand, b: Operand, out: Operand): Code => [
    Array.from({ length: LANES }, (_, lane) => [
      i32.store(onePair, a, PAIR_BYTES * lane),
      i32.store(onePair, b, PAIR_BYTES * lane + 4),
      i32.store(onePair, out, PAIR_BYTES * lane + 8),
    ]),
    addPairs.call(onePair, 1, work),
  ];
  const horner = module.function(`${name}_horner`, i32s(4), (body) => {
    const [references, count, doublings, out] = body.params;
    const [index, reference] = body.locals("i32", 2);
    return [
      i32.store(out, -1, layout.infinityOffset),
      loopWhile(count, [
        increase(count, -1),
        repeat(index, doublings, addOne(out, out, out)),
        reference.set(i32.load(word(references, count))),
        when(reference, addOne(out, reference, out)),
      ]),
    ];
  });

  // Sums of the points whose key has each of `bits` bits, into the list of references `out`.
  const sumBits = module.function(`${name}_sumBits`, i32s(5), (body) => {
    const [keys, references, count, bits, out] = body.params;
    const [bit, before, keysOut, referencesOut, found, half, part] = body.locals("i32", 7);
    const sum = (shift: Operand, mask: Operand): Code => [
      before.set(places.lists.get),
      keysOut.set(before.get),
      referencesOut.set(word(keysOut, count)),
      places.lists.set(word(referencesOut, count)),
      found.set(sumByKey.call(keys, references, count, shift, mask, keysOut, referencesOut)),
    ];
    const single: Code = repeat(bit, bits, [
      sum(bit, 1),
      // More than a chunk of points left more than one sum.
      loopWhile(
        i32.less(1, found),
        found.set(sumByKey.call(keysOut, referencesOut, found, 0, 1, keysOut, referencesOut)),
      ),
      i32.store(word(out, bit), i32.select(i32.load(referencesOut), 0, found)),
      places.lists.set(before.get),
    ]);
    const halves: Code = [
      half.set(i32.shiftRight(bits, 1)),
      sum(0, i32.sub(i32.shl(1, half), 1)),
      body.self.call(keysOut, referencesOut, found, half, out),
      places.lists.set(before.get),
      part.set(i32.sub(bits, half)),
      sum(half, i32.sub(i32.shl(1, part), 1)),
      body.self.call(keysOut, referencesOut, found, part, word(out, half)),
      places.lists.set(before.get),
    ];
    return when(i32.less(SINGLE_BITS, bits), halves, single);
  });

  const bitSums = scratch.take(4 * MAX_WINDOW_BITS);
  const sumWindow = module.function(`${name}_sumWindow`, i32s(7), (body) => {
    const [halves, wires, count, bit, width, points, out] = body.params;
    const [keys, references, found] = body.locals("i32", 3);
    const keysOut = i32.add(references, i32.shl(count, 3));
    const referencesOut = i32.add(references, i32.shl(count, 4));
    return [
      keys.set(places.lists.get),
      // Each point has two halves.
      references.set(i32.add(keys, i32.shl(count, 3))),
      places.lists.set(i32.add(references, i32.mul(count, 24))),
      found.set(digits.call(halves, wires, count, bit, width, points, layout.givenBytes, keys, references)),
      found.set(
        sumByKey.call(keys, references, found, 0, i32.sub(i32.shl(1, width), 1), keysOut, referencesOut),
      ),
      sumBits.call(keysOut, referencesOut, found, width, bitSums),
      horner.call(bitSums, width, 1, out),
    ];
  });
  return { sumByKey, sumWindow, horner, areaBytes, pairList, work };
}

type Operand = Code | Local | number;
