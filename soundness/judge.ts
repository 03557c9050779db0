import { isSatisfied, wiresOf } from "./constraints.js";
import { type Equality, laxWires, MARK, type MarkedConstraint, markedConstraints } from "./lax.js";
import type { JudgedTwins } from "./twins.js";
import type { CircuitInput } from "./witness.js";

/**
 * What every `===` of a circuit says to the witness that an honest prover would compute past all of them. Nothing is
 * simplified away, so it sees a lie about an input that the circuit fixes to a constant as well; and it needs no compile of
 * the circuit as it is proven (LaxTwin).
 */
export class Judge {
  readonly #twins: JudgedTwins;
  readonly #equalities: readonly (MarkedConstraint & { readonly wires: readonly number[] })[];
  readonly #laxWires: Int32Array;
  readonly #looked: ReadonlySet<number>;

  /** @throws SoundnessError `soundness/signal-missing` where the copy lacks a signal of the circuit. */
  constructor(twins: JudgedTwins) {
    this.#twins = twins;
    this.#laxWires = laxWires(twins.marked, twins.lax);
    this.#equalities = markedConstraints(twins).map((constraint) => ({
      ...constraint,
      wires: wiresOf(twins.marked.r1cs, constraint.index),
    }));
    this.#looked = new Set(
      this.#equalities.flatMap(({ wires }) => wires.map((wire) => this.#laxWires[wire]!)),
    );
  }

  /**
   * The broken `===`, none where the circuit accepts.
   * @param signals full names of signals (`main.layout.challenge.out`) whose values are asked for.
   * @returns `values` by the names of `signals`; a name that the circuit does not have is left out.
   * @throws SoundnessError `soundness/input-mismatch` where the input does not fit the circuit.
   */
  judge(
    input: CircuitInput,
    signals: Iterable<string> = [],
  ): { broken: Equality[]; values: ReadonlyMap<string, bigint> } {
    const { marked, lax } = this.#twins;
    const asked = new Map<string, number>();
    for (const name of signals) {
      const label = lax.symbols.labelOf.get(name);
      if (label !== undefined) asked.set(name, lax.symbols.wires[label]!);
    }
    const looked = new Set([0, ...this.#looked, ...asked.values()]);
    looked.delete(MARK);
    const values = lax.calculator.calculate(input, looked);
    const witness: bigint[] = [1n];
    for (const { wires } of this.#equalities) {
      for (const wire of wires) {
        const from = this.#laxWires[wire]!;
        witness[wire] = from === MARK ? 0n : values[from]!;
      }
    }
    const broken = this.#equalities.filter(({ index }) => !isSatisfied(marked.r1cs, index, witness));
    return {
      broken: broken.map(({ equality }) => equality),
      values: new Map([...asked].map(([name, wire]) => [name, values[wire]!])),
    };
  }
}
