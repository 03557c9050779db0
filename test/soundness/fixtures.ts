import { readdirSync } from "node:fs";
import { join } from "node:path";
import { buildEddsa } from "circomlibjs";
import {
  type CircuitInput,
  type CompiledCircuit,
  compileCircuit,
  type LoadedCircuit,
  loadCircuit,
} from "../../soundness/index.js";
import { readSources } from "../../soundness/sources.js";
import { contentKey } from "../../src/kept.js";
import { BUILD, ROOT } from "../../tools/build/cache.js";

const HERE = join(ROOT, "test/soundness");
/** Compiled fixtures stay here between runs. */
export const WORK_DIR = join(BUILD, "soundness");
export const CORRECT = join(HERE, "circuits");
export const PLANTED = join(HERE, "planted");

/** Path of a fixture by name. */
export function fixture(name: string): string {
  const folder = readdirSync(PLANTED).includes(`${name}.circom`) ? PLANTED : CORRECT;
  return join(folder, `${name}.circom`);
}

/** Compiles a fixture as circuits are proven, --O2. */
export async function compileFixture(name: string): Promise<CompiledCircuit> {
  const { files } = await readSources([fixture(name)]);
  const key = contentKey(files.map(({ text }) => text));
  return compileCircuit({ source: fixture(name), outDir: join(WORK_DIR, `fixture-${name}-${key}`) });
}

export async function loadFixture(name: string): Promise<LoadedCircuit> {
  return loadCircuit(await compileFixture(name));
}

export const GADGETS_INPUT: CircuitInput = {
  number: 1_000_003n,
  zero: 0n,
  other: 917n,
  table: [
    [10n, 11n, 12n, 13n],
    [20n, 21n, 22n, 23n],
  ],
};

export const MERKLE_INPUT: CircuitInput = { leaf: 7n, index: 2n, siblings: [8n, 9n] };

/** Input of circuits/statements.circom: a = c, both b alike. */
export const STATEMENTS_INPUT: CircuitInput = { a: 3n, b: [2n, 2n, 2n, 2n], c: 3n };

/** Input of circuits/signature.circom with a real signature over 1234. */
export async function signatureInput(): Promise<CircuitInput> {
  const eddsa = await buildEddsa();
  const field = eddsa.babyJub.F;
  const privateKey = new Uint8Array(32).fill(7);
  const { R8, S } = eddsa.signPoseidon(privateKey, field.e(1234n));
  return {
    enabled: 1n,
    key: eddsa.prv2pub(privateKey).map((coordinate) => field.toObject(coordinate)),
    nonce: R8.map((coordinate) => field.toObject(coordinate)),
    scalar: S,
    message: 1234n,
  };
}
