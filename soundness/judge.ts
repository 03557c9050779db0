import { type ConstraintStatement, constraintStatement, readCount } from "./marks.js";
import { buildCountingTwin, type CountingTwin } from "./twins.js";
import type { CircuitInput } from "./witness.js";

/** A `===` that does not hold, and in which component (`main.layout.order[2]`): once, however often in its loops. */
export interface BrokenStatement extends ConstraintStatement {
  readonly component: string;
}

/**
 * What every `===` of a circuit says to the witness that an honest prover would compute past all of them. It asks the
 * sources, not the constraints that the compiler makes of them (LaxTwin does that), so that one quick compile is enough.
 */
export class Judge {
  readonly #twin: CountingTwin;
  /** Wire of a count -> the statement that it is about. */
  readonly #counts = new Map<number, BrokenStatement>();

  constructor(twin: CountingTwin) {
    this.#twin = twin;
    const { names, wires } = twin.symbols;
    names.forEach((name, label) => {
      const count = readCount(name);
      if (count === undefined) return;
      const statement = constraintStatement(twin.sources.definitions.get(count.template)!, count.statement);
      this.#counts.set(wires[label]!, { component: count.component, ...statement });
    });
  }

  /** Compiles what is needed below `workDir`; see buildCountingTwin. */
  static async build(options: { mainFile: string; workDir: string }): Promise<Judge> {
    return new Judge(await buildCountingTwin(options));
  }

  /**
   * The broken `===`, each once for each component; none where the circuit accepts.
   * @param signals full names of signals (`main.layout.challenge.out`) whose values are asked for.
   * @returns `values` by the names of `signals`; a name that the circuit does not have is left out.
   * @throws SoundnessError `soundness/input-mismatch` where the input does not fit the circuit.
   */
  judge(
    input: CircuitInput,
    signals: readonly string[] = [],
  ): { broken: BrokenStatement[]; values: ReadonlyMap<string, bigint> } {
    const { symbols, calculator } = this.#twin;
    const asked = signals.flatMap((name) => {
      const label = symbols.labelOf.get(name);
      return label === undefined ? [] : [[name, symbols.wires[label]!] as const];
    });
    const witness = calculator.calculate(input, [...this.#counts.keys(), ...asked.map(([, wire]) => wire)]);
    return {
      broken: [...this.#counts].filter(([wire]) => witness[wire] !== 0n).map(([, origin]) => origin),
      values: new Map(asked.map(([name, wire]) => [name, witness[wire]!])),
    };
  }
}
