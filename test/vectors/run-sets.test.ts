import { availableParallelism } from "node:os";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  judgeSet,
  mergeVectorSets,
  runSets,
  runVector,
  runVectors,
  type VectorSet,
} from "../../src/vectors/index.js";
import { ETHER, expectingItself, probeCall, probeCode, probeSet } from "./probe.js";

/** Vectors of many kinds: storage, revert, log, creation, self-destruct, transient storage, precompile. */
const CALLS = [
  [probeCall("store", [7n, 8n], { value: ETHER })],
  [probeCall("fail", [7n, 8n, "0x82b42900"])],
  [probeCall("transientOnce", [1n]), probeCall("transientOnce", [1n])],
  [probeCall("createAndDestroy", [`0x${"be".repeat(20)}`], { value: 5n })],
  [probeCall("", [], { to: null, data: "0x602a60005260206000f3" })],
  [probeCall("precompile", [1n, "0x"]), probeCall("precompile", [8n, "0x"])],
  [probeCall("spin")],
  [probeCall("recurse", [20n])],
];

async function manyVectors(): Promise<VectorSet> {
  const sets = CALLS.map((calls, index) => probeSet(calls, { name: `v${index}`, stepLimit: 20_000 }));
  return mergeVectorSets(sets);
}

describe("runs of sets", () => {
  it("give the same results on any number of workers, in leaf order", async () => {
    const set = await manyVectors();
    const runs = [
      { set, under: probeCode() },
      { set, under: { ...probeCode(), code: Uint8Array.of(0x00) } },
    ];
    const alone = await runSets(runs, { workers: 1 });
    expect(alone.map((list) => list.length)).toEqual([CALLS.length, CALLS.length]);
    for (const [index, vector] of set.vectors.entries()) {
      expect(alone[0]![index]).toEqual(await runVector(vector, set.codes, probeCode(), index));
    }
    expect(new Set(alone[0]!.map((run) => run.outcomeDigest)).size).toBe(CALLS.length);
    expect(await runSets(runs, { workers: 2 })).toEqual(alone);
    expect(await runSets(runs, { workers: 3 })).toEqual(alone);
  });

  it("give every vector the same digest in any order and on every run", async () => {
    const set = await manyVectors();
    const digests = async (vectors: VectorSet["vectors"]) => {
      const runs = await runVectors({ ...set, vectors }, probeCode());
      return new Map(vectors.map(({ name }, index) => [name, runs[index]!.outcomeDigest]));
    };
    const once = await digests(set.vectors);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...set.vectors, ...set.vectors], { minLength: set.vectors.length }),
        async (vectors) => {
          for (const [name, digest] of await digests(vectors)) expect(digest).toBe(once.get(name));
        },
      ),
      { numRuns: 8 },
    );
  });

  it("tell the error of the first vector that cannot be run, on any number of workers", async () => {
    const set = await manyVectors();
    const migration = { caller: `0x${"ad".repeat(20)}`, data: Buffer.from("ffffffff", "hex") } as const;
    const broken = { ...probeCode(), migration };
    const runs = [
      { set, under: probeCode() },
      { set, under: broken },
    ];
    for (const workers of [1, 3]) {
      await expect(runSets(runs, { workers })).rejects.toMatchObject({
        name: "SealpatchError",
        code: "vectors/migration-reverted",
        message: 'the migration call fails on the pre-state of vector 0 "v0"',
        remedy: expect.stringContaining("migration"),
      });
    }
  });

  it("tell their progress after every vector of every run", async () => {
    const set = await manyVectors();
    const under = probeCode();
    for (const workers of [1, 2]) {
      const seen: number[] = [];
      await runSets(
        [
          { set, under },
          { set, under },
        ],
        { workers, onProgress: ({ done, total }) => seen.push(done, total) },
      );
      expect(seen).toEqual(
        Array.from({ length: 2 * CALLS.length }, (_, index) => [index + 1, 2 * CALLS.length]).flat(),
      );
    }
  });

  it.each([
    ["starts none where the first vector alone was slow", (done: number) => 900 + done, false],
    ["starts them where the work goes on", (done: number) => 500 * done, availableParallelism() > 1],
  ])("of itself %s", async (_, passed, isWanted) => {
    const set = await manyVectors();
    const runs = [
      { set, under: probeCode() },
      { set, under: probeCode() },
    ];
    const running = () => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
    // Those of the tests before this one end in their own time.
    await vi.waitFor(() => expect(running()).toBe(0), { timeout: 10_000 });
    let done = 0;
    let children = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => (done === 0 ? 0 : passed(done)));
    try {
      await runSets(runs, {
        onProgress: (progress) => {
          done = progress.done;
          children = Math.max(children, running());
        },
      });
    } finally {
      clock.mockRestore();
    }
    expect(children > 0).toBe(isWanted);
  });

  it("are none for a set without vectors", async () => {
    const empty = { ...(await manyVectors()), vectors: [] };
    expect(await runVectors(empty, probeCode())).toEqual([]);
  });
});

describe("the verdict over a set", () => {
  const good = probeCode();
  const bad = { ...good, code: Uint8Array.of(0x00) };
  const judged = async (kind: "regression" | "incident", codes: (typeof good)[]) => {
    const set = await expectingItself(probeSet([probeCall("store", [1n, 2n])], { kind }));
    return judgeSet(set, await runSets(codes.map((under) => ({ set, under }))));
  };

  it("demands that a baseline vector passes on every code", async () => {
    expect((await judged("regression", [good])).failures).toBe(0);
    expect((await judged("regression", [good, good])).failures).toBe(0);
    expect((await judged("regression", [good, bad])).failures).toBe(1);
    expect((await judged("regression", [bad, good])).failures).toBe(1);
  });

  it("demands that an incident vector fails on the first code and passes on the last", async () => {
    expect((await judged("incident", [good])).failures).toBe(0);
    expect((await judged("incident", [bad, good])).failures).toBe(0);
    expect((await judged("incident", [good, good])).failures).toBe(1);
    expect((await judged("incident", [bad, bad])).failures).toBe(1);
    expect((await judged("incident", [good, bad])).failures).toBe(1);
  });

  it("has one digest a code for a baseline set, and one for the first and last code of an incident set", async () => {
    expect((await judged("regression", [good, bad])).digests).toHaveLength(2);
    expect((await judged("incident", [good])).digests).toHaveLength(0);
    expect((await judged("incident", [bad, good])).digests).toHaveLength(1);
  });
});
