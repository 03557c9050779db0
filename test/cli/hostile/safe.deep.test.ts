import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mayMount, runOnFullDisk } from "./processes.js";
import { assertHarmless, assertRefused, cases, expectRefused } from "./refused.js";
import {
  at,
  changed,
  config,
  GUARDIAN,
  HALT,
  halt,
  key,
  place,
  signatures,
  stage,
  useSafes,
} from "./safe-ground.js";
import { AMONG_SIGNATURES, FOLDERS, WORDS } from "./safe-words.js";

// What goes wrong with the folders of a Safe and with the words of their commands.

useSafes();

describe.each([
  ["folders", FOLDERS],
  ["among the signatures", AMONG_SIGNATURES],
  ["words", WORDS],
])("%s", (_, rows) => {
  it.each(cases(rows))("T20: $what is refused, and nothing is sent or written", async ({ row }) => {
    const before = await stage.lane.incident.provider.getBlockNumber();
    await expectRefused(row, place);
    expect(await stage.lane.incident.provider.getBlockNumber()).toBe(before);
  });
});

/** Commands that write a folder of a Safe, or into one that is there: their words by its path. */
const WRITERS: readonly {
  readonly what: string;
  readonly words: (path: string) => string[];
  readonly into?: () => string;
}[] = [
  { what: "a folder", words: (path) => [...halt(), "--safe-out", path] },
  {
    what: "a folder of a schedule",
    words: (path) => ["schedule", at("schedule.json"), ...config(), "--safe", "--safe-out", path],
  },
  {
    what: "the folder that uses up a nonce",
    words: (path) => ["safe", "void", at(HALT), "--out", path, ...config()],
  },
  {
    what: "a signature",
    words: (path) => ["safe", "sign", path, ...config(), ...key(GUARDIAN + 2)],
    into: () => at(HALT),
  },
  {
    what: "a signature of a device",
    words: (path) => ["safe", "add", path, signatures[0]!, ...config()],
    into: () => changed((copy) => rmSync(join(copy, "signatures"), { recursive: true })),
  },
];

describe("a disk that is full", () => {
  it.runIf(mayMount).each(WRITERS)("is told of, and $what is not there in part", async ({ words, into }) => {
    const disk = at("disk");
    mkdirSync(disk);
    const copied = into?.();
    const before = copied === undefined ? [] : readdirSync(copied, { recursive: true, withFileTypes: true });
    try {
      const { files, ...ended } = await runOnFullDisk(words(join(disk, "folder")), disk, copied);
      assertRefused(ended, 1);
      assertHarmless(ended, place);
      expect(ended.stderr).toMatch(/cannot be written\n {2}why: {3}the disk is full/);
      expect(files).toHaveLength(before.filter((entry) => entry.isFile()).length);
    } finally {
      rmSync(disk, { recursive: true });
    }
  });
});
