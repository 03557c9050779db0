import { FIELD_ORDER } from "../../../src/field/index.js";
import type { CircuitInput } from "../../../src/proof/index.js";

/** The representative in [0, r). */
export const reduce = (value: bigint): bigint => ((value % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER;

/** A component of a circuit: what its signals are, by full name, as computed outside. */
export class Scope {
  readonly #path: string;
  readonly #signals: Map<string, bigint>;

  constructor(path: string, signals: Map<string, bigint>) {
    this.#path = path;
    this.#signals = signals;
  }

  /** Notes the value of a signal, `out` or `nodes[3]`, and returns it, in [0, r). */
  set(signal: string, value: bigint): bigint {
    const reduced = reduce(value);
    this.#signals.set(`${this.#path}.${signal}`, reduced);
    return reduced;
  }

  /** Notes the values of an array signal. */
  setAll(signal: string, values: readonly bigint[]): bigint[] {
    return values.map((value, index) => this.set(`${signal}[${index}]`, value));
  }

  /** A component inside: `order`, `slots[2]`. */
  in(component: string): Scope {
    return new Scope(`${this.#path}.${component}`, this.#signals);
  }
}

/** An input signal of the main component that is an array. */
export function column(input: CircuitInput, signal: string): readonly bigint[] {
  return input[signal] as readonly bigint[];
}

/** An input signal of the main component that is an array of arrays. */
export function table(input: CircuitInput, signal: string): readonly (readonly bigint[])[] {
  return input[signal] as readonly (readonly bigint[])[];
}

/** An input signal of the main component that is one value. */
export function single(input: CircuitInput, signal: string): bigint {
  return input[signal] as bigint;
}
