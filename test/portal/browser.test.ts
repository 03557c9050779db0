import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { put, temporaryFolder } from "../project/projects.js";
import { chromiumPath } from "./browser.js";

describe("the browser of the tests", () => {
  it("is the first in PATH that can be run", () => {
    const folder = temporaryFolder();
    put(folder, { "a/chromium": "", "b/chromium-browser": "", "c/chromium": "" });
    for (const name of ["b/chromium-browser", "c/chromium"]) chmodSync(join(folder, name), 0o700);
    const path = ["a", "", "b", "c"].map((name) => (name === "" ? "" : join(folder, name))).join(":");
    expect(chromiumPath(path)).toBe(join(folder, "b/chromium-browser"));
  });

  it("is missed with the line that installs it", () => {
    expect(() => chromiumPath("")).toThrow("apt-get install chromium");
  });
});
