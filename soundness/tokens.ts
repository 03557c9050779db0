import { SoundnessError } from "./errors.js";

export interface Token {
  readonly kind: "word" | "number" | "string" | "symbol";
  readonly text: string;
  /** Offsets in the source, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

// Longer operators stand before their beginnings, as in Circom's own lexer.
const TOKEN = new RegExp(
  [
    String.raw`(?<skip>\s+|//[^\n]*|/\*[\s\S]*?\*/)`,
    "(?<word>[A-Za-z_$][A-Za-z0-9_$]*)",
    "(?<number>0x[0-9a-fA-F]+|[0-9]+)",
    '(?<string>"[^"\\n]*")',
    String.raw`(?<symbol><==|==>|===|<--|-->|\*\*=|<<=|>>=|&&|\|\||==|!=|<=|>=|\*\*|<<|>>|\+\+|--|[-+*/\\%&|^]=|[-+*/\\%&|^~!<>=?:;,.(){}[\]])`,
  ].join("|"),
  "y",
);

/**
 * The tokens of a Circom source, comments and white space left out.
 * @throws SoundnessError `soundness/source-invalid` at a character that begins no token.
 */
export function tokenize(source: string, file: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  let line = 1;
  while (pattern.lastIndex < source.length) {
    const start = pattern.lastIndex;
    const groups = pattern.exec(source)?.groups;
    if (groups === undefined) throw invalidSource(file, line, "unknown character");
    const end = pattern.lastIndex;
    const text = source.slice(start, end);
    const kind = (["word", "number", "string", "symbol"] as const).find((name) => groups[name] !== undefined);
    if (kind !== undefined) tokens.push({ kind, text, start, end, line });
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) line++;
  }
  return tokens;
}

/** The tokens with single spaces between: one writing for every layout of the same text. */
export function normalized(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join(" ");
}

export function invalidSource(file: string, line: number, why: string): SoundnessError {
  return new SoundnessError("soundness/source-invalid", `cannot read ${file} at line ${line}`, {
    details: { file, line },
    why,
    remedy: "the file must compile with circom before it can be checked",
  });
}
