import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Journal, type JournalLine, withState } from "../../src/state/index.js";
import { temporaryFolder } from "../project/projects.js";

const ROOT = temporaryFolder();
let count = 0;
/** A project's folder of its own. */
function project(): string {
  const folder = join(ROOT, String(count++));
  mkdirSync(folder);
  return folder;
}

const SIGNED = {
  stage: "signed",
  what: "deploy PatchVerifier",
  chainId: 31337n,
  from: `0x${"11".repeat(20)}`,
  nonce: 3,
  dataHash: `0x${"22".repeat(32)}`,
  hash: `0x${"33".repeat(32)}`,
} as const;

describe("the state folder", () => {
  it("is its owner's alone, and is in no repository", async () => {
    const folder = project();
    const state = await withState(folder, async (each) => each.folder);
    expect(state).toBe(join(folder, ".sealpatch"));
    expect(statSync(state).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(state, ".gitignore"), "utf8")).toBe("*\n");
    expect(readdirSync(state)).toEqual([".gitignore"]);
  });

  it.skipIf(process.platform === "win32")("is refused where others may write to it", async () => {
    const folder = project();
    await withState(folder, async () => {});
    chmodSync(join(folder, ".sealpatch"), 0o755);
    await expect(withState(folder, async () => {})).rejects.toMatchObject({
      code: "state/open-to-others",
      details: { mode: "755" },
    });
  });

  it("is refused where it is a file, or where there is no project", async () => {
    const folder = project();
    writeFileSync(join(folder, ".sealpatch"), "");
    for (const each of [folder, join(folder, "nowhere")])
      await expect(withState(each, async () => {})).rejects.toMatchObject({
        code: "state/folder-unwritable",
      });
  });

  it("has one user at a time: the second is told who works in it", async () => {
    const folder = project();
    const inside = withState(folder, () => withState(folder, async () => {}));
    await expect(inside).rejects.toMatchObject({
      code: "state/locked",
      details: { pid: process.pid, host: hostname() },
      why: `process ${process.pid} on ${hostname()} holds it`,
    });
    // Whoever failed has let go.
    expect(await withState(folder, async () => "in")).toBe("in");
  });

  it("is taken over from a process that is gone, and not from one of another machine", async () => {
    const folder = project();
    await withState(folder, async () => {});
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const lock = join(folder, ".sealpatch", ".lock");
    for (const left of [JSON.stringify({ pid, host: hostname() }), "", "{"]) {
      writeFileSync(lock, left);
      expect(await withState(folder, async () => "in")).toBe("in");
    }
    writeFileSync(lock, JSON.stringify({ pid, host: "another.example" }));
    await expect(withState(folder, async () => {})).rejects.toMatchObject({ code: "state/locked" });
  });

  it("is held by another process while that lives", async () => {
    const folder = project();
    await withState(folder, async () => {});
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    writeFileSync(join(folder, ".sealpatch", ".lock"), JSON.stringify({ pid: child.pid, host: hostname() }));
    await expect(withState(folder, async () => {})).rejects.toMatchObject({
      code: "state/locked",
      details: { pid: child.pid },
    });
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    expect(await withState(folder, async () => "in")).toBe("in");
  });
});

describe("the journal", () => {
  const fileOf = (folder: string) => join(folder, ".sealpatch", "journal.jsonl");
  const write = (folder: string, ...entries: readonly object[]) =>
    withState(folder, async ({ journal }) => {
      for (const entry of entries) await journal.write(entry as JournalLine);
    });
  const read = (folder: string) => withState(folder, async ({ journal }) => journal);

  it("says what was signed, and what became of it", async () => {
    const folder = project();
    await write(folder, SIGNED, { stage: "mined", hash: SIGNED.hash, block: 7 });
    await write(
      folder,
      { ...SIGNED, nonce: 4, chainId: 1n },
      { stage: "failed", hash: SIGNED.hash, code: "chain/not-mined" },
    );
    const journal = await read(folder);
    expect(journal.lines.map(({ stage }) => stage)).toEqual(["signed", "mined", "signed", "failed"]);
    expect(journal.signed(SIGNED.what, 31337n)).toMatchObject([SIGNED]);
    expect(journal.signed("deploy Policies", 31337n)).toEqual([]);
    expect(statSync(fileOf(folder)).mode & 0o777).toBe(0o600);
  });

  it("takes no line that it could not read again", async () => {
    const folder = project();
    for (const entry of [{ ...SIGNED, data: "0x12" }, { ...SIGNED, hash: "0x1" }, { stage: "mined" }])
      await expect(write(folder, entry)).rejects.toThrow();
    expect((await read(folder)).lines).toEqual([]);
  });

  it("goes on behind a line that was torn, for nothing was sent after it", async () => {
    const folder = project();
    await write(folder, SIGNED);
    appendFileSync(fileOf(folder), '{"stage":"signed","at":"20');
    await write(folder, { stage: "mined", hash: SIGNED.hash, block: 7 });
    expect((await read(folder)).lines.map(({ stage }) => stage)).toEqual(["signed", "mined"]);
  });

  it.each([
    ["no JSON", "hello\n"],
    ["another stage", '{"stage":"sent"}\n'],
    ["an empty line", "\n"],
    [
      "data of a transaction",
      `${JSON.stringify({ ...SIGNED, chainId: "1", at: new Date().toISOString(), data: "0x" })}\n`,
    ],
  ])("is refused with %s", async (_, text) => {
    const folder = project();
    await write(folder, SIGNED);
    appendFileSync(fileOf(folder), text);
    await expect(read(folder)).rejects.toMatchObject({
      code: "state/malformed-journal",
      details: { line: 2 },
    });
  });

  it("is refused where it cannot be read", async () => {
    await expect(Journal.open(ROOT)).rejects.toMatchObject({ code: "state/folder-unwritable" });
  });
});
