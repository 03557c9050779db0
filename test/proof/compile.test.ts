import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileCircuit } from "../../soundness/index.js";
import { circuitSource, compileTestCircuit, scratchFolder } from "./circuit.js";

const folder = await scratchFolder();

describe("compileCircuit", () => {
  it("gives constraints, calculator and symbols, and equal bytes each time", async () => {
    const first = await compileTestCircuit(join(folder, "a"), "multiplier");
    const second = await compileTestCircuit(join(folder, "b"), "multiplier");
    for (const file of ["r1csFile", "wasmFile", "symFile"] as const) {
      const bytes = await readFile(first[file]);
      expect(bytes.length).toBeGreaterThan(0);
      expect(bytes.equals(await readFile(second[file]))).toBe(true);
    }
  });

  it("lets two compiles of one circuit meet, and leaves one whole folder", async () => {
    const place = join(folder, "race");
    const results = await Promise.all([1, 2].map(() => compileTestCircuit(place, "multiplier")));
    expect(results[0]).toEqual(results[1]);
    expect(await readdir(place)).toEqual(["multiplier"]);
  });

  it("keeps what stands complete", async () => {
    const place = join(folder, "kept");
    const { symFile } = await compileTestCircuit(place, "multiplier");
    await writeFile(symFile, "mine");
    await compileTestCircuit(place, "multiplier");
    expect(await readFile(symFile, "utf8")).toBe("mine");
  });

  it("refuses a folder that holds something else", async () => {
    const outDir = join(folder, "kept");
    const compiling = compileCircuit({ source: circuitSource("guarded"), outDir });
    await expect(compiling).rejects.toMatchObject({ code: "circuit/output-occupied" });
    expect(await readdir(outDir)).toEqual(["multiplier"]);
  });

  it("reports the compiler's message for a broken circuit and leaves nothing behind", async () => {
    const source = join(folder, "cubic.circom");
    await writeFile(
      source,
      "pragma circom 2.1.0; template T() { signal input a; signal output b; b <== a * a * a; } component main = T();",
    );
    await expect(compileCircuit({ source, outDir: join(folder, "cubic", "out") })).rejects.toMatchObject({
      code: "circuit/compile-failed",
      why: expect.stringContaining("Non quadratic constraints are not allowed"),
    });
    expect(await readdir(join(folder, "cubic"))).toEqual([]);
  });

  it("treats warnings as errors", async () => {
    const source = join(folder, "unversioned.circom");
    await writeFile(
      source,
      "template T() { signal input a; signal output b <== a * a; } component main = T();",
    );
    await expect(compileCircuit({ source, outDir: join(folder, "unversioned") })).rejects.toMatchObject({
      code: "circuit/compile-failed",
      why: expect.stringContaining("does not include pragma version"),
    });
  });

  it("treats what --inspect finds as errors", async () => {
    const source = join(folder, "loose.circom");
    await writeFile(
      source,
      "pragma circom 2.1.0; template T() { signal input a; signal c; signal output b <== a * a; c <-- a; } component main = T();",
    );
    const flags = ["--O2", "--inspect"];
    await expect(compileCircuit({ source, outDir: join(folder, "loose"), flags })).rejects.toMatchObject({
      code: "circuit/compile-failed",
      why: expect.stringContaining("does not appear in any constraint"),
    });
  });
});
