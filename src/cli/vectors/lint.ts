import { print, printJson, styled, withProgress, wrap } from "../../terminal/index.js";
import { lintVectors, readVectorSet } from "../../vectors/index.js";
import { type CodeOptions, usageError } from "../options.js";
import { EXIT } from "../run.js";
import { loadCodes } from "./codes.js";

/** `vectors lint`. */
export async function lint(file: string, options: CodeOptions & { json?: boolean }): Promise<void> {
  const set = await readVectorSet(file);
  const [current, patch, ...others] = await loadCodes(options, set);
  if (others.length > 0)
    throw usageError("there are more than two codes", "give the current code and the patch");
  const findings = await withProgress("vectors", options.json, (onProgress) =>
    lintVectors(set, { current: current?.under, patch: patch?.under }, onProgress),
  );
  if (options.json) {
    printJson({ vectors: set.vectors.length, findings });
  } else {
    for (const { rule, message } of findings) {
      print(`${styled("yellow", rule)}\n${wrap(message, "  ")}`);
    }
    const checked = current === undefined ? "; give --code to run them" : "";
    print(`${findings.length} findings in ${set.vectors.length} vectors${checked}`);
  }
  if (findings.length > 0) process.exitCode = EXIT.refused;
}
