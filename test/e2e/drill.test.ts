import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { CORPUS } from "../../corpus/index.js";
import { type Variant, variantsOf } from "../../src/drill/case.js";
import type { DrillReport } from "../../src/drill/drill.js";
import type { ListedCase } from "../../src/drill/list.js";

const DRILL = ["--import", "tsx", "tools/drill.ts"];
/** Every case once, the first one behind every proxy: a drill takes minutes. */
const DRILLS = CORPUS.flatMap((corpusCase, index): [string, Variant][] =>
  variantsOf(corpusCase)
    .slice(0, index === 0 ? undefined : 1)
    .map((variant) => [corpusCase.name, variant]),
);
const run = promisify(execFile);
/** For a command that ends before it runs a drill; on a busy machine loading takes its time. */
const SHORT = 600_000;

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
  it.each(DRILLS)(
    "runs the whole incident of %s behind a %s proxy, within the gas budgets",
    async (name, proxy) => {
      const { stdout } = await run(process.execPath, [...DRILL, "--json", "--case", name, "--proxy", proxy], {
        maxBuffer: 1 << 24,
      });
      const report = JSON.parse(stdout) as DrillReport;
      expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
      expect(report).toMatchObject({ ok: true, proxy, case: name });
      expect(report.steps).toHaveLength(17);
      for (const step of report.steps)
        expect(step).toMatchObject({ name: expect.any(String), ms: expect.any(Number) });
      expect(report.figures.baselineVectors).toBeGreaterThanOrEqual(16);
      expect(report.figures.incidentVectors).toBeGreaterThanOrEqual(1);
      expect(report.figures.scheduleGas).toBeLessThanOrEqual(400_000);
      expect(report.figures.discloseGas).toBeLessThanOrEqual(150_000);
    },
    1_800_000,
  );

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

  it(
    "says what is wrong with wrong options, and exits with 2",
    async () => {
      for (const args of [
        ["--proxy", "beacon"],
        ["--jsonn"],
        ["--case", "CVE-2021-41264", "--proxy", "transparent"],
      ]) {
        await expect(run(process.execPath, [...DRILL, ...args])).rejects.toMatchObject({
          code: 2,
          stderr: expect.stringMatching(/error: .*\n[\s\S]*Example:/),
        });
      }
    },
    SHORT,
  );

  it(
    "names the cases to whoever asks for another one, and exits with 2",
    async () => {
      const names = CORPUS.map(({ name }) => name).join(", ");
      await expect(run(process.execPath, [...DRILL, "--case", "CVE-2021-1"])).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining(names),
      });
    },
    SHORT,
  );

  it(
    "lists every case with title, advisories and proxies, for people and for machines",
    async () => {
      const { stdout: json } = await run(process.execPath, [...DRILL, "--list", "--json"]);
      const cases = JSON.parse(json) as ListedCase[];
      expect(cases).toEqual(
        CORPUS.map((corpusCase) => ({
          name: corpusCase.name,
          title: corpusCase.title,
          advisories: corpusCase.advisories,
          proxies: variantsOf(corpusCase),
        })),
      );
      const { stdout: table } = await run(process.execPath, [...DRILL, "--list"]);
      for (const line of table.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
      for (const { name, advisories } of cases)
        for (const text of [name, ...advisories]) expect(table).toContain(text);
    },
    SHORT,
  );

  it(
    "explains itself",
    async () => {
      const { stdout } = await run(process.execPath, [...DRILL, "--help"]);
      expect(stdout).toContain("Example:");
      for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    },
    SHORT,
  );
});
