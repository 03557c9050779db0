import { build } from "esbuild";
import { expect, it } from "vitest";

/** What Node brings, and what is loaded in Node alone: nothing of it may be left in a bundle. */
const NOT_IN_A_PAGE = ["node:*", "assert", "events", "circomlibjs", "ffjavascript", "snarkjs", "zod"];

it.each(["src/proof/prover/groth16", "src/portal/openings", "src/portal/read"])(
  "a bundle of %s imports nothing, and calls for nothing of Node",
  async (name) => {
    const { metafile, outputFiles } = await build({
      entryPoints: [`${name}.ts`],
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      external: NOT_IN_A_PAGE,
      logLevel: "silent",
      metafile: true,
      write: false,
    });
    const [output] = Object.values(metafile.outputs);
    expect(output!.imports).toEqual([]);
    // A text of ethers about a contract's own.
    const text = outputFiles[0]!.text.replaceAll("require(false)", "");
    expect(text).not.toMatch(/\b(Buffer|process|require)\b\s*[.(]|\bimport\s*\(|\bWebAssembly\b/);
  },
);
