import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, parse, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { SoundnessError } from "./errors.js";

const resolvePackage = createRequire(import.meta.url).resolve;
const CIRCOM = join(dirname(resolvePackage("circom2/package.json")), "cli.js");
const CIRCOMLIB = join(dirname(resolvePackage("circomlib/package.json")), "circuits");
const MESSAGES_FILE = "compiler.txt";

/** What the compiler can write. */
export type CompilerOutput = "r1cs" | "wasm" | "sym";
const EVERYTHING: readonly CompilerOutput[] = ["r1cs", "wasm", "sym"];

export interface CompiledCircuit {
  readonly r1csFile: string;
  readonly wasmFile: string;
  readonly symFile: string;
  /** What the compiler wrote to its standard error, without colours; empty where it had nothing to say. */
  readonly stderr: string;
}

/**
 * Compiles one Circom 2 source that has a `main` into `outDir`: `<name>.r1cs`, `<name>.sym` and
 * `<name>_js/<name>.wasm`. Runs the WASM compiler in a child process, so several compile in parallel. circomlib and the
 * folder of the source are on the include path; paths may be absolute or relative to the working directory.
 *
 * `outDir` stands for one content: put a hash of the sources and flags into its name. It appears complete or not at
 * all; where it exists already (also where another compile of the same circuit was faster) it is returned as it is.
 *
 * @param options.flags compiler flags, `["--O2"]` where omitted; give include folders by `includeDirs` instead.
 * @param options.outputs what is written, everything where omitted; the paths of the rest lead nowhere.
 * @throws SoundnessError `circuit/compile-failed` where the compiler fails or warns; `why` carries its message.
 * @throws SoundnessError `circuit/output-occupied` where `outDir` holds something else.
 */
export async function compileCircuit(options: {
  source: string;
  outDir: string;
  flags?: readonly string[];
  includeDirs?: readonly string[];
  outputs?: readonly CompilerOutput[];
}): Promise<CompiledCircuit> {
  const source = resolve(options.source);
  const outDir = resolve(options.outDir);
  const name = parse(source).name;
  const files = {
    r1csFile: join(outDir, `${name}.r1cs`),
    wasmFile: join(outDir, `${name}_js`, `${name}.wasm`),
    symFile: join(outDir, `${name}.sym`),
  };
  const outputs = options.outputs ?? EVERYTHING;
  const isComplete = () =>
    [join(outDir, MESSAGES_FILE), ...outputs.map((output) => files[`${output}File`])].every(existsSync);
  if (!isComplete()) await compileInto(outDir, source, { ...options, outputs }, isComplete);
  return { ...files, stderr: await readFile(join(outDir, MESSAGES_FILE), "utf8") };
}

async function compileInto(
  outDir: string,
  source: string,
  options: {
    flags?: readonly string[];
    includeDirs?: readonly string[];
    outputs: readonly CompilerOutput[];
  },
  isComplete: () => boolean,
): Promise<void> {
  await mkdir(dirname(outDir), { recursive: true });
  const scratch = await mkdtemp(`${outDir}.compiling-`);
  try {
    const includes = [CIRCOMLIB, ...(options.includeDirs ?? [])].flatMap((dir) => ["-l", resolve(dir)]);
    const outputs = [...options.outputs.map((output) => `--${output}`), "-o", scratch];
    const stderr = await runCompiler(source, [...outputs, ...(options.flags ?? ["--O2"]), ...includes]);
    await writeFile(join(scratch, MESSAGES_FILE), stderr);
    await rename(scratch, outDir).catch((error: NodeJS.ErrnoException) => {
      // Another compile of the same circuit was faster: its folder is complete and equal, keep it.
      if (isComplete()) return;
      throw new SoundnessError("circuit/output-occupied", `cannot put the compiled circuit at ${outDir}`, {
        details: { outDir },
        why: error.message,
        remedy: "choose a folder that does not exist yet",
        cause: error,
      });
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function runCompiler(source: string, args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    // The WASM compiler finds include folders below its working directory only; everything is below the root.
    const cwd = parse(source).root;
    const command = [CIRCOM, source, ...args];
    execFile(process.execPath, command, { cwd, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const messages = stripVTControlCharacters(stderr).trim();
      const warned =
        /^\s*warning\[/m.test(messages) || /^\s*warning\[/m.test(stripVTControlCharacters(stdout));
      if (error === null && !warned) return done(messages);
      fail(
        new SoundnessError("circuit/compile-failed", `the circuit ${basename(source)} does not compile`, {
          details: { source, exitCode: typeof error?.code === "number" ? error.code : 0 },
          why:
            messages ||
            stripVTControlCharacters(stdout).trim() ||
            error?.message ||
            "the compiler gave no reason",
          remedy: "correct the source; warnings count as errors",
          cause: error ?? undefined,
        }),
      );
    });
  });
}
