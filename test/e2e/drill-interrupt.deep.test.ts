import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DRILL } from "./drills.js";

/** Processes that a process started, and theirs, as `command` lines. */
function descendants(root: number): string[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // The process ended between the two reads.
    }
  }
  const below = (id: number): number[] =>
    [...parents].filter(([, parent]) => parent === id).flatMap(([child]) => [child, ...below(child)]);
  return below(root).map(String);
}

const isAlive = (id: string): boolean => {
  try {
    return !readFileSync(`/proc/${id}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`in vain waited for: ${what}`);
}

describe("the drill", () => {
  it.runIf(process.platform === "linux").each([
    ["while compilers run", "the published exploit succeeds"],
    ["while it proves", "auditors rebuild"],
  ])(
    "leaves no process and no temporary file when it is interrupted %s",
    async (_when, after) => {
      const scratch = mkdtempSync(join(tmpdir(), "sealpatch-test-"));
      try {
        const child: ChildProcess = spawn(process.execPath, DRILL, {
          stdio: ["ignore", "pipe", "ignore"],
          env: { ...process.env, TMPDIR: scratch },
        });
        let output = "";
        child.stdout!.on("data", (text: Buffer) => {
          output += text.toString();
        });
        const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
        await until(() => output.includes(after), `the step after which it is interrupted: ${after}`);
        // The next step has begun, and does what it does.
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        const started = descendants(child.pid!);
        expect(started.length).toBeGreaterThan(0);
        child.kill("SIGINT");
        expect(await ended).toBe(130);
        await until(() => !started.some(isAlive), "the end of every process that it started");
        // tsx keeps its own cache of compiled TypeScript there.
        expect(readdirSync(scratch).filter((name) => !name.startsWith("tsx-"))).toEqual([]);
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    },
    900_000,
  );
});
