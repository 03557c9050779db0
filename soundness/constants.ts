import type { LocatedDefinition } from "./sources.js";
import { closingIndex } from "./syntax.js";
import type { Token } from "./tokens.js";

/** Names with known integer values: parameters and variables that are assigned once. */
export type Constants = ReadonlyMap<string, bigint>;

type Operator = (left: bigint, right: bigint) => bigint | undefined;

const truth = (value: boolean) => (value ? 1n : 0n);

/** Binary operators by precedence, weakest first, as in Circom's grammar. */
const OPERATORS: readonly ReadonlyMap<string, Operator>[] = [
  new Map([["||", (a, b) => truth(a !== 0n || b !== 0n)]]),
  new Map([["&&", (a, b) => truth(a !== 0n && b !== 0n)]]),
  new Map<string, Operator>([
    ["==", (a, b) => truth(a === b)],
    ["!=", (a, b) => truth(a !== b)],
    ["<", (a, b) => truth(a < b)],
    [">", (a, b) => truth(a > b)],
    ["<=", (a, b) => truth(a <= b)],
    [">=", (a, b) => truth(a >= b)],
  ]),
  new Map([["|", (a, b) => a | b]]),
  new Map([["^", (a, b) => a ^ b]]),
  new Map([["&", (a, b) => a & b]]),
  new Map<string, Operator>([
    ["<<", (a, b) => (b < 512n ? a << b : undefined)],
    [">>", (a, b) => (b < 512n ? a >> b : undefined)],
  ]),
  new Map<string, Operator>([
    ["+", (a, b) => a + b],
    ["-", (a, b) => a - b],
  ]),
  new Map<string, Operator>([
    ["*", (a, b) => a * b],
    ["\\", (a, b) => (b === 0n ? undefined : a / b)],
    ["%", (a, b) => (b === 0n ? undefined : a % b)],
    // Division in the field: sizes are never made by it.
    ["/", () => undefined],
  ]),
  new Map<string, Operator>([["**", (a, b) => (b >= 0n && b < 512n ? a ** b : undefined)]]),
];

/**
 * Value of an integer expression, or undefined where it depends on anything but constants, operators and functions
 * that consist of one `return`. Plain integers, not reduced modulo r: good for sizes, which are small.
 */
export function evaluateConstant(
  tokens: readonly Token[],
  constants: Constants,
  definitions: ReadonlyMap<string, LocatedDefinition>,
): bigint | undefined {
  const expression = new Expression(tokens, constants, definitions);
  const value = expression.conditional();
  return expression.isAtEnd ? value : undefined;
}

/** The arguments between the parentheses that open at `open`. */
export function argumentsAt(tokens: readonly Token[], open: number): (readonly Token[])[] {
  const close = closingIndex(tokens, open, "");
  return close === open + 1 ? [] : splitAtCommas(tokens.slice(open + 1, close));
}

/** The parts between the commas that stand outside of brackets. */
export function splitAtCommas(tokens: readonly Token[]): (readonly Token[])[] {
  const parts: (readonly Token[])[] = [];
  let first = 0;
  for (let at = 0, depth = 0; at < tokens.length; at++) {
    const { text } = tokens[at]!;
    if (text === "(" || text === "[" || text === "{") depth++;
    else if (text === ")" || text === "]" || text === "}") depth--;
    else if (text === "," && depth === 0) {
      parts.push(tokens.slice(first, at));
      first = at + 1;
    }
  }
  return [...parts, tokens.slice(first)];
}

class Expression {
  readonly #tokens: readonly Token[];
  readonly #constants: Constants;
  readonly #definitions: ReadonlyMap<string, LocatedDefinition>;
  #at = 0;

  constructor(
    tokens: readonly Token[],
    constants: Constants,
    definitions: ReadonlyMap<string, LocatedDefinition>,
  ) {
    this.#tokens = tokens;
    this.#constants = constants;
    this.#definitions = definitions;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  conditional(): bigint | undefined {
    const condition = this.#binary(0);
    if (!this.#take("?")) return condition;
    const whenTrue = this.conditional();
    this.#take(":");
    const whenFalse = this.conditional();
    if (condition === undefined) return undefined;
    return condition !== 0n ? whenTrue : whenFalse;
  }

  #binary(level: number): bigint | undefined {
    const operators = OPERATORS[level];
    if (operators === undefined) return this.#unary();
    let value = this.#binary(level + 1);
    for (;;) {
      const operator = operators.get(this.#tokens[this.#at]?.text ?? "");
      if (operator === undefined) return value;
      this.#at++;
      const right = this.#binary(level + 1);
      value = value === undefined || right === undefined ? undefined : operator(value, right);
    }
  }

  #unary(): bigint | undefined {
    if (this.#take("-")) {
      const value = this.#unary();
      return value === undefined ? undefined : -value;
    }
    return this.#primary();
  }

  #primary(): bigint | undefined {
    const token = this.#tokens[this.#at++];
    if (token === undefined) return undefined;
    if (token.kind === "number") return BigInt(token.text);
    if (token.text === "(") {
      const value = this.conditional();
      return this.#take(")") ? value : undefined;
    }
    if (token.kind !== "word") return undefined;
    if (this.#tokens[this.#at]?.text === "(") return this.#call(token.text);
    return this.#constants.get(token.text);
  }

  #call(name: string): bigint | undefined {
    const values = argumentsAt(this.#tokens, this.#at).map((argument) =>
      evaluateConstant(argument, this.#constants, this.#definitions),
    );
    this.#at = closingIndex(this.#tokens, this.#at, "") + 1;
    const definition = this.#definitions.get(name);
    const only = definition?.statements.length === 1 ? definition.statements[0]!.tokens : [];
    if (definition?.kind !== "function" || only[0]?.text !== "return") return undefined;
    return evaluateConstant(only.slice(1), bindParameters(definition, values), this.#definitions);
  }

  #take(text: string): boolean {
    if (this.#tokens[this.#at]?.text !== text) return false;
    this.#at++;
    return true;
  }
}

/** Parameter -> value, for the arguments that are known. */
export function bindParameters(
  definition: LocatedDefinition,
  values: readonly (bigint | undefined)[],
): Map<string, bigint> {
  const bound = new Map<string, bigint>();
  definition.parameters.forEach((parameter, i) => {
    const value = values[i];
    if (value !== undefined) bound.set(parameter, value);
  });
  return bound;
}
