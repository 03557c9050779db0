import { getCreateAddress } from "ethers";
import { describe, expect, it } from "vitest";
import {
  addVectors,
  type Hex,
  incidentRoot,
  inputDigest,
  lintVectors,
  measureCoverage,
  mergeVectorSets,
  removeVectors,
  setRoot,
  type VectorSet,
  vectorRoot,
  withHardfork,
} from "../../src/vectors/index.js";
import { ALICE, BOB, expectingItself, probeCall, probeCode, probeSet } from "./probe.js";
import { sampleSet, sampleVector } from "./sample.js";

const named = (...names: string[]) =>
  sampleSet(names.map((name, index) => sampleVector({ name, stepLimit: index + 1 })));
const namesOf = ({ vectors }: VectorSet) => vectors.map(({ name }) => name);
const refusal = (code: string) => expect.objectContaining({ code });

describe("the root of a set", () => {
  it("is vectorRoot of baseline vectors and incidentRoot of incident vectors", () => {
    const baseline = named("a", "b");
    expect(setRoot(baseline)).toEqual({ kind: "baseline", vectors: 2, root: vectorRoot(baseline) });
    const incidents = sampleSet([sampleVector({ kind: "incident" })]);
    expect(setRoot(incidents)).toEqual({ kind: "incident", vectors: 1, root: incidentRoot(incidents) });
  });

  it("is refused of no vectors and of both kinds", () => {
    expect(() => setRoot(sampleSet([]))).toThrowError(refusal("vectors/empty"));
    const mixed = sampleSet([sampleVector(), sampleVector({ kind: "incident", name: "other" })]);
    expect(() => setRoot(mixed)).toThrowError(refusal("vectors/wrong-kind"));
  });

  it("is another one under other rules", () => {
    const set = named("a");
    const osaka = withHardfork(set, "osaka");
    expect(inputDigest(osaka.vectors[0]!, set.codes)).not.toBe(inputDigest(set.vectors[0]!, set.codes));
    expect(setRoot(osaka).root).not.toBe(setRoot(set).root);
  });
});

describe("changing a set", () => {
  it("adds behind and removes by name or index, keeping the order", () => {
    const set = addVectors(named("a", "b"), [named("c"), named("d", "e")]);
    expect(namesOf(set)).toEqual(["a", "b", "c", "d", "e"]);
    expect(namesOf(removeVectors(set, ["b", "#3"]))).toEqual(["a", "c", "e"]);
    expect(setRoot(removeVectors(set, ["c", "d", "e"])).root).toBe(setRoot(named("a", "b")).root);
  });

  it("drops codes that only a removed vector used", async () => {
    const set = mergeVectorSets([probeSet([probeCall("whoami")]), named("sample")]);
    expect(Object.keys(set.codes)).toHaveLength(2);
    expect(Object.keys(removeVectors(set, ["probe"]).codes)).toHaveLength(1);
  });

  it("refuses a name that is taken, the other kind, more than the tree holds, and what is not there", () => {
    const set = named("a");
    expect(() => addVectors(set, [set])).toThrowError(refusal("vectors/duplicate"));
    const incident = sampleSet([sampleVector({ name: "i", kind: "incident" })]);
    expect(() => addVectors(set, [incident])).toThrowError(refusal("vectors/wrong-kind"));
    const full = named(...Array.from({ length: 128 }, (_, index) => `v${index}`));
    expect(() => addVectors(set, [full])).toThrowError(
      expect.objectContaining({ code: "vectors/too-many", details: { count: 129, limit: 128 } }),
    );
    for (const choice of ["b", "#1", "#-1", "# 0"]) {
      expect(() => removeVectors(set, [choice])).toThrowError(refusal("vectors/not-found"));
    }
  });
});

const NOTHING = { balance: 0n, nonce: 0n, codeHash: null, storage: [] };

describe("lint", () => {
  const rules = async (...args: Parameters<typeof lintVectors>) =>
    (await lintVectors(...args)).map(({ rule, index }) => `${index} ${rule}`);
  const self = (
    overrides: Parameters<typeof probeSet>[1],
    name = "store",
    values: readonly unknown[] = [1n, 2n],
  ) =>
    expectingItself(
      probeSet([probeCall(name, values)], { proxyStorage: [{ slot: 1n, value: 0n }], ...overrides }),
    );

  it("finds nothing in a set that does its job", async () => {
    expect(await lintVectors(await self({}), { current: probeCode(), patch: probeCode() })).toEqual([]);
  });

  it("finds an input that stands twice, and whether the two contradict each other", async () => {
    const set = await self({});
    const [vector] = set.vectors as [VectorSet["vectors"][number]];
    const other = { ...vector.expectation, slots: [] };
    const twice = {
      ...set,
      vectors: [vector, { ...vector, name: "again" }, { ...vector, name: "third", expectation: other }],
    };
    const findings = await lintVectors(twice);
    expect(findings.map(({ message }) => message)).toEqual([
      'vector 1 "again" has the input of vector 0',
      'vector 2 "third" has the input of vector 0 and expects something else',
    ]);
  });

  it("finds a result that changes with the gas that there is, and no other", async () => {
    // Returns GAS.
    const code = { ...probeCode(), code: Uint8Array.of(0x5a, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3) };
    const set = await expectingItself(probeSet([probeCall("whoami")]), code);
    expect(await rules(set, { current: code })).toEqual(["0 gas-dependent"]);
    // The price of an instruction is the same however much gas there is.
    expect(await rules(await self({}, "loadCost", [1n]), { current: probeCode() })).toEqual([]);
  });

  it("says nothing of a set in which nothing is, and neither does coverage", async () => {
    const empty: VectorSet = { schema: "sealpatch.vectors/1", codes: {}, vectors: [] };
    await expect(lintVectors(empty)).rejects.toMatchObject({ code: "vectors/empty" });
    await expect(measureCoverage(empty, probeCode())).rejects.toMatchObject({ code: "vectors/empty" });
  });

  it("finds both kinds in one set", async () => {
    const set = mergeVectorSets([
      await self({}),
      await self({ name: "i", kind: "incident", stepLimit: 5000 }),
    ]);
    expect(await rules(set)).toEqual(["1 mixed-kinds"]);
  });

  it("finds a run that reads state which is not listed, and says which", async () => {
    const set = await self({ proxyStorage: [] }, "load", [5n]);
    const [finding] = await lintVectors(set, { current: probeCode(), patch: probeCode() });
    expect(finding).toMatchObject({ rule: "unlisted-state", index: 0 });
    expect(finding!.message).toContain("slot 0x5 of 0x9999");
  });

  it("finds a vector that never reaches the code under test, whatever else it runs", async () => {
    const calls = [
      probeCall("", [], { to: BOB, data: "0x" }),
      probeCall("", [], { to: null, data: "0x602a60005260206000f3" }),
    ];
    const created = getCreateAddress({ from: ALICE, nonce: 6 }).toLowerCase() as Hex;
    const empty = [BOB, created].map((address) => ({ ...NOTHING, address }));
    const { accounts } = probeSet([]).vectors[0]!;
    const set = await expectingItself(probeSet(calls, { accounts: [...accounts, ...empty] }));
    expect(await rules(set, { current: probeCode() })).toEqual(["0 unreached"]);
  });

  it("finds a baseline vector that the current code fails", async () => {
    const set = probeSet([probeCall("invalid")]);
    expect(await rules(set, { current: probeCode() })).toEqual(["0 baseline-fails"]);
    expect(await rules(set, { patch: probeCode() })).toEqual([]);
  });

  it("finds an incident that passes on both codes, and one that the patch fails, without telling what it is", async () => {
    const shown = await self({ kind: "incident", name: "secret name" });
    const survives = await lintVectors(shown, { current: probeCode(), patch: probeCode() });
    expect(survives).toEqual([
      { rule: "incident-survives", index: 0, message: expect.stringMatching(/^incident vector 0 passes/) },
    ]);
    const patch = { ...probeCode(), code: Uint8Array.of(0x5f, 0x5f, 0xfd) };
    const fails = await lintVectors(shown, { current: patch, patch });
    expect(fails.map(({ rule }) => rule)).toEqual(["incident-fails"]);
    const unlisted = await self({ kind: "incident", name: "secret name", proxyStorage: [] }, "load", [5n]);
    const all = await lintVectors(unlisted, { current: probeCode(), patch: probeCode() });
    expect(all.map(({ rule }) => rule)).toEqual(["unlisted-state", "incident-survives"]);
    expect(JSON.stringify(all)).not.toMatch(/secret name|0x5|0x9999/);
  });
});
