import { sign } from "../../src/audit/curve.js";
import { FIELD_ORDER } from "../../src/field/index.js";
import { lazily } from "../../src/lazily.js";
import type { CircuitInput } from "../../src/proof/index.js";
import { attestReference } from "../../tools/circuits/reference/index.js";
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

/**
 * A lie told in the circuit's inputs that everything else is made to fit: what governance registers, the commitment and
 * the signatures are those of whatever the circuit computes.
 */
export function withSettledSignals(
  name: string,
  refusedBy: string,
  change: (signals: Signals) => void,
): FalseStatement {
  return withSignals(name, refusedBy, (signals) => {
    change(signals);
    const { vectorRoot, layout, commitment } = attestReference(signals);
    Object.assign(signals, { vectorRoot, layoutRoot: layout.oldRoot, commitment });
    const { message } = attestReference(signals);
    const { auditorSecrets } = trueIngredients();
    const nonces = signals.signatureNonce as unknown as bigint[][];
    signals.signerUsed!.forEach((used, slot) => {
      if (used !== 1n) return;
      const { R8, S } = sign(auditorSecrets[Number(signals.signerIndex![slot])]!, message);
      nonces[slot] = [...R8];
      signals.signatureScalar![slot] = S;
    });
  });
}

export const set = (signal: string, value: bigint) => (signals: Record<string, unknown>) => {
  signals[signal] = value;
};
export const setAt = (signal: string, index: number, value: bigint) => (signals: Signals) => {
  signals[signal]![index] = value;
};
