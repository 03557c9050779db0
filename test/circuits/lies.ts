import { FIELD_ORDER } from "../../src/field/index.js";
import { lazily } from "../../src/lazily.js";
import type { CircuitInput } from "../../src/proof/index.js";
import {
  type Assembled,
  assemble,
  type Ingredients,
  trueIngredients,
} from "../../tools/circuits/statements.js";

/** A statement that is false in one respect. */
export interface FalseStatement {
  readonly name: string;
  /** Template whose constraint refuses it. */
  readonly refusedBy: string;
  /** The inputs of a prover who tries it all the same, with everything else made to fit the lie. */
  readonly input: () => CircuitInput;
}

/** A witness that the circuit's own calculator would not compute, although it may compute one of the same inputs. */
export interface ForgedWitness {
  readonly name: string;
  readonly input: () => CircuitInput;
  /** What the prover puts in place of computed values, by the full names of signals (LaxTwin.lie). */
  readonly signals: () => Readonly<Record<string, bigint>>;
}

const truth = lazily(() => assemble(trueIngredients()));

export type Signals = Record<string, bigint[]>;
export const MINUS_ONE = FIELD_ORDER - 1n;

/** A lie told in the ingredients: roots that governance registered stay those of the truth where listed. */
export function withIngredients(
  name: string,
  refusedBy: string,
  change: (ingredients: Ingredients) => void,
  registered: ("vectorRoot" | "layoutRoot" | "auditorRoot")[] = [],
): FalseStatement {
  return {
    name,
    refusedBy,
    input: lazily(() => {
      const { statement } = truth();
      const ingredients = trueIngredients();
      change(ingredients);
      const roots = registered.map((root) => [root, statement[root]]);
      return assemble(ingredients, Object.fromEntries(roots)).input;
    }),
  };
}

/** A lie told in the circuit's inputs themselves. */
export function withSignals(
  name: string,
  refusedBy: string,
  change: (signals: Signals, truth: Assembled) => void,
): FalseStatement {
  return {
    name,
    refusedBy,
    input: lazily(() => {
      const signals = structuredClone(truth().input) as Signals;
      change(signals, truth());
      return signals;
    }),
  };
}

export const set = (signal: string, value: bigint) => (signals: Record<string, unknown>) => {
  signals[signal] = value;
};
export const setAt = (signal: string, index: number, value: bigint) => (signals: Signals) => {
  signals[signal]![index] = value;
};
