import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { equalityGroup, equalityName, LaxTwin } from "../../soundness/index.js";
import { LIES, type LiedTo, readBroken } from "./broken.js";
import { smallInstance } from "./small-instance.js";

/** A group of constraints that no lie breaks alone: whatever breaks it breaks another one too. */
interface Redundant {
  readonly instance: LiedTo;
  readonly group: string;
  readonly because: string;
}

const REDUNDANT = JSON.parse(readFileSync("test/circuits/redundant.json", "utf8")) as readonly Redundant[];

/**
 * The inside of circomlib's EdDSAPoseidonVerifier, a text of its own: its hints are mutated one by one
 * (npm run circuits:check), and of its verdict each coordinate is the only one wrong in a lie.
 */
const isInsideVerifier = (group: string) => group.includes(".signature.");
const VERDICT = ["X", "Y"].map(
  (coordinate) => `main.auditors.slots[].signature.eqCheck${coordinate}: (1 - isz.out)*enabled === 0`,
);

describe.each(Object.keys(LIES) as LiedTo[])("the constraints of %s", (name) => {
  it("T19: each group is the only one that some lie breaks, save those that redundant.json explains", async () => {
    const { equalities } = new LaxTwin(await smallInstance(name));
    const constraints = new Set(equalities.map(equalityName));
    const inside = equalities.filter((each) => isInsideVerifier(equalityGroup(equalityName(each))));
    expect(inside.filter(({ file }) => !file.startsWith("circomlib/"))).toEqual([]);

    const lone = new Set<string>();
    for (const broken of readBroken(name).values()) {
      expect(broken.filter((constraint) => !constraints.has(constraint))).toEqual([]);
      const [group, ...others] = new Set(broken.map(equalityGroup));
      if (group !== undefined && others.length === 0) lone.add(group);
    }
    const groups = [...new Set([...constraints].map(equalityGroup))];
    const never = groups.filter((group) => !isInsideVerifier(group) && !lone.has(group));
    const explained = REDUNDANT.filter(({ instance }) => instance === name);
    expect(never.toSorted()).toEqual(explained.map(({ group }) => group).toSorted());
    expect(explained.filter(({ because }) => because.length < 20)).toEqual([]);
    expect(VERDICT.filter((group) => groups.includes(group) && !lone.has(group))).toEqual([]);
  });
});
