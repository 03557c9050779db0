import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../src/places.js";
import { bundleCommand } from "../tools/build/command.js";
import { sealpatch } from "./cli/sealpatch.js";

/** What reads TypeScript here; the package has JavaScript. */
const LOADER = ["tsx", "esbuild"];
const ETHERS = [
  "@adraffy/ens-normalize",
  "@noble/curves",
  "@noble/hashes",
  "aes-js",
  "ethers",
  "tslib",
  "ws",
];

/** Packages whose files Node loads in a process that runs `script`, of the code in `folder`, and then ends. */
async function packagesOf(script: string, folder = "src/"): Promise<string[]> {
  const source = `process.argv = ["node", "sealpatch", ...process.argv.slice(1)];
    ${script}
    const { createRequire } = await import("node:module");
    console.error(Object.keys(createRequire(import.meta.url).cache).join("\\n"));`;
  // Node's own log of ES modules names every file of theirs; those of CommonJS are in its cache.
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "-e", source],
    { env: { ...process.env, NODE_DEBUG: "esm" }, maxBuffer: 1 << 28 },
  );
  const own = pathToFileURL(folder).href;
  expect(stderr).toContain(`Storing ${own}`);
  const files = [...stderr.matchAll(/Storing (file:\/\/\S+)|^(\/\S+)$/gm)].map(
    ([, url, path]) => url ?? path!,
  );
  const code = files.filter((file) => !file.endsWith("/package.json"));
  const names = code.map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return [
    ...new Set(names.filter((name) => name !== undefined && !LOADER.includes(name))),
  ].toSorted() as string[];
}

describe("the command as it is built", () => {
  mkdirSync("build", { recursive: true });
  // The package is found from below its root.
  const folder = mkdtempSync(join(ROOT, "build/command-"));
  const main = join(folder, "main.js");
  const words = ["safe", "check", "docs/signing/example", "--offline", "--json"];

  beforeAll(() => bundleCommand(folder));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("does what the sources do", async () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], { encoding: "utf8" });
    expect({ code: status, stdout, stderr }).toEqual(await sealpatch(...words));
    expect(JSON.parse(stdout).checks.length).toBeGreaterThan(5);
  });

  it("has what it starts with in itself", async () => {
    const script = `process.argv.push(...${JSON.stringify(words)}); await import(${JSON.stringify(main)}); process.exitCode = 0;`;
    expect(await packagesOf(script, `${folder}/`)).toEqual(["commander", "zod"]);
  });

  it("has the licences of what is in it", () => {
    const text = readFileSync(join(folder, "LICENSES.txt"), "utf8");
    for (const name of ["@adraffy/ens-normalize", "@noble/curves", "@noble/hashes", "aes-js", "ethers"])
      expect(text).toMatch(new RegExp(`^${name}\\n\\n(The )?MIT License`, "im"));
  });
});

describe("a start loads only what is used", () => {
  it.each([["--version"], ["--help"], ["vectors record tx --help"], ["layout diff --help"]])(
    "sealpatch %s: commander",
    async (words) => {
      const program = pathToFileURL("src/cli/program.ts").href;
      const script = `const { sealpatch } = await import("${program}"); await sealpatch("${words}".split(" "));`;
      expect(await packagesOf(script)).toEqual(["commander"]);
    },
  );

  it("the SDK: ethers", async () => {
    const script = `await import("${pathToFileURL("src/index.ts").href}");`;
    const loaded = await packagesOf(script);
    expect(loaded).toContain("ethers");
    expect(loaded.filter((name) => !ETHERS.includes(name))).toEqual([]);
  });

  it("and is seen to load more where more is used", async () => {
    const { href } = pathToFileURL("src/index.ts");
    const hash = `const { codeDigest } = await import("${href}"); codeDigest(new Uint8Array(1));`;
    expect(await packagesOf(hash)).toContain("poseidon-lite");
    const read = `const { readManifest } = await import("${href}"); await readManifest("/nowhere").catch(() => {});`;
    expect(await packagesOf(read)).not.toContain("poseidon-lite");
    const age = `const { newRecipient } = await import("${href}"); await newRecipient();`;
    expect(await packagesOf(age)).toContain("age-encryption");
  });
});
