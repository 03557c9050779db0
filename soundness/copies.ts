import { wireName } from "./constraints.js";
import { readMark } from "./marks.js";
import { FORMS_PER_CONSTRAINT } from "./r1cs.js";
import type { LoadedCircuit } from "./twins.js";

/**
 * The wires that constraints of an unsimplified, marked circuit make equal to a given one (`y <== x`), itself included.
 * The inputs of the main component are no copies: they stand still while other signals move.
 */
export function signalCopies({ r1cs, symbols }: LoadedCircuit): (wire: number) => number[] {
  const inputs = r1cs.outputCount + r1cs.publicInputCount + r1cs.privateInputCount;
  const isFree = (wire: number) => wire <= r1cs.outputCount || wire > inputs;
  const neighbours = new Map<number, number[]>();
  const join = (from: number, to: number) => {
    const list = neighbours.get(from);
    if (list === undefined) neighbours.set(from, [to]);
    else list.push(to);
  };
  for (let constraint = 0; constraint < r1cs.constraintCount; constraint++) {
    const form = FORMS_PER_CONSTRAINT * constraint;
    const isLinear =
      r1cs.offsets[form] === r1cs.offsets[form + 1] || r1cs.offsets[form + 1] === r1cs.offsets[form + 2];
    if (!isLinear) continue;
    const terms: { wire: number; coefficient: bigint }[] = [];
    for (let k = r1cs.offsets[form + 2]!; k < r1cs.offsets[form + 3]!; k++) {
      const wire = r1cs.wires[k]!;
      if (wire !== 0 && readMark(wireName(r1cs, symbols, wire)) !== undefined) continue;
      terms.push({ wire, coefficient: r1cs.coefficients[r1cs.coefficientIds[k]!]! });
    }
    const [left, right, more] = terms;
    if (left === undefined || right === undefined || more !== undefined) continue;
    const isEquality = left.coefficient + right.coefficient === 0n && left.wire * right.wire !== 0;
    if (!isEquality || !isFree(left.wire) || !isFree(right.wire)) continue;
    join(left.wire, right.wire);
    join(right.wire, left.wire);
  }
  return (wire) => {
    const copies = new Set([wire]);
    for (const copy of copies) for (const other of neighbours.get(copy) ?? []) copies.add(other);
    return [...copies];
  };
}
