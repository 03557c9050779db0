import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import type { z } from "zod";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";

const require = createRequire(import.meta.url);

/** Version of the installed solc, for example 0.8.30. */
export const SOLC_VERSION: string = (require("solc/package.json") as { version: string }).version;

/** solc's standard JSON input with the text of every source in it, so that compiling needs no files. */
export const standardInputSchema = lazily(() =>
  zod.looseObject({
    language: zod.literal("Solidity"),
    sources: zod.record(zod.string(), zod.strictObject({ content: zod.string() })),
    settings: zod.looseObject({}),
  }),
);
export type StandardInput = z.output<ReturnType<typeof standardInputSchema>>;

/** The part of solc's output that is looked at here; the rest is for `parseArtifact`. */
export interface StandardOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<string, Record<string, unknown>>;
  readonly sources?: Record<string, object>;
}

// solc-js blocks its thread for seconds and never gives memory back, so it gets a process of its own. Its own command
// line writes notes among the JSON, and takes one input; this takes several in turn, for loading it takes a second.
// V8 would spend more time on optimizing solc's code than most contracts gain by it: the budget lets it optimize what
// runs long. It ignores flags that it does not know.
const SCRIPT = `
require("node:v8").setFlagsFromString("--wasm-tiering-budget=30000000");
const solc = require(process.argv[1]);
let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (text += chunk));
process.stdin.on("end", () => {
  const { sources, runs } = JSON.parse(text);
  const outputs = runs.map((run) => solc.compile(JSON.stringify({ ...run, sources })));
  process.stdout.write("[" + outputs.join() + "]");
});
`;

/** solc's `outputSelection`: per source, per contract, the names of the outputs; `*` for any, `""` for the source itself. */
export type OutputSelection = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * Compiles standard JSON with solc from npm.
 * @param selections what to put out, one compilation each, their outputs merged; what the input selects, unless given.
 *   Apart because syntax trees of all sources, asked for together with the code of one contract, make solc generate the
 *   code of all contracts.
 * @param compiler path of the solc package's main module; the installed one by default.
 * @throws SealpatchError `code/compilation-failed` with the compiler's first error.
 */
export async function compileStandardJson(
  { sources, ...rest }: StandardInput,
  selections?: readonly OutputSelection[],
  compiler: string = require.resolve("solc"),
): Promise<StandardOutput> {
  const runs = selections?.map((outputSelection) => ({
    ...rest,
    settings: { ...rest.settings, outputSelection },
  }));
  const text = await runCompiler(JSON.stringify({ sources, runs: runs ?? [rest] }), compiler);
  const outputs = parseOutput(text);
  const merged = outputs.reduce(merge);
  const failure = outputs.flatMap(({ errors = [] }) => errors).find(({ severity }) => severity === "error");
  if (failure !== undefined || merged.contracts === undefined) {
    throw new SealpatchError("code/compilation-failed", "the sources do not compile", {
      details: { solc: SOLC_VERSION },
      why: failure?.formattedMessage ?? "the compiler gave no output",
      remedy: "correct the sources or the compiler settings",
    });
  }
  return merged;
}

/** Two outputs of the same sources as one. */
function merge(one: StandardOutput, other: StandardOutput): StandardOutput {
  const sources = { ...one.sources };
  for (const [name, source] of Object.entries(other.sources ?? {})) {
    sources[name] = { ...sources[name], ...source };
  }
  return { ...one, ...other, sources, contracts: { ...one.contracts, ...other.contracts } };
}

function runCompiler(input: string, compiler: string): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ["-e", SCRIPT, compiler], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", fail);
    child.on("close", () => done(Buffer.concat(chunks).toString("utf8")));
    // A compiler that dies early closes the pipe; what it left unsaid shows below.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

function parseOutput(text: string): [StandardOutput, ...StandardOutput[]] {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SealpatchError("code/compilation-failed", "the compiler stopped without a result", {
      details: { solc: SOLC_VERSION },
      remedy: "try again; solc needs about 1 GB of memory",
      cause,
    });
  }
}
