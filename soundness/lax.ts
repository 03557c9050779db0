import {
  constraintsOf,
  describeConstraints,
  isSatisfied,
  type ViolatedConstraint,
  violatedConstraints,
  wireName,
  wiresOf,
} from "./constraints.js";
import { SoundnessError } from "./errors.js";
import { type ConstraintStatement, constraintStatement, type Mark, readMark } from "./marks.js";
import { buildTwins, type LoadedCircuit, type Twins } from "./twins.js";
import type { CircuitInput } from "./witness.js";

/** A `===` that a witness breaks: which one, and in which component (`main.layout.order[2]`). */
export interface BrokenConstraint extends ConstraintStatement {
  readonly component: string;
}

/** What the real circuit says to the witness of a statement that its own calculator may refuse to compute. */
export interface Lie {
  /** Whether the constraints, as they are proven, accept the witness. For a false statement: a hole. */
  readonly satisfied: boolean;
  /** The constraints of the real, simplified system that refuse it. */
  readonly violated: readonly ViolatedConstraint[];
  /** The same refusal by origin, from an unsimplified compile: each broken `===` once for each component. */
  readonly broken: readonly BrokenConstraint[];
}

/**
 * A circuit beside a copy of it without any `===`. The witness calculator of a circuit refuses to compute the witness
 * of a false statement, and so hides constraints that are too weak; the copy computes it, and the constraints judge.
 */
export class LaxTwin {
  readonly #twins: Twins;
  readonly #realWires: Int32Array;
  readonly #markedWires: Int32Array;
  readonly #equalities: readonly MarkedConstraint[];
  /** Wires of the copy that the constraints look at. */
  readonly #looked: Set<number>;

  /** @throws SoundnessError `soundness/signal-missing` where the copy lacks a signal of the circuit. */
  constructor(twins: Twins) {
    this.#twins = twins;
    this.#realWires = laxWires(twins.real, twins.lax);
    this.#markedWires = laxWires(twins.marked, twins.lax);
    this.#equalities = markedConstraints(twins.marked);
    const { r1cs } = twins.marked;
    const compared = this.#equalities.flatMap(({ index }) => wiresOf(r1cs, index));
    this.#looked = new Set([0, ...this.#realWires, ...compared.map((wire) => this.#markedWires[wire]!)]);
    this.#looked.delete(MARK);
  }

  /** Compiles what is needed below `workDir`; see buildTwins. */
  static async build(options: { mainFile: string; workDir: string }): Promise<LaxTwin> {
    return new LaxTwin(await buildTwins(options));
  }

  /**
   * The verdict of the constraints on the witness that `input` leads to, true or false.
   *
   * An input that the circuit fixes to a constant has no wire in the simplified system, so a lie about it alone leaves
   * `satisfied` true; `broken` shows it.
   * @throws SoundnessError `soundness/input-mismatch` where the input does not fit the circuit.
   */
  lie(input: CircuitInput): Lie {
    const { real, marked, lax } = this.#twins;
    const values = lax.calculator.calculate(input, this.#looked);
    const valueAt = (wire: number) => (wire === MARK ? 0n : values[wire]!);
    const violated = violatedConstraints(real.r1cs, Array.from(this.#realWires, valueAt));
    const markedWitness = Array.from(this.#markedWires, valueAt);
    return {
      satisfied: violated.length === 0,
      violated: describeConstraints(real.r1cs, real.symbols, violated),
      // The copy computes every `<==` truthfully, so only a `===` can break.
      broken: this.#origins(
        this.#equalities.filter(({ index }) => !isSatisfied(marked.r1cs, index, markedWitness)),
      ),
    };
  }

  #origins(constraints: readonly MarkedConstraint[]): BrokenConstraint[] {
    const broken = new Map<string, BrokenConstraint>();
    for (const { component, template, statement } of constraints) {
      const origin = constraintStatement(this.#twins.sources.definitions.get(template)!, statement)!;
      broken.set(`${component} ${statement}`, { component, ...origin });
    }
    return [...broken.values()];
  }
}

/** A constraint that comes from a `===`, with what its mark says. */
interface MarkedConstraint extends Mark {
  readonly index: number;
}

function markedConstraints({ r1cs, symbols }: LoadedCircuit): MarkedConstraint[] {
  const markOf = new Map<number, Mark>();
  for (let wire = 1; wire < r1cs.wireCount; wire++) {
    const mark = readMark(wireName(r1cs, symbols, wire));
    if (mark !== undefined) markOf.set(wire, mark);
  }
  return [...constraintsOf(r1cs, markOf.keys())]
    .flatMap(([wire, constraints]) => constraints.map((index) => ({ index, ...markOf.get(wire)! })))
    .sort((left, right) => left.index - right.index);
}

/** Stands for the wire of a mark, which is always 0. */
const MARK = -1;

/** For each wire of `circuit`, the wire of the lax copy that carries the signal of the same name. */
function laxWires(circuit: LoadedCircuit, lax: LoadedCircuit): Int32Array {
  return Int32Array.from({ length: circuit.r1cs.wireCount }, (_, wire) => {
    if (wire === 0) return 0;
    const name = wireName(circuit.r1cs, circuit.symbols, wire);
    if (readMark(name) !== undefined) return MARK;
    const label = lax.symbols.labelOf.get(name);
    if (label === undefined) throw signalMissing(name);
    return lax.symbols.wires[label]!;
  });
}

function signalMissing(signal: string): SoundnessError {
  return new SoundnessError("soundness/signal-missing", `the lax copy has no signal ${signal}`, {
    details: { signal },
    why: "signals are matched by name, and the name of an anonymous component depends on its place in the file",
    remedy: "give the component a name",
  });
}
