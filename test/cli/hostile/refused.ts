import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "vitest";
import { ERRORS, type ErrorCode } from "../../../src/error-codes/index.js";
import { type Finished, sealpatch } from "../sealpatch.js";

/** A command line that has to be refused: what is wrong, what is prepared for it with its words, and the code of the error. */
export type HostileRow = readonly [
  what: string,
  words: () => readonly string[] | Promise<readonly string[]>,
  code: ErrorCode,
  /** 2 for `cli/usage` and 1 for other codes, unless given: commands that judge end with 2 where they could not. */
  exit?: number,
];

/** Rows as a table of tests has them. */
export const cases = (rows: readonly HostileRow[]) => rows.map((row) => ({ what: row[0], row }));

/** Where a row runs. */
export interface Place {
  /** Nothing in it may change. */
  readonly folder: string;
  /** Texts that nobody may see, with what they are. */
  readonly secrets: readonly (readonly [name: string, text: string])[];
}

/** Runs a row twice, for people and with `--json`, and checks all that holds for every refusal. */
export async function expectRefused(
  [, prepare, code, exit = code === "cli/usage" ? 2 : 1]: HostileRow,
  place: Place,
): Promise<void> {
  const words = await prepare();
  const before = contentOf(place.folder);
  const json = await sealpatch(...words, "--json");
  assertRefusedInJson(json, code, exit);
  assertHarmless(json, place);
  expect(contentOf(place.folder)).toEqual(before);
  const plain = await sealpatch(...words);
  assertRefused(plain, exit);
  assertHarmless(plain, place);
  expect(contentOf(place.folder)).toEqual(before);
}

/** One object on standard output, with a known code, and nothing that was not foreseen. */
function assertRefusedInJson({ code: ended, stdout, stderr }: Finished, code: ErrorCode, exit: number): void {
  const { error, ...rest } = JSON.parse(stdout);
  expect([error.code, ended, rest, stderr], `${error.message} ${error.why}`).toEqual([code, exit, {}, ""]);
  expect(Object.hasOwn(ERRORS, error.code) && error.code !== "cli/unexpected").toBe(true);
  for (const part of [error.message, error.remedy, ...(error.why === undefined ? [] : [error.why])])
    expect(part).toEqual(expect.stringMatching(/\S/));
}

/** The error in words, at the end of what was printed, with what to do. */
export function assertRefused({ code, stderr }: Finished, exit: number): void {
  expect([code, stderr]).toEqual([
    exit,
    expect.stringMatching(/(^|\n)error: \S[\s\S]*\n {2}to do: \S[\s\S]*\n$/),
  ]);
}

/** No stack trace, no text that a terminal obeys, no line that is too wide, no secret. */
export function assertHarmless({ stdout, stderr }: Finished, { folder, secrets }: Place): void {
  const text = stripVTControlCharacters(stdout + stderr);
  expect(text).not.toMatch(/^\s+at |\/node_modules\/|\bnode:internal/m);
  expect((stdout + stderr).match(/[^\P{C}\n]/gu) ?? []).toEqual([]);
  expect(text).not.toMatch(/\[object |\bundefined\b|\bNaN\b/);
  if (!stdout.startsWith("{")) expect(tooWide(text, folder)).toEqual([]);
  const seen = text.toLowerCase();
  expect(secrets.filter(([, secret]) => seen.includes(secret.toLowerCase())).map(([name]) => name)).toEqual(
    [],
  );
}

/** Lines of more than 100 columns; paths and single words are as long as they are. */
const tooWide = (text: string, folder: string): string[] =>
  text.split("\n").filter((line) => line.replaceAll(folder, "").length > 100 && line.trim().includes(" "));

/** Every file below a folder, by its content; the lock of the state is made and removed by every run. */
export function contentOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const known = names.filter((name) => !/(^|\/)\.sealpatch(\/\.gitignore|\/\.lock)?$/.test(name));
  return Object.fromEntries(known.map((name) => [name, fingerprintOf(join(folder, name))]));
}

function fingerprintOf(path: string): string {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (!found.isFile()) return "no file";
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
