import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { BASE_FIELD, SCALAR_FIELD } from "../../../src/proof/arithmetic/limbs.js";
import { multiple } from "./memory.js";

/** Two points of a file's form and their sum by the module, with what the context has: `arithmetic`, `file`, `scalars`. */
const SUM = `(async () => {
  const { multiScalarSum, PointReader, readPoint, singleThread, splitScalars } = arithmetic;
  const machine = singleThread();
  const { memory } = machine;
  const reader = new PointReader(machine, "g1", 2);
  await reader.add(file, 0);
  const address = memory.take(64);
  memory.bytes(address, 64).set(scalars);
  const halves = await splitScalars(machine, address, 2, 4);
  return readPoint(memory, "g1", await multiScalarSum(machine, reader.list, halves)).map(String);
})()`;

it("the arithmetic asks nothing of Node: bundled, it runs where there is only what every browser has", async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: ["src/proof/arithmetic/index.ts"],
    bundle: true,
    format: "iife",
    globalName: "arithmetic",
    platform: "browser",
    external: ["node:*", "assert", "events", "circomlibjs", "ffjavascript", "zod"],
    logLevel: "silent",
    metafile: true,
    write: false,
  });
  const [output] = Object.values(metafile.outputs);
  expect(output!.imports).toEqual([]);
  const text = outputFiles[0]!.text;
  expect(text).not.toMatch(/\b(Buffer|process|require)\b\s*[.(]|\bimport\s*\(/);

  const bytes = (value: bigint) => [...Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse()];
  const file = [3n, 5n].flatMap((scalar) =>
    multiple("g1", scalar)!.flatMap((value) => bytes((value << 256n) % BASE_FIELD.order)),
  );
  const scalars = [7n, SCALAR_FIELD.order - 2n].flatMap(bytes);
  const context = createContext({ performance: { now: () => performance.now() }, TextEncoder });
  for (const name of ["process", "Buffer", "require", "setTimeout"]) {
    expect(runInContext(`typeof ${name}`, context)).toBe("undefined");
  }
  runInContext(text, context);
  runInContext(
    `var file = Uint8Array.from(${JSON.stringify(file)}), scalars = Uint8Array.from(${JSON.stringify(scalars)})`,
    context,
  );
  expect([...(await runInContext(SUM, context))]).toEqual(multiple("g1", 11n)!.map(String));
});
