import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { blocksOf, shownAs } from "./document-blocks.js";

const folder = mkdtempSync(join(tmpdir(), "sealpatch-document-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function page(text: string): string {
  const file = join(folder, "page");
  writeFileSync(file, text);
  return file;
}

it("blocks are found under their headings, and a comment in one is no heading", () => {
  const text = "# A\n```sh\n# not a heading\nrun\n```\n## B\n```text\n```\n```\nplain\n```\n";
  expect(blocksOf(page(text))).toEqual([
    { heading: "A", language: "sh", text: "# not a heading\nrun\n" },
    { heading: "B", language: "text", text: "" },
    { heading: "B", language: "", text: "plain\n" },
  ]);
  expect(() => blocksOf(page("```sh\nrun\n"))).toThrow("does not end");
});

it("an output is what a document shows only where its lines stand there whole and in order", () => {
  const output = "one\nkey  0x1234 (12)\nthree\nfour\n";
  for (const shown of ["one\n", "key  0x.. (12)\nthree\n", "one\n..\nfour\n", "one\n..\nkey  ..\n"])
    expect(output).toMatch(shownAs(shown));
  for (const other of [
    "ne\n",
    "thre\n",
    "one\nthree\n",
    "three\n..\none\n",
    "key  0x..(13)\n",
    "key  0x.. (12.\n",
  ])
    expect(output).not.toMatch(shownAs(other));
});
