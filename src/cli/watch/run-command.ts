import { spawn } from "node:child_process";
import { kill, platform } from "node:process";

/** Seconds that a command may take: while it runs, no further event is told. */
const MAX_SECONDS = 60;

/**
 * Runs a shell command with a text on its standard input. The text is in no argument and no variable: what others wrote is never part of
 * a command. What it prints goes to standard error, for standard output has the events.
 * @returns what went wrong, in words; undefined where nothing did.
 */
export async function runCommand(
  command: string,
  input: string,
  seconds: number = MAX_SECONDS,
): Promise<string | undefined> {
  const isGroup = platform !== "win32";
  // In a group of its own: the signal that ends the watch lets it end its work.
  const child = spawn(command, { shell: true, stdio: ["pipe", 2, 2], detached: isGroup });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    if (child.pid === undefined) return;
    if (isGroup) kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  }, seconds * 1000);
  const ended = new Promise<string | undefined>((resolve) => {
    child.once("error", () => resolve("it could not be started"));
    child.once("close", (code, signal) => {
      if (isLate) resolve(`it took more than ${seconds} s, and was stopped`);
      else if (code === 0) resolve(undefined);
      else resolve(code === null ? `it was ended by ${signal}` : `it ended with ${code}`);
    });
  });
  // A command need not read what it is given.
  child.stdin?.once("error", () => {});
  child.stdin?.end(input);
  return ended.finally(() => clearTimeout(timer));
}
