import { describe, expect, it } from "vitest";
import { proveAttest, proveBind, verifyAttest, verifyBind } from "../../src/proof/index.js";
import { makeIncident } from "../patch/incident.js";
import { replica } from "../patch/replica.js";

describe("patches of two releases of solc in one process", () => {
  it.each([
    ["Nomad's Replica, of solc 0.7.6", replica, "0.7.6+commit.7338295f"],
    ["a patch of solc 0.8.30", () => undefined, "0.8.30+commit.73712a01"],
  ])("prove %s", { timeout: 1_800_000 }, async (_, sources, version) => {
    const { bundle, review, attestations } = await makeIncident(sources());
    expect(bundle.compiler.version).toBe(version);
    const bound = await proveBind(review);
    expect(await verifyBind(bound)).toBe(true);
    const attested = await proveAttest(review, attestations);
    expect(await verifyAttest(attested)).toBe(true);
    expect(bound.statement.commitment).toBe(attested.statement.commitment);
  });
});
