import { evaluateForm } from "./constraints.js";
import { reduce } from "./modular.js";
import { FORMS_PER_CONSTRAINT, type R1cs } from "./r1cs.js";

/** One row of a Jacobian: its entries other than 0, in [1, r), and the wires that they belong to. */
export interface JacobianRow {
  readonly wires: readonly number[];
  readonly values: readonly bigint[];
  /** Whether the witness satisfies the constraint. */
  readonly satisfied: boolean;
}

/**
 * The Jacobian of a constraint system at a witness w. Constraint c is A(w) B(w) - C(w) = 0, so its row is
 * B(w) A + A(w) B - C as a linear form over the wires (product rule), the constant wire left out. Rows are computed
 * when asked for: of most of them only the pattern is needed, once.
 */
export class Jacobian {
  readonly #r1cs: R1cs;
  readonly #witness: readonly bigint[];
  /** Where a wire stands in the row at hand; valid where the wire carries the row's serial number. */
  readonly #place: Int32Array;
  readonly #serial: Int32Array;
  #rows = 0;

  constructor(r1cs: R1cs, witness: readonly bigint[]) {
    this.#r1cs = r1cs;
    this.#witness = witness;
    this.#place = new Int32Array(r1cs.wireCount);
    this.#serial = new Int32Array(r1cs.wireCount);
  }

  row(constraint: number): JacobianRow {
    this.#rows++;
    const form = FORMS_PER_CONSTRAINT * constraint;
    const a = evaluateForm(this.#r1cs, form, this.#witness);
    const b = evaluateForm(this.#r1cs, form + 1, this.#witness);
    const c = evaluateForm(this.#r1cs, form + 2, this.#witness);
    const wires: number[] = [];
    const sums: bigint[] = [];
    this.#add(form, b, wires, sums);
    this.#add(form + 1, a, wires, sums);
    this.#add(form + 2, -1n, wires, sums);

    const row = { wires: [] as number[], values: [] as bigint[], satisfied: reduce(a * b) === c };
    sums.forEach((sum, place) => {
      const value = reduce(sum);
      if (value === 0n) return;
      row.wires.push(wires[place]!);
      row.values.push(value);
    });
    return row;
  }

  #add(form: number, factor: bigint, wires: number[], sums: bigint[]): void {
    if (factor === 0n) return;
    const { offsets, wires: wireOf, coefficientIds, coefficients } = this.#r1cs;
    const end = offsets[form + 1]!;
    for (let k = offsets[form]!; k < end; k++) {
      const wire = wireOf[k]!;
      if (wire === 0) continue;
      if (this.#serial[wire] !== this.#rows) {
        this.#serial[wire] = this.#rows;
        this.#place[wire] = sums.length;
        wires.push(wire);
        sums.push(0n);
      }
      sums[this.#place[wire]!]! += factor * coefficients[coefficientIds[k]!]!;
    }
  }
}
