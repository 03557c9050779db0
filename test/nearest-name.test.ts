import { describe, expect, it } from "vitest";
import { nearestName } from "../src/nearest-name.js";

const NAMES = ["threshold", "max_waivers", "vectors", "auditors", "rpc", "id"];

describe("the nearest name", () => {
  it.each([
    ["treshold", "threshold"],
    ["thresholdd", "threshold"],
    ["trheshold", "threshold"],
    ["Threshold", "threshold"],
    ["max-waivers", "max_waivers"],
    ["maxwaiver", "max_waivers"],
    ["rcp", "rpc"],
    ["vector", "vectors"],
    ["factors", "vectors"],
  ])("of %s is %s", (written, name) => expect(nearestName(written, NAMES)).toBe(name));

  it.each(["", "x", "owner", "url", "delay"])("of %j is none", (written) => {
    expect(nearestName(written, NAMES)).toBeUndefined();
  });

  it("is none of none", () => expect(nearestName("rpc", [])).toBeUndefined());
});
