import { createHash } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join, parse } from "node:path";
import { type CompiledCircuit, compileCircuit } from "./compile.js";
import { countEdits, type Edit, markEdits, stripEdits } from "./marks.js";
import { type R1cs, readR1cs } from "./r1cs.js";
import { type CircuitSources, readSources, type SourceFile } from "./sources.js";
import { readSymbols, type Symbols } from "./sym.js";
import { WitnessCalculator } from "./witness.js";

const COMPILER = JSON.stringify(createRequire(import.meta.url)("circom2/package.json"));

export interface LoadedCircuit {
  readonly r1cs: R1cs;
  readonly symbols: Symbols;
  readonly calculator: WitnessCalculator;
}

/** One circuit, compiled in three ways. Meant for small instances: two of them are not simplified. */
export interface Twins {
  readonly sources: CircuitSources;
  /** As it is proven: --O2. */
  readonly real: LoadedCircuit;
  /** Unsimplified, every `===` marked with its origin (marks.ts). */
  readonly marked: LoadedCircuit;
  /** Unsimplified, every `===` stripped: computes the witness of a false statement as an honest prover would. */
  readonly lax: LoadedCircuit;
}

/** Reads what the compiler wrote. */
export async function loadCircuit(files: CompiledCircuit): Promise<LoadedCircuit> {
  return {
    r1cs: await readR1cs(files.r1csFile),
    symbols: await readSymbols(files.symFile),
    calculator: await WitnessCalculator.load(files.wasmFile),
  };
}

/**
 * Compiles a circuit and its twins into a folder below `workDir` that is named after the content of their sources, so a
 * second call finds them there.
 * @throws SoundnessError `soundness/...` where the sources cannot be read, `circuit/...` where they do not compile.
 */
export async function buildTwins(options: { mainFile: string; workDir: string }): Promise<Twins> {
  const sources = await readSources([options.mainFile]);
  const markedTexts = editedSources(sources, markEdits);
  const laxTexts = editedSources(sources, stripEdits);
  const originals = sources.files.flatMap(({ name, text }) => [name, text]);
  const key = contentHash([COMPILER, ...originals, ...markedTexts.values(), ...laxTexts.values()]);
  const folder = join(options.workDir, `${parse(options.mainFile).name}-${key}`);
  const compileTwin = async (kind: string, texts: ReadonlyMap<string, string>) =>
    compileCircuit({
      source: await writeSources(join(folder, `${kind}-sources`), texts),
      outDir: join(folder, kind),
      flags: ["--O0"],
    });
  const [real, marked, lax] = await Promise.all([
    compileCircuit({ source: options.mainFile, outDir: join(folder, "real"), flags: ["--O2"] }),
    compileTwin("marked", markedTexts),
    compileTwin("lax", laxTexts),
  ]);
  return {
    sources,
    real: await loadCircuit(real),
    marked: await loadCircuit(marked),
    lax: await loadCircuit(lax),
  };
}

/** A circuit that counts which of its `===` do not hold (marks.ts), and refuses nothing. */
export interface CountingTwin extends Pick<LoadedCircuit, "symbols" | "calculator"> {
  readonly sources: CircuitSources;
}

/**
 * Compiles the counting twin of a circuit into a folder below `workDir` that is named after the content of its sources:
 * only the calculator, which is a third of what buildTwins takes.
 * @throws SoundnessError as buildTwins does.
 */
export async function buildCountingTwin(options: {
  mainFile: string;
  workDir: string;
}): Promise<CountingTwin> {
  const sources = await readSources([options.mainFile]);
  const texts = editedSources(sources, countEdits);
  const folder = join(
    options.workDir,
    `${parse(options.mainFile).name}-${contentHash([COMPILER, ...texts.values()])}`,
  );
  const { wasmFile, symFile } = await compileCircuit({
    source: await writeSources(join(folder, "counting-sources"), texts),
    outDir: join(folder, "counting"),
    flags: ["--O0"],
    outputs: ["wasm", "sym"],
  });
  return {
    sources,
    symbols: await readSymbols(symFile),
    calculator: await WitnessCalculator.load(wasmFile),
  };
}

function contentHash(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** The edited sources by file name, for one flat folder; the main file first, under its own name. */
function editedSources({ files }: CircuitSources, edits: (file: SourceFile) => Edit[]): Map<string, string> {
  const flatName = new Map(
    // The compiler names its output after the main file.
    files.map(({ path }, index) => [path, index === 0 ? basename(path) : `${index}-${basename(path)}`]),
  );
  return new Map(
    files.map((file) => {
      const includes = [...file.includePaths].map(([{ start, end }, path]) => ({
        start,
        end,
        text: JSON.stringify(flatName.get(path)!),
      }));
      return [flatName.get(file.path)!, applyEdits(file.text, [...includes, ...edits(file)])];
    }),
  );
}

/** Returns the path of the first file. */
async function writeSources(folder: string, texts: ReadonlyMap<string, string>): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of texts) {
    const target = join(folder, name);
    await writeFile(`${target}.${process.pid}`, text);
    await rename(`${target}.${process.pid}`, target);
  }
  return join(folder, texts.keys().next().value!);
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
