import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { TAGS } from "../../src/field/index.js";

/** Where a page computes digests again, by poseidon-lite alone, and which: its tests compare them with the SDK's. */
const PAGE = { file: "src/portal/openings.ts", tags: ["patch", "auditor"] };
/** What the product computes in circuits alone: the challenge at which they compare layouts. */
const IN_CIRCUITS_ALONE = ["layoutChallenge", "layoutChanges"];

it("each kind of digest is computed in one place: its tag stands there and nowhere else", () => {
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "src"], { encoding: "utf8" });
  const others = files
    .split("\n")
    .filter((file) => file.endsWith(".ts") && file !== "src/field/tags.ts" && existsSync(file));
  const textOf = (names: readonly string[]) => names.map((file) => readFileSync(file, "utf8")).join("\n");
  const usesIn = (text: string) => [...text.matchAll(/\bTAGS\b(?:\.(\w+))?/g)].map(([, name]) => name);
  const source = textOf(others.filter((file) => file !== PAGE.file));
  const uses = usesIn(source);
  expect(usesIn(textOf([PAGE.file])).filter((name) => name !== undefined)).toEqual(PAGE.tags);
  // Imports and exports name the whole; whoever takes tags out of it otherwise is not counted.
  expect(source).not.toMatch(/\bTAGS\b(?!\.\w|,| \})/);
  for (const name of Object.keys(TAGS)) {
    const expected = IN_CIRCUITS_ALONE.includes(name) ? 0 : 1;
    expect(uses.filter((use) => use === name).length, name).toBe(expected);
  }
  const reference = readFileSync("tools/circuits/reference/layout.ts", "utf8");
  for (const name of IN_CIRCUITS_ALONE) expect(reference.split(`TAGS.${name},`).length, name).toBe(2);
  // A tag by its text would pass by the count.
  expect(textOf(others)).not.toMatch(/\btag\(/);
});
