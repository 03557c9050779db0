import {
  type Code,
  i32,
  i32s,
  i64,
  increase,
  type Local,
  loopWhile,
  v128,
  type WasmFunction,
  type WasmModule,
} from "./assembler.js";
import { BETA } from "./endomorphism.js";
import type { CoordinateField, Scratch } from "./extension-code.js";
import type { GroupFunctions } from "./group-code.js";
import { ELEMENT_BYTES, GROUP_BYTES, LANES, limbsOf, powerOfTwo, toMontgomery } from "./limbs.js";
import { PAIR_BYTES, type PointLayout } from "./pairs-code.js";
import { SCALAR_BYTES } from "./split-code.js";

/** Size in bytes of an element of the base field in a file. */
const FILE_ELEMENT_BYTES = 32;

export interface ConvertFunctions {
  /** `(sources, groups, out)`: reads points of a file, affine with R = 2^256, at four addresses a group, as given points in a row. */
  readonly fromFile: WasmFunction;
  /** `(list, groups)`: writes the points of four references a group, each to the address two words after it (`PAIR_BYTES` apart), in a file's form. */
  readonly toFile: WasmFunction;
}

/** Writes an element in all four lanes. */
export const storeConstant = (out: Code, value: bigint): Code =>
  limbsOf(value).map((limb, index) => v128.store(out, v128.splat(limb), 16 * index));

export function addConversions(
  module: WasmModule,
  { base, degree }: CoordinateField,
  groups: GroupFunctions,
  scratch: Scratch,
  points: PointLayout,
  readers: {
    readonly readX: WasmFunction;
    readonly readY: WasmFunction;
    readonly readInfinity: WasmFunction;
  },
): ConvertFunctions {
  const [factor, beta, element] = scratch.groups(3);
  const coordinate = scratch.take(degree * GROUP_BYTES);
  const five = (places: readonly Local[], offset: number) => places.map((place) => i32.add(place, offset));
  // 2^(266) takes R = 2^256 to 2^261, for a product loses 2^261.
  const fromFile = module.function(`${points.name}_fromFile`, i32s(3), (body) => {
    const [sources, count, out] = body.params;
    const from = body.locals("i32", LANES);
    const to = body.locals("i32", LANES);
    const parts = Array.from({ length: 2 * degree }, (_, part): Code => {
      const scaled: Code = [
        base.multiply.call(element, beta, element),
        groups.scatter.call(element, ...five(to, points.sumBytes + part * ELEMENT_BYTES)),
      ];
      return [
        groups.gatherWords.call(...five(from, part * FILE_ELEMENT_BYTES), element),
        base.multiply.call(element, factor, element),
        groups.scatter.call(element, ...five(to, part * ELEMENT_BYTES)),
        part < degree ? scaled : [],
      ];
    });
    return [
      storeConstant(factor, powerOfTwo(base.field, 266)),
      storeConstant(beta, toMontgomery(base.field, BETA[points.name])),
      loopWhile(count, [
        from.map((place, lane) => place.set(i32.load(sources, 4 * lane))),
        to.map((place, lane) => place.set(i32.add(out, lane * points.givenBytes))),
        parts,
        to.map((place) => i32.store(place, 0, points.infinityOffset)),
        increase(sources, 4 * LANES),
        increase(out, LANES * points.givenBytes),
        increase(count, -1),
      ]),
    ];
  });
  const toFile = module.function(`${points.name}_toFile`, i32s(2), (body) => {
    const [list, count] = body.params;
    const to = body.locals("i32", LANES);
    const infinity = body.local("v128");
    const write = (coordinateIndex: number): Code =>
      Array.from({ length: degree }, (_, part): Code => {
        const at = i32.add(coordinate, part * GROUP_BYTES);
        return [
          base.multiply.call(at, factor, element),
          base.canonical.call(element, element),
          Array.from({ length: GROUP_BYTES / 16 }, (_, limb) =>
            v128.store(element, v128.andNot(v128.load(element, 16 * limb), infinity.get), 16 * limb),
          ),
          groups.scatterWords.call(
            element,
            ...five(to, (coordinateIndex * degree + part) * FILE_ELEMENT_BYTES),
          ),
        ];
      });
    return [
      storeConstant(factor, powerOfTwo(base.field, 256)),
      loopWhile(count, [
        to.map((place, lane) => place.set(i32.load(list, PAIR_BYTES * lane + 8))),
        infinity.set(readers.readInfinity.call(list)),
        readers.readX.call(list, coordinate),
        write(0),
        readers.readY.call(list, coordinate),
        write(1),
        increase(list, PAIR_BYTES * LANES),
        increase(count, -1),
      ]),
    ];
  });
  return { fromFile, toFile };
}

/** `(scalars, count, offset)`: adds the 256 bits at `offset` to each scalar, modulo 2^256. */
export function addOffsets(module: WasmModule): WasmFunction {
  return module.function("addOffset", i32s(3), (body) => {
    const [scalars, count, offset] = body.params;
    const sum = body.local("i64");
    return loopWhile(count, [
      sum.set(i64.constant(0n)),
      Array.from({ length: SCALAR_BYTES / 4 }, (_, word) => [
        sum.set(i64.add(sum.get, i64.add(i64.load32(scalars, 4 * word), i64.load32(offset, 4 * word)))),
        i64.store32(scalars, sum.get, 4 * word),
        sum.set(i64.shiftRight(sum.get, i64.constant(32n))),
      ]),
      increase(scalars, SCALAR_BYTES),
      increase(count, -1),
    ]);
  });
}
