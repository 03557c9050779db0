import { describe, expect, it } from "vitest";
import { ArithmeticMemory, singleThread, ThreadMemory } from "../../../src/proof/arithmetic/index.js";

const PAGE = 65536;

describe.each([false, true])("the module's memory, shared: %s", (shared) => {
  it("grows, and gives out places that do not overlap, multiples of 64", () => {
    const memory = new ArithmeticMemory(shared);
    let end = 0;
    for (const bytes of [1, 64, 65, 5 * PAGE, 3]) {
      const address = memory.take(bytes);
      expect(address % 64).toBe(0);
      expect(address).toBeGreaterThanOrEqual(end);
      end = address + bytes;
      // The module reads some bytes further than it needs.
      expect(memory.wasm.buffer.byteLength).toBeGreaterThanOrEqual(end + 16);
    }
  });

  it("takes back what was taken during a work, and leaves nothing but zeros there", async () => {
    const memory = new ArithmeticMemory(shared);
    const kept = memory.take(100);
    memory.bytes(kept, 100).fill(7);
    const seen: number[] = [];
    const inner = () =>
      memory.during(async () => {
        const address = memory.take(1000);
        memory.bytes(address, 1000).fill(9);
        seen.push(address);
        return address + 1000;
      });
    const end = await memory.during(async () => {
      const address = memory.take(2 * PAGE);
      memory.bytes(address, 2 * PAGE).fill(8);
      seen.push(address);
      await inner();
      // What the outer work has is still its own.
      expect(memory.bytes(address, 2 * PAGE).every((byte) => byte === 8)).toBe(true);
      return inner();
    });
    expect(seen[1]).toBe(seen[2]);
    expect(memory.bytes(kept, 100).every((byte) => byte === 7)).toBe(true);
    expect(memory.bytes(kept + 100, end - kept - 100).every((byte) => byte === 0)).toBe(true);
    expect(memory.take(1)).toBe(seen[0]);
  });

  it("is overwritten where the work fails, too", async () => {
    const memory = new ArithmeticMemory(shared);
    let address = 0;
    const work = memory.during(async () => {
      address = memory.take(500);
      memory.bytes(address, 500).fill(9);
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(memory.bytes(address, 500).every((byte) => byte === 0)).toBe(true);
    expect(memory.take(1)).toBe(address);
  });

  it("keeps what a work took, unless it fails", async () => {
    const memory = new ArithmeticMemory(shared);
    const kept = await memory.keeping(async () => memory.take(100));
    memory.bytes(kept, 100).fill(7);
    const next = memory.take(0);
    const work = memory.keeping(async () => {
      memory.bytes(memory.take(500), 500).fill(9);
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(memory.take(500)).toBe(next);
    expect(memory.bytes(next, 500).every((byte) => byte === 0)).toBe(true);
    expect(memory.bytes(kept, 100).every((byte) => byte === 7)).toBe(true);
  });

  it("is for as many bytes as there can be, and says so", () => {
    const memory = new ArithmeticMemory(shared);
    expect(() => memory.take(2 ** 32)).toThrow(RangeError);
  });
});

describe("what a thread has for itself", () => {
  const places = (thread: ThreadMemory, listBytes: number, sumBytes: number) => {
    const [name, scratch, area, lists, sums] = thread.begin({ calls: [], listBytes, sumBytes });
    expect(name).toBe("begin");
    return { scratch, area, lists: lists as number, sums: sums as number };
  };

  it("is kept as long as it is enough, and is another thread's never", () => {
    const memory = new ArithmeticMemory(false);
    const [one, other] = [new ThreadMemory(memory), new ThreadMemory(memory)];
    const first = places(one, 1000, 2000);
    expect(places(one, 1000, 2000)).toEqual(first);
    expect(places(one, 10, 20)).toEqual(first);
    const second = places(other, 1000, 2000);
    const larger = places(one, 1001, 2000);
    expect(larger).toEqual({ ...first, lists: expect.any(Number) });
    const all = [
      { at: first.scratch!, bytes: memory.code.scratchBytes },
      { at: first.area!, bytes: memory.code.areaBytes },
      { at: second.scratch!, bytes: memory.code.scratchBytes },
      { at: second.area!, bytes: memory.code.areaBytes },
      { at: first.lists, bytes: 1000 },
      { at: larger.lists, bytes: 1001 },
      { at: second.lists, bytes: 1000 },
      { at: first.sums, bytes: 2000 },
      { at: second.sums, bytes: 2000 },
    ].toSorted((a, b) => a.at - b.at);
    for (const [index, { at, bytes }] of all.slice(0, -1).entries())
      expect(at + bytes).toBeLessThanOrEqual(all[index + 1]!.at);
  });

  it("is overwritten where a work ends", async () => {
    const memory = new ArithmeticMemory(false);
    const area = places(new ThreadMemory(memory), 0, 0).area!;
    const { areaBytes } = memory.code;
    memory.bytes(area, areaBytes).fill(9);
    await memory.during(async () => {});
    expect(memory.bytes(area, areaBytes).every((byte) => byte === 0)).toBe(true);
  });

  it("is forgotten where it was taken during a work, and only there", async () => {
    const memory = new ArithmeticMemory(false);
    const thread = new ThreadMemory(memory);
    const other = new ThreadMemory(memory);
    const { lists } = places(thread, 1000, 0);
    const { sums } = places(other, 0, 1000);
    await memory.during(async () => {
      expect(places(thread, 1000, 500).lists).toBe(lists);
      expect(places(other, 500, 1000).sums).toBe(sums);
    });
    // The next to take bytes gets the place of what was forgotten.
    const taken = memory.take(1000);
    const again = places(thread, 1000, 500);
    expect(again.lists).toBe(lists);
    expect(again.sums).toBeGreaterThanOrEqual(taken + 1000);
    const another = places(other, 500, 1000);
    expect(another.sums).toBe(sums);
    expect(another.lists).toBeGreaterThanOrEqual(taken + 1000);
  });
});

describe("a machine of one thread", () => {
  it("makes the calls of a job one after the other", async () => {
    const machine = singleThread();
    const { memory } = machine;
    const scalars = memory.take(32);
    memory.bytes(scalars, 32).fill(0);
    memory.words(scalars, 1)[0] = 1;
    const seconds = await machine.run({
      calls: Array.from({ length: 5 }, () => ["addOffset", scalars, 1, scalars] as const),
    });
    expect(memory.words(scalars, 1)[0]).toBe(32);
    expect(seconds).toBeGreaterThanOrEqual(0);
  });

  it("rejects a job that needs more memory than there is, and one that fails, and goes on", async () => {
    const machine = singleThread();
    const scalars = machine.memory.take(32);
    await expect(machine.run({ calls: [], listBytes: 2 ** 33 })).rejects.toThrow(RangeError);
    await expect(machine.run({ calls: [["addOffset", -64, 1, scalars]] })).rejects.toThrow(
      WebAssembly.RuntimeError,
    );
    await expect(
      machine.run({ calls: [["addOffset", scalars, 1, scalars]] }),
    ).resolves.toBeGreaterThanOrEqual(0);
  });
});
