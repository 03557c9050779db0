import { appendFileSync } from "node:fs";
import { env, kill, pid } from "node:process";
import { watchFileCalls } from "../file-calls.js";

/*
 * The program `sealpatch`, which ends itself at a call that changes a file of its project, in the middle of what is written, and writes the
 * names of all calls down. What it is to do stands in the environment, as `killed-at.ts` puts it there. Not loaded by `--import`: that would
 * load it into every worker, too.
 */

/** What the environment says, as JSON. */
export interface FileKill {
  /** The project's folder. */
  readonly folder: string;
  /** File that the names of the calls are written to, a line each. */
  readonly log: string;
  readonly call?: string;
  /** How many calls of that name go before it. */
  readonly after?: number;
}

const { folder, log, call, after = 0 } = JSON.parse(env.SEALPATCH_TEST_FILE_KILL!) as FileKill;
let met = 0;

watchFileCalls(folder, async (name, tear) => {
  appendFileSync(log, `${name}\n`);
  if (name !== call || met++ !== after) return;
  await tear();
  kill(pid, "SIGKILL");
  // The signal is there before anything else is.
  await new Promise(() => {});
});

await import("../../src/cli/main.js");
