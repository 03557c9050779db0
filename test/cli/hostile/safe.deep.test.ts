import { describe, expect, it } from "vitest";
import { cases, expectRefused } from "./refused.js";
import { place, stage, useSafes } from "./safe-ground.js";
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
