import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
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

const PROGRAM = fileURLToPath(new URL("./program.cjs", import.meta.url));

/** solc's `outputSelection`: per source, per contract, the names of the outputs; `*` for any, `""` for the source itself. */
export type OutputSelection = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * Compiles standard JSON with solc from npm, in a process of its own: solc-js blocks its thread for seconds and never gives
 * memory back.
 * @param selections what to put out, one compilation each, their outputs merged; what the input selects, unless given.
 *   Apart because syntax trees of all sources, asked for together with the code of one contract, make solc generate the
 *   code of all contracts.
 * @param compiler path of the solc package's main module; the installed one by default.
 * @throws SealpatchError `code/compilation-failed` with the compiler's first error.
 */
export async function compileStandardJson(
  input: StandardInput,
  selections?: readonly OutputSelection[],
  compiler: string = require.resolve("solc"),
): Promise<StandardOutput> {
  const inputs = selections?.map((outputSelection) => ({
    ...input,
    settings: { ...input.settings, outputSelection },
  }));
  return readOutputs(await runCompiler(JSON.stringify(inputs ?? [input]), compiler));
}

/**
 * As `compileStandardJson`, in the caller's process, which waits: for sources so small that starting a process would take
 * longer than compiling them.
 * @throws SealpatchError as `compileStandardJson`.
 */
export function compileInProcess(
  input: StandardInput,
  compiler: string = require.resolve("solc"),
): StandardOutput {
  const { compile } = require(PROGRAM) as { compile(compiler: string, inputs: readonly object[]): string[] };
  return readOutputs(`[${compile(compiler, [input]).join()}]`);
}

/** The outputs of one or more runs as one. */
function readOutputs(text: string): StandardOutput {
  const outputs = parseOutputs(text);
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
    const child = spawn(process.execPath, [PROGRAM, compiler], {
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

function parseOutputs(text: string): [StandardOutput, ...StandardOutput[]] {
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
