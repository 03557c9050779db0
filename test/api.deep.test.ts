import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { BUILD, ROOT } from "../src/places.js";
import { doorModules } from "../tools/build/bundles.js";

describe("the API reference", () => {
  it("has every door, each type that a signature names, and no description of a parameter that there is not", async () => {
    const doors = (await doorModules()).map((door) => `../../src/${door}`);
    const { entryPoints } = JSON.parse(readFileSync(join(ROOT, "tools/api/typedoc.json"), "utf8"));
    expect(entryPoints.toSorted()).toEqual(doors.toSorted());
    // Warnings are errors there: those are what this looks for.
    await promisify(execFile)("npm", ["run", "--silent", "docs:api"], { cwd: ROOT, maxBuffer: 1 << 26 });
    expect(readFileSync(join(BUILD, "api/index.html"), "utf8")).toContain("sealpatch");
  });
});
