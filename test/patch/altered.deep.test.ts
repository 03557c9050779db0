import { beforeAll, describe, expect, it } from "vitest";
import { verifyDisclosure } from "../../src/patch/index.js";
import { alterationsOf, everyPart, expected, type Finding, found } from "./altered-parts.js";
import { COUNTER, type Incident, makeIncident } from "./incident.js";

let incident: Incident;

beforeAll(async () => {
  incident = await makeIncident(everyPart(COUNTER));
});

/** Errors of a file that cannot be read. */
const UNREADABLE = /^(patch\/malformed-|patch\/migration-gas$|vectors\/|audit\/)/;

describe("a disclosure with a library, a migration, immutables and two targets", () => {
  it("holds, and names the source that nothing else covers", async () => {
    const checks = await verifyDisclosure(incident.text, incident.facts);
    expect(checks.filter(({ outcome }) => outcome !== "holds")).toEqual([]);
    const naming = checks.filter(({ detail }) => detail.includes("Unused.sol"));
    expect(naming.map(({ name }) => name)).toEqual([
      "the replaced code is compiled from the source that the patch is compared with",
      "the source compiles, and the commitment opens to it",
    ]);
  });

  it("fails in the line of a part, and in the line of the file, whichever part is altered", async () => {
    const wrong: [Finding, Finding][] = [];
    const lines = new Set<string>();
    const alterations = alterationsOf(incident.text);
    for (const alteration of alterations) {
      const finding = await found(verifyDisclosure, alteration, incident.facts);
      if (typeof finding.failing === "string") {
        if (!UNREADABLE.test(finding.failing)) wrong.push([finding, expected(alteration)]);
        continue;
      }
      for (const line of finding.failing) lines.add(line);
      if (finding.failing.join() !== [expected(alteration).failing].flat().join())
        wrong.push([finding, expected(alteration)]);
    }
    expect(wrong).toEqual([]);
    expect(alterations.length).toBeGreaterThan(500);
    // Of the file itself, and of the seven parts that the table has.
    expect(lines.size).toBe(8);
  }, 600_000);
});
