import { describe, expect, it } from "vitest";
import type { SealpatchError } from "../../src/errors.js";
import type { InstalledFacts } from "../../src/patch/index.js";
import { installedNow, installedThen } from "../../src/patch/installed.js";

const PATCH = `0x${"03".repeat(20)}`;
const OTHER = `0x${"0e".repeat(20)}`;

/** Outcomes of the two checks of the proxy: after the execution, and now. */
function looks(change: Partial<InstalledFacts>): string[] {
  const shown: InstalledFacts = {
    afterExecution: PATCH,
    now: PATCH,
    inExecution: [PATCH],
    laterInBlock: [],
    afterwards: [],
    ...change,
  };
  return [installedThen, installedNow].map((check) => {
    try {
      check(PATCH, shown);
      return "holds";
    } catch (error) {
      const { code, message } = error as SealpatchError;
      return code === "patch/not-checked" ? message : code;
    }
  });
}

describe("P04: what a proxy shows of its implementation", () => {
  it("holds where it runs the patch, also where it told of no upgrade", () => {
    expect(looks({})).toEqual(["holds", "holds"]);
    expect(looks({ inExecution: [] })).toEqual(["holds", "holds"]);
  });

  it("fails where its slot was never set, or set back without a word", () => {
    expect(looks({ afterExecution: OTHER, now: OTHER })).toEqual(["patch/check-fails", "patch/check-fails"]);
    expect(looks({ now: OTHER })).toEqual(["holds", "patch/check-fails"]);
    expect(looks({ now: OTHER, afterwards: [OTHER, PATCH] })).toEqual(["holds", "patch/check-fails"]);
  });

  it("fails where the execution itself upgraded again, whatever the slot holds", () => {
    for (const afterExecution of [PATCH, OTHER, null])
      expect(looks({ inExecution: [PATCH, OTHER], afterExecution })[0]).toBe("patch/check-fails");
  });

  it("is not known without the state of that block, whatever the receipt tells", () => {
    const [told] = looks({ afterExecution: null });
    expect(told).toBe("needs a node with state; its receipt tells of the upgrade");
    const [untold] = looks({ afterExecution: null, inExecution: [] });
    expect(untold).toBe("needs a node with state; its receipt tells of no upgrade");
  });

  it("is not contradicted by later upgrades, and not known where one in the same block hides it", () => {
    expect(looks({ now: OTHER, afterwards: [OTHER] })).toEqual(["holds", "holds"]);
    expect(looks({ afterExecution: OTHER, now: OTHER, laterInBlock: [OTHER] })).toEqual([
      expect.stringMatching(/^a later upgrade of the same block/),
      "holds",
    ]);
    // The slot has to be what that upgrade told of.
    expect(looks({ afterExecution: OTHER, laterInBlock: [PATCH] })[0]).toBe("patch/check-fails");
  });
});
