import { constraintsOf, isSatisfied, wireName } from "./constraints.js";
import { signalCopies } from "./copies.js";
import { baseName, findHints, type Hint } from "./hints.js";
import { idleInverses } from "./idle-inverse.js";
import { readMark } from "./marks.js";
import { reduce, seededElements } from "./modular.js";
import { type Symbols, withoutIndices } from "./sym.js";
import type { LoadedCircuit, Twins } from "./twins.js";
import type { CircuitInput } from "./witness.js";

/** A signal that took another value without breaking a constraint. */
export interface UnpinnedSignal {
  readonly signal: string;
  /** What was done to it: `+1`, `0`, `2` or `random`. */
  readonly mutation: string;
}

export interface HintMutation {
  /** Signals that were mutated, each in several ways. */
  readonly mutated: number;
  /** Empty: every hint is pinned. */
  readonly unpinned: readonly UnpinnedSignal[];
  /** Hints of the sources that this instance of the circuit does not contain. */
  readonly absent: readonly Hint[];
}

/**
 * Mutates every signal that is assigned by a hint, one at a time, in the satisfied witness that `input` leads to: +1,
 * 0, a random element, and 2 where it is a bit. Each mutation must violate a constraint of the circuit as it is proven;
 * a signal that the optimiser eliminated is mutated in the unsimplified twin instead, together with its mere copies.
 * An inverse inside IsZero at input 0 is free by design and left out (idleInverse.ts).
 *
 * @throws SoundnessError `soundness/witness-refused` where `input` is no true statement.
 */
export function mutateHints({ sources, real, marked }: Twins, input: CircuitInput): HintMutation {
  const hints = findHints(sources);
  const { signals, absent } = hintSignals(marked.symbols, hints);
  const wireIn = ({ symbols }: LoadedCircuit, signal: string) => {
    const label = symbols.labelOf.get(signal);
    return label === undefined ? -1 : symbols.wires[label]!;
  };
  const proven = signals.map((signal) => wireIn(real, signal)).filter((wire) => wire > 0);
  const eliminated = signals
    .filter((signal) => wireIn(real, signal) < 0)
    .map((signal) => wireIn(marked, signal));
  const copies = signalCopies(marked);
  return {
    mutated: signals.length,
    unpinned: [
      ...mutate(real, input, new Map(proven.map((wire) => [wire, [wire]]))),
      ...mutate(marked, input, new Map(eliminated.map((wire) => [wire, copies(wire)]))),
    ],
    absent,
  };
}

/** The signals of an instance that hints assign; components are told by their marks. */
function hintSignals(marked: Symbols, hints: readonly Hint[]): { signals: string[]; absent: Hint[] } {
  const templateOf = new Map<string, string>();
  for (const name of marked.names) {
    const mark = readMark(name);
    if (mark !== undefined) templateOf.set(mark.component, mark.template);
  }
  const keyOf = (template: string | undefined, signal: string) => `${template} ${signal}`;
  const wanted = new Set(hints.map(({ template, signal }) => keyOf(template, baseName(signal))));
  const seen = new Set<string>();
  const isHinted = (name: string) => {
    const segments = name.split(".");
    // `out[i] <-- ...` assigns the component's own signal, `lt.in[0] <-- ...` that of a component in it.
    return [1, 2].some((depth) => {
      const component = segments.slice(0, -depth).join(".");
      const key = keyOf(templateOf.get(component), withoutIndices(segments.slice(-depth).join(".")));
      if (wanted.has(key)) seen.add(key);
      return wanted.has(key);
    });
  };
  return {
    signals: marked.names.filter(isHinted),
    absent: hints.filter(({ template, signal }) => !seen.has(keyOf(template, baseName(signal)))),
  };
}

/** Moves each wire, with the wires that move along, and returns those that no constraint holds back. */
function mutate(
  { r1cs, symbols, calculator }: LoadedCircuit,
  input: CircuitInput,
  moved: ReadonlyMap<number, readonly number[]>,
): UnpinnedSignal[] {
  const witness = calculator.calculate(input);
  const idle = idleInverses(r1cs, symbols, witness, [...moved.keys()]);
  const constraints = constraintsOf(r1cs, [...moved.values()].flat());
  const random = seededElements("mutation");
  return [...moved]
    .filter(([wire]) => !idle.has(wire))
    .flatMap(([wire, together]) => {
      const value = witness[wire]!;
      const holdsBack = (mutant: bigint) => {
        for (const other of together) witness[other] = mutant;
        const held = together.some((other) =>
          constraints.get(other)!.some((constraint) => !isSatisfied(r1cs, constraint, witness)),
        );
        for (const other of together) witness[other] = value;
        return held;
      };
      return mutants(value, random.next().value)
        .filter(([, mutant]) => mutant !== value && !holdsBack(mutant))
        .map(([mutation]) => ({ signal: wireName(r1cs, symbols, wire), mutation }));
    });
}

function mutants(value: bigint, random: bigint): [mutation: string, mutant: bigint][] {
  return [
    ["+1", reduce(value + 1n)],
    ["0", 0n],
    ["2", value <= 1n ? 2n : value],
    ["random", random],
  ];
}
