import {
  type Body,
  type Code,
  i32s,
  type Local,
  v128,
  type WasmFunction,
  type WasmModule,
} from "./assembler.js";
import { LANES, LIMB_BITS, LIMB_MASK, LIMBS } from "./limbs.js";

/** Four rows of four words, the other way round. */
function transposed(body: Body, rows: readonly Code[]): { readonly code: Code; readonly columns: Local[] } {
  const [a, b, c, d] = body.locals("v128", LANES);
  const columns = body.locals("v128", LANES);
  const low = [0, 4, 1, 5];
  const high = [2, 6, 3, 7];
  const pairs: readonly (readonly [Local, Local, readonly number[]])[] = [
    [a, c, [0, 1, 4, 5]],
    [a, c, [2, 3, 6, 7]],
    [b, d, [0, 1, 4, 5]],
    [b, d, [2, 3, 6, 7]],
  ];
  const row = body.locals("v128", LANES);
  return {
    code: [
      row.map((local, index) => local.set(rows[index]!)),
      a.set(v128.shuffle(row[0]!.get, row[1]!.get, low)),
      b.set(v128.shuffle(row[0]!.get, row[1]!.get, high)),
      c.set(v128.shuffle(row[2]!.get, row[3]!.get, low)),
      d.set(v128.shuffle(row[2]!.get, row[3]!.get, high)),
      columns.map((column, index) => {
        const [left, right, lanes] = pairs[index]!;
        return column.set(v128.shuffle(left.get, right.get, lanes));
      }),
    ],
    columns,
  };
}

/** Moves elements between their places, alone (nine words), and groups of four. */
export interface GroupFunctions {
  /** Four elements at four addresses into a group. */
  readonly gather: WasmFunction;
  /** A group to four addresses. */
  readonly scatter: WasmFunction;
  /** Four numbers of eight words each, below 2^256, into a group of limbs. */
  readonly gatherWords: WasmFunction;
  /** A group to four numbers of eight words. */
  readonly scatterWords: WasmFunction;
}

export function addGroups(module: WasmModule): GroupFunctions {
  const five = i32s(5);
  const gather = module.function("gather", five, (body) => {
    const out = body.params[LANES]!;
    const places = body.params.slice(0, LANES);
    const parts = [0, 4].map((first) => {
      const { code, columns } = transposed(
        body,
        places.map((place) => v128.load(place, 4 * first)),
      );
      return [code, columns.map((column, index) => v128.store(out, column.get, 16 * (first + index)))];
    });
    return [parts, v128.store(out, laneWords(places, 8), 16 * 8)];
  });
  const scatter = module.function("scatter", five, (body) => {
    const from = body.params[0]!;
    const places = body.params.slice(1);
    const parts = [0, 4].map((first) => {
      const { code, columns } = transposed(
        body,
        places.map((_, index) => v128.load(from, 16 * (first + index))),
      );
      return [code, columns.map((column, index) => v128.store(places[index]!, column.get, 4 * first))];
    });
    return [parts, places.map((place, lane) => v128.storeLane(place, v128.load(from, 16 * 8), lane, 4 * 8))];
  });
  return { gather, scatter, gatherWords: addGatherWords(module), scatterWords: addScatterWords(module) };
}

/** The word at the same place of four records. */
export function laneWords(places: readonly Local[], word: number): Code {
  return places.reduce<Code>(
    (lanes, place, lane) => v128.loadLane(place, lanes, lane, 4 * word),
    v128.splat(0),
  );
}

function addGatherWords(module: WasmModule): WasmFunction {
  return module.function("gatherWords", i32s(5), (body) => {
    const out = body.params[LANES]!;
    const places = body.params.slice(0, LANES);
    const parts = [0, 4].map((first) =>
      transposed(
        body,
        places.map((place) => v128.load(place, 4 * first)),
      ),
    );
    const words = parts.flatMap(({ columns }) => columns);
    const limbs = Array.from({ length: LIMBS }, (_, limb) => {
      const word = Math.floor((LIMB_BITS * limb) / 32);
      const bit = (LIMB_BITS * limb) % 32;
      const low = v128.shiftRight(words[word]!.get, bit);
      const next = words[word + 1];
      const both =
        bit + LIMB_BITS <= 32 || next === undefined ? low : v128.or(low, v128.shiftLeft(next.get, 32 - bit));
      return v128.store(out, v128.and(both, v128.splat(LIMB_MASK)), 16 * limb);
    });
    return [parts.map(({ code }) => code), limbs];
  });
}

function addScatterWords(module: WasmModule): WasmFunction {
  return module.function("scatterWords", i32s(5), (body) => {
    const from = body.params[0]!;
    const places = body.params.slice(1);
    const limb = (index: number) => v128.load(from, 16 * index);
    const word = (index: number): Code => {
      const first = Math.floor((32 * index) / LIMB_BITS);
      const bit = (32 * index) % LIMB_BITS;
      const parts: Code[] = [v128.shiftRight(limb(first), bit)];
      // A word ends in the next limb.
      for (let next = first + 1, at = LIMB_BITS - bit; at < 32 && next < LIMBS; next++, at += LIMB_BITS) {
        parts.push(v128.shiftLeft(limb(next), at));
      }
      return parts.reduce((all, part) => v128.or(all, part));
    };
    return [0, 4].map((first) => {
      const { code, columns } = transposed(
        body,
        places.map((_, index) => word(first + index)),
      );
      return [code, columns.map((column, index) => v128.store(places[index]!, column.get, 4 * first))];
    });
  });
}
