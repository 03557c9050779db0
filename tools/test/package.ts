import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, NODE, run } from "./processes.js";
import type { Count, Suite } from "./suites.js";

/** Packs the package, which builds it first. @returns the tarball's path. */
async function pack(folder: string): Promise<string> {
  await run("npm", ["pack", "--silent", "--pack-destination", folder], true);
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack made no tarball");
  return join(folder, tarball);
}

/** What strangers would install: whether its entries exist and its types resolve. */
export const packageChecks: Suite = async (): Promise<Count> => {
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-pack-"));
  try {
    const tarball = await pack(folder);
    const checks = [
      [command("publint"), tarball, "--strict"],
      [
        command("@arethetypeswrong/cli", "attw"),
        tarball,
        "--profile",
        "esm-only",
        "--format",
        "ascii",
        "--quiet",
      ],
    ];
    let passed = 0;
    for (const args of checks) passed += Number((await run(NODE, args)).code === 0);
    return { passed, failed: checks.length - passed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
