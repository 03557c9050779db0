import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "../../src/places.js";
import { ToolError } from "../tool-error.js";

const DOCUMENT = "docs/properties.md";
/** A threat or a property. In Solidity names it stands between underscores, which regular expressions take for letters. */
const ID = /(?<![A-Za-z0-9])[TP]\d{2}(?![A-Za-z0-9])/g;
const DEFINITION = /^- \*\*([TP]\d{2})\*\* .*?(?: Tests: (.*))?$/;
const SOLIDITY_TEST = /\bfunction\s+((?:test|invariant|statefulFuzz)\w*)\s*\(/g;
const COMMENT = String.raw`\/\/.*|\/\*[\s\S]*?\*\/`;
const STRING = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\`(?:\\[\s\S]|[^\`\\])*\``;
const REGULAR_EXPRESSION = String.raw`(?<=[(,=:[!&|?{;]\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/`;
const TOKEN = new RegExp(
  [COMMENT, STRING, REGULAR_EXPRESSION, String.raw`[\w$]+`, String.raw`\S`].join("|"),
  "g",
);

/** One line of the document: an id and the tests that it names, a whole file where `name` is undefined. */
export interface Property {
  readonly id: string;
  readonly tests: readonly { readonly file: string; readonly name: string | undefined }[];
}

/** Names of the tests of each file below `test/`, by its path in the repository. */
export type TestNames = ReadonlyMap<string, readonly string[]>;

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();

async function main(): Promise<number> {
  if (process.argv.length > 2) {
    console.error("tools/properties/main.ts takes no arguments");
    return 2;
  }
  try {
    const { properties, tests } = await readRepository(ROOT);
    const problems = findProblems(properties, tests);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) return 1;
    const names = [...tests.values()].flat();
    const naming = names.filter((name) => idsOf(name).length > 0).length;
    console.log(
      `${properties.length} properties and threats, each with a test: ${naming} of ${names.length} tests name one`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    console.error(error.message);
    return 1;
  }
}

/**
 * The document and the tests of a repository.
 * @throws ToolError where there is no document.
 */
export async function readRepository(root: string): Promise<{ properties: Property[]; tests: TestNames }> {
  const document = await readFile(join(root, DOCUMENT), "utf8").catch((cause: unknown) => {
    throw new ToolError(`cannot read ${DOCUMENT}\nlist every threat and property there, one a line`, {
      cause,
    });
  });
  const tests = new Map<string, readonly string[]>();
  const paths = await readdir(join(root, "test"), { recursive: true });
  for (const path of paths.filter((name) => /\.(ts|t\.sol)$/.test(name)).sort()) {
    const file = `test/${path.replaceAll("\\", "/")}`;
    tests.set(file, testNames(file, await readFile(join(root, file), "utf8")));
  }
  return { properties: parseProperties(document), tests };
}

/**
 * Reads the lines that begin with `- **P01** `: what the id says, then `Tests: ` with files and names of tests in code
 * spans, names after their file. All other lines are prose.
 */
export function parseProperties(document: string): Property[] {
  const properties: Property[] = [];
  for (const line of document.split("\n")) {
    const [, id, references = ""] = DEFINITION.exec(line) ?? [];
    if (id === undefined) continue;
    const tests: { file: string; name: string | undefined }[] = [];
    let file = "";
    let isWhole = false;
    for (const [, text] of references.matchAll(/`([^`]+)`/g)) {
      if (/^test\/\S+\.(ts|sol)$/.test(text!)) {
        if (isWhole) tests.push({ file, name: undefined });
        file = text!;
        isWhole = true;
      } else {
        tests.push({ file, name: text! });
        isWhole = false;
      }
    }
    if (isWhole) tests.push({ file, name: undefined });
    properties.push({ id, tests });
  }
  return properties;
}

/**
 * Names of the tests in a source: titles of vitest's `describe`, `it` and `test` as they are written, test functions of
 * Solidity, and the names in lists of statements (`*statements.ts`), where each call for an entry begins with the name
 * and the template that refuses it. What is skipped is not a test.
 */
export function testNames(file: string, source: string): string[] {
  if (file.endsWith(".sol")) {
    return [...source.replaceAll(new RegExp(COMMENT, "g"), "").matchAll(SOLIDITY_TEST)].map(
      ([, name]) => name!,
    );
  }
  const tokens = (source.match(TOKEN) ?? []).filter((token) => !/^\/[/*]/.test(token));
  const names: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const title = /^(describe|it|test)$/.test(tokens[at]!) ? titleAt(tokens, at) : undefined;
    if (title !== undefined) names.push(title);
    const [open, name, first, template = "", second] = tokens.slice(at, at + 5);
    const isEntry =
      open === "(" && isString(name) && first === "," && /^["A-Za-z_$]/.test(template) && second === ",";
    if (isEntry && file.endsWith("statements.ts")) names.push(unquoted(name));
  }
  return names;
}

/** The title of the call that begins with the word at `at`, if it is one and has a title. */
function titleAt(tokens: readonly string[], at: number): string | undefined {
  if (tokens[at - 1] === ".") return undefined;
  let next = at + 1;
  while (tokens[next] === ".") {
    const modifier = tokens[next + 1]!;
    if (/^(skip|todo)$/.test(modifier)) return undefined;
    next += 2;
    // These take arguments of their own before the title.
    if (/^(each|for|runIf|skipIf)$/.test(modifier)) next = afterArguments(tokens, next);
  }
  const title = tokens[next + 1];
  return tokens[next] === "(" && isString(title) ? unquoted(title) : undefined;
}

function afterArguments(tokens: readonly string[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at] === "(") depth++;
    else if (tokens[at] === ")" && --depth === 0) return at + 1;
  }
  return tokens.length;
}

function isString(token: string | undefined): token is string {
  return token !== undefined && /^["'`]/.test(token);
}

function unquoted(token: string): string {
  return token.slice(1, -1).replace(/\\(.)/g, "$1");
}

function idsOf(name: string): string[] {
  return [...new Set(name.match(ID) ?? [])];
}

/** What is wrong between document and tests, one line each. */
export function findProblems(properties: readonly Property[], tests: TestNames): string[] {
  const problems: string[] = [];
  const ids = properties.map(({ id }) => id);
  if (ids.length === 0) problems.push(`${DOCUMENT}: no property`);
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) {
    problems.push(`${DOCUMENT}: ${id} stands twice`);
  }
  const named = new Set([...tests.values()].flat().flatMap(idsOf));
  for (const { id, tests: references } of properties) {
    if (!named.has(id)) problems.push(`${id}: no test has it in its name`);
    if (references.length === 0) problems.push(`${id}: ${DOCUMENT} names no test for it`);
    for (const { file, name } of references) {
      const names = tests.get(file);
      if (names === undefined) problems.push(`${id}: there is no file ${file || "before its first test"}`);
      else if (name !== undefined && !names.includes(name))
        problems.push(`${id}: ${file} has no test "${name}"`);
      else if (name === undefined && !names.some((one) => idsOf(one).includes(id))) {
        problems.push(`${id}: no test of ${file} has it in its name`);
      }
    }
  }
  for (const [file, names] of tests) {
    for (const name of names) {
      for (const id of idsOf(name).filter((one) => !ids.includes(one))) {
        problems.push(`${file}: "${name}" has ${id}, which ${DOCUMENT} does not have`);
      }
    }
  }
  return problems;
}
