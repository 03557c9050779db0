import { beforeAll, describe, expect, it } from "vitest";
import { type JudgedUpgrade, judgeUpgrades } from "./truth-check.js";

describe("20 random upgrades of seed 1, held against the EVM", () => {
  let judged: JudgedUpgrade[];
  beforeAll(async () => {
    judged = await judgeUpgrades(20, 1);
  });

  it("lose no value where the judges call them preserved", () => {
    expect(judged.filter(({ verdict, lost }) => verdict === "preserved" && lost.length > 0)).toEqual([]);
  });

  it("are kept and lost, preserved and broken, or this says little", () => {
    const count = (wanted: (upgrade: JudgedUpgrade) => boolean) => judged.filter(wanted).length;
    expect(count(({ lost }) => lost.length > 0)).toBeGreaterThan(4);
    expect(count(({ verdict }) => verdict === "preserved")).toBeGreaterThan(4);
  });
});
