import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { CompiledCircuit } from "./compile.js";
import { unconstrainedPublicSignals } from "./constraints.js";
import { checkDeterminism, type Determinism } from "./determinism.js";
import { findSignalAsserts, findWideDecompositions } from "./forbidden.js";
import { findHints } from "./hints.js";
import { checkLedger, readLedger } from "./ledger.js";
import { mutateHints } from "./mutation.js";
import { readSources } from "./sources.js";
import { buildTwins, loadCircuit } from "./twins.js";
import type { CircuitInput } from "./witness.js";

/** A circuit to examine. */
export interface CircuitUnderCheck {
  readonly name: string;
  /** The source with the main component, at full parameters. */
  readonly mainFile: string;
  /** As it is proven. */
  compile(): Promise<CompiledCircuit>;
  /** Satisfying inputs; a crowded and a nearly empty one take different branches of the constraints. */
  inputs(): readonly CircuitInput[];
  /** A small instance of the same templates, on which every hint is mutated, with a satisfying input. */
  readonly small: { readonly mainFile: string; input(): CircuitInput };
}

export interface SourcesReport {
  readonly files: number;
  readonly hints: number;
  /** One sentence each; empty where all is well. */
  readonly problems: readonly string[];
}

export interface CircuitReport {
  readonly name: string;
  readonly constraints: number;
  readonly publicSignals: number;
  /** One for each input. */
  readonly determinism: readonly Determinism[];
  /** Assignments by hint in the sources, and signals of the small instance that they make. */
  readonly hints: number;
  readonly mutatedSignals: number;
  /** Without the compile. */
  readonly seconds: number;
  readonly problems: readonly string[];
}

/**
 * Checks every source below `folder`, with the parts of circomlib that they use, against the ledger of hints in
 * `ledger.json` there.
 * @throws SoundnessError where a source or the ledger cannot be read.
 */
export async function checkSources(folder: string): Promise<SourcesReport> {
  const paths = (await readdir(folder, { recursive: true }))
    .filter((path) => path.endsWith(".circom"))
    .sort();
  const sources = await readSources(paths.map((path) => join(folder, path)));
  const ledger = await readLedger(join(folder, "ledger.json"));
  const wrong = checkLedger(sources, ledger).map(
    ({ problem, file, template, signal, constraint }) =>
      `ledger: ${problem}: ${signal} of ${template} (${file})${constraint === "" ? "" : `: ${constraint}`}`,
  );
  const asserts = findSignalAsserts(sources).map(
    ({ file, line, text }) => `${file}:${line}: assert binds no prover: ${text}`,
  );
  return { files: paths.length, hints: findHints(sources).length, problems: [...wrong, ...asserts] };
}

/**
 * Examines one circuit at full parameters: determined by its inputs, every public signal constrained, no decomposition
 * too wide; and on its small instance, every hint pinned.
 * @param workDir where the compiled twins of the small instance are kept.
 * @throws SoundnessError where the circuit does not compile or an input does not satisfy it.
 */
export async function checkCircuit(circuit: CircuitUnderCheck, workDir: string): Promise<CircuitReport> {
  const compiled = await circuit.compile();
  const twins = await buildTwins({ mainFile: circuit.small.mainFile, workDir });

  const start = performance.now();
  const sources = await readSources([circuit.mainFile]);
  const { r1cs, symbols, calculator } = await loadCircuit(compiled);
  const determinism = circuit
    .inputs()
    .map((input) => checkDeterminism(r1cs, symbols, calculator.calculate(input)));
  const mutation = mutateHints(twins, circuit.small.input());
  const free = new Set(determinism.flatMap(({ freeSignals }) => freeSignals));
  return {
    name: circuit.name,
    constraints: r1cs.constraintCount,
    publicSignals: r1cs.outputCount + r1cs.publicInputCount,
    determinism,
    hints: findHints(sources).length,
    mutatedSignals: mutation.mutated,
    seconds: (performance.now() - start) / 1000,
    problems: [
      ...[...free].map((signal) => `not determined by the inputs: ${signal}`),
      ...unconstrainedPublicSignals(r1cs, symbols).map((signal) => `public, but in no constraint: ${signal}`),
      ...findWideDecompositions(sources).map(
        ({ file, line, text }) => `${file}:${line}: use Num2Bits_strict, 254 bits are too many: ${text}`,
      ),
      ...mutation.unpinned.map(({ signal, mutation: how }) => `not pinned: ${signal} (${how})`),
      ...mutation.absent.map(
        ({ template, signal }) =>
          `hint without a test, the small instance lacks it: ${signal} of ${template}`,
      ),
    ],
  };
}
