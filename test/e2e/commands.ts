import { spawn } from "node:child_process";
import { join } from "node:path";
import { vi } from "vitest";
import { type Finished, sealpatch } from "../cli/sealpatch.js";

/** Where somebody runs a command line: his folder, and the environment variables that he has. */
interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs `sealpatch` at a place, without a terminal. */
export type Command = (words: readonly string[], place: Place) => Promise<Finished>;

/**
 * The installed command, as a process of its own, without what the tests' environment has.
 * @param installed folder in which the package is installed.
 */
export const installedCommand =
  (installed: string): Command =>
  async (words, { cwd, env }) => {
    const child = spawn(join(installed, "node_modules/.bin/sealpatch"), words, {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const code = await new Promise<number | null>((done, fail) => {
      child.on("error", fail);
      child.on("close", done);
    });
    return { code, stdout, stderr };
  };

/** The command of the sources, in this process. One line is run after the other. */
export const commandHere: Command = async (words, { cwd, env }) => {
  const before = process.cwd();
  process.chdir(cwd);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    return await sealpatch(...words);
  } finally {
    process.chdir(before);
    vi.unstubAllEnvs();
  }
};
