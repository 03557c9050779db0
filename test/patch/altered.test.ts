import { beforeAll, describe, expect, it } from "vitest";
import { verifyDisclosure } from "../../src/patch/index.js";
import { alterationsOf, disclosing, expected, found } from "./altered-parts.js";
import { type Incident, makeIncident } from "./incident.js";

// Every part of one that has them all: altered.deep.test.ts.

let incident: Incident;

beforeAll(async () => {
  incident = await makeIncident();
});

const CHOSEN = [
  "bundle.compiler.input.sources.Counter.sol.content changed",
  "bundle.current.compiler.input.sources.Counter.sol.content changed",
  "bundle.salt changed",
  "bundle.migrationCaller changed",
  "bundle.incidents.vectors.0.calls.0.data changed",
  "bundle.incidents.vectors.0.kind changed",
  "targets.0.nonce changed",
  "currentImplementation changed",
  "baseline.vectors.0.expectation.calls.0.success changed",
  "baseline.vectors.0.name changed",
  "auditors.2 removed",
  "attestations.0 removed",
  "attestations.0 doubled",
  "attestations.1.S changed",
];

describe("a disclosure of which one part is altered", () => {
  it.each(CHOSEN)("fails in the line of that part: %s", async (name) => {
    const alteration = alterationsOf(incident.text).find(({ path, how }) => `${path} ${how}` === name)!;
    const { altered, failing } = expected(alteration);
    expect(await found(verifyDisclosure, alteration, incident.facts)).toEqual({ altered, failing });
    // And where that very file was disclosed, in that line alone.
    const facts = disclosing(alteration.text, incident.facts);
    expect(await found(verifyDisclosure, alteration, facts)).toEqual({ altered, failing: failing.slice(1) });
  });

  it("has no part without a line", () => {
    expect(() => expected({ path: "bundle.current.more", how: "changed", text: "" })).toThrowError(/no line/);
  });
});
