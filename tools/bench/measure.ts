import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../src/places.js";

/** Time and memory of a stage that ran in a process of its own. */
export interface Measurement {
  /** Seconds of the stage itself, or of the whole process where it does not say. */
  readonly seconds: number;
  /** Of all threads of the whole process. */
  readonly processorSeconds: number;
  /** Peak resident memory of the process in MB, 10^6 bytes. */
  readonly peakMb: number;
}

/**
 * Runs Node with these arguments and measures it. A stage may print `{"ms": ...}` as its last line.
 * @throws Error with the process's output where it fails.
 */
export async function measure(args: readonly string[]): Promise<Measurement> {
  const scratch = await mkdtemp(join(tmpdir(), "sealpatch-bench-"));
  try {
    const peakFile = join(scratch, "peak");
    const since = performance.now();
    const output = await new Promise<string>((done, fail) => {
      const child = spawn(process.execPath, ["--require", join(ROOT, "tools/bench/peak.cjs"), ...args], {
        cwd: ROOT,
        env: { ...process.env, SEALPATCH_PEAK_FILE: peakFile },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let text = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
      }
      child.on("error", fail);
      child.on("close", (code) =>
        code === 0 ? done(text) : fail(new Error(`${args.join(" ")} failed:\n${text}`)),
      );
    });
    const whole = performance.now() - since;
    const own = /\{"ms":([\d.]+)\}\s*$/.exec(output)?.[1];
    const [peak, microseconds] = (await readFile(peakFile, "utf8")).split(" ").map(Number);
    return {
      seconds: (own === undefined ? whole : Number(own)) / 1000,
      processorSeconds: microseconds! / 1e6,
      peakMb: peak! / 1e6,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
