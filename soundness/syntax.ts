import { invalidSource, type Token } from "./tokens.js";

/** A simple statement: neither a block nor `if`, `for` or `while`. Without its semicolon. */
export interface Statement {
  readonly tokens: readonly Token[];
  /** Offsets in the source, the semicolon included, end exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface Definition {
  readonly kind: "template" | "function" | "bus";
  readonly name: string;
  readonly parameters: readonly string[];
  /** Everything between the braces of the body. */
  readonly body: readonly Token[];
  /** Every simple statement of the body, however deep it stands, in the order of the source. */
  readonly statements: readonly Statement[];
  /** Offset in the source behind the opening brace of the body. */
  readonly bodyStart: number;
}

export interface Syntax {
  readonly includes: readonly Token[];
  readonly definitions: readonly Definition[];
  /** The tokens of `component main ... = T(...)`, if the file has one. */
  readonly main: readonly Token[] | undefined;
}

const OPENING = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/**
 * The structure of a Circom 2 source as far as the checks need it: definitions and their simple statements
 * (docs.circom.io, "Circom language reference").
 * @throws SoundnessError `soundness/source-invalid` where the source ends inside a construct.
 */
export function parse(tokens: readonly Token[], file: string): Syntax {
  return new Parser(tokens, file).parse();
}

/** The index of the token that closes what the token at `open` opens. */
export function closingIndex(tokens: readonly Token[], open: number, file: string): number {
  const stack: string[] = [];
  for (let at = open; at < tokens.length; at++) {
    const { text, kind } = tokens[at]!;
    if (kind !== "symbol") continue;
    const closing = OPENING.get(text);
    if (closing !== undefined) stack.push(closing);
    else if (text === stack.at(-1)) stack.pop();
    if (stack.length === 0) return at;
  }
  throw invalidSource(file, tokens[open]?.line ?? 0, "a bracket is not closed");
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #file: string;
  #at = 0;

  constructor(tokens: readonly Token[], file: string) {
    this.#tokens = tokens;
    this.#file = file;
  }

  parse(): Syntax {
    const includes: Token[] = [];
    const definitions: Definition[] = [];
    let main: readonly Token[] | undefined;
    while (this.#at < this.#tokens.length) {
      const { text } = this.#tokens[this.#at]!;
      if (text === "template" || text === "function" || text === "bus") {
        definitions.push(this.#definition(text));
        continue;
      }
      const { tokens } = this.#simpleStatement();
      if (text === "include") includes.push(tokens[1]!);
      if (text === "component" && tokens[1]?.text === "main") main = tokens;
    }
    return { includes, definitions, main };
  }

  #definition(kind: Definition["kind"]): Definition {
    // `template custom parallel Name(parameters) { body }`: the name stands before the parenthesis.
    while (this.#peek().text !== "(") this.#at++;
    const name = this.#tokens[this.#at - 1]!.text;
    const parameters = this.#bracketed().filter((token) => token.kind === "word");
    const bodyStart = this.#peek().end;
    const first = this.#at + 1;
    const last = closingIndex(this.#tokens, this.#at, this.#file);
    this.#at = first;
    const statements: Statement[] = [];
    while (this.#at < last) this.#statement(statements);
    this.#at = last + 1;
    return {
      kind,
      name,
      parameters: parameters.map(({ text }) => text),
      body: this.#tokens.slice(first, last),
      statements,
      bodyStart,
    };
  }

  #statement(found: Statement[]): void {
    const { text } = this.#peek();
    if (text === "{") {
      const last = closingIndex(this.#tokens, this.#at, this.#file);
      this.#at++;
      while (this.#at < last) this.#statement(found);
      this.#at++;
    } else if (text === "if" || text === "for" || text === "while") {
      this.#at++;
      this.#bracketed();
      this.#statement(found);
      if (text === "if" && this.#tokens[this.#at]?.text === "else") {
        this.#at++;
        this.#statement(found);
      }
    } else {
      found.push(this.#simpleStatement());
    }
  }

  #simpleStatement(): Statement {
    const first = this.#at;
    while (this.#peek().text !== ";") {
      const opens = this.#peek().kind === "symbol" && OPENING.has(this.#peek().text);
      this.#at = opens ? closingIndex(this.#tokens, this.#at, this.#file) + 1 : this.#at + 1;
    }
    const tokens = this.#tokens.slice(first, this.#at);
    const { start } = this.#tokens[first]!;
    const { end } = this.#tokens[this.#at++]!;
    return { tokens, start, end };
  }

  /** Steps over a bracket and returns what stands inside. */
  #bracketed(): readonly Token[] {
    const first = this.#at + 1;
    const last = closingIndex(this.#tokens, this.#at, this.#file);
    this.#at = last + 1;
    return this.#tokens.slice(first, last);
  }

  #peek(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) {
      throw invalidSource(this.#file, this.#tokens.at(-1)?.line ?? 0, "the file ends inside a construct");
    }
    return token;
  }
}
