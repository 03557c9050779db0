import { getBytes } from "ethers";
import { beforeAll, describe, expect, it } from "vitest";
import { keccak248 } from "../../src/field/index.js";
import {
  assertReport,
  type CodeUnderTest,
  type Hex,
  type ReportInputs,
  report,
  reportDigest,
  type VectorSet,
} from "../../src/vectors/index.js";
import { expectingItself, PROBE, probeCall, probeCode, probeSet } from "./probe.js";

const PATCH_ADDRESS: Hex = `0x${"88".repeat(20)}`;

/** Calls that the probe refuses, beside codes that let everything through or refuse everything. */
const REFUSED = probeCall("fail", [1n, 1n, "0x82b42900"]);
const permissive: CodeUnderTest = { address: PATCH_ADDRESS, code: getBytes("0x00") };
const endless: CodeUnderTest = { address: PATCH_ADDRESS, code: getBytes("0x5b600056") };

describe("report", () => {
  let baseline: VectorSet;
  let incidents: VectorSet;
  let patch: CodeUnderTest;

  const join = (...sets: VectorSet[]): VectorSet => ({
    ...sets[0]!,
    vectors: sets.flatMap((set) => set.vectors).map((vector, index) => ({ ...vector, name: `v${index}` })),
  });
  const inputs = (changes: Partial<ReportInputs> = {}): ReportInputs => ({
    baseline,
    incidents,
    currentCode: permissive,
    patchCode: patch,
    maxWaivers: 0,
    ...changes,
  });
  const broken = async (
    changes: Partial<ReportInputs>,
  ): Promise<{ code: string; message: string; text: string }> => {
    const result = await report(inputs(changes));
    try {
      assertReport(result);
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      return { code, message, text: JSON.stringify([message, error]) };
    }
    return { code: "none", message: "", text: "" };
  };

  beforeAll(async () => {
    patch = { ...probeCode(), address: PATCH_ADDRESS };
    baseline = join(
      await expectingItself(probeSet([probeCall("store", [1n, 2n])]), patch),
      await expectingItself(probeSet([REFUSED]), patch),
      await expectingItself(probeSet([probeCall("load", [1n])]), patch),
    );
    const incident = await expectingItself(
      probeSet([probeCall("fail", [2n, 2n, "0xfeedface"])], { kind: "incident", name: "feedface" }),
      patch,
    );
    incidents = incident;
  });

  it("holds where the patch passes everything and the current code fails every incident", async () => {
    const result = await report(inputs());
    assertReport(result);
    expect(result.waived).toEqual([]);
    expect(result.baseline.map(({ passes }) => passes)).toEqual([true, true, true]);
    expect(result.incidents[0]).toMatchObject({ current: { passes: false }, patch: { passes: true } });
    expect(result.currentCode).toBe(keccak248(permissive.code));
    expect(result.reportDigest).toBe(
      reportDigest({
        baseline: result.baseline.map(({ outcomeDigest }) => ({ outcomeDigest })),
        incidents: result.incidents.map(({ current, patch: patched }) => ({
          current: { outcomeDigest: current.outcomeDigest },
          patch: { outcomeDigest: patched.outcomeDigest },
        })),
        currentCode: keccak248(permissive.code),
      }),
    );
    expect(result.incidents[0]!.patch.outcomeDigest).toBe(result.incidents[0]!.expectationDigest);
  });

  it("is the same on every run, and tells its progress", async () => {
    const steps: string[] = [];
    const first = await report(inputs({ onProgress: ({ done, total }) => steps.push(`${done}/${total}`) }));
    const second = await report(inputs());
    expect(second).toEqual(first);
    expect(steps).toEqual(["1/5", "2/5", "3/5", "4/5", "5/5"]);
  });

  it("T10: depends on the order of the vectors, and each outcome only on its vector", async () => {
    const forward = await report(inputs());
    const backward = await report(
      inputs({ baseline: { ...baseline, vectors: baseline.vectors.toReversed() } }),
    );
    expect(backward.reportDigest).not.toBe(forward.reportDigest);
    expect(backward.baseline.map(({ outcomeDigest }) => outcomeDigest).toReversed()).toEqual(
      forward.baseline.map(({ outcomeDigest }) => outcomeDigest),
    );
  });

  it("is refused without baseline vectors", async () => {
    expect((await broken({ baseline: { ...baseline, vectors: [] } })).code).toBe("vectors/no-baseline");
  });

  it("is refused where the patch fails more baseline vectors than are waived, and says what is wrong", async () => {
    const wrong = { ...permissive };
    const error = await broken({ patchCode: wrong, currentCode: patch });
    expect(error.code).toBe("vectors/baseline-fails");
    expect(error.message).toMatch(
      /^vector 0 "v0" fails on the patch: log 0 of call 0: expected topics 0x.*, got no log$/,
    );
    const only = { ...baseline, vectors: [baseline.vectors[1]!] };
    expect((await broken({ baseline: only, patchCode: wrong })).message).toBe(
      'vector 0 "v1" fails on the patch: expected revert 0x82b42900, got success',
    );
  });

  it("waives failures up to the policy's number, and lists them", async () => {
    const failing = {
      ...baseline,
      vectors: baseline.vectors.map((vector, index) =>
        index === 1 ? { ...vector, expectation: { ...vector.expectation, slots: [], accounts: [] } } : vector,
      ),
    };
    expect((await report(inputs({ baseline: failing, maxWaivers: 1 }))).waived).toEqual([1]);
    expect((await broken({ baseline: failing, maxWaivers: 1 })).code).toBe("none");
    const refused = await broken({ baseline: failing });
    expect(refused.code).toBe("vectors/baseline-fails");
    expect(refused.message).toMatch(
      /^vector 1 "v1" fails on the patch: account 0x[a1]{40}: expected no change, got balance /,
    );
  });

  it("waives nothing where the number of waivers is none", async () => {
    const error = await broken({ patchCode: permissive, currentCode: patch, maxWaivers: Number.NaN });
    expect(error.code).toBe("vectors/baseline-fails");
  });

  it("is judged by its digests, which the circuit gets, whatever else it says", async () => {
    const result = await report(inputs());
    const [incident] = result.incidents;
    const { expectationDigest: outcomeDigest } = incident!;
    const survives = { ...incident!, current: { ...incident!.current, outcomeDigest } };
    expect(() => assertReport({ ...result, incidents: [survives] })).toThrowError(
      expect.objectContaining({ code: "vectors/incident-survives" }),
    );
    const failing = result.baseline.map((each) => ({ ...each, outcomeDigest: 1n }));
    expect(() => assertReport({ ...result, baseline: failing })).toThrowError(
      expect.objectContaining({ code: "vectors/baseline-fails" }),
    );
  });

  it("is refused where the patch does not end on a baseline vector", async () => {
    const limited = {
      ...baseline,
      vectors: baseline.vectors.map((vector) => ({ ...vector, stepLimit: 20_000 })),
    };
    expect((await broken({ baseline: limited, patchCode: endless })).message).toBe(
      'vector 0 "v0" fails on the patch: expected an end, got the step limit',
    );
  });

  it("is refused without incident vectors", async () => {
    expect((await broken({ incidents: { ...incidents, vectors: [] } })).code).toBe("vectors/no-incident");
  });

  it("T20: is refused where the current code passes an incident, without showing it", async () => {
    const error = await broken({ currentCode: patch });
    expect(error.code).toBe("vectors/incident-survives");
    expect(error.message).toContain("incident vector 0");
    expect(error.text).not.toContain("feedface");
  });

  it("T20: is refused where the patch fails an incident, without showing it", async () => {
    const other = {
      ...incidents,
      vectors: [...incidents.vectors, { ...incidents.vectors[0]!, name: "feedface2" }],
    };
    other.vectors[1] = {
      ...other.vectors[1]!,
      expectation: { ...other.vectors[1]!.expectation, slots: [{ address: PROBE, slot: 1n, value: 1n }] },
    };
    const error = await broken({ incidents: other });
    expect(error.code).toBe("vectors/incident-fails");
    expect(error.message).toContain("incident vector 1");
    expect(error.text).not.toContain("feedface");
  });

  it("an endless loop of the current code fails its incident; one of the patch is no pass", async () => {
    const limited = {
      ...incidents,
      vectors: incidents.vectors.map((vector) => ({ ...vector, stepLimit: 20_000 })),
    };
    expect((await broken({ incidents: limited, currentCode: endless })).code).toBe("none");
    expect((await broken({ baseline, incidents: limited, patchCode: endless, maxWaivers: 3 })).code).toBe(
      "vectors/incident-fails",
    );
  });

  it("is refused where an incident repeats the input of a baseline vector", async () => {
    const [vector] = baseline.vectors;
    const repeated = { ...incidents, vectors: [{ ...vector!, kind: "incident" as const, name: "other" }] };
    expect((await broken({ incidents: repeated })).code).toBe("vectors/incident-is-baseline");
  });

  it("is refused with vectors of the wrong kind", async () => {
    const kinds = (set: VectorSet, kind: "regression" | "incident") => ({
      ...set,
      vectors: set.vectors.map((vector) => ({ ...vector, kind })),
    });
    expect((await broken({ baseline: kinds(baseline, "incident") })).code).toBe("vectors/wrong-kind");
    expect((await broken({ incidents: kinds(incidents, "regression") })).code).toBe("vectors/wrong-kind");
  });

  it("is refused with more vectors than the trees have leaves", async () => {
    const many = (set: VectorSet, count: number) => ({
      ...set,
      vectors: Array.from({ length: count }, () => set.vectors[0]!),
    });
    const tooMany = "vectors/too-many";
    expect((await broken({ baseline: many(baseline, 129) })).code).toBe(tooMany);
    expect((await broken({ incidents: many(incidents, 17) })).code).toBe(tooMany);
    expect((await broken({ baseline: many(baseline, 128), incidents: many(incidents, 16) })).code).toBe(
      "none",
    );
  });

  it("T20: an error while an incident runs does not show it", async () => {
    const migration = { caller: PROBE, data: getBytes(REFUSED.data) };
    const error = await report(
      inputs({ patchCode: { ...patch, migration }, baseline: { ...baseline, vectors: [] } }),
    ).catch((reason) => JSON.stringify([reason.message, reason]));
    expect(error).toContain("incident vector 0");
    expect(error).not.toContain("feedface");
  });
});
