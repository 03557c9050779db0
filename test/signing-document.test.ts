import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { foundryBinary } from "../src/foundry.js";
import { CHECK_WORDS, EXAMPLE_REQUEST, exampleFiles, signingPictures } from "../tools/docs/signing.js";
import { sealpatch } from "./cli/sealpatch.js";
import { blocksOf } from "./document-blocks.js";

const run = promisify(execFile);
const bin = mkdtempSync(join(tmpdir(), "sealpatch-cast-"));
symlinkSync(foundryBinary("cast"), join(bin, "cast"));
afterAll(() => rmSync(bin, { recursive: true, force: true }));

const blocks = blocksOf("docs/signing.md");
const shell = blocks.filter(({ language }) => language === "sh");
/** What a block prints that is run by a shell, with `cast` on its path. */
const printed = async (text: string): Promise<string> =>
  (await run("sh", ["-c", text], { env: { PATH: `${bin}:${process.env.PATH}` } })).stdout;

describe("docs/signing.md", () => {
  it("has the example and the pictures that the program makes", async () => {
    const pictures = await signingPictures(async (...words) => (await sealpatch(...words)).stdout);
    const files = { ...(await exampleFiles()), ...pictures };
    expect(Object.keys(files)).toHaveLength(8);
    for (const [name, text] of Object.entries(files)) expect(readFileSync(name, "utf8"), name).toBe(text);
  });

  it("begins with the check of which its picture is, which fails nowhere and needs a node", async () => {
    const [check] = shell;
    expect(check!.text.trim()).toBe(`sealpatch ${CHECK_WORDS.join(" ")}`);
    const { code, stdout } = await sealpatch(...CHECK_WORDS);
    expect(code).toBe(2);
    expect(stdout).not.toMatch(/^fails/m);
    expect(stdout.match(/^not checked/gm)).toHaveLength(4);
  });

  it("computes every hash by cast as it is written, and reads the calldata", async () => {
    const byCast = shell.slice(1);
    expect(byCast).toHaveLength(3);
    let told = "";
    for (const { text } of byCast) told += await printed(text);
    const shown = blocks.find(
      ({ text }) => text.includes('"an auditor lost a key"') && !text.includes("cast"),
    );
    expect(told).toBe(shown!.text);
    const { domainHash, messageHash } = EXAMPLE_REQUEST.hashes;
    expect(told.split("\n").slice(0, 2)).toEqual([domainHash, messageHash]);
  });

  it("has an example whose own commands give its hashes", async () => {
    const [own, calldata] = blocksOf("docs/signing/example/VALIDATION.md").filter(
      ({ language }) => language === "sh",
    );
    const { domainHash, messageHash, safeTxHash } = EXAMPLE_REQUEST.hashes;
    expect((await printed(own!.text)).trim().split("\n")).toEqual([domainHash, messageHash, safeTxHash]);
    expect(await printed(calldata!.text)).toBe('"an auditor lost a key"\n');
  });
});
