import { stat } from "node:fs/promises";
import { SealpatchError } from "../../errors.js";
import { Threads } from "../curve/index.js";
import { createProof, WASM } from "./create-proof.js";
import { type LoadedKey, loadKey } from "./loaded-key.js";
import type { Prover } from "./proof.js";
import { type CreateProof, proverFailed, proverFrom } from "./prove.js";
import { witnessScalars } from "./witness.js";

/** A prover that holds threads and keys. Close it; a process ends without, too. */
export interface OpenProver extends Prover {
  close(): Promise<void>;
}

/** The built-in prover: this package's own WebAssembly, on all cores; each proof loads its key and ends its threads. */
export const wasmProver: Prover = proverFrom(WASM, async (zkeyFile, witness, tell) => {
  const keys = new LoadedKeys();
  try {
    return await keys.createProof(zkeyFile, witness, tell);
  } finally {
    await keys.close();
  }
});

/**
 * The built-in prover with its threads kept, and every key that it has proven with: for several proofs of the same circuits. They are made one
 * after the other. A key whose file has changed is loaded anew.
 */
export function openWasmProver(): OpenProver {
  const keys = new LoadedKeys();
  const prover = proverFrom(WASM, (zkeyFile, witness, tell) => keys.createProof(zkeyFile, witness, tell));
  return { ...prover, close: () => keys.close() };
}

/** Loads a key; where there is not enough memory, as the prover's own failure. */
async function load(threads: Threads, zkeyFile: string): Promise<LoadedKey> {
  try {
    return await loadKey(threads, zkeyFile);
  } catch (error) {
    if (error instanceof SealpatchError) throw error;
    throw proverFailed(WASM, "its key could not be loaded", error);
  }
}

class LoadedKeys {
  #threads: Threads | undefined;
  /** By their files. */
  readonly #keys = new Map<string, { readonly version: string; readonly key: LoadedKey }>();
  // Proofs take their memory one after the other.
  #last: Promise<unknown> = Promise.resolve();

  createProof(...args: Parameters<CreateProof>): ReturnType<CreateProof> {
    const proof = this.#last.then(() => this.#create(...args));
    this.#last = proof.catch(() => {});
    return proof;
  }

  async close(): Promise<void> {
    const threads = this.#threads;
    this.#threads = undefined;
    this.#keys.clear();
    await threads?.close();
  }

  async #create(...[zkeyFile, witness, tell]: Parameters<CreateProof>): ReturnType<CreateProof> {
    // Of the file at this moment; one that there is not is refused by whoever opens it.
    const version = await stat(zkeyFile).then(
      ({ dev, ino, size, mtimeMs }) => [dev, ino, size, mtimeMs].join(),
      () => "",
    );
    const known = this.#keys.get(zkeyFile);
    // What the one before takes of memory is given back with its threads alone.
    if (known !== undefined && known.version !== version) await this.close();
    this.#threads ??= new Threads();
    const threads = this.#threads;
    try {
      const key =
        this.#keys.get(zkeyFile)?.key ??
        (await tell.run("key", () => threads.memory.keeping(() => load(threads, zkeyFile))));
      this.#keys.set(zkeyFile, { version, key });
      return await createProof(threads, key, witnessScalars(witness), tell);
    } catch (error) {
      // Threads that failed take no more work: the next proof gets others.
      if (threads.failed) await this.close();
      throw error;
    }
  }
}
