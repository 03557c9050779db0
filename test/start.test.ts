import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../src/places.js";
import { bundleCommand, bundleDoors, doorModules } from "../tools/build/bundles.js";
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

/** A new folder for what is built: the package is found from below its root. */
function scratchFolder(name: string): string {
  mkdirSync("build", { recursive: true });
  return mkdtempSync(join(ROOT, `build/${name}-`));
}

describe("the SDK as it is built", () => {
  const folder = scratchFolder("sdk");

  beforeAll(() => bundleDoors(folder));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a plain Node prints as JSON that runs `script`, in which `door(name)` imports one. */
  const printed = (script: string) => {
    const door = `const door = (name) => import(${JSON.stringify(`${folder}/`)} + name + "index.js");`;
    const args = ["--input-type=module", "-e", `${door}\n${script}`];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  };

  it("has every door with its names, and what several doors have once over all of them", async () => {
    const doors = (await doorModules()).map((module) => module.replace(/index\.ts$/, ""));
    expect(doors.length).toBeGreaterThan(15);
    const sources = await Promise.all(doors.map((name) => import(join(ROOT, "src", `${name}index.ts`))));
    const { names, shared, twice } = printed(`
      const doors = await Promise.all(${JSON.stringify(doors)}.map(door));
      const [seen, shared, twice] = [new Map(), new Set(), []];
      for (const [name, value] of doors.flatMap(Object.entries)) {
        if (seen.has(name)) (seen.get(name) === value ? shared.add(name) : twice.push(name));
        seen.set(name, value);
      }
      console.log(JSON.stringify({ names: doors.map((module) => Object.keys(module).sort()), shared: [...shared], twice }));
    `);
    expect(names).toEqual(sources.map((module) => Object.keys(module).toSorted()));
    expect(twice).toEqual([]);
    expect(shared.length).toBeGreaterThan(100);
  });

  it("throws the root's SealpatchError behind other doors", () => {
    const thrown = {
      audit: ["parseAttestation", "audit/malformed-attestation"],
      ceremony: ["openKeyPackage", "key/no-package"],
      chain: ["contractArtifact", "chain/unknown-contract"],
      code: ["codeDigest", "field/not-bytes"],
      field: ["poseidon", "field/out-of-range"],
      keystore: ["readKeystore", "keystore/unreadable"],
      lane: ["parseSchedule", "lane/malformed-schedule"],
      layout: ["parseLayout", "layout/invalid-file"],
      patch: ["parseBundle", "patch/malformed-bundle"],
      project: ["parseConfiguration", "config/not-toml"],
      proof: ["parseBindProof", "proof/malformed"],
      report: ["incidentReport", "patch/malformed-disclosure"],
      safe: ["readSignature", "safe/malformed-signature"],
      solc: ["collectFile", "code/unreadable-file"],
      vectors: ["parseVectorSet", "vectors/malformed"],
      verify: ["readVerifiable", "verify/unknown-file"],
      watch: ["readLane", "chain/unknown-chain"],
    };
    const codes = printed(`
      const { SealpatchError } = await door("");
      const codes = {};
      for (const [name, [call]] of Object.entries(${JSON.stringify(thrown)})) {
        const { [call]: refuse } = await door(name + "/");
        const error = await (async () => refuse("{}"))().catch((error) => error);
        codes[name] = [call, error instanceof SealpatchError ? error.code : String(error?.stack ?? error)];
      }
      console.log(JSON.stringify(codes));
    `);
    expect(codes).toEqual(thrown);
  });

  it("is a few files, SealpatchError in one of them, and no package; the root loads ethers", async () => {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.js$/.test(file),
    );
    expect(files.length).toBeLessThan(100);
    const text = files.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
    expect(text.match(/ this\.name = "SealpatchError";/g)).toHaveLength(1);
    expect(text).not.toContain("// node_modules/");
    const loaded = await packagesOf(`await import(${JSON.stringify(`${folder}/index.js`)});`, `${folder}/`);
    expect(loaded).toContain("ethers");
    expect(loaded.filter((name) => !ETHERS.includes(name))).toEqual([]);
  });
});

describe("the command as it is built", () => {
  const folder = scratchFolder("command");
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
