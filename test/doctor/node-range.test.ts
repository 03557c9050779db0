import { readFileSync } from "node:fs";
import { satisfies } from "semver";
import { describe, expect, it } from "vitest";
import { isInRange } from "../../src/doctor/node-range.js";

const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { engines: { node: string } };

describe("a range of Node versions", () => {
  it.each([engines.node, "^20.19.0 || >=22", "^18", ">=20.19.1"])("%s is what npm takes it for", (range) => {
    const majors = [18, 19, 20, 21, 22, 24];
    const versions = majors.flatMap((major) => [
      `${major}.0.0`,
      `${major}.19.0`,
      `${major}.19.2`,
      `${major}.20.0`,
    ]);
    for (const version of versions)
      expect([version, isInRange(`v${version}`, range)]).toEqual([version, satisfies(version, range)]);
  });

  it("of another form is no range", () => {
    for (const range of ["", "~20.1.0", "20.x", "^20.1.0 - 22"])
      expect(() => isInRange("20.0.0", range)).toThrow("another form");
  });
});
