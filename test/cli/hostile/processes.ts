import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

const IN_NAMESPACE = ["unshare", "--map-root-user", "--mount", "bash", "-c"];
/** Whether a process may have a disk of its own here. */
export const mayMount =
  spawnSync(IN_NAMESPACE[0]!, [...IN_NAMESPACE.slice(1), "mount -t tmpfs tmpfs /mnt"]).status === 0;

/**
 * Runs `sealpatch` as a process that has a full disk at a path.
 * @param disk a folder that is there. Others go on seeing that one.
 * @param copied folder that lies on the disk, by its own name, before it is full.
 * @returns files on the disk afterwards, but for what fills it.
 */
export async function runOnFullDisk(
  words: readonly string[],
  disk: string,
  copied?: string,
): Promise<Ended & { readonly files: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), "sealpatch-disk-"));
  const listing = join(folder, "listing.txt");
  // The program fits, and its file does not.
  const shell = `mount -t tmpfs -o size=256k tmpfs "$1" && { [ -z "$2" ] || cp -r "$2" "$1"; }
    head -c 1M /dev/zero > "$1/full" 2>/dev/null
    "\${@:4}"; code=$?; (cd "$1" && find . -type f ! -path ./full) > "$3"; exit $code`;
  const quoted = [shell, "bash", disk, copied ?? "", listing].map(
    (text) => `'${text.replaceAll("'", `'\\''`)}'`,
  );
  try {
    const ended = await runProcess(words, {
      shell: `exec ${IN_NAMESPACE.join(" ")} ${quoted.join(" ")} "$@"`,
    });
    return { ...ended, files: readFileSync(listing, "utf8").split("\n").filter(Boolean).sort() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
