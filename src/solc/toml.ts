/** Comments, texts on one line (basic and literal), marks, ends of lines, and whatever else stands between them. */
const TOKENS = /#[^\n]*|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\n|[[\]=,{}]|[^\s#"'[\]=,{}]+/g;

/**
 * The list of texts that stands at a key of a TOML file; undefined where the file has no such key. Reads tables, keys with dots
 * and lists over several lines: what lists of texts need.
 * @param path the table's name and the key, part by part.
 * @throws SyntaxError where the value is anything else.
 */
export function readStrings(text: string, path: readonly string[]): string[] | undefined {
  const tokens = [...text.matchAll(TOKENS)].map(([token]) => token).filter((token) => !token.startsWith("#"));
  let table: string[] = [];
  let at = 0;
  while (at < tokens.length) {
    const start = at;
    at = endOfValue(tokens, at);
    const line = tokens.slice(start, at++);
    const equals = line.indexOf("=");
    if (line[0] === "[") table = keyOf(line.filter((token) => token !== "[" && token !== "]"));
    else if (equals > 0) {
      const key = [...table, ...keyOf(line.slice(0, equals))];
      if (key.length === path.length && key.every((part, index) => part === path[index]))
        return listOf(line.slice(equals + 1));
    }
  }
  return undefined;
}

/** Where the line of a token ends: a list goes on until it is closed. */
function endOfValue(tokens: readonly string[], start: number): number {
  let open = 0;
  for (let at = start; at < tokens.length; at++) {
    if (tokens[at] === "[" || tokens[at] === "{") open++;
    if (tokens[at] === "]" || tokens[at] === "}") open--;
    if (tokens[at] === "\n" && open <= 0) return at;
  }
  return tokens.length;
}

/** `profile.default` or `profile."my profile"`, part by part. */
function keyOf(tokens: readonly string[]): string[] {
  return tokens.flatMap((token) => (isText(token) ? [textOf(token)] : token.split(".").filter(Boolean)));
}

function listOf(tokens: readonly string[]): string[] {
  const parts = tokens.filter((token) => token !== "\n");
  const inside = parts.slice(1, -1);
  const texts = inside.filter(isText);
  const others = inside.filter((token) => !isText(token) && token !== ",");
  if (parts[0] !== "[" || parts.at(-1) !== "]" || others.length > 0)
    throw new SyntaxError("no list of texts");
  return texts.map(textOf);
}

const isText = (token: string): boolean => token.startsWith('"') || token.startsWith("'");

function textOf(token: string): string {
  return token.startsWith("'") ? token.slice(1, -1) : (JSON.parse(token) as string);
}
