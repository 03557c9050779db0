import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { keptJson } from "../src/cached.js";
import { BUILD } from "../src/places.js";

const FOLDER = "kept-test";

afterAll(() => rmSync(join(BUILD, FOLDER), { recursive: true, force: true }));

it("a value is kept by its content, whole or not at all", () => {
  const kept = keptJson<number[]>(FOLDER, ["a", "b"]);
  expect(kept.read()).toBeUndefined();
  expect(kept.keep([1, 2])).toEqual([1, 2]);
  expect(keptJson(FOLDER, ["a", "b"]).read()).toEqual([1, 2]);
  expect(keptJson(FOLDER, ["ab", ""]).read()).toBeUndefined();
  expect(readdirSync(join(BUILD, FOLDER))).toHaveLength(1);
});
