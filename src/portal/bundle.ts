import { join } from "node:path";
import type { Plugin } from "esbuild";
import { MODULES } from "../places.js";
import type { PortalAbi } from "./abi.js";

const HERE = join(MODULES, "portal");
/** Packages that need Node, or have no place in a page. */
const NOT_IN_A_PAGE = ["circomlibjs", "ffjavascript", "snarkjs", "solc", "zod"];

/** What is loaded later is left out, with all that it would load: a page is whole. */
const NOTHING_LATER: Plugin = {
  name: "nothing-later",
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    ),
};

/** One Keccak for all of a page: ethers brings an older release of the same library. */
const ONE_KECCAK: Plugin = {
  name: "one-keccak",
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /^@noble\/hashes\/sha3$/ }, ({ kind }) =>
      resolve("@noble/hashes/sha3.js", { kind, resolveDir: HERE }),
    ),
};

const TARGET = "es2022";

/**
 * The one script of a page, which reads the page's data: what src/portal/page/ imports. Nothing of Node is in it.
 * @returns a classic script, the same for the same package.
 * @throws Error where a module of the page needs one of these or of Node.
 */
export function portalScript(abi: PortalAbi): Promise<string> {
  const text = JSON.stringify(abi);
  const known = kept.get(text) ?? bundled(text);
  kept.set(text, known);
  return known;
}

/** Scripts of this process by their interface, which decides alone. */
const kept = new Map<string, Promise<string>>();

async function bundled(abi: string): Promise<string> {
  const { build, transform } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    // Sources of TypeScript in the repository, of JavaScript in the package.
    stdin: {
      contents: `import { startPage } from "./page/main.js";\nstartPage(${abi});\n`,
      resolveDir: HERE,
      loader: "ts",
    },
    absWorkingDir: HERE,
    bundle: true,
    write: false,
    minifySyntax: true,
    platform: "browser",
    format: "iife",
    target: TARGET,
    legalComments: "none",
    charset: "ascii",
    external: ["node:*", ...NOT_IN_A_PAGE],
    plugins: [NOTHING_LATER, ONE_KECCAK],
    metafile: true,
    logLevel: "silent",
  });
  // Modules that the SDK names and a page never reaches are left out; one that it reaches would stand there as a call of require.
  const [made] = Object.values(metafile.outputs);
  const kept = made!.imports.map(({ path }) => path);
  if (kept.length > 0) throw new Error(`the page needs what no browser has: ${kept.join(", ")}`);
  // Names are made short once no types are left: they are chosen by how often each letter stands in the text.
  const script = (
    await transform(outputFiles[0]!.text, { minify: true, target: TARGET, legalComments: "none" })
  ).code;
  // Neither may stand inside a script element of HTML, and both only stand in strings and patterns.
  return script.replaceAll(/<(?=!--|\/?script)/gi, "\\x3C");
}
