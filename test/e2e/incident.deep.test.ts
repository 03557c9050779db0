import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { foundryBinary } from "../../src/foundry.js";
import { blocksOf, shownAs } from "../document-blocks.js";
import { installPacked } from "../packed-package.js";
import { put } from "../project/projects.js";

// docs/incident.md as it stands, by the packed package, in one folder that is empty at first.

const MINUTE = 60_000;
const PROGRAMS = ["anvil", "cast", "forge"] as const;
const COMPILER = "0.8.9";

const blocks = blocksOf("docs/incident.md");
const scratch = mkdtempSync(join(tmpdir(), "sealpatch-incident-"));
const at = (...names: string[]) => join(scratch, ...names);
let chain: ChildProcess;
let env: NodeJS.ProcessEnv;
let failed = false;
/** What all blocks put out so far. */
let output = "";

beforeAll(async () => {
  for (const folder of ["work", "home", "data", "tmp", "bin"]) mkdirSync(at(folder));
  await installPacked(scratch, at("installed"));
  // Development keys are public: whoever made them again would have the same.
  symlinkSync(resolve("build/keys"), at("data/keys"));
  for (const program of PROGRAMS) symlinkSync(foundryBinary(program), at("bin", program));
  installCompiler();
  const [port, copy] = [await freePort(), await freePort()];
  const node = `http://127.0.0.1:${port}`;
  env = {
    PATH: [at("bin"), at("installed/node_modules/.bin"), process.env.PATH].join(":"),
    HOME: at("home"),
    SEALPATCH_HOME: at("data"),
    TMPDIR: at("tmp"),
    npm_config_cache: process.env.npm_config_cache ?? join(process.env.HOME!, ".npm"),
    npm_config_prefer_offline: "true",
    ...{ RPC_URL: node, ETH_RPC_URL: node, COPY_PORT: String(copy) },
  };
  chain = spawn(foundryBinary("anvil"), ["--port", String(port)], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((done, fail) => {
    chain.once("exit", (code) => fail(new Error(`anvil ended with code ${code}`)));
    chain.stdout!.once("data", () => done()).resume();
  });
}, 5 * MINUTE);

afterAll(() => {
  chain?.kill("SIGKILL");
  rmSync(scratch, { recursive: true, force: true });
});

it("needs nothing but shells: what it asks for is named, and no program of a person's own is run", () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(["sh", "text"]));
  const shell = blocks.flatMap(({ language, text }) => (language === "sh" ? [text] : []));
  expect(shell.length).toBeGreaterThan(15);
  for (const text of shell) expect(text).not.toMatch(/\b(node|npx|tsx|python3?|perl)\b/);
});

// Each block goes on from those before it, so that after one that fails the rest say nothing.
blocks.forEach(({ heading, language, text }, index) => {
  if (language !== "sh") return;
  const shown = blocks[index + 1]?.language === "text" ? blocks[index + 1]!.text : undefined;
  it(`${heading}: block ${index + 1}${shown === undefined ? "" : ", with the output that it shows"}`, {
    timeout: 10 * MINUTE,
  }, async ({ skip }) => {
    skip(failed, "a block before it failed");
    failed = true;
    const printed = await shell(text);
    failed = false;
    output += printed;
    if (shown !== undefined) expect(printed).toMatch(shownAs(shown));
  });
});

it("the README shows what was printed", () => {
  const [shown] = blocksOf("README.md").filter(({ heading }) => heading === "An incident of your own");
  expect(output).toMatch(shownAs(shown!.text));
});
/** Runs lines as far as the first that fails, and gives what they put out. */
async function shell(lines: string): Promise<string> {
  const child = spawn("sh", ["-ec", lines], { cwd: at("work"), env, stdio: ["ignore", "pipe", "pipe"] });
  let [printed, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const code = await new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", done);
  });
  expect(code, printed + errors).toBe(0);
  return printed;
}

/** Puts npm's solc, which the document installs, where forge looks for the one that it would download. */
function installCompiler(): void {
  const file = at("home/.svm", COMPILER, `solc-${COMPILER}`);
  put(dirname(file), {
    [`solc-${COMPILER}`]: `#!/bin/sh\nSOLC='${at("work/node_modules", `solc-${COMPILER}`)}' exec '${resolve("tools/solc-shim.cjs")}' "$@"\n`,
  });
  chmodSync(file, 0o755);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}
