import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readVectorSet, runVectors, vectorSetToJson } from "../../src/vectors/index.js";
import { probeCall, probeCode, probeSet } from "./probe.js";
import { sampleSet } from "./sample.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealpatch-hostile-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const WHOLE = JSON.stringify(vectorSetToJson(sampleSet()));

/** The error that a file with this content gives. */
async function refusal(
  content: string,
): Promise<{ code: string; message: string; why: string; remedy: string }> {
  const file = join(folder, "set.json");
  await writeFile(file, content);
  return readVectorSet(file).then(
    () => expect.unreachable("the file was accepted"),
    (error) => error,
  );
}

/** The sample file after a change of its vector. */
function changed(edit: (vector: { calls: unknown[]; accounts: object[] }) => object | number): string {
  const file = JSON.parse(WHOLE);
  edit(file.vectors[0]);
  return JSON.stringify(file);
}

describe("a hostile vector file", () => {
  const nesting = (pairs: number) => `${"[".repeat(pairs)}${"]".repeat(pairs)}`;
  const files: [string, string, string][] = [
    ["ten megabytes of nesting", nesting(5_000_000), "vectors/malformed"],
    [
      "ten megabytes of nesting in place of a vector",
      WHOLE.replace(/"vectors":.*/, `"vectors":[${nesting(5_000_000)}]}`),
      "vectors/malformed",
    ],
    [
      "ten megabytes of one text",
      WHOLE.replace('"sample"', `"${"x".repeat(10_000_000)}"`),
      "vectors/malformed",
    ],
    ["a text that is cut off", WHOLE.slice(0, WHOLE.length / 2), "vectors/unreadable"],
    ["bytes that are no text", "\0\x01\xff", "vectors/unreadable"],
    ["nothing", "", "vectors/unreadable"],
    ["null", "null", "vectors/malformed"],
    ["a call without an expectation", changed(({ calls }) => calls.push(calls[0])), "vectors/contradiction"],
    ["an account twice", changed(({ accounts }) => accounts.push(accounts[0]!)), "vectors/duplicate"],
    [
      "a step limit above the format's",
      changed((vector) => Object.assign(vector, { stepLimit: 10_000_001 })),
      "vectors/malformed",
    ],
    [
      "a million vectors",
      JSON.stringify({ ...JSON.parse(WHOLE), vectors: Array(1_000_000).fill(0) }),
      "vectors/too-many",
    ],
  ];
  for (const [what, content, code] of files) {
    it(`with ${what} is refused, and the error is short and says what to do`, async () => {
      const error = await refusal(content);
      expect(error.code).toBe(code);
      expect(error.message.length).toBeLessThan(300);
      expect(error.why?.length ?? 0).toBeLessThan(300);
      expect(error.remedy).not.toBe("");
    });
  }

  it("with an endless loop ends at the step limit that stands in it, which no expectation equals", async () => {
    const set = probeSet([probeCall("spin")], { stepLimit: 3000 });
    const [run] = await runVectors(set, probeCode());
    expect(run).toMatchObject({ outcome: "step-limit", steps: 3000 });
  });
});
