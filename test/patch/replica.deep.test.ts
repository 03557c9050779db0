import { beforeAll, describe, expect, it } from "vitest";
import {
  bundleToJson,
  decryptBundle,
  encryptBundle,
  newRecipient,
  rebuildPatch,
  reviewPatch,
  verifyDisclosure,
} from "../../src/patch/index.js";
import { type Incident, makeIncident } from "./incident.js";
import { replica } from "./replica.js";

let old: Incident;
let recent: Incident;

beforeAll(async () => {
  [old, recent] = [await makeIncident(replica()), await makeIncident()];
});

describe("patches of two releases of solc in one process", () => {
  it("name the release and the commit that compiled them", () => {
    expect(old.bundle.compiler.version).toBe("0.7.6+commit.7338295f");
    expect(old.review.patch.artifact.compiler).toBe("0.7.6+commit.7338295f");
    expect(recent.bundle.compiler.version).toBe("0.8.30+commit.73712a01");
  });

  it("are sealed, rebuilt and reviewed, each to the commitment that it had", async () => {
    const { recipient, identity } = await newRecipient();
    for (const { bundle, policy, currentCode, targets, review } of [old, recent, old]) {
      const opened = await decryptBundle(await encryptBundle(bundle, [recipient]), identity);
      expect(bundleToJson(opened)).toEqual(bundleToJson(bundle));
      const again = await reviewPatch({ bundle: opened, policy, currentCode, targets });
      expect(again.statement).toEqual(review.statement);
      expect(again.report.incidents).toHaveLength(1);
    }
  });

  it("are disclosed, and hold in every check", async () => {
    for (const { text, facts } of [old, recent]) {
      const checks = await verifyDisclosure(text, facts);
      expect(checks.filter(({ outcome }) => outcome !== "holds")).toEqual([]);
      expect(checks).toHaveLength(14);
    }
  });

  it("are not rebuilt by one another's compiler, and not judged where theirs is missing", async () => {
    const { bundle, facts, disclosure } = old;
    const elsewhere = { ...bundle.compiler, version: "0.8.30+commit.73712a01" };
    await expect(rebuildPatch({ ...bundle, compiler: elsewhere })).rejects.toMatchObject({
      code: "code/compilation-failed",
    });
    const absent = { ...bundleToJson(bundle).compiler, version: "0.7.5+commit.eb77ed08" };
    const text = JSON.stringify({
      ...JSON.parse(old.text),
      bundle: { ...bundleToJson(disclosure.bundle), compiler: absent },
    });
    const checks = await verifyDisclosure(text, facts);
    const outcomes = new Map(checks.map(({ name, ...line }) => [name, line]));
    expect(outcomes.get("the source compiles, and the commitment opens to it")).toEqual({
      outcome: "not checked",
      detail: expect.stringContaining("npm install solc-0.7.5@npm:solc@0.7.5"),
    });
    expect(outcomes.get("the deployed code is the compiled code")).toEqual({
      outcome: "not checked",
      detail: "waits for: the source compiles, and the commitment opens to it",
    });
    const failing = checks.filter(({ outcome }) => outcome === "fails").map(({ name }) => name);
    expect(failing).toEqual(["the file is the one disclosed on chain"]);
  });
});
