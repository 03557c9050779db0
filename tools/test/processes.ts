import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ROOT } from "../../src/places.js";

const require = createRequire(import.meta.url);

export const NODE = process.execPath;

/** Path of a command that an installed package brings. */
export function command(packageName: string, name = packageName): string {
  // Not resolved: a package may keep its manifest to itself.
  const manifestFile = join(ROOT, "node_modules", packageName, "package.json");
  const { bin } = require(manifestFile) as { bin: string | Record<string, string> };
  return join(dirname(manifestFile), typeof bin === "string" ? bin : bin[name]!);
}

/** Runs a program in the repository. @returns its exit code and, where it is caught, its standard output. */
export function run(
  program: string,
  args: readonly string[],
  catchOutput = false,
): Promise<{ code: number; output: string }> {
  return new Promise((done, fail) => {
    const stdio = ["ignore", catchOutput ? "pipe" : "inherit", "inherit"] as const;
    const child = spawn(program, args, { cwd: ROOT, stdio: [...stdio] });
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", fail);
    child.on("close", (code) => done({ code: code ?? 1, output }));
  });
}
