import { describe, it } from "vitest";
import { CODE } from "./files-code.js";
import { PROJECT } from "./files-configuration.js";
import { BYTES, DAMAGED } from "./files-damaged.js";
import { KEYSTORES } from "./files-keystores.js";
import { useFiles } from "./files-project.js";
import { WORDS } from "./files-words.js";
import { cases, expectRefused } from "./refused.js";

// Hostile files, names and words of every command that needs no chain.

const place = useFiles();

describe.each([
  ["damaged files", DAMAGED],
  ["bytes in place of files", BYTES],
  ["code", CODE],
  ["words", WORDS],
  ["keystores", KEYSTORES],
  ["projects", PROJECT],
])("%s", (_, rows) => {
  it.each(cases(rows))("T20: $what is refused, and nothing is written", async ({ row }) => {
    await expectRefused(row, place());
  });
});
