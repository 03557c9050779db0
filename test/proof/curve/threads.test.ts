import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, expect, it } from "vitest";
import { Threads } from "../../../src/proof/curve/index.js";

let threads: Threads | undefined;
afterEach(() => threads?.close());

/** Doubles a scalar so many times. */
const doublings = (scalar: number, count: number) => ({
  calls: Array.from({ length: count }, () => ["addOffset", scalar, 1, scalar] as const),
});
/** Its address lies outside of the memory. */
const trap = { calls: [["addOffset", -64, 1, -64]] as const };

function scalarOf(on: Threads, value: number): number {
  const address = on.memory.take(32);
  on.memory.words(address, 8).fill(0)[0] = value;
  return address;
}

it("threads work on one memory, each on what the others do not", async () => {
  threads = new Threads(2);
  const on = threads;
  const scalars = Array.from({ length: 9 }, (_, index) => scalarOf(on, index));
  await Promise.all(scalars.map((scalar) => on.run(doublings(scalar, 3))));
  expect(scalars.map((scalar) => on.memory.words(scalar, 1)[0])).toEqual(
    scalars.map((_, index) => 8 * index),
  );
});

it("an urgent job goes before those that wait", async () => {
  threads = new Threads(1);
  const on = threads;
  const scalar = scalarOf(on, 1);
  const done: string[] = [];
  const run = (name: string, urgent = false) =>
    on.run({ ...doublings(scalar, 1), urgent }).then(() => done.push(name));
  await Promise.all([run("first"), run("second"), run("urgent", true)]);
  expect(done).toEqual(["first", "urgent", "second"]);
});

it("a job that fails in a thread takes all others with it, and those to come", async () => {
  threads = new Threads(1);
  const scalar = scalarOf(threads, 1);
  const before = threads.run(doublings(scalar, 2));
  const jobs = [trap, doublings(scalar, 1), doublings(scalar, 1)].map((job) => threads!.run(job));
  const outcomes = await Promise.allSettled([before, ...jobs]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "rejected"]);
  expect(threads.memory.words(scalar, 1)[0]).toBe(4);
  await expect(threads.run(doublings(scalar, 1))).rejects.toThrow("out of bounds");
});

it("a job that needs more memory than there is ends the work: others may still write where the next would", async () => {
  threads = new Threads(1);
  const scalar = scalarOf(threads, 1);
  const greedy = threads.run({ ...doublings(scalar, 1), listBytes: 2 ** 33 });
  const modest = threads.run(doublings(scalar, 1));
  await expect(greedy).rejects.toThrow(RangeError);
  await expect(modest).rejects.toThrow(RangeError);
  expect(threads.failed).toBe(true);
});

it("closing rejects what runs, what waits and what is still asked", async () => {
  threads = new Threads(1);
  const scalar = scalarOf(threads, 1);
  const jobs = [50_000, 1].map((count) => threads!.run(doublings(scalar, count)));
  const outcomes = Promise.allSettled(jobs);
  await threads.close();
  expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await expect(threads.run(doublings(scalar, 1))).rejects.toThrow("the threads were ended");
});

it("a process ends by itself with threads that nobody closed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-threads-"));
  try {
    const script = join(folder, "script.mts");
    const door = JSON.stringify(new URL("../../../src/proof/curve/index.ts", import.meta.url));
    await writeFile(
      script,
      `import { Threads } from ${door};
       const threads = new Threads(2);
       const scalar = threads.memory.take(32);
       threads.memory.words(scalar, 8).fill(0)[0] = 3;
       await threads.run({ calls: [["addOffset", scalar, 1, scalar]] });
       console.log(threads.memory.words(scalar, 1)[0]);`,
    );
    const tsx = pathToFileURL(join(process.cwd(), "node_modules/tsx/dist/loader.mjs")).href;
    const run = promisify(execFile)(process.execPath, ["--import", tsx, script], { timeout: 60_000 });
    expect((await run).stdout).toBe("6\n");
  } finally {
    await rm(folder, { recursive: true });
  }
});
