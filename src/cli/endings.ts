import { EXIT, failureOf, printFailure } from "./run.js";

/** Signals that ask a process to end, with the exit codes that shells give them. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Ends the process by `exit`, which takes back what is under way, where a signal asks for it, save where a command listens to the signal
 * itself; and in this program's own words where an error arises that no command can catch. Once in a process.
 */
export function endOnFailures(json: boolean): void {
  for (const [signal, code] of Object.entries(SIGNALS))
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
  process.on("uncaughtException", (error) => endWith(error, json));
}

/** Says what went wrong, and ends. @param json whether standard output takes it. */
export function endWith(error: unknown, json: boolean): never {
  printFailure(failureOf(error, ""), json);
  process.exit(EXIT.refused);
}
