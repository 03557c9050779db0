import { CIRCUIT_NAMES, makeDevelopmentKeys, STAGE_SECONDS } from "../../proof/index.js";
import { print, printJson, StageProgress } from "../../terminal/index.js";
import { usageError } from "../options.js";

/** Makes the development keys of the circuits named, of all of them where none is. */
export async function development(names: readonly string[], options: { json?: boolean }): Promise<void> {
  const chosen = names.map((name) => {
    const circuit = CIRCUIT_NAMES.find((known) => known === name);
    if (circuit !== undefined) return circuit;
    throw usageError(`there is no circuit ${name}`, `choose of: ${CIRCUIT_NAMES.join(", ")}`);
  });
  const progress = new StageProgress(options.json);
  const interrupt = (): void => process.exit(130);
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    const keys = await makeDevelopmentKeys({
      circuits: CIRCUIT_NAMES.filter((name) => chosen.length === 0 || chosen.includes(name)),
      onStage: (stage, state) =>
        state === "begin" ? progress.begin(stage, STAGE_SECONDS[stage]) : progress.end(stage),
    });
    if (options.json === true) printJson({ keys });
    else
      for (const { circuit, zkeyFile, fingerprint, made } of keys) {
        print(`${circuit}: ${made ? "made" : "already there"}`);
        print(`  file         ${zkeyFile}`);
        print(`  fingerprint  ${fingerprint}`);
      }
  } finally {
    progress.stop();
    process.removeListener("SIGINT", interrupt);
    process.removeListener("SIGTERM", interrupt);
  }
}
