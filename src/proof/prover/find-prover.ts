import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { SealpatchError } from "../../errors.js";
import type { Prover } from "./proof.js";
import { rapidsnarkProver } from "./rapidsnark-prover.js";
import { type OpenProver, openWasmProver, wasmProver } from "./wasm-prover.js";

/** Environment variable that names the rapidsnark executable. */
const RAPIDSNARK_VARIABLE = "SEALPATCH_RAPIDSNARK";

/**
 * The fastest prover there is: rapidsnark where `SEALPATCH_RAPIDSNARK` names it or PATH has `rapidsnark`, else the built-in one.
 * @throws SealpatchError `proof/prover-missing` where the variable does not name an executable file.
 */
export function findProver(environment: NodeJS.ProcessEnv = process.env): Prover {
  const configured = environment[RAPIDSNARK_VARIABLE];
  if (configured !== undefined && configured !== "") {
    if (isExecutable(configured)) return rapidsnarkProver(configured);
    throw new SealpatchError("proof/prover-missing", `${configured} is not an executable file`, {
      details: { variable: RAPIDSNARK_VARIABLE, path: configured },
      remedy: `correct ${RAPIDSNARK_VARIABLE}, or unset it to prove with the built-in prover`,
    });
  }
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = folders.map((folder) => join(folder, "rapidsnark")).find(isExecutable);
  return found === undefined ? wasmProver : rapidsnarkProver(found);
}

/**
 * The same prover, held open where it is the built-in one: for several proofs.
 * @throws SealpatchError as `findProver`.
 * @example
 * ```ts
 * const prover = openProver();
 * try {
 *   const bind = await proveBind(review, { prover });
 *   const attest = await proveAttest(review, attestations, { prover });
 *   console.log(bind.statement.commitment === attest.statement.commitment);
 * } finally {
 *   await prover.close();
 * }
 * ```
 */
export function openProver(environment: NodeJS.ProcessEnv = process.env): OpenProver {
  const found = findProver(environment);
  return found === wasmProver ? openWasmProver() : { ...found, close: async () => {} };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
