import {
  constraintsOf,
  describeConstraints,
  isSatisfied,
  type ViolatedConstraint,
  violatedConstraints,
  wireName,
  wiresOf,
} from "./constraints.js";
import { signalCopies } from "./copies.js";
import { SoundnessError } from "./errors.js";
import { type ConstraintStatement, constraintStatement, type Mark, readMark } from "./marks.js";
import { buildTwins, type LoadedCircuit, type Twins } from "./twins.js";
import type { CircuitInput } from "./witness.js";

/** A constraint that a `===` makes: which statement, and in which component (`main.layout.order[2]`). */
export interface Equality extends ConstraintStatement {
  readonly component: string;
  /** Which of the constraints that the statement makes in its component, counted from 0: its pass through the loops. */
  readonly pass: number;
  /** How many it makes there. */
  readonly passes: number;
}

/** What the real circuit says to the witness of a statement that its own calculator may refuse to compute. */
export interface Lie {
  /** Whether the constraints, as they are proven, accept the witness. For a false statement: a hole. */
  readonly satisfied: boolean;
  /** The constraints of the real, simplified system that refuse it. */
  readonly violated: readonly ViolatedConstraint[];
  /** The same refusal by origin, from an unsimplified compile: every broken `===`, in the order of constraints. */
  readonly broken: readonly Equality[];
  /** What else of the unsimplified compile a forged witness breaks: a `<==`. Empty where nothing is forged. */
  readonly incoherent: readonly ViolatedConstraint[];
}

/**
 * The name of a constraint: component, statement, and its number where the statement makes several there. The statement
 * stands for its line, which moves with every comment.
 */
export function equalityName({ component, text, pass, passes }: Equality): string {
  const statement = text.replace(/;$/, "").replaceAll(/\s+/g, " ");
  return `${component}: ${statement}${passes > 1 ? ` #${pass}` : ""}`;
}

/** The group of a constraint of this name: the statement in every component that stands at the same place. */
export function equalityGroup(name: string): string {
  return name.replace(/^[^:]+/, (component) => component.replaceAll(/\[\d+\]/g, "[]")).replace(/ #\d+$/, "");
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
  readonly #copies: (wire: number) => readonly number[];

  /** @throws SoundnessError `soundness/signal-missing` where the copy lacks a signal of the circuit. */
  constructor(twins: Twins) {
    this.#twins = twins;
    this.#realWires = laxWires(twins.real, twins.lax);
    this.#markedWires = laxWires(twins.marked, twins.lax);
    this.#equalities = markedConstraints(twins);
    this.#copies = signalCopies(twins.lax);
    const { r1cs } = twins.marked;
    const compared = this.#equalities.flatMap(({ index }) => wiresOf(r1cs, index));
    this.#looked = new Set([0, ...this.#realWires, ...compared.map((wire) => this.#markedWires[wire]!)]);
    this.#looked.delete(MARK);
  }

  /** Compiles what is needed below `workDir`; see buildTwins. */
  static async build(options: { mainFile: string; workDir: string }): Promise<LaxTwin> {
    return new LaxTwin(await buildTwins(options));
  }

  /** Every constraint that a `===` of the instance makes. */
  get equalities(): readonly Equality[] {
    return this.#equalities.map(({ equality }) => equality);
  }

  /**
   * The verdict of the constraints on the witness that `input` leads to, true or false.
   *
   * An input that the circuit fixes to a constant has no wire in the simplified system, so a lie about it alone leaves
   * `satisfied` true; `broken` shows it.
   * @param forged values of signals, by full name, that the prover puts in place of those computed, and with them in
   *   every mere copy (`y <== x`). What else depends on them stays as computed: name it too, or it is `incoherent`.
   * @throws SoundnessError `soundness/input-mismatch` where the input does not fit the circuit.
   * @throws SoundnessError `soundness/signal-missing` where a forged signal does not exist.
   */
  lie(input: CircuitInput, forged: Readonly<Record<string, bigint>> = {}): Lie {
    const { real, marked, lax } = this.#twins;
    const replaced = new Map(
      Object.entries(forged).flatMap(([name, value]) =>
        this.#copies(laxWire(lax, name)).map((wire) => [wire, value] as const),
      ),
    );
    const touched = this.#touchedBy(replaced);
    const looked = touched.flatMap((index) => wiresOf(marked.r1cs, index));
    const values = lax.calculator.calculate(
      input,
      new Set([...this.#looked, ...looked.map((wire) => this.#markedWires[wire]!).filter((w) => w !== MARK)]),
    );
    for (const [wire, value] of replaced) values[wire] = value;
    const valueAt = (wire: number) => (wire === MARK ? 0n : values[wire]!);
    const violated = violatedConstraints(real.r1cs, Array.from(this.#realWires, valueAt));
    const markedWitness = Array.from(this.#markedWires, valueAt);
    const isBroken = (index: number) => !isSatisfied(marked.r1cs, index, markedWitness);
    const broken = this.#equalities.filter(({ index }) => isBroken(index));
    const named = new Set(broken.map(({ index }) => index));
    return {
      satisfied: violated.length === 0,
      violated: describeConstraints(real.r1cs, real.symbols, violated),
      broken: broken.map(({ equality }) => equality),
      // The copy computes every `<==` truthfully: where nothing is forged only a `===` can break.
      incoherent: describeConstraints(
        marked.r1cs,
        marked.symbols,
        touched.filter((index) => !named.has(index) && isBroken(index)),
      ),
    };
  }

  /** The constraints of the marked twin that look at a wire of the copy which is replaced. */
  #touchedBy(replaced: ReadonlyMap<number, bigint>): number[] {
    if (replaced.size === 0) return [];
    const wires = [...this.#markedWires.keys()].filter((wire) => replaced.has(this.#markedWires[wire]!));
    return [...new Set([...constraintsOf(this.#twins.marked.r1cs, wires).values()].flat())];
  }
}

/** A constraint of a marked twin. */
interface MarkedConstraint {
  readonly index: number;
  readonly equality: Equality;
}

/** The constraints of a marked twin that come from a `===`, told by their marks, in their order. */
function markedConstraints({
  marked: { r1cs, symbols },
  sources,
}: Pick<Twins, "marked" | "sources">): MarkedConstraint[] {
  const markOf = new Map<number, Mark>();
  for (let wire = 1; wire < r1cs.wireCount; wire++) {
    const mark = readMark(wireName(r1cs, symbols, wire));
    if (mark !== undefined) markOf.set(wire, mark);
  }
  return [...constraintsOf(r1cs, markOf.keys())]
    .filter(([, constraints]) => constraints.length > 0)
    .flatMap(([wire, constraints]) => {
      const { component, template, statement } = markOf.get(wire)!;
      const origin = constraintStatement(sources.definitions.get(template)!, statement);
      const passes = constraints.length;
      return constraints.map((index, pass) => ({ index, equality: { ...origin, component, pass, passes } }));
    })
    .sort((left, right) => left.index - right.index);
}

/** Stands for the wire of a mark, which is always 0. */
const MARK = -1;

/**
 * For each wire of `circuit`, the wire of the lax copy that carries the signal of the same name.
 * @throws SoundnessError `soundness/signal-missing` where there is none.
 */
function laxWires(circuit: LoadedCircuit, lax: LoadedCircuit): Int32Array {
  return Int32Array.from({ length: circuit.r1cs.wireCount }, (_, wire) => {
    if (wire === 0) return 0;
    const name = wireName(circuit.r1cs, circuit.symbols, wire);
    return readMark(name) === undefined ? laxWire(lax, name) : MARK;
  });
}

function laxWire({ symbols }: LoadedCircuit, name: string): number {
  const label = symbols.labelOf.get(name);
  if (label === undefined) throw signalMissing(name);
  return symbols.wires[label]!;
}

function signalMissing(signal: string): SoundnessError {
  return new SoundnessError("soundness/signal-missing", `the lax copy has no signal ${signal}`, {
    details: { signal },
    why: "signals are matched by name, and the name of an anonymous component depends on its place in the file",
    remedy: "give the component a name",
  });
}
