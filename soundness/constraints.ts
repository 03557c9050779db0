import { FIELD_ORDER, reduce } from "./modular.js";
import { FORMS_PER_CONSTRAINT, type R1cs } from "./r1cs.js";
import type { Symbols } from "./sym.js";

/** A constraint that a witness does not satisfy, with the names of all signals in it. */
export interface ViolatedConstraint {
  readonly index: number;
  readonly signals: readonly string[];
}

/** Value of one linear form at a witness, in [0, r). Form numbers: see R1cs. */
export function evaluateForm(r1cs: R1cs, form: number, witness: readonly bigint[]): bigint {
  const end = r1cs.offsets[form + 1]!;
  let sum = 0n;
  for (let k = r1cs.offsets[form]!; k < end; k++) {
    sum += r1cs.coefficients[r1cs.coefficientIds[k]!]! * witness[r1cs.wires[k]!]!;
  }
  return reduce(sum);
}

/** Whether the witness satisfies one constraint. */
export function isSatisfied(r1cs: R1cs, constraint: number, witness: readonly bigint[]): boolean {
  const form = FORMS_PER_CONSTRAINT * constraint;
  const a = evaluateForm(r1cs, form, witness);
  const b = a === 0n ? 0n : evaluateForm(r1cs, form + 1, witness);
  return (a * b) % FIELD_ORDER === evaluateForm(r1cs, form + 2, witness);
}

/** Numbers of all constraints that the witness violates, ascending. */
export function violatedConstraints(r1cs: R1cs, witness: readonly bigint[]): number[] {
  const violated: number[] = [];
  for (let constraint = 0; constraint < r1cs.constraintCount; constraint++) {
    if (!isSatisfied(r1cs, constraint, witness)) violated.push(constraint);
  }
  return violated;
}

/** The wires that occur in a constraint, each once; the constant wire 0 is left out. */
export function wiresOf(r1cs: R1cs, constraint: number): number[] {
  const start = r1cs.offsets[FORMS_PER_CONSTRAINT * constraint]!;
  const end = r1cs.offsets[FORMS_PER_CONSTRAINT * (constraint + 1)]!;
  const wires = new Set(r1cs.wires.subarray(start, end));
  wires.delete(0);
  return [...wires];
}

/** The name of a wire: that of the signal which stands for it. */
export function wireName(r1cs: R1cs, symbols: Symbols, wire: number): string {
  return symbols.names[r1cs.labels[wire]!]!;
}

/** Constraint numbers with the names of their signals. */
export function describeConstraints(
  r1cs: R1cs,
  symbols: Symbols,
  constraints: readonly number[],
): ViolatedConstraint[] {
  return constraints.map((index) => ({
    index,
    signals: wiresOf(r1cs, index).map((wire) => wireName(r1cs, symbols, wire)),
  }));
}

/** For each of the given wires, the constraints in which it occurs, ascending. */
export function constraintsOf(r1cs: R1cs, wires: Iterable<number>): Map<number, number[]> {
  const found = new Map<number, number[]>([...wires].map((wire) => [wire, []]));
  const wanted = new Uint8Array(r1cs.wireCount);
  for (const wire of found.keys()) wanted[wire] = 1;
  for (let constraint = 0; constraint < r1cs.constraintCount; constraint++) {
    const end = r1cs.offsets[FORMS_PER_CONSTRAINT * (constraint + 1)]!;
    for (let k = r1cs.offsets[FORMS_PER_CONSTRAINT * constraint]!; k < end; k++) {
      const wire = r1cs.wires[k]!;
      if (wanted[wire] === 0) continue;
      const list = found.get(wire)!;
      if (list.at(-1) !== constraint) list.push(constraint);
    }
  }
  return found;
}

/** Names of the public outputs and inputs that no constraint touches: whoever proves may put anything there. */
export function unconstrainedPublicSignals(r1cs: R1cs, symbols: Symbols): string[] {
  const publicCount = r1cs.outputCount + r1cs.publicInputCount;
  const touched = new Uint8Array(publicCount + 1);
  for (const wire of r1cs.wires) if (wire <= publicCount) touched[wire] = 1;
  const names: string[] = [];
  for (let wire = 1; wire <= publicCount; wire++) {
    if (touched[wire] === 0) names.push(wireName(r1cs, symbols, wire));
  }
  return names;
}
