import { join } from "node:path";
import { MODULES } from "../places.js";
import type { PortalAbi } from "./abi.js";
import type { PortalData } from "./model.js";

const HERE = join(MODULES, "portal");
/** Packages that need Node, or have no place in a page. */
const NOT_IN_A_PAGE = ["circomlibjs", "ffjavascript", "snarkjs", "solc", "zod"];

/**
 * The one script of a page: what src/portal/page/ imports, with its data. Nothing of Node is in it.
 * @returns a classic script, the same for the same data and package.
 * @throws Error where a module of the page needs one of these or of Node.
 */
export async function portalScript(data: PortalData, abi: PortalAbi): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    // Sources of TypeScript in the repository, of JavaScript in the package.
    stdin: {
      contents: `import { startPage } from "./page/main.js";\nstartPage(${JSON.stringify(data)}, ${JSON.stringify(abi)});\n`,
      resolveDir: HERE,
      loader: "ts",
    },
    absWorkingDir: HERE,
    bundle: true,
    write: false,
    minify: true,
    platform: "browser",
    format: "iife",
    target: "es2022",
    legalComments: "none",
    charset: "ascii",
    external: ["node:*", ...NOT_IN_A_PAGE],
    metafile: true,
    logLevel: "silent",
  });
  // Modules that the SDK names and a page never reaches are left out; one that it reaches would stand there as a call of require.
  const [made] = Object.values(metafile.outputs);
  const kept = made!.imports.map(({ path }) => path);
  if (kept.length > 0) throw new Error(`the page needs what no browser has: ${kept.join(", ")}`);
  const script = outputFiles[0]!.text;
  // Neither may stand inside a script element of HTML, and both only stand in strings and patterns.
  return script.replaceAll(/<(?=!--|\/?script)/gi, "\\x3C");
}
