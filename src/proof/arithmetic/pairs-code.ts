import {
  type Body,
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
import type { CoordinateField, Scratch } from "./extension-code.js";
import { type GroupFunctions, laneWords } from "./group-code.js";
import { ELEMENT_BYTES, GROUP_BYTES, LANES, LIMBS, limbsOf, toMontgomery } from "./limbs.js";

/**
 * How points lie in memory. A sum: x, y, and a word that is -1 at infinity and 0 elsewhere. A given point: the same, and after it beta x, where
 * beta is a third root of one, so that (beta x, y) is a known multiple of the point.
 *
 * A reference to a point is its address, a multiple of 16, plus `NEGATIVE` for its opposite and `ENDOMORPHISM` for the point with beta x.
 */
export interface PointLayout {
  readonly name: "g1" | "g2";
  /** Elements of the base field in a coordinate. */
  readonly degree: 1 | 2;
  readonly yOffset: number;
  readonly infinityOffset: number;
  readonly sumBytes: number;
  readonly givenBytes: number;
}

export const NEGATIVE = 1;
export const ENDOMORPHISM = 2;

const layout = (name: "g1" | "g2", degree: 1 | 2): PointLayout => ({
  name,
  degree,
  yOffset: degree * ELEMENT_BYTES,
  infinityOffset: 2 * degree * ELEMENT_BYTES,
  sumBytes: 80 * degree,
  givenBytes: 128 * degree,
});

export const G1_LAYOUT = layout("g1", 1);
export const G2_LAYOUT = layout("g2", 2);

/** Size in bytes of an entry of a list of pairs: references to both, address of their sum. */
export const PAIR_BYTES = 12;

export interface PairFunctions {
  readonly layout: PointLayout;
  /** `(list, groups, work)`: the sums of four pairs for each group; `work` is `workBytes` for each. */
  readonly addPairs: WasmFunction;
  /** Working memory for a group of four pairs. */
  readonly workBytes: number;
  /** `(list, out)`: a coordinate of the points of four references, `PAIR_BYTES` apart. */
  readonly readX: WasmFunction;
  readonly readY: WasmFunction;
  /** `(list)`: mask of those that are at infinity. */
  readonly readInfinity: WasmFunction;
}

/**
 * Affine addition of many pairs with one inversion (Montgomery, "Speeding the Pollard and Elliptic Curve Methods of Factorization", 1987), four pairs
 * at once: 5 multiplications and 1 square for each pair of G1, where adding an affine point in Jacobian coordinates takes 7 and 4. Equal points, opposite ones and
 * infinity are told apart and come out right; points that are not on one curve give some point, and stop nothing.
 */
export function addPairs(
  module: WasmModule,
  field: CoordinateField,
  groups: GroupFunctions,
  scratch: Scratch,
  points: PointLayout,
): PairFunctions {
  const { degree, base } = field;
  const coordinateBytes = degree * GROUP_BYTES;
  const [x1, x2, y1, y2, slope, x3, y3, inverse] = scratch.groups(8, degree);
  // Never written.
  const zero = scratch.take(coordinateBytes);
  const [product, running] = scratch.groups(2);

  const limbOffsets = Array.from({ length: degree * LIMBS }, (_, limb) => 16 * limb);
  const select = module.function(`${points.name}_select`, ["i32", "i32", "v128", "i32"], ({ params }) => {
    const [a, b, mask, out] = params;
    return limbOffsets.map((at) =>
      v128.store(out, v128.select(v128.load(a, at), v128.load(b, at), mask.get), at),
    );
  });
  const one = module.function(`${points.name}_one`, ["i32"], ({ params }) =>
    limbOffsets.map((at, index) => {
      const word = limbsOf(toMontgomery(base.field, 1n))[index] ?? 0;
      return v128.store(params[0]!, v128.splat(word), at);
    }),
  );
  const isZero = (element: Code): Code =>
    Array.from({ length: degree }, (_, part) =>
      base.isZero.call(i32.add(element, part * GROUP_BYTES)),
    ).reduce((all, mask) => v128.and(all, mask));

  const address = (reference: Operand) => i32.and(reference, -16);
  const readX = module.function(`${points.name}_readX`, i32s(2), (body) => {
    const [list, out] = body.params;
    const places = body.locals("i32", LANES);
    const reference = body.local("i32");
    return [
      places.map((place, lane) => [
        reference.set(i32.load(list, PAIR_BYTES * lane)),
        place.set(
          i32.add(address(reference), i32.select(points.sumBytes, 0, i32.and(reference, ENDOMORPHISM))),
        ),
      ]),
      gatherParts(groups, places, 0, out, degree),
    ];
  });
  const readY = module.function(`${points.name}_readY`, i32s(2), (body) => {
    const [list, out] = body.params;
    const places = body.locals("i32", LANES);
    const mask = body.local("v128");
    const references = laneList(list);
    return [
      mask.set(v128.sub(v128.splat(0), v128.and(references, v128.splat(NEGATIVE)))),
      places.map((place, lane) => place.set(address(i32.load(list, PAIR_BYTES * lane)))),
      gatherParts(groups, places, points.yOffset, out, degree),
      when(v128.any(mask.get), [
        field.subtract.call(zero, out, inverse),
        select.call(inverse, out, mask, out),
      ]),
    ];
  });
  const readInfinity = module.function(
    `${points.name}_readInfinity`,
    ["i32"],
    (body) => {
      const list = body.params[0]!;
      const places = body.locals("i32", LANES);
      return [
        places.map((place, lane) =>
          place.set(i32.add(address(i32.load(list, PAIR_BYTES * lane)), points.infinityOffset)),
        ),
        laneWords(places, 0),
      ];
    },
    "v128",
  );

  // What is kept of each group between the two passes.
  const normAt = degree === 1 ? 0 : coordinateBytes;
  const afterAt = normAt + GROUP_BYTES;
  const masksAt = afterAt + GROUP_BYTES;
  const MASKS = { special: 0, double: 16, infinity: 32, first: 48, second: 64, secondInfinity: 80 };
  const workBytes = masksAt + 96;
  const maskOf = (kept: Local, name: keyof typeof MASKS) => v128.load(kept, masksAt + MASKS[name]);

  // Where the difference of x is no denominator: twice y for a point and itself, else one.
  const prepareSpecial = module.function(
    `${points.name}_prepareSpecial`,
    ["i32", "i32", "v128", "v128", "v128"],
    (body) => {
      const [list, kept, equal, infinite1, infinite2] = body.params;
      const [same, double] = body.locals("v128", 2);
      const keep = (name: keyof typeof MASKS, mask: Code) => v128.store(kept, mask, masksAt + MASKS[name]);
      return [
        readY.call(list, y1),
        readY.call(i32.add(list, 4), y2),
        field.subtract.call(y2, y1, slope),
        same.set(v128.andNot(equal.get, v128.or(infinite1.get, infinite2.get))),
        double.set(v128.and(same.get, isZero(slope))),
        keep("double", double.get),
        keep("infinity", v128.andNot(same.get, double.get)),
        keep("first", v128.andNot(infinite2.get, infinite1.get)),
        keep("second", infinite1.get),
        keep("secondInfinity", v128.and(infinite1.get, infinite2.get)),
        field.add.call(y1, y1, y1),
        select.call(y1, kept, double, kept),
        one.call(y1),
        select.call(y1, kept, v128.andNot(maskOf(kept, "special"), double.get), kept),
      ];
    },
  );

  const firstPass = (body: Body, pair: Local, kept: Local): Code => {
    const [equal, infinite1, infinite2] = body.locals("v128", 3);
    const special = v128.or(equal.get, v128.or(infinite1.get, infinite2.get));
    const norm: Code = [
      base.square.call(kept, slope),
      base.square.call(i32.add(kept, GROUP_BYTES), i32.add(slope, GROUP_BYTES)),
      base.add.call(slope, i32.add(slope, GROUP_BYTES), i32.add(kept, normAt)),
    ];
    return [
      readX.call(pair, x1),
      readX.call(i32.add(pair, 4), x2),
      field.subtract.call(x2, x1, kept),
      equal.set(isZero(kept.get)),
      infinite1.set(readInfinity.call(pair)),
      infinite2.set(readInfinity.call(i32.add(pair, 4))),
      v128.store(kept, special, masksAt + MASKS.special),
      when(v128.any(maskOf(kept, "special")), prepareSpecial.call(pair, kept, equal, infinite1, infinite2)),
      degree === 1 ? [] : norm,
      // The product of what comes after this group; the group itself goes into it next.
      copyGroup(product, i32.add(kept, afterAt)),
      base.multiply.call(product, i32.add(kept, normAt), product),
    ];
  };

  const inverseOf = (kept: Local): Code =>
    degree === 1
      ? base.multiply.call(running, i32.add(kept, afterAt), inverse)
      : [
          // 1 / (a + b i) = (a - b i) / (a^2 + b^2).
          base.multiply.call(running, i32.add(kept, afterAt), slope),
          base.multiply.call(kept, slope, inverse),
          base.multiply.call(i32.add(kept, GROUP_BYTES), slope, slope),
          base.subtract.call(zero, slope, i32.add(inverse, GROUP_BYTES)),
        ];

  const secondPass = (body: Body, pair: Local, kept: Local): Code => {
    const places = body.locals("i32", LANES);
    const [special, infinity] = body.locals("v128", 2);
    const scatterParts = (from: Code, offset: number): Code =>
      Array.from({ length: degree }, (_, part) =>
        groups.scatter.call(
          i32.add(from, part * GROUP_BYTES),
          ...places.map((place) => i32.add(place, offset + part * ELEMENT_BYTES)),
        ),
      );
    return [
      readY.call(pair, y1),
      readY.call(i32.add(pair, 4), y2),
      inverseOf(kept),
      base.multiply.call(running, i32.add(kept, normAt), running),
      readX.call(pair, x1),
      readX.call(i32.add(pair, 4), x2),
      special.set(maskOf(kept, "special")),
      infinity.set(v128.splat(0)),
      field.subtract.call(y2, y1, slope),
      when(v128.any(special.get), [
        field.square.call(x1, x3),
        field.add.call(x3, x3, y3),
        field.add.call(x3, y3, x3),
        select.call(x3, slope, maskOf(kept, "double"), slope),
      ]),
      // slope = (y2 - y1) / (x2 - x1); x3 = slope^2 - x1 - x2; y3 = slope (x1 - x3) - y1.
      field.multiply.call(slope, inverse, slope),
      field.square.call(slope, x3),
      field.subtract.call(x3, x1, x3),
      field.subtract.call(x3, x2, x3),
      field.subtract.call(x1, x3, y3),
      field.multiply.call(y3, slope, y3),
      field.subtract.call(y3, y1, y3),
      when(v128.any(special.get), [
        select.call(x1, x3, maskOf(kept, "first"), x3),
        select.call(y1, y3, maskOf(kept, "first"), y3),
        select.call(x2, x3, maskOf(kept, "second"), x3),
        select.call(y2, y3, maskOf(kept, "second"), y3),
        infinity.set(v128.or(maskOf(kept, "infinity"), maskOf(kept, "secondInfinity"))),
      ]),
      places.map((place, lane) => place.set(i32.load(pair, PAIR_BYTES * lane + 8))),
      scatterParts(x3, 0),
      scatterParts(y3, points.yOffset),
      places.map((place, lane) => v128.storeLane(place, infinity.get, lane, points.infinityOffset)),
    ];
  };

  const sums = module.function(`${points.name}_addPairs`, i32s(3), (body) => {
    const [list, count, work] = body.params;
    const [pair, kept, index] = body.locals("i32", 3);
    const pairBytes = LANES * PAIR_BYTES;
    return [
      one.call(slope),
      copyGroup(slope, product),
      pair.set(i32.add(list, i32.mul(count, pairBytes))),
      kept.set(i32.add(work, i32.mul(count, workBytes))),
      loopWhile(i32.less(list, pair), [
        increase(pair, -pairBytes),
        increase(kept, -workBytes),
        firstPass(body, pair, kept),
      ]),
      base.invert.call(product, running),
      repeat(index, count, [
        secondPass(body, pair, kept),
        increase(pair, pairBytes),
        increase(kept, workBytes),
      ]),
    ];
  });
  return { layout: points, addPairs: sums, workBytes, readX, readY, readInfinity };
}

type Operand = Code | Local;

function copyGroup(from: Operand, to: Operand): Code {
  return Array.from({ length: LIMBS }, (_, limb) => v128.store(to, v128.load(from, 16 * limb), 16 * limb));
}

/** The references of the points that stand at one side of four pairs. */
function laneList(list: Local): Code {
  return Array.from({ length: LANES }, (_, lane) => lane).reduce<Code>(
    (lanes, lane) => v128.loadLane(list, lanes, lane, PAIR_BYTES * lane),
    v128.splat(0),
  );
}

function gatherParts(
  groups: GroupFunctions,
  places: readonly Local[],
  offset: number,
  out: Local,
  degree: number,
): Code {
  return Array.from({ length: degree }, (_, part) =>
    groups.gather.call(
      ...places.map((place) => i32.add(place, offset + part * ELEMENT_BYTES)),
      i32.add(out, part * GROUP_BYTES),
    ),
  );
}
