import { i32s, type MemoryLimits, WasmModule } from "./assembler.js";
import { addConversions, addOffsets } from "./convert-code.js";
import { addLists } from "./digits-code.js";
import { addExtension, type CoordinateField, Scratch } from "./extension-code.js";
import { addField } from "./field-code.js";
import { addFixedBase } from "./fixed-base-code.js";
import { addGroups } from "./group-code.js";
import { BASE_FIELD, SCALAR_FIELD } from "./limbs.js";
import { addPairs, G1_LAYOUT, G2_LAYOUT, type PointLayout } from "./pairs-code.js";
import { addSplit } from "./split-code.js";
import { addSums } from "./sum-code.js";
import { addTransforms } from "./transform-code.js";

/** The arithmetic of BN254 as a WebAssembly module, and what a thread needs to run it. */
export interface ArithmeticCode {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Memory that each thread has for itself: single values, and what sums work in. */
  readonly scratchBytes: number;
  readonly areaBytes: number;
}

/** The functions that the module exports; addresses, counts and references are 32-bit integers (the `*-code.ts` files say more). */
export type ArithmeticExports = Readonly<Record<string, (...args: number[]) => number>>;

/** Writes the module. Takes some milliseconds; the bytes are the same every time. */
export function buildArithmetic(memory: MemoryLimits): ArithmeticCode {
  const module = new WasmModule();
  const scratch = new Scratch(module);
  const places = { area: module.global(), lists: module.global(), sums: module.global() };
  // Before any other function of a thread: where it may write.
  module.function("begin", i32s(4), ({ params }) => [
    scratch.base.set(params[0]!.get),
    places.area.set(params[1]!.get),
    places.lists.set(params[2]!.get),
    places.sums.set(params[3]!.get),
  ]);
  const groups = addGroups(module);
  const fq = addField(module, BASE_FIELD);
  const fr = addField(module, SCALAR_FIELD);
  const { multiply, square, add, subtract } = fq;
  const fields: readonly (readonly [CoordinateField, PointLayout])[] = [
    [{ degree: 1, base: fq, multiply, square, add, subtract }, G1_LAYOUT],
    [addExtension(module, fq, scratch), G2_LAYOUT],
  ];
  addSplit(module);
  addOffsets(module);
  const lists = addLists(module);
  let areaBytes = 0;
  for (const [field, layout] of fields) {
    const pairs = addPairs(module, field, groups, scratch, layout);
    const conversions = addConversions(module, field, groups, scratch, layout, pairs);
    const sums = addSums(module, lists, pairs, places, scratch);
    addFixedBase(module, lists, pairs, sums, conversions, places);
    areaBytes = Math.max(areaBytes, sums.areaBytes);
  }
  addTransforms(module, fr, groups, scratch);
  return { bytes: module.build(memory), scratchBytes: scratch.size, areaBytes };
}
