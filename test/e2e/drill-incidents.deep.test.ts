import { describe, it } from "vitest";
import { DRILLS, expectWholeIncident } from "./drills.js";

// The first one is in drill.test.ts.
describe("the drill", () => {
  it.each(DRILLS.slice(1))(
    "runs the whole incident of %s behind a %s proxy, within the gas budgets",
    expectWholeIncident,
    1_800_000,
  );
});
