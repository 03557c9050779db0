import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { BUILD, ROOT } from "../src/places.js";

describe("the API reference", () => {
  it("has every door, each type that a signature names, and no description of a parameter that there is not", async () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const sources = Object.values<unknown>(exports).flatMap((entry) =>
      entry instanceof Object && "default" in entry ? [String(entry.default)] : [],
    );
    const doors = sources.map((file) => file.replace("./dist/", "../../").replace(/js$/, "ts"));
    const { entryPoints } = JSON.parse(readFileSync(join(ROOT, "tools/api/typedoc.json"), "utf8"));
    expect(entryPoints.toSorted()).toEqual(doors.toSorted());
    // Warnings are errors there: those are what this looks for.
    await promisify(execFile)("npm", ["run", "--silent", "docs:api"], { cwd: ROOT, maxBuffer: 1 << 26 });
    expect(readFileSync(join(BUILD, "api/index.html"), "utf8")).toContain("sealpatch");
  });
});
