import { cp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zKey } from "snarkjs";
import { beforeAll, describe, expect, it } from "vitest";
import { type CeremonyCheck, finalizeCeremony, verifyCeremony } from "../../src/ceremony/index.js";
import { withCurve } from "../../src/proof/curve/index.js";
import { inPlace, rewriteKey } from "../proof/ceremony/key-files.js";
import { scratchFolder } from "../proof/circuit.js";
import {
  announce,
  announcementOf,
  attest,
  expectRefusal,
  readAttestation,
  say,
  withEntries,
} from "./forged.js";
import { beaconAnswer, TINY_CIRCUITS } from "./rehearsal.js";
import {
  ANSWER,
  BEACON_STEP,
  holdTinyCeremony,
  ROUND,
  type TinyCeremony,
  verifying,
} from "./tiny-ceremony.js";

const home = await scratchFolder();
let made = 0;
const fresh = () => join(home, `folder-${made++}`);
let ceremony: TinyCeremony;
/** Names of all checks of a folder. */
let all: string[];

beforeAll(async () => {
  ceremony = await holdTinyCeremony(join(home, "held"));
  const { checks, keyClass } = await verifyCeremony(ceremony.folder, verifying(ceremony));
  all = checks.map(({ name }) => name);
  expect(keyClass).toBe("production");
});

const BEACONS = ["beacon of multiplier", "beacon of guarded"];

type Options = Partial<Parameters<typeof verifyCeremony>[1]>;

/** The checks of a ceremony that do not hold; every check is there, and the class is test. */
async function failing(folder: string, options: Options = {}): Promise<readonly CeremonyCheck[]> {
  const whole = { ...verifying(ceremony), ...options };
  const { checks, keyClass } = await verifyCeremony(folder, whole);
  expect(checks.map(({ name }) => name)).toEqual(all);
  expect(keyClass).toBe("test");
  return checks.filter(({ outcome }) => outcome !== "holds");
}

/** Finalizing does the same checks, and makes no package of what fails. */
async function expectNoPackage(folder: string, check: string, options: Options = {}): Promise<void> {
  const refusal = { code: "ceremony/not-verified", details: { check } };
  const whole = { ...verifying(ceremony), ...options };
  await expectRefusal(folder, refusal, () => finalizeCeremony(folder, whole));
}

const names = (checks: readonly CeremonyCheck[]) => checks.map(({ name }) => name);
const whats = (checks: readonly CeremonyCheck[]) => checks.map(({ what }) => what).join("; ");
const keyIn = (folder: string, step: string, circuit = "guarded") => join(folder, step, `${circuit}.zkey`);

/** The whole ceremony with another last key of one circuit, which is attested. */
async function withLast(make: (before: string, target: string) => Promise<unknown>): Promise<string> {
  const folder = await ceremony.copy(fresh(), BEACON_STEP);
  await make(keyIn(folder, "0003"), keyIn(folder, "0004"));
  const { beacon } = await readAttestation(folder, BEACON_STEP);
  await attest(folder, { index: BEACON_STEP, name: "beacon" }, () => ({ beacon }));
  return folder;
}

describe("T21: every lie of a ceremony makes its own line fail, and all the others are said", () => {
  it("about its circuits, beacon's chain, or what was announced", async () => {
    const circuits = TINY_CIRCUITS.map((circuit) => ({ ...circuit, verifier: `Other${circuit.verifier}` }));
    expect(names(await failing(ceremony.folder, { circuits }))).toEqual(["announcement"]);
    await expectNoPackage(ceremony.folder, "announcement", { circuits });
    const beaconChain = { ...verifying(ceremony).beaconChain, period: 2 };
    expect(names(await failing(ceremony.folder, { beaconChain }))).toEqual(BEACONS);
  });

  it("about its sources, by file", async () => {
    const folder = await ceremony.copy(fresh(), BEACON_STEP);
    await announce(folder, BEACON_STEP, ({ circuits }) => {
      circuits.guarded!.sources["circomlib/bitify.circom"] = "ab".repeat(32);
      return { circuits };
    });
    const checks = await failing(folder);
    expect(names(checks)).toEqual(["sources of guarded"]);
    expect(whats(checks)).toContain("circomlib/bitify.circom");
  });

  it.each(["r1cs", "constraints", "power"] as const)("about what they compile to: %s", async (field) => {
    const folder = await ceremony.copy(fresh(), BEACON_STEP);
    await announce(folder, BEACON_STEP, ({ circuits }) => {
      circuits.guarded = { ...circuits.guarded!, [field]: field === "r1cs" ? "ab".repeat(32) : 3 };
      return { circuits };
    });
    expect(names(await failing(folder))).toEqual(["sources of guarded"]);
  });

  it("about its powers of tau", async () => {
    const powersOfTau = join(home, "byte.ptau");
    const bytes = await readFile(ceremony.powersOfTau);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(powersOfTau, bytes);
    expect(names(await failing(ceremony.folder, { powersOfTau }))).toContain("powers of tau");
    const missing = await failing(ceremony.folder, { powersOfTau: join(home, "none.ptau") });
    expect(names(missing)).toEqual([
      "powers of tau",
      ...TINY_CIRCUITS.flatMap(({ name }) => [`initial key of ${name}`, `points of ${name}`]),
    ]);
  });

  it("about its initial key", async () => {
    const folder = await ceremony.copy(fresh(), BEACON_STEP);
    await cp(keyIn(folder, "0001"), keyIn(folder, "0000"));
    expect(names(await failing(folder))).toEqual(["initial key of guarded"]);
  });

  const STORIES: readonly [string, number, Parameters<typeof say>[2], RegExp][] = [
    [
      "is of another ceremony",
      2,
      () => ({ ceremony: "ab".repeat(32) }),
      /attestation 2 is of another ceremony/,
    ],
    ["is of another step", 2, () => ({ index: 3 }), /attestation 2 is missing/],
    [
      "is about one circuit alone",
      2,
      ({ circuits }) => ({ circuits: { guarded: circuits.guarded! } }),
      /attestation 2 is about other circuits/,
    ],
    [
      "was made of another key",
      3,
      ({ circuits }) => ({
        circuits: { ...circuits, guarded: { ...circuits.guarded!, received: "ab".repeat(32) } },
      }),
      /attestation 3 was made of another key of guarded/,
    ],
    ["was made when the beacon was known", 3, () => ({ made: ROUND }), /contribution 3 was made after/],
    [
      "is of a beacon, and is not the last",
      2,
      () => ({ beacon: JSON.parse(ANSWER) }),
      /attestation 2 is of a beacon/,
    ],
  ];
  it.each(STORIES)("about an attestation that %s", async (_, index, change, what) => {
    const folder = await ceremony.copy(fresh(), BEACON_STEP);
    await say(folder, index, change);
    const checks = await failing(folder);
    expect(names(checks)).toContain("attestations");
    expect(checks.find(({ name }) => name === "attestations")!.what).toMatch(what);
    expect(names(checks).filter((name) => /sources|powers|points|announcement/.test(name))).toEqual([]);
  });

  it("about who contributed: a name that is not the key's, the hash of a contribution, one name twice", async () => {
    const named = await ceremony.copy(fresh(), BEACON_STEP);
    await say(named, 2, () => ({ name: "Centre" }));
    const both = ["contributions to multiplier", "contributions to guarded"];
    const checks = await failing(named);
    expect(names(checks)).toEqual(both);
    expect(whats(checks)).toContain("contribution 2 is not the attested one");
    const hashed = await ceremony.copy(fresh(), BEACON_STEP);
    await say(hashed, 2, ({ circuits }) => ({
      circuits: { ...circuits, guarded: { ...circuits.guarded!, contribution: "ab".repeat(64) } },
    }));
    expect(names(await failing(hashed))).toEqual(["contributions to guarded"]);
    const twice = await ceremony.copy(fresh(), BEACON_STEP);
    await say(twice, 2, () => ({ name: "North" }));
    expect(names(await failing(twice))).toEqual(["attestations", ...both]);
  });

  it("about how many contributed: a step that is missing, keys that lack one", async () => {
    const folder = await ceremony.copy(fresh(), BEACON_STEP);
    await rename(join(folder, "0002"), join(folder, "two"));
    expect(names(await failing(folder))).toEqual([
      "attestations",
      "contributions to multiplier",
      "contributions to guarded",
    ]);
    const dropped = await withLast((_, target) => withEntries(target, target, ([a, b, , d]) => [a!, b!, d!]));
    expect(names(await failing(dropped))).toEqual(["contributions to guarded"]);
  });

  it("about its chain: swapped, repeated, rebuilt under the same names", async () => {
    for (const change of [
      ([a, b, c, d]: Uint8Array[]) => [b!, a!, c!, d!],
      ([a, b, , d]: Uint8Array[]) => [a!, b!, b!, d!],
    ]) {
      const folder = await withLast((_, target) => withEntries(target, target, change));
      expect(names(await failing(folder))).toEqual(["contributions to guarded"]);
    }
    const rebuilt = await withLast(async (_, target) => {
      const [one, two, three] = [fresh(), fresh(), fresh()];
      await withCurve(async () => {
        await zKey.contribute(keyIn(ceremony.folder, "0000"), one, "North", "entropy of a liar");
        await zKey.contribute(one, two, "South", "more of it");
        await zKey.contribute(two, three, "East", "and more");
        const { randomness } = await randomnessOf();
        await zKey.beacon(three, target, "beacon", randomness, 10);
      });
    });
    // Who looks at the last key alone finds a ceremony; those who contributed are not in it.
    expect(names(await failing(rebuilt))).toEqual(["contributions to guarded"]);
  });

  it("about its beacon: another value, fewer iterations, none, or one that is not the last", async () => {
    const { randomness } = await randomnessOf();
    const by = (value: string, exponent: number) => (before: string, target: string) =>
      withCurve(() => zKey.beacon(before, target, "beacon", value, exponent));
    const honest = await withLast(by(randomness, 10));
    expect((await verifyCeremony(honest, verifying(ceremony))).keyClass).toBe("production");
    const cases: readonly [string, (before: string, target: string) => Promise<unknown>, RegExp][] = [
      ["another value", by("ab".repeat(32), 10), /another value/],
      ["more iterations", by(randomness, 11), /another number of times/],
      [
        "a person in its place",
        (before, target) => withCurve(() => zKey.contribute(before, target, "beacon", "entropy")),
        /has not ended with its beacon/,
      ],
    ];
    for (const [name, make, what] of cases) {
      const checks = await failing(await withLast(make));
      expect(names(checks), name).toEqual(["beacon of guarded"]);
      expect(whats(checks)).toMatch(what);
    }
    // An announcement of more iterations than were made.
    const reduced = await ceremony.copy(fresh(), BEACON_STEP);
    await announce(reduced, BEACON_STEP, ({ beacon }) => ({ beacon: { ...beacon, iterationsExponent: 11 } }));
    expect(names(await failing(reduced))).toEqual(BEACONS);
    const unended = await failing(await ceremony.copy(fresh(), 3));
    expect(names(unended)).toEqual(BEACONS);
    await expectNoPackage(await ceremony.copy(fresh(), 3), "beacon of multiplier");
  });

  it("about the answer of its beacon: of another round, without signature, attested by nobody", async () => {
    for (const beacon of [
      beaconAnswer(ROUND + 1),
      { ...beaconAnswer(ROUND + 1), round: ROUND },
      { round: ROUND, signature: "ab".repeat(48) },
    ]) {
      const folder = await ceremony.copy(fresh(), BEACON_STEP);
      await say(folder, BEACON_STEP, () => ({ beacon }));
      expect(names(await failing(folder))).toEqual(BEACONS);
    }
    const moved = await ceremony.copy(fresh(), BEACON_STEP);
    await announce(moved, BEACON_STEP, ({ beacon }) => ({ beacon: { ...beacon, round: ROUND - 1 } }));
    expect(names(await failing(moved))).toEqual(BEACONS);
    const silent = await ceremony.copy(fresh(), BEACON_STEP);
    const { beacon: _, ...rest } = await readAttestation(silent, BEACON_STEP);
    await writeFile(join(silent, "0004", "attestation.json"), JSON.stringify(rest));
    expect(names(await failing(silent))).toEqual(BEACONS);
  });

  it("about its points: of another delta, or one of them another", async () => {
    for (const id of [5, 8, 9]) {
      const folder = await withLast((_, target) =>
        rewriteKey(target, target, {
          [id]: inPlace((section) => {
            section.copyWithin(0, section.length - 64);
          }),
        }),
      );
      expect(names(await failing(folder))).toEqual(["points of guarded"]);
      await expectNoPackage(folder, "points of guarded");
    }
  });

  it("about which circuit a key is of", async () => {
    const folder = await withLast((_, target) => cp(keyIn(ceremony.folder, "0004", "multiplier"), target));
    const checks = await failing(folder);
    expect(names(checks)).toEqual(["contributions to guarded", "points of guarded"]);
    expect(whats(checks)).toContain("another circuit");
    await rm(keyIn(folder, "0004"));
    const four = ["contributions to", "beacon of", "points of", "verifier of"].map(
      (each) => `${each} guarded`,
    );
    expect(names(await failing(folder))).toEqual(four);
  });
});

/** The value of the tests' beacon. */
async function randomnessOf(): Promise<{ randomness: string }> {
  const { createHash } = await import("node:crypto");
  const { signature } = beaconAnswer(ROUND);
  expect((await announcementOf(ceremony.folder)).beacon.round).toBe(ROUND);
  return { randomness: createHash("sha256").update(Buffer.from(signature, "hex")).digest("hex") };
}
