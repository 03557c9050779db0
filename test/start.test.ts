import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

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

/** Packages whose files Node loads in a process that runs `script` and then ends. */
async function packagesOf(script: string): Promise<string[]> {
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
  const own = pathToFileURL("src/").href;
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
