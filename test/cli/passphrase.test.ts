import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { passphraseOf } from "../../src/cli/passphrase.js";

const folder = mkdtempSync(join(tmpdir(), "sealpatch-passphrase-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A terminal on which these keys are pressed, one chunk after the other. */
function terminal(...keys: readonly (string | Buffer)[]) {
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    raw: [] as boolean[],
    setRawMode(raw: boolean) {
      this.raw.push(raw);
    },
  });
  const output = new PassThrough();
  for (const key of keys) input.write(key);
  return { input, output, shown: () => String(output.read() ?? "") };
}

const typed = (isNew: boolean, ...keys: readonly (string | Buffer)[]) =>
  passphraseOf({ file: undefined, isNew }, terminal(...keys));

describe("a passphrase that is typed", () => {
  it("is not shown, and the terminal is left as it was", async () => {
    const asked = terminal("open sesame\r");
    expect(await passphraseOf({ file: undefined, isNew: false }, asked)).toBe("open sesame");
    expect(asked.shown()).toBe("Passphrase: \n");
    expect(asked.input.raw).toEqual([true, false]);
  });

  it("is asked for twice where it is new, also where both lines come at once", async () => {
    expect(await typed(true, "open sesame\r", "open sesame\r")).toBe("open sesame");
    expect(await typed(true, "open sesame\ropen sesame\r")).toBe("open sesame");
    await expect(typed(true, "open sesame\r", "open sesam\r")).rejects.toMatchObject({
      code: "cli/passphrases-differ",
    });
  });

  it("is what keys make of it: letters of several bytes, deletions, no arrows", async () => {
    const [first, second] = [Buffer.from("ä").subarray(0, 1), Buffer.from("ä").subarray(1)];
    expect(await typed(false, first, second, "🔑\u007f", "bc\b", "\u001b[D", "d\n")).toBe("äbd");
  });

  it.each([["\r"], ["abc\u0003"], ["\u0004"]])("is none after %j", async (keys) => {
    const asked = terminal(keys);
    await expect(passphraseOf({ file: undefined, isNew: true }, asked)).rejects.toMatchObject({
      code: "cli/no-passphrase",
    });
    expect(asked.input.raw.at(-1)).toBe(false);
  });

  it("is none where the terminal goes away", async () => {
    const asked = terminal("abc");
    asked.input.end();
    await expect(passphraseOf({ file: undefined, isNew: true }, asked)).rejects.toMatchObject({
      code: "cli/no-passphrase",
    });
  });

  it("is not waited for where there is no terminal", async () => {
    const closed = { input: new PassThrough(), output: new PassThrough() };
    await expect(passphraseOf({ file: undefined, isNew: false }, closed)).rejects.toMatchObject({
      code: "cli/usage",
      remedy: expect.stringContaining("--passphrase-file"),
    });
  });
});

describe("a passphrase of a file", () => {
  const read = (content: string | Uint8Array) => {
    const file = join(folder, "passphrase");
    writeFileSync(file, content);
    return passphraseOf({ file, isNew: true }, { input: new PassThrough(), output: new PassThrough() });
  };

  it.each(["open sesame", "open sesame\n", "open sesame\r\n"])("is the line of %j", async (content) => {
    expect(await read(content)).toBe("open sesame");
  });

  it.each<[string | Uint8Array]>([[""], ["\n"], ["a\nb\n"], ["x".repeat(4097)], [Uint8Array.of(0xff, 0xfe)]])(
    "is none in %j",
    async (content) => {
      const error = await read(content).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: "cli/unreadable-passphrase" });
      expect(JSON.stringify(error)).not.toContain("xxx");
    },
  );

  it("is none where there is no file", async () => {
    await expect(passphraseOf({ file: join(folder, "nowhere"), isNew: false })).rejects.toMatchObject({
      code: "cli/unreadable-passphrase",
      why: "there is no such file or folder",
    });
  });
});
