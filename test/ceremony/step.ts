import { kill, pid, stdout } from "node:process";
import { SealpatchError } from "../../src/errors.js";
import { watchFileCalls } from "../file-calls.js";

/*
 * One step of a ceremony of tiny circuits, as a process that can be killed: `step.ts COMMAND FOLDER POWERS [POINT]`. It prints the names of
 * the calls that changed files below the folder, or the error. At call POINT, counted from 0, it kills itself: in the middle of a file that
 * is being written, and before anything else.
 */

const [command, folder, powersOfTau, point] = process.argv.slice(2) as [string, string, string, string?];
const calls: string[] = [];

watchFileCalls(folder, async (name, tear) => {
  if (calls.length === Number(point ?? Number.NaN)) {
    await tear();
    kill(pid, "SIGKILL");
    // The signal is there before anything else is.
    await new Promise(() => {});
  }
  calls.push(name);
});

const { STEPS } = await import("./steps.js");
try {
  await STEPS[command as keyof typeof STEPS](folder, powersOfTau);
  stdout.write(JSON.stringify({ calls }));
} catch (error) {
  if (!(error instanceof SealpatchError)) throw error;
  stdout.write(JSON.stringify({ calls, error }));
}
process.exit();
