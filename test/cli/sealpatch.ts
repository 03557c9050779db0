import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { sealpatch as program } from "../../src/cli/program.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a command line printed, and its exit code. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let last: Promise<unknown> = Promise.resolve();

/** Runs `sealpatch` in this process, by the entry that the program uses, one command line after the other. */
export function sealpatch(...args: string[]): Promise<Finished> {
  return printed(() => program(args));
}

/** Does what prints and gives an exit code, one after the other. */
export function printed(work: () => Promise<number>): Promise<Finished> {
  const finished = last.then(() => run(work));
  last = finished.catch(() => {});
  return finished;
}

async function run(work: () => Promise<number>): Promise<Finished> {
  const { stdout, stderr, exitCode } = process;
  const original = { stdout: stdout.write, stderr: stderr.write };
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    process[name].write = (text: string | Uint8Array, ...rest: unknown[]) => {
      texts[name] += typeof text === "string" ? text : Buffer.from(text).toString("utf8");
      const written = rest.at(-1);
      if (typeof written === "function") queueMicrotask(() => written());
      return true;
    };
  }
  try {
    return { code: await work(), ...texts };
  } finally {
    stdout.write = original.stdout;
    stderr.write = original.stderr;
    process.exitCode = exitCode;
  }
}

/** Runs `sealpatch` as a process of its own, without a terminal; loading takes its time. */
export function sealpatchProcess(...args: string[]): Promise<Finished> {
  return sealpatchChild(...args).finished;
}

/** A process of `sealpatch` that can be killed. Who is killed has a signal, and no exit code. */
export interface SealpatchChild {
  readonly finished: Promise<Finished & { readonly signal: NodeJS.Signals | null }>;
  kill(): void;
}

/** The same, with a way to kill it. */
export function sealpatchChild(...args: string[]): SealpatchChild {
  return childOf("src/cli/main.ts", args);
}

/** A process of another program that does what `sealpatch` does. @param env what its environment has beside this one's. */
export function childOf(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): SealpatchChild {
  const child = spawn(process.execPath, ["--import", "tsx", program, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const finished: SealpatchChild["finished"] = new Promise((resolve, reject) => {
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { finished, kill: () => child.kill("SIGKILL") };
}
