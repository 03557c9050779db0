import { getBytes, keccak256, zeroPadValue } from "ethers";
import { beforeAll, describe, expect, it } from "vitest";
import { canonicalLayout, layoutRoot } from "../../src/layout/index.js";
import { compileSource } from "../../src/patch/compile.js";
import {
  type Check,
  disclosureHash,
  disclosureText,
  newBundle,
  type PatchBundle,
  rebuildPatch,
  reviewPatch,
  verifyDisclosure,
} from "../../src/patch/index.js";
import type { StandardInput } from "../../src/solc/index.js";
import type { CodeUnderTest } from "../../src/vectors/index.js";
import { type Incident, makeIncident, source } from "./incident.js";

// What the patch is compared with: the source of the code that is live, held against that code.

const CONTRACT = "Counter.sol:Counter";
const SOURCE = "the replaced code is compiled from the source that the patch is compared with";
const LAYOUT = "the storage layout is kept";
const KEPT = "uint256 public total;";

let incident: Incident;

beforeAll(async () => {
  incident = await makeIncident();
});

/** As rebuilding compiles it, which keeps the last compilations. */
const compile = (input: StandardInput) => compileSource(contractOf(input), {});

const contractOf = (input: StandardInput, version = "0.8.30+commit.73712a01") => ({
  contract: CONTRACT,
  compiler: { version, input },
});

/** A counter between other contracts. */
const counter = (variables: string, before = "", bases = ""): StandardInput => {
  const { sources, ...input } = source("total += x;", variables);
  const { content } = sources["Counter.sol"]!;
  const heading = `${before} contract Counter ${bases === "" ? "" : `is ${bases}`}`;
  return { ...input, sources: { "Counter.sol": { content: content.replace("contract Counter", heading) } } };
};

/** A chain on which `input` is live, with what a review takes there. */
async function chainWith(input: StandardInput, previous?: PatchBundle["current"]["previous"]) {
  const artifact = await compile(input);
  const currentCode: CodeUnderTest = { ...incident.currentCode, code: artifact.runtimeTemplate };
  const root = layoutRoot(canonicalLayout(artifact, previous === undefined ? {} : { previous }));
  return {
    currentCode,
    targets: incident.targets.map((target) => ({ ...target, codehash: keccak256(currentCode.code) })),
    policy: { ...incident.policy, layoutRoot: root },
  };
}

/** What sealing and review say of a patch, given a source for the live code. */
async function refusals(live: StandardInput, patch: StandardInput, current: StandardInput = live) {
  const inputs = await chainWith(live);
  const bundle = { ...incident.bundle, ...contractOf(patch), current: contractOf(current) };
  const { schema, salt, ...parts } = bundle;
  const refusal = (asked: Promise<unknown>) => asked.catch((error: unknown) => error);
  return [await refusal(newBundle(parts, inputs)), await refusal(reviewPatch({ bundle, ...inputs }))];
}

/** What verification says of the same, where the live code was replaced. */
async function verified(live: StandardInput, current: StandardInput = live): Promise<Map<string, Check>> {
  const { policy, currentCode } = await chainWith(live);
  const { facts, disclosure } = incident;
  const bundle = { ...disclosure.bundle, current: contractOf(current) };
  const text = disclosureText({ ...disclosure, bundle });
  const checks = await verifyDisclosure(text, {
    ...facts,
    signals: { ...facts.signals, layoutRoot: policy.layoutRoot },
    replaced: { ...facts.replaced, code: currentCode.code, codehash: keccak256(currentCode.code) },
    disclosed: { ...facts.disclosed, bundleHashes: [disclosureHash(text)] },
  });
  return new Map(checks.map((check) => [check.name, check]));
}

describe("the source of the live code", () => {
  // A comment can declare a change or a namespace: it makes other code, by its metadata.
  const other = source("total += 2 * x;", `/* other */ ${KEPT}`);

  it("is refused where it is of other code, by sealing, review and verification", async () => {
    const live = source("total += 2 * x;");
    for (const refusal of await refusals(live, source("total += x;"), other))
      expect(refusal).toMatchObject({
        code: "patch/other-current-source",
        details: { implementation: incident.currentCode.address, contract: "Counter" },
      });
    const checks = await verified(live, other);
    expect(checks.get(SOURCE)).toMatchObject({ outcome: "fails" });
    expect(checks.get(LAYOUT)).toMatchObject({ outcome: "holds" });
  });

  it("cannot be left out", async () => {
    const { current, schema, salt, ...parts } = incident.bundle;
    await expect(newBundle(parts as typeof incident.bundle, incident)).rejects.toMatchObject({
      code: "patch/malformed-bundle",
    });
  });

  it("is not checked where nobody has the replaced code, and the layout alone is no answer to that", async () => {
    const { facts, text } = incident;
    const checks = await verifyDisclosure(text, { ...facts, replaced: { ...facts.replaced, code: null } });
    const outcomes = new Map(checks.map(({ name, outcome }) => [name, outcome]));
    expect(outcomes.get(SOURCE)).toBe("not checked");
    expect(outcomes.get(LAYOUT)).toBe("holds");
  });

  it("is compiled by a release of its own", async () => {
    const current = contractOf(source("total += 2 * x;"), "0.8.37+commit.f401782d");
    const code = (await compileSource(current, {})).runtimeTemplate;
    const inputs = { currentCode: { ...incident.currentCode, code } };
    const bundle = await newBundle({ ...incident.bundle, current }, inputs);
    expect([bundle, bundle.current].map(({ compiler }) => compiler.version)).toEqual([
      "0.8.30+commit.73712a01",
      "0.8.37+commit.f401782d",
    ]);
    await expect(newBundle(incident.bundle, inputs)).rejects.toMatchObject({
      code: "patch/other-current-source",
    });
  });

  it("may leave immutables and libraries to the live code", async () => {
    const live = counter(
      `${KEPT} uint256 immutable limit; constructor(uint256 most) { limit = most; } function use() external returns (uint256) { return L.f() + limit; }`,
      "library L { function f() external returns (uint256) { return 1; } }",
    );
    const artifact = await compile(live);
    const code = artifact.template.runtime.slice();
    const [places] = Object.values(artifact.immutableReferences);
    for (const { start } of places!) code.set(getBytes(zeroPadValue("0x07", 32)), start);
    for (const start of artifact.linkReferences[0]!.runtime)
      code.set(getBytes(`0x${"ab".repeat(20)}`), start);
    const parts = { ...incident.bundle, current: contractOf(live) };
    const currentCode = { ...incident.currentCode, code };
    expect((await newBundle(parts, { currentCode })).current).toEqual(contractOf(live));
    code[places![0]!.start - 1]! ^= 1;
    await expect(newBundle(parts, { currentCode })).rejects.toMatchObject({
      code: "patch/other-current-source",
    });
  });
});

describe("all judges of layouts are asked", () => {
  const refused = (finding: string, text: RegExp) => ({
    code: "layout/not-preserved",
    message: expect.stringMatching(text),
    details: { finding },
  });

  it("upgrades-core too, where the rule of the proof has no objection", async () => {
    // The gap at the end is gone: no variable is lost, and upgrades-core asks for the gap.
    const live = source("total += 2 * x;", `${KEPT} uint256[3] private __gap;`);
    const bundle = { ...incident.bundle, current: contractOf(live) };
    expect((await rebuildPatch(bundle)).layouts.findings).toEqual([]);
    const refusal = refused("layout/upgrades-core", /upgrades-core: Counter: Deleted `__gap`/);
    for (const told of await refusals(live, source("total += x;"))) expect(told).toMatchObject(refusal);
    const checks = await verified(live);
    expect(checks.get(SOURCE)).toMatchObject({ outcome: "holds" });
    expect(checks.get(LAYOUT)).toMatchObject({
      outcome: "fails",
      detail: expect.stringContaining("upgrades-core: Counter: Deleted `__gap`"),
    });
  });

  it("and no judge objects to a change that the patch declares", async () => {
    const live = source("sum += 2 * x;", "uint256 public sum;");
    const declared = "\n/// @custom:oz-renamed-from sum\n";
    const [sealing] = await refusals(live, source("total += x;", `${declared}${KEPT}`));
    expect(sealing).toMatchObject({ schema: "sealpatch.patch/3" });
  });

  it("a struct that holds itself, of which upgrades-core says nothing, is neutral", async () => {
    const tree = `${KEPT} struct N { N[] kids; } N n;`;
    const [sealing] = await refusals(source("total += 2 * x;", tree), source("total += x;", tree));
    expect(sealing).toMatchObject({ schema: "sealpatch.patch/3" });
  });

  it("any other error of upgrades-core refuses", async () => {
    const placed = counter(KEPT).sources["Counter.sol"]!.content.replace(
      "contract Counter ",
      "contract Counter layout at 2 ** 8 ",
    );
    const live = { ...counter(KEPT), sources: { "Counter.sol": { content: placed } } };
    for (const told of await refusals(live, live))
      expect(told).toMatchObject({ code: "layout/upgrades-core-failed" });
    const checks = await verified(live);
    expect(checks.get(LAYOUT)).toMatchObject({ outcome: "fails" });
  });
});

describe("what no digest covers is read from the source of the live code", () => {
  const owner = (name: string) => `contract ${name} { uint256 private owner; }`;
  const live = counter(`uint256[1] private __gap; ${KEPT}`, owner("A"), "A");
  const patch = counter(KEPT, owner("D") + owner("A"), "D, A");

  it("equal names that another contract declares", async () => {
    for (const told of await refusals(live, patch))
      expect(told).toMatchObject({
        code: "layout/not-preserved",
        details: { finding: "layout/other-declarer", label: "owner" },
      });
    // Nor can the source claim that the other contract declared it all along: it would be of other code.
    const claimed = counter(`uint256[1] private __gap; ${KEPT}`, owner("D"), "D");
    for (const told of await refusals(live, patch, claimed))
      expect(told).toMatchObject({ code: "patch/other-current-source" });
  });

  it("namespaces that the live code has elsewhere than their annotation", async () => {
    const spaced = (slot: string) =>
      source(
        "total += x; s().spaced = x;",
        `${KEPT}
        /// @custom:storage-location erc7201:counter
        struct S { uint256 spaced; }
        function s() private pure returns (S storage $) { assembly { $.slot := ${slot} } }`,
      );
    const finding = { finding: "layout/namespace-elsewhere", label: "erc7201:counter" };
    for (const told of await refusals(spaced("5"), spaced("5")))
      expect(told).toMatchObject({ code: "layout/not-preserved", details: finding });
  });

  it("and a namespace whose place no code tells is a warning for whoever seals, attests or proves", async () => {
    const spaced = source(
      "total += x; s(bytes32(uint256(5))).spaced = x;",
      `${KEPT}
      /// @custom:storage-location erc7201:counter
      struct S { uint256 spaced; }
      function s(bytes32 at) private pure returns (S storage $) { assembly { $.slot := at } }`,
    );
    const { warnings } = await rebuildPatch({
      ...incident.bundle,
      ...contractOf(spaced),
      current: contractOf(source("total += x;")),
    });
    const told = warnings.filter(({ code }) => code === "namespace-unconfirmed");
    expect(told).toEqual([
      expect.objectContaining({ message: expect.stringContaining("the new code tells") }),
    ]);
    const { warnings: others } = await rebuildPatch(incident.bundle);
    expect(others.filter(({ code }) => code === "namespace-unconfirmed")).toEqual([]);
  });
});

describe("the layout that an earlier patch left", () => {
  const struct = (members: string) => source("total += x; s.a = x;", `${KEPT} struct S { ${members} } S s;`);

  it("is given beside the source where a struct's gap was used to its end, and its root decides", async () => {
    const first = canonicalLayout(await compile(struct("uint256 a; uint256[1] __gap;")));
    const live = struct("uint256 a; uint256 b;");
    const inputs = await chainWith(live, first);
    const bundle = { ...incident.bundle, ...contractOf(live), current: contractOf(live) };
    const asked = (current: PatchBundle["current"]) =>
      reviewPatch({ ...inputs, bundle: { ...bundle, current } });
    await expect(asked(bundle.current)).rejects.toMatchObject({ code: "patch/other-layout" });
    const rebuilt = await rebuildPatch({ ...bundle, current: { ...bundle.current, previous: first } });
    expect(rebuilt.opening.layoutRoot).toBe(inputs.policy.layoutRoot);
    // Past the layouts: the patch is the live code, which shows the bug still.
    await expect(asked({ ...bundle.current, previous: rebuilt.layouts.new })).rejects.toMatchObject({
      code: "vectors/incident-fails",
    });
  });
});
