import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { kill, pid, stdout } from "node:process";
import { SealpatchError } from "../../src/errors.js";

/*
 * One step of a ceremony of tiny circuits, as a process that can be killed: `step.ts COMMAND FOLDER POWERS [POINT]`. It prints the names of
 * the calls that changed files below the folder, or the error. At call POINT, counted from 0, it kills itself: in the middle of a file that
 * is being written, and before anything else.
 */

const [command, folder, powersOfTau, point] = process.argv.slice(2) as [string, string, string, string?];
const calls: string[] = [];

/** Counts a call, and ends this process when it is the one. */
async function passing(name: string, target: unknown, tear: () => Promise<void>): Promise<void> {
  if (typeof target !== "string" || !target.startsWith(folder)) return;
  if (calls.length === Number(point ?? Number.NaN)) {
    await tear();
    kill(pid, "SIGKILL");
    // The signal is there before anything else is.
    await new Promise(() => {});
  }
  calls.push(`${name} ${target.slice(folder.length)}`);
}

const { copyFile, mkdir, readFile, rename, rm, writeFile } = fs;
Object.assign(fs, {
  writeFile: async (...args: Parameters<typeof writeFile>) => {
    const [file, data] = args;
    const half = Buffer.from(data as Uint8Array).subarray(0, (data as Uint8Array).length >> 1);
    await passing("write", file, () => writeFile(file, half));
    return writeFile(...args);
  },
  copyFile: async (...args: Parameters<typeof copyFile>) => {
    const [from, to] = args;
    await passing("copy", to, async () => {
      const bytes = await readFile(from);
      await writeFile(to, bytes.subarray(0, bytes.length >> 1));
    });
    return copyFile(...args);
  },
  rename: async (...args: Parameters<typeof rename>) => {
    await passing("rename", args[1], async () => {});
    return rename(...args);
  },
  mkdir: async (...args: Parameters<typeof mkdir>) => {
    await passing("mkdir", args[0], async () => {});
    return mkdir(...args);
  },
  rm: async (...args: Parameters<typeof rm>) => {
    await passing("rm", args[0], async () => {});
    return rm(...args);
  },
});
syncBuiltinESMExports();

const { STEPS } = await import("./steps.js");
try {
  await STEPS[command as keyof typeof STEPS](folder, powersOfTau);
  stdout.write(JSON.stringify({ calls }));
} catch (error) {
  if (!(error instanceof SealpatchError)) throw error;
  stdout.write(JSON.stringify({ calls, error }));
}
process.exit();
