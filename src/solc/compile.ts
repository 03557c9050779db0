import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { z } from "zod";
import { atExit } from "../at-exit.js";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { MODULES } from "../places.js";
import { zod } from "../zod.js";
import { type Compiler, checkVersion, INSTALLED_COMPILER } from "./compiler.js";

const require = createRequire(import.meta.url);

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
  /** Release and commit of the compiler, as it says itself: `0.8.30+commit.73712a01`. */
  readonly compiler: string;
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<string, Record<string, unknown>>;
  readonly sources?: Record<string, object>;
}

const PROGRAM = join(MODULES, "solc/program.cjs");

/** solc's `outputSelection`: per source, per contract, the names of the outputs; `*` for any, `""` for the source itself. */
export type OutputSelection = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * Compiles standard JSON with solc from npm, in a process of its own: solc-js blocks its thread for seconds and never gives
 * memory back.
 * @param selections what to put out, one compilation each, their outputs merged; what the input selects, unless given.
 *   Apart because syntax trees of all sources, asked for together with the code of one contract, make solc generate the
 *   code of all contracts.
 * @param compiler the one that comes with this package by default.
 * @throws SealpatchError `code/compilation-failed` with the compiler's first error, `code/other-compiler`,
 *   `code/compiler-stopped`.
 */
export async function compileStandardJson(
  input: StandardInput,
  selections?: readonly OutputSelection[],
  compiler: Compiler = INSTALLED_COMPILER,
): Promise<StandardOutput> {
  const inputs = selections?.map((outputSelection) => ({
    ...input,
    settings: { ...input.settings, outputSelection },
  }));
  return readOutputs(await runCompiler(inputs ?? [input], compiler), compiler);
}

/**
 * Release and commit of a compiler, `0.8.30+commit.73712a01`: it is run to say so.
 * @throws SealpatchError `code/other-compiler`, `code/compiler-stopped`.
 */
export async function askVersion(compiler: Compiler): Promise<string> {
  const asked = said.get(compiler.module) ?? runCompiler([], compiler);
  said.set(compiler.module, asked);
  asked.catch(() => said.delete(compiler.module));
  return checkVersion(compiler, (await asked).version);
}

/** What compilers have said, by their modules. */
const said = new Map<string, Promise<Answer>>();

/**
 * As `compileStandardJson`, in the caller's process, which waits: for sources so small that starting a process would take
 * longer than compiling them.
 * @throws SealpatchError as `compileStandardJson`.
 */
export function compileInProcess(
  input: StandardInput,
  compiler: Compiler = INSTALLED_COMPILER,
): StandardOutput {
  const { compile } = require(PROGRAM) as { compile(module: string, inputs: readonly object[]): Answer };
  return readOutputs(compile(compiler.module, [input]), compiler);
}

/** What `program.cjs` answers. */
interface Answer {
  /** What the compiler says of itself. */
  readonly version: string;
  /** One output in JSON for each input. */
  readonly outputs: readonly string[];
}

/** The outputs of one or more runs as one. */
function readOutputs({ version, outputs }: Answer, compiler: Compiler): StandardOutput {
  const found = checkVersion(compiler, version);
  const parsed = outputs.map((output) => ({ compiler: found, ...JSON.parse(output) }) as StandardOutput);
  const merged = parsed.reduce(merge);
  const failure = parsed.flatMap(({ errors = [] }) => errors).find(({ severity }) => severity === "error");
  if (failure !== undefined || merged.contracts === undefined) {
    throw new SealpatchError("code/compilation-failed", "the sources do not compile", {
      details: { solc: found },
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

function runCompiler(inputs: readonly object[], { module, version }: Compiler): Promise<Answer> {
  return new Promise((answer, fail) => {
    const child = spawn(process.execPath, [PROGRAM, module], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    const done = atExit(() => child.kill("SIGKILL"));
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", fail);
    child.on("close", () => {
      done();
      try {
        answer(JSON.parse(Buffer.concat(chunks).toString("utf8")) as Answer);
      } catch {
        // No cause: an error of JSON quotes what the compiler wrote.
        fail(stopped(version));
      }
    });
    // A compiler that dies early closes the pipe; what it left unsaid shows above.
    child.stdin.on("error", () => {});
    child.stdin.end(JSON.stringify(inputs));
  });
}

function stopped(version: string): SealpatchError {
  return new SealpatchError("code/compiler-stopped", "the compiler stopped without a result", {
    details: { solc: version },
    why: "its process ended early, as it does where memory runs out",
    remedy: "try again; solc needs about 1 GB of memory",
  });
}
