import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { PortalAbi } from "./abi.js";
import type { PortalData } from "./model.js";

/**
 * The one script of a page: what src/portal/page/ imports, with its data. Nothing of Node is in it: an import of a module of Node stays
 * where it is used, and breaks the build.
 * @returns a classic script, the same for the same data and package.
 * @throws Error of esbuild where a module of the page needs one of Node.
 */
export async function portalScript(data: PortalData, abi: PortalAbi): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    // Sources of TypeScript in the repository, of JavaScript in the package.
    stdin: {
      contents: `import { startPage } from "./page/main.js";\nstartPage(${JSON.stringify(data)}, ${JSON.stringify(abi)});\n`,
      resolveDir: dirname(fileURLToPath(import.meta.url)),
      loader: "ts",
    },
    absWorkingDir: dirname(fileURLToPath(import.meta.url)),
    bundle: true,
    write: false,
    minify: true,
    platform: "browser",
    format: "iife",
    target: "es2022",
    legalComments: "none",
    charset: "ascii",
    // Modules that the SDK names and a browser never reaches are dropped; one that were kept would stand there as a call of require.
    external: ["node:*"],
    logLevel: "silent",
  });
  const script = outputFiles[0]!.text;
  // Neither may stand inside a script element of HTML, and both only stand in strings and patterns.
  return script.replaceAll(/<(?=!--|\/?script)/gi, "\\x3C");
}
