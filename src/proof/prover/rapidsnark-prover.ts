import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "../../at-exit.js";
import { type Prover, parseProof } from "./proof.js";
import { proverFailed, proverFrom } from "./prove.js";

const NAME = "rapidsnark";

/**
 * rapidsnark as a program: `<binary> <zkey> <witness> <proof> <public signals>`, all file names. The witness is a secret
 * and must pass through a file: it lies in a folder that only this user can open, removed whatever happens.
 * @param binaryPath path of the executable, or its name where it is on PATH.
 */
export function rapidsnarkProver(binaryPath: string): Prover {
  return proverFrom(NAME, (zkeyFile, witness, { run }) =>
    withSecretFolder(async (folder) => {
      const files = {
        witness: join(folder, "witness.wtns"),
        proof: join(folder, "proof.json"),
        publicSignals: join(folder, "public.json"),
      };
      await writeFile(files.witness, witness, { mode: 0o600 });
      await run("proof", () => call(binaryPath, [zkeyFile, files.witness, files.proof, files.publicSignals]));
      return parseProof(await readJson(files.proof));
    }),
  );
}

async function withSecretFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  // mkdtemp gives mode 0700.
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-proof-"));
  const done = atExit(() => rmSync(folder, { recursive: true, force: true }));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    done();
  }
}

function call(binaryPath: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(binaryPath, args, (error) => {
      done();
      if (error === null) return resolve();
      // What it printed may hold the witness, and is repeated nowhere.
      reject(proverFailed(NAME, `it ended with ${error.code ?? error.signal}`));
    });
    const done = atExit(() => child.kill("SIGKILL"));
  });
}

async function readJson(file: string): Promise<unknown> {
  try {
    // Old releases end the file with a zero byte.
    return JSON.parse((await readFile(file, "utf8")).replace(/\0+$/, ""));
  } catch (cause) {
    throw proverFailed(NAME, "it did not write a readable proof", cause);
  }
}
