import { printJson } from "../../terminal/index.js";
import { areOpen, type CheckLine, printChecks } from "../checks.js";
import { EXIT } from "../run.js";

/**
 * Whether the ceremony of the keys that a command line names does not hold, or could not be verified to its end: then the command prints
 * why and does nothing with them, not even what keys of any class are good for.
 */
export function refusesKeys(
  { checks }: { readonly checks: readonly CheckLine[] },
  { json }: { readonly json?: boolean },
): boolean {
  if (!areOpen(checks)) return false;
  if (json === true) printJson({ checks });
  else printChecks(checks);
  process.exitCode = EXIT.refused;
  return true;
}
