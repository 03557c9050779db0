import { describe, expect, it } from "vitest";
import { type ProofPart, partsTold } from "../../../src/proof/prover/parts.js";

const later = () => new Promise<void>((done) => setImmediate(done));

describe("partsTold", () => {
  it("tells parts as they end, with processor time where nothing ran beside them", async () => {
    const told: ProofPart[] = [];
    const run = partsTold((part) => told.push(part));
    expect(await run("witness", async () => 7)).toBe(7);
    await run("rows", later);
    expect(told.map(({ name }) => name)).toEqual(["witness", "rows"]);
    for (const part of told) {
      expect(part.wallSeconds).toBeGreaterThan(0);
      expect(part.processorSeconds).toBeGreaterThanOrEqual(0);
    }
  });

  it("tells no processor time of parts that ran beside each other, and of the next one again", async () => {
    const told: ProofPart[] = [];
    const run = partsTold((part) => told.push(part));
    await Promise.all([run("sum A", later), run("sum B1", async () => {})]);
    await run("finish", later);
    expect(told.map(({ name, processorSeconds }) => [name, processorSeconds !== undefined])).toEqual([
      ["sum B1", false],
      ["sum A", false],
      ["finish", true],
    ]);
  });

  it("tells nothing of a part that fails, whose error goes on, and counts it as ended", async () => {
    const told: ProofPart[] = [];
    const run = partsTold((part) => told.push(part));
    const failure = new Error("no");
    await expect(run("key", () => Promise.reject(failure))).rejects.toBe(failure);
    await run("witness", later);
    expect(told).toEqual([
      expect.objectContaining({ name: "witness", processorSeconds: expect.any(Number) }),
    ]);
  });
});
