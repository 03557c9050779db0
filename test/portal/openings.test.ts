import { keccak256 } from "ethers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { AUDITOR_DEPTH, AuditorSet, newAuditorKey } from "../../src/audit/index.js";
import { FIELD_ORDER, poseidon, TAGS } from "../../src/field/index.js";
import {
  disclosureHash,
  parseDisclosure,
  patchCommitment,
  type ShownOpening,
  shownOpening,
} from "../../src/patch/index.js";
import type { PortalPolicy } from "../../src/portal/model.js";
import { fileHash, memberRoots, PAGE_DEPTHS, shownCommitment } from "../../src/portal/openings.js";
import {
  rootOfVectors,
  TREE_DEPTHS,
  type VectorDigests,
  vectorLeaf,
  vectorRoot,
} from "../../src/vectors/index.js";
import { fixtureDisclosure } from "../../tools/build/fixtures.js";
import { recordedVerifier } from "./patch-verifier.js";

const element = fc.oneof(
  fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }),
  fc.constantFrom(0n, 1n, FIELD_ORDER - 1n),
);
/** As `rootOfVectors` makes leaves of digests. */
const leafOf = ({ inputDigest, expectationDigest, runsDigest }: VectorDigests) =>
  poseidon([TAGS.vector, inputDigest, expectationDigest, runsDigest]);
const members = ["codeDigest", "layoutRoot", "incidentRoot", "callDigest", "salt"] as const;

describe("the commitment of what was disclosed", () => {
  let real: Awaited<ReturnType<typeof recordedVerifier>>;
  beforeAll(async () => {
    real = await recordedVerifier();
  });

  it("is that of the real statement, and of the contract", async () => {
    expect(shownCommitment(real.opening)).toBe(real.signals[0]);
    expect(await real.commitmentOf(real.opening)).toBe(real.signals[0]);
  });

  it("is another one where any member is another", () => {
    for (const name of members) {
      const other = { ...real.opening, [name]: (real.opening[name] + 1n) % FIELD_ORDER };
      expect(shownCommitment(other), name).not.toBe(real.signals[0]);
    }
  });

  it("is the SDK's and the contract's of every opening", async () => {
    const opening = fc.record({
      codeDigest: element,
      layoutRoot: element,
      incidentRoot: element,
      account: element,
      migrationDigest: element,
      executionDigest: element,
      salt: element,
    });
    await fc.assert(
      fc.asyncProperty(opening, async (whole) => {
        const shown = shownOpening(whole);
        expect(shownCommitment(shown)).toBe(patchCommitment(whole));
        expect(await real.commitmentOf(shown)).toBe(patchCommitment(whole));
      }),
      { numRuns: 8 },
    );
  });

  it("is none where a value is not in the field, as for the contract", async () => {
    for (const name of members) {
      for (const wrong of [FIELD_ORDER, real.opening[name] + FIELD_ORDER, 2n ** 256n - 1n]) {
        const opening: ShownOpening = { ...real.opening, [name]: wrong };
        expect(shownCommitment(opening), name).toBeUndefined();
        expect(await real.commitmentOf(opening), name).toBeUndefined();
      }
      expect(shownCommitment({ ...real.opening, [name]: -1n }), name).toBeUndefined();
    }
  });
});

describe("the roots of a policy's members", () => {
  const keys = Array.from({ length: 2 ** AUDITOR_DEPTH }, () => newAuditorKey().publicKey);
  const auditorsOf = (chosen: readonly (readonly [bigint, bigint])[]): PortalPolicy["auditors"] =>
    chosen.map(([x, y], i) => ({ label: `auditor ${i}`, publicKey: [`${x}`, `${y}`] }));
  const vectorsOf = (leaves: readonly (bigint | string)[]): PortalPolicy["vectors"] =>
    leaves.map((leaf, i) => ({ label: `vector ${i}`, leaf: `${leaf}` }));
  const auditors = auditorsOf(keys.slice(0, 3));
  const vectors = vectorsOf([1n, 2n]);

  it("stand in trees of the depths that the SDK has", () => {
    expect(PAGE_DEPTHS).toEqual({ auditors: AUDITOR_DEPTH, vectors: TREE_DEPTHS.baseline });
  });

  it("are the SDK's, of one auditor to all that fit, in their order", () => {
    for (const count of [1, 3, 32]) {
      const chosen = keys.slice(0, count);
      expect(memberRoots({ auditors: auditorsOf(chosen), vectors })?.auditorRoot, `${count}`).toBe(
        new AuditorSet(chosen).root,
      );
    }
    const turned = [...keys.slice(0, 3)].reverse();
    expect(memberRoots({ auditors: auditorsOf(turned), vectors })?.auditorRoot).not.toBe(
      memberRoots({ auditors, vectors })?.auditorRoot,
    );
  });

  it("are the SDK's, of one vector to all that fit", () => {
    const digests = fc.record({ inputDigest: element, expectationDigest: element, runsDigest: element });
    const most = 2 ** TREE_DEPTHS.baseline;
    const sets = fc.oneof(
      fc.array(digests, { minLength: 1, maxLength: most, size: "max" }),
      fc
        .constantFrom(1, 2, 127, 128)
        .chain((count) => fc.array(digests, { minLength: count, maxLength: count })),
    );
    fc.assert(
      fc.property(sets, (set) => {
        const leaves = set.map(leafOf);
        expect(memberRoots({ auditors, vectors: vectorsOf(leaves) })?.vectorRoot).toBe(
          rootOfVectors("baseline", set),
        );
      }),
      { numRuns: 6 },
    );
  });

  it("are those that the real statement was proven for", async () => {
    const { signals } = await recordedVerifier();
    const { baseline, auditors: real } = parseDisclosure(await fixtureDisclosure());
    const [, auditorRoot, , root] = signals;
    const leaves = baseline.vectors.map((vector) => vectorLeaf(vector, baseline.codes));
    expect(memberRoots({ auditors: auditorsOf(real.publicKeys), vectors: vectorsOf(leaves) })).toEqual({
      auditorRoot,
      vectorRoot: root,
    });
    expect(root).toBe(vectorRoot(baseline));
  });

  it("are none where no policy has these members", () => {
    const most = 2 ** TREE_DEPTHS.baseline;
    const [first, ...others] = auditors as [PortalPolicy["auditors"][number], ...PortalPolicy["auditors"]];
    const wrong: Pick<PortalPolicy, "auditors" | "vectors">[] = [
      { auditors: [], vectors },
      { auditors: [first, first], vectors },
      { auditors: auditorsOf([...keys, [1n, 2n]]), vectors },
      { auditors, vectors: [] },
      { auditors, vectors: vectorsOf(Array.from({ length: most + 1 }, (_, i) => BigInt(i))) },
      ...[`${FIELD_ORDER}`, "-1", "01", "0x1", "", " 1", "1e3", "1.0"].flatMap((number) => [
        { auditors: [{ ...first, publicKey: [number, "1"] as const }, ...others], vectors },
        { auditors: [{ ...first, publicKey: ["1", number] as const }, ...others], vectors },
        { auditors, vectors: vectorsOf([1n, number]) },
      ]),
    ];
    expect(memberRoots({ auditors, vectors })).toBeDefined();
    for (const policy of wrong)
      expect(memberRoots(policy), JSON.stringify(policy).slice(0, 200)).toBeUndefined();
  });
});

it("the hash of a dropped file is that of its bytes, as `disclose` commits to it, also where it is read in pieces", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 300 }), async (text) => {
      expect(await fileHash(new Blob([text]))).toBe(disclosureHash(text));
    }),
  );
  // What is no UTF-8 keeps its bytes.
  expect(await fileHash(new Blob([new Uint8Array([0xff])]))).not.toBe(await fileHash(new Blob(["\ufffd"])));
  for (const length of [2 ** 18 - 1, 2 ** 18, 2 ** 18 + 1, 3 * 2 ** 18 + 7]) {
    const bytes = Uint8Array.from({ length }, (_, place) => (place * 31) % 251);
    expect(await fileHash(new Blob([bytes]))).toBe(keccak256(bytes));
  }
});
