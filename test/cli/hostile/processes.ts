import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Finished } from "../sealpatch.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** How a process of `sealpatch` ended. */
export interface Ended extends Finished {
  /** That ended it before it could end itself. */
  readonly signal: NodeJS.Signals | null;
  /** Processes that it left behind. */
  readonly left: readonly string[];
  readonly seconds: number;
}

/** What is done to a process. */
interface Treatment {
  /** Commands of bash; `"$@"` is the process. */
  readonly shell?: string;
  /** Seconds after which it is told to end. */
  readonly interruptAfter?: number;
}

/** Runs `sealpatch` as a process of a group of its own, and waits until it has ended. */
export async function runProcess(
  words: readonly string[],
  { shell = 'exec "$@"', interruptAfter }: Treatment = {},
): Promise<Ended> {
  const program = [process.execPath, "--import", "tsx", "src/cli/main.ts", ...words];
  const start = performance.now();
  const child = spawn("bash", ["-c", shell, "bash", ...program], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  // This process alone, as `kill` does it: a terminal tells the whole group.
  const timer =
    interruptAfter === undefined ? undefined : setTimeout(() => child.kill("SIGINT"), interruptAfter * 1000);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (...end) => resolve(end));
  });
  clearTimeout(timer);
  const left = await leftOf(child.pid!);
  return { code, signal, ...texts, left, seconds: (performance.now() - start) / 1000 };
}

/** Processes of a group that do not end by themselves within a second. */
async function leftOf(group: number): Promise<string[]> {
  for (let attempt = 0; ; attempt++) {
    const { stdout } = spawnSync("ps", ["-eo", "pgid=,pid=,stat=,args="], { encoding: "utf8" });
    const left = stdout
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line.startsWith(`${group} `) && !/^\d+ +\d+ +Z/.test(line));
    if (left.length === 0 || attempt === 10) return left;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
