import type { CircuitSources, LocatedDefinition } from "./sources.js";
import { normalized, type Token } from "./tokens.js";

/** A signal that is assigned without a constraint (`<--` or `-->`): its value is the prover's word. */
export interface Hint {
  readonly file: string;
  readonly line: number;
  readonly template: string;
  /** As the source writes it, array indices included: `out[i]`, `lt.in[0]`. */
  readonly signal: string;
  /** Whether it stands in the sources under check, not in circomlib. */
  readonly own: boolean;
}

/** Every hint in the templates that the main component uses, in the order of files, each assignment once. */
export function findHints(sources: CircuitSources): Hint[] {
  return sources.usedTemplates.flatMap(hintsOf);
}

/** The constraints of a template as normalized text: statements with `===`, `<==` or `==>`. */
export function constraintTexts(template: LocatedDefinition): string[] {
  return template.statements
    .filter(({ tokens }) => tokens.some(({ text }) => ["===", "<==", "==>"].includes(text)))
    .map(({ tokens }) => normalized(tokens));
}

/** The name of the signal without indices: `lt[i].in[0]` -> `lt.in`. */
export function baseName(signal: string): string {
  return signal.replaceAll(/\[[^\]]*\]/g, "");
}

function hintsOf(template: LocatedDefinition): Hint[] {
  const hints: Hint[] = [];
  for (const { tokens } of template.statements) {
    for (const [at, token] of tokens.entries()) {
      if (token.text !== "<--" && token.text !== "-->") continue;
      const target = token.text === "<--" ? targetBefore(tokens, at) : targetAfter(tokens, at);
      const signal = target.map(({ text }) => text).join("");
      const { name: file, own } = template.file;
      hints.push({ file, line: token.line, template: template.name, signal, own });
    }
  }
  return hints;
}

/** The signal that ends before `at`; a declaration's keywords and the rest of a list stand in front of it. */
function targetBefore(tokens: readonly Token[], at: number): readonly Token[] {
  let first = at;
  for (let depth = 0; first > 0; first--) {
    const { kind, text } = tokens[first - 1]!;
    if (text === "]") depth++;
    else if (text === "[") depth--;
    else if (depth === 0 && text !== "." && kind !== "word") break;
    // Two words in a row: the first is `signal`, `input` or `output`.
    if (depth === 0 && kind === "word" && tokens[first]?.kind === "word") break;
  }
  return tokens.slice(first, at);
}

/** The signal that begins behind `at`. */
function targetAfter(tokens: readonly Token[], at: number): readonly Token[] {
  const comma = tokens.findIndex(({ text }, index) => index > at && text === ",");
  return tokens.slice(at + 1, comma < 0 ? undefined : comma);
}
