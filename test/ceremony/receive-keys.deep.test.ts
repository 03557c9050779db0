import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zKey } from "snarkjs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { beginCeremony, contribute, receiveContribution } from "../../src/ceremony/index.js";
import { withCurve } from "../../src/proof/curve/index.js";
import { writePowersOfTau } from "../../src/proof/keys/ceremony/rehearsal/index.js";
import { FALSE_KEYS } from "../proof/ceremony/false-keys.js";
import { contributeWith, readSections, rewriteKey } from "../proof/ceremony/key-files.js";
import { attest, damages, type Refusal, withEntries } from "./forged.js";
import { receiving } from "./receiving.js";
import { POWERS_SECRETS } from "./rehearsal.js";
import { beginning, stepName } from "./tiny-ceremony.js";

const { home, fresh, ceremony, keyAt, refused, withKey } = await receiving();
afterEach(() => vi.useRealTimers());

describe("T21: a contribution that is received", () => {
  it("is taken where it is one, and the changes below are none without the lie in them", async () => {
    const taking = await ceremony.copy(fresh(), 2);
    const offer = await withKey((target) => cp(keyAt(3, "multiplier"), target));
    expect(await receiveContribution(taking, [offer])).toMatchObject({ index: 3, name: "East" });
    const same = await withKey((target) => withEntries(keyAt(3, "multiplier"), target, (all) => all));
    await receiveContribution(await ceremony.copy(fresh(), 2), [same]);
  });

  /** What a liar makes of the keys, and what is found: the index is that of the entry of the key. */
  const LIES: readonly [string, Refusal, (target: string) => Promise<unknown>][] = [
    [
      "a chain rebuilt under the same names, by snarkjs, from the initial key",
      { code: "ceremony/other-history", details: { index: 1, circuit: "multiplier" } },
      (target) =>
        withCurve(async () => {
          const [one, two] = [fresh(), fresh()];
          await zKey.contribute(keyAt(0, "multiplier"), one, "North", "entropy of a liar");
          await zKey.contribute(one, two, "South", "more of it");
          await zKey.contribute(two, target, "East", "and more");
        }),
    ],
    [
      "two contributions swapped",
      { code: "ceremony/other-history", details: { index: 1, circuit: "multiplier" } },
      (target) => withEntries(keyAt(3, "multiplier"), target, ([a, b, c]) => [b!, a!, c!]),
    ],
    [
      "the last one swapped with the one before",
      { code: "ceremony/other-history", details: { index: 2 } },
      (target) => withEntries(keyAt(3, "multiplier"), target, ([a, b, c]) => [a!, c!, b!]),
    ],
    [
      "one dropped",
      { code: "ceremony/other-history", details: { index: 2 } },
      (target) => withEntries(keyAt(3, "multiplier"), target, ([a, , c]) => [a!, c!]),
    ],
    [
      "one repeated",
      { code: "ceremony/broken-chain", details: { index: 3 }, why: /repeats the public key/ },
      (target) => withEntries(keyAt(3, "multiplier"), target, ([a, b]) => [a!, b!, b!]),
    ],
    [
      "the first one repeated",
      { code: "ceremony/broken-chain", details: { index: 3 }, why: /repeats the public key/ },
      (target) => withEntries(keyAt(3, "multiplier"), target, ([a, b]) => [a!, b!, a!]),
    ],
    [
      "two at once",
      { code: "ceremony/other-history", details: { index: 3 }, why: /adds 2/ },
      (target) => withCurve(() => zKey.contribute(keyAt(3, "multiplier"), target, "East", "again")),
    ],
    [
      "nothing added",
      { code: "ceremony/other-history", details: { index: 3 }, why: /adds 0/ },
      (target) => cp(keyAt(2, "multiplier"), target),
    ],
    [
      "an older key",
      { code: "ceremony/other-history", details: { index: 2 }, why: /missing/ },
      (target) => cp(keyAt(1, "multiplier"), target),
    ],
    [
      "the key of the other circuit",
      { code: "ceremony/other-history", details: { index: 0 }, why: /another circuit/ },
      (target) => cp(keyAt(3, "guarded"), target),
    ],
    [
      "a beacon in the clothes of a person",
      { code: "ceremony/other-attestation", details: { index: 3 }, why: /beacon/ },
      (target) => withCurve(() => zKey.beacon(keyAt(2, "multiplier"), target, "East", "ab".repeat(32), 10)),
    ],
    [
      "another name than in the attestation",
      { code: "ceremony/other-attestation", details: { index: 3 }, why: /somebody else/ },
      (target) => withCurve(() => zKey.contribute(keyAt(2, "multiplier"), target, "Charlie", "entropy")),
    ],
    [
      "no name",
      { code: "ceremony/other-attestation", details: { index: 3 }, why: /somebody else/ },
      (target) => contributeWith(keyAt(2, "multiplier"), target, { secret: 77n, base: 5n }),
    ],
  ];
  it.each(LIES)("is refused with %s", async (_, refusal, make) => {
    await refused(await withKey(make), refusal);
  });

  it("is refused where an entry repeats the public key of an earlier one, made anew", async () => {
    const [of, one, two] = [await ceremony.copy(fresh(), 0), fresh(), fresh()];
    const secrets = { secret: 77n, base: 5n };
    for (const [offer, name, index] of [
      [one, "Mallory", 1],
      [two, "Trudy", 2],
    ] as const) {
      await cp(join(of, stepName(index - 1)), offer, { recursive: true });
      for (const circuit of ["multiplier", "guarded"])
        await contributeWith(
          join(of, stepName(index - 1), `${circuit}.zkey`),
          join(offer, `${circuit}.zkey`),
          {
            ...{ ...secrets, base: index === 1 || circuit === "multiplier" ? 5n : 6n },
            name,
          },
        );
      await attest(of, { index, name, at: offer });
      if (index === 1) await receiveContribution(of, [offer]);
    }
    const details = { index: 2, circuit: "multiplier", name: "Trudy" };
    await refused(two, { code: "ceremony/broken-chain", details, why: /repeats the public key/ }, of);
  });

  it("is refused where its key is of other powers of tau, and where its entries are those of this ceremony", async () => {
    const powersOfTau = join(home, "other.ptau");
    await writePowersOfTau(powersOfTau, { ...POWERS_SECRETS, tau: 12_345n, power: 5 });
    const other = fresh();
    await beginCeremony(other, { ...beginning({ ...ceremony, powersOfTau }), unpinned: true });
    for (const name of ["North", "South", "East"]) await contribute(other, { name });
    const foreign = join(other, "0003", "multiplier.zkey");
    const history = { code: "ceremony/other-history", details: { index: 0 }, why: /another circuit/ };
    await refused(await withKey((target) => cp(foreign, target)), history);
    const entries = (await readSections(keyAt(3, "multiplier"))).get(10)!;
    const claimed = await withKey((target) => rewriteKey(foreign, target, { 10: () => entries }));
    const details = { index: 3, section: "IC" };
    await refused(claimed, { code: "ceremony/other-successor", details });
  });

  // One of each kind: that all are refused is test/proof/ceremony/false-keys.deep.test.ts.
  const FALSE = FALSE_KEYS.filter(({ name }) => /in its place|before|nothing/.test(name)).map(
    (key) => [key.name, key] as const,
  );
  it.each(FALSE)("is refused where its key is false: %s", async (_, { successor, make }) => {
    const series = {
      ptauFile: ceremony.powersOfTau,
      // What these change is the last one, and what they keep of before is of the one before it.
      keys: [0, 1, 1, 2, 3].map((index) => keyAt(index, "multiplier")),
    };
    const offer = await withKey((target) => make(series, target));
    const isCode = successor.includes("/");
    const details = { index: 3, circuit: "multiplier", ...(isCode ? {} : { section: successor }) };
    await refused(offer, { code: isCode ? successor : "ceremony/other-successor", details });
  });

  it("is refused where a file of it is damaged in any way, hash and all", async () => {
    const all = await damages(keyAt(3, "multiplier"));
    expect(all.length).toBe(10 * 6 + 1);
    for (const [what, section, bytes] of all) {
      const offer = await withKey((target) => writeFile(target, bytes));
      const code =
        section === 0
          ? "key/unreadable"
          : section === 10
            ? expect.stringMatching(/^ceremony\/(other-history|broken-chain|other-attestation)$/)
            : "ceremony/other-successor";
      const error = await refused(offer, { code, details: { circuit: "multiplier" } });
      expect(error.details.index, what).toEqual(expect.any(Number));
    }
  });
});
