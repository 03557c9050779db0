import type { Command } from "commander";
import { print, printJson, styled, withProgress, wrap } from "../terminal/index.js";
import { lintVectors, readVectorSet } from "../vectors/index.js";
import { addCodeOptions, type CodeOptions, loadCodes } from "./code-argument.js";
import { newCommand, usageError } from "./command.js";
import { EXIT } from "./run.js";

/** `vectors lint`. */
export function lintCommand(): Command {
  return addCodeOptions(
    newCommand("lint <set>", {
      description:
        "Finds vectors that do not do their job: duplicates; with --code (the current code, then the patch) also those " +
        "that are not deterministic, read state they do not list, never reach the code, or show no bug",
      examples: [
        "sealpatch vectors lint baseline.json --code old.hex",
        "sealpatch vectors lint incidents.json --code old.hex --code new.hex",
      ],
    }),
  ).action(async (file: string, options: CodeOptions & { json?: boolean }) => {
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
  });
}
