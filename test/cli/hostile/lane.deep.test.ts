import { describe, expect, it } from "vitest";
import { DAMAGED } from "./lane-damaged.js";
import { lane, place, useLane } from "./lane-ground.js";
import { WORDS } from "./lane-words.js";
import { cases, expectRefused } from "./refused.js";

// What goes wrong with the commands of a lane: their files and their words.

useLane();

describe.each([
  ["damaged files", DAMAGED],
  ["words", WORDS],
])("%s", (_, rows) => {
  it.each(cases(rows))("T20: $what is refused, and nothing is sent or written", async ({ row }) => {
    const before = await lane.incident.provider.getBlockNumber();
    await expectRefused(row, place);
    expect(await lane.incident.provider.getBlockNumber()).toBe(before);
  });
});
