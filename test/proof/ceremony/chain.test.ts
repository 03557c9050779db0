import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zKey } from "snarkjs";
import { beforeAll, describe, expect, it } from "vitest";
import { singleThreadCurve, withCurve } from "../../../src/proof/curve/index.js";
import { assertContributionChain, assertFollows } from "../../../src/proof/keys/ceremony/index.js";
import {
  type Contribution,
  type Contributions,
  readContributions,
} from "../../../src/proof/keys/contributions.js";
import { pointBytes } from "../../../src/proof/keys/transcript.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";
import { makePowersOfTau, zkeySection } from "../keys/ceremony.js";
import { chainHoldsByNoble } from "./noble.js";

const folder = await scratchFolder();
const { r1csFile } = await compileTestCircuit(folder, "multiplier");
const at = (name: string) => join(folder, `${name}.zkey`);
const curve = await singleThreadCurve();
const { G1 } = curve;

/** A key after nobody, three people, and a beacon; another after the second of them alone; one after the beacon. */
let ptau: string;
let keys: Contributions[];
let rebuilt: Contributions;
let afterBeacon: Contributions;

beforeAll(async () => {
  ptau = (await makePowersOfTau(folder)).prepared;
  await withCurve(async () => {
    await zKey.newZKey(r1csFile, ptau, at("0"));
    for (const [index, name] of ["first", "second", "third"].entries()) {
      await zKey.contribute(at(`${index}`), at(`${index + 1}`), name, `entropy of the ${name}`);
    }
    await zKey.beacon(at("3"), at("4"), "beacon", "fc1873a13f3545ae".repeat(4), 10);
    await zKey.contribute(at("4"), at("late"), "late", "too late");
    // Under the names of the others, who are not asked.
    await zKey.contribute(at("0"), at("rebuilt-1"), "first", "entropy of a liar");
    await zKey.contribute(at("rebuilt-1"), at("rebuilt-2"), "second", "more of it");
  });
  keys = await Promise.all(["0", "1", "2", "3", "4"].map((name) => readContributions(at(name))));
  rebuilt = await readContributions(at("rebuilt-2"));
  afterBeacon = await readContributions(at("late"));
});

/** The whole chain with one thing changed. */
function changed(change: (entries: Contribution[]) => void, of = 4): Contributions {
  const entries = keys[of]!.entries.map((entry) => ({ ...entry }));
  change(entries);
  return { ...keys[of]!, entries };
}
const replace = (index: number, part: Partial<Contribution>) => (entries: Contribution[]) => {
  entries[index] = { ...entries[index]!, ...part };
};

describe("reading contributions", () => {
  it("gives all of section 10, as snarkjs wrote it", async () => {
    const { circuitHash, entries } = keys[4]!;
    expect(entries.map(({ name }) => name)).toEqual(["first", "second", "third", "beacon"]);
    expect(entries.map(({ beacon }) => beacon?.iterationsExponent)).toEqual([
      ...[undefined, undefined, undefined],
      10,
    ]);
    expect(Buffer.from(entries[3]!.beacon!.hash).toString("hex")).toBe("fc1873a13f3545ae".repeat(4));
    const section = await zkeySection(at("4"), 10);
    expect(
      Buffer.concat([circuitHash, section.subarray(64, 68), ...entries.map(({ bytes }) => bytes)]),
    ).toEqual(section);
  });

  /** The key after one contribution, with bytes of its section 10 changed; of the section's size. */
  async function damaged(change: (section: Buffer) => void): Promise<unknown> {
    await copyFile(at("1"), at("damaged"));
    const bytes = await readFile(at("damaged"));
    const section = await zkeySection(at("damaged"), 10);
    const place = bytes.indexOf(section);
    const copy = Buffer.from(section);
    change(copy);
    copy.copy(bytes, place);
    await writeFile(at("damaged"), bytes);
    return readContributions(at("damaged")).catch((error: unknown) => error);
  }

  // After the circuit's hash (64) and the count (4): three points (192), one of G2 (128), transcript (64), type, length, name.
  const TYPE = 68 + 192 + 128 + 64;
  it.each([
    ["announces 2^32 - 1 contributions", (section: Buffer) => section.writeUInt32LE(0xffffffff, 64)],
    ["announces none and has one", (section: Buffer) => section.writeUInt32LE(0, 64)],
    ["is of an unknown type", (section: Buffer) => section.writeUInt32LE(2, TYPE)],
    ["is a beacon's without a value", (section: Buffer) => section.writeUInt32LE(1, TYPE)],
    ["has longer parameters than it has bytes", (section: Buffer) => section.writeUInt32LE(8, TYPE + 4)],
    ["has shorter parameters than it has bytes", (section: Buffer) => section.writeUInt32LE(6, TYPE + 4)],
    ["has an unknown parameter", (section: Buffer) => section.writeUInt8(4, TYPE + 8)],
    ["has a name that is too long", (section: Buffer) => section.writeUInt8(200, TYPE + 9)],
    ["has a name that is no UTF-8", (section: Buffer) => section.writeUInt8(0xff, TYPE + 10)],
  ])("refuses a section that %s", async (_, change) => {
    expect(await damaged(change)).toMatchObject({ code: "key/unreadable" });
  });
});

describe("T07: the chain of contributions", () => {
  it("holds for what snarkjs made, by @noble/curves as well, and with no contribution", async () => {
    for (const key of keys) {
      await assertContributionChain(key);
      expect(await chainHoldsByNoble(key)).toBe(true);
    }
    // It says nothing of who contributed: a chain made anew under their names is one.
    await assertContributionChain(rebuilt);
    const takes = await withCurve(() => zKey.verifyFromInit(at("0"), ptau, at("4")));
    expect(takes).toBe(true);
  });

  const zero1 = new Uint8Array(64);
  const offCurve = Uint8Array.from(zero1, (_, i) => Number(i === 0) + 2 * Number(i === 32));
  const beacon = (iterationsExponent: number, hash = "fc1873a13f3545ae".repeat(4)) => ({
    beacon: { hash: new Uint8Array(Buffer.from(hash, "hex")), iterationsExponent },
  });

  // What breaks, how, in words of the reason; whether the pairings alone show it.
  const CASES: readonly [string, number, RegExp, boolean, (entries: Contribution[]) => void][] = [
    ["one dropped", 2, /transcript/, true, (e) => e.splice(1, 1)],
    ["two swapped", 1, /transcript/, true, (e) => e.splice(0, 2, e[1]!, e[0]!)],
    ["one repeated", 3, /repeats the public key/, true, (e) => e.splice(2, 0, e[1]!)],
    [
      "a transcript of another",
      2,
      /transcript/,
      true,
      (e) => replace(1, { transcript: e[0]!.transcript })(e),
    ],
    [
      "a proof of knowledge of another",
      2,
      /show/,
      true,
      (e) => replace(1, { proofOfKnowledge: e[0]!.proofOfKnowledge })(e),
    ],
    ["a delta of before", 3, /delta/, true, (e) => replace(2, { deltaAfter: e[1]!.deltaAfter })(e)],
    [
      "a delta of somebody's choice",
      1,
      /delta/,
      true,
      (e) => replace(0, { deltaAfter: pointBytes(G1, G1.g) })(e),
    ],
    ["a zero delta", 2, /zero/, true, replace(1, { deltaAfter: zero1 })],
    ["a point off the curve", 2, /off the curve/, true, replace(1, { base: offCurve })],
    ["a zero proof of knowledge", 2, /zero/, true, replace(1, { proofOfKnowledge: new Uint8Array(128) })],
    ["a secret of 1", 2, /changes nothing/, true, (e) => replace(1, { shifted: e[1]!.base })(e)],
    [
      "another value for the beacon",
      4,
      /value of its beacon/,
      false,
      replace(3, beacon(10, "00".repeat(32))),
    ],
    ["fewer iterations of the beacon", 4, /value of its beacon/, false, replace(3, beacon(9))],
    ["a beacon that nobody can recompute", 4, /2\^63/, false, replace(3, beacon(63))],
    ["a person in the beacon's clothes", 1, /value of its beacon/, false, replace(0, beacon(10))],
  ];

  it.each(CASES)("is broken by %s, at contribution %i", async (_, index, why, byPairings, change) => {
    const broken = changed(change);
    await expect(assertContributionChain(broken)).rejects.toMatchObject({
      code: "ceremony/broken-chain",
      details: { index },
      why: expect.stringMatching(why),
    });
    expect(await chainHoldsByNoble(broken)).toBe(!byPairings);
  });

  it("is broken by a point that is written in two ways", async () => {
    // The same residue, q larger: snarkjs takes both for the point.
    const base = Buffer.from(keys[1]!.entries[0]!.base);
    const order = Buffer.from(curve.q.toString(16).padStart(64, "0"), "hex").reverse();
    let carry = 0;
    const aliased = Uint8Array.from(base, (byte, i) => {
      if (i >= 32) return byte;
      carry += byte + order[i]!;
      const low = carry & 0xff;
      carry >>= 8;
      return low;
    });
    expect(carry).toBe(0);
    await expect(
      assertContributionChain(changed((e) => replace(0, { base: aliased })(e))),
    ).rejects.toMatchObject({ code: "ceremony/broken-chain", details: { index: 1 } });
  });

  it("ends with the beacon, which snarkjs does not ask for", async () => {
    expect(await withCurve(() => zKey.verifyFromInit(at("0"), ptau, at("late")))).toBe(true);
    await expect(assertContributionChain(afterBeacon)).rejects.toMatchObject({
      code: "ceremony/broken-chain",
      details: { index: 5, name: "late" },
      why: expect.stringContaining("after the beacon"),
    });
  });

  it("belongs to one circuit", async () => {
    const other = { ...keys[2]!, circuitHash: new Uint8Array(64) };
    await expect(assertContributionChain(other)).rejects.toMatchObject({
      code: "ceremony/broken-chain",
      details: { index: 1 },
    });
  });
});

describe("T07: a key against the one before it", () => {
  it("is the same and one contribution more", () => {
    for (const [index, key] of keys.entries()) {
      const before = keys[index - 1];
      if (before !== undefined) assertFollows(before, key);
    }
  });

  it.each([
    ["rebuilt under the same names", 1, () => [keys[1]!, rebuilt] as const],
    ["the same file again", 3, () => [keys[2]!, keys[2]!] as const],
    ["an older file", 2, () => [keys[2]!, keys[1]!] as const],
    ["two contributions at once", 2, () => [keys[1]!, keys[3]!] as const],
    ["another circuit's", 0, () => [keys[1]!, { ...keys[2]!, circuitHash: new Uint8Array(64) }] as const],
  ])("refuses %s, with the index", (_, index, pair) => {
    const [before, after] = pair();
    expect(() => assertFollows(before, after)).toThrow(
      expect.objectContaining({
        code: "ceremony/other-history",
        details: expect.objectContaining({ index }),
      }),
    );
  });
});
