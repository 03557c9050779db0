import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { zKey } from "snarkjs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  applyBeacon,
  beginCeremony,
  contribute,
  finalizeCeremony,
  receiveContribution,
  verifyCeremony,
} from "../../src/ceremony/index.js";
import { withCurve } from "../../src/proof/curve/index.js";
import { buildCircuit } from "../../src/proof/index.js";
import { readContributions } from "../../src/proof/keys/index.js";
import { scratchFolder } from "../proof/circuit.js";
import { TINY_CIRCUITS } from "./rehearsal.js";
import {
  ANSWER,
  BEACON_STEP,
  beginning,
  contentOf,
  hashOf,
  holdTinyCeremony,
  PEOPLE,
  stepName,
  type TinyCeremony,
  verifying,
} from "./tiny-ceremony.js";

const home = await scratchFolder();
let made = 0;
const fresh = () => join(home, `folder-${made++}`);
let ceremony: TinyCeremony;

beforeAll(async () => {
  ceremony = await holdTinyCeremony(join(home, "held"));
});

const outcomes = (checks: readonly { readonly name: string; readonly outcome: string }[]) =>
  Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]));

describe("T21: a ceremony", () => {
  it("ends with keys that snarkjs, too, finds to follow from circuit and powers of tau", async () => {
    for (const { name, source } of TINY_CIRCUITS) {
      const { r1csFile } = await buildCircuit({ source });
      const file = join(ceremony.folder, stepName(BEACON_STEP), `${name}.zkey`);
      // By their bytes: snarkjs leaves files open that it is given by name.
      const [r1cs, powers, key] = await Promise.all(
        [r1csFile, ceremony.powersOfTau, file].map(async (path) => new Uint8Array(await readFile(path))),
      );
      expect(await withCurve(() => zKey.verifyFromR1cs(r1cs!, powers!, key!))).toBe(true);
      const { entries } = await readContributions(file);
      expect(entries.map((entry) => entry.name)).toEqual([...PEOPLE, "beacon"]);
    }
  });

  it("is a production one in its folder and in its package, over pinned powers of tau", async () => {
    const folder = await ceremony.copy(fresh(), BEACON_STEP);
    const inFolder = await verifyCeremony(folder, verifying(ceremony));
    expect(new Set(inFolder.checks.map(({ outcome }) => outcome))).toEqual(new Set(["holds"]));
    expect(inFolder.checks.length).toBe(3 + 6 * TINY_CIRCUITS.length);
    expect(inFolder.keyClass).toBe("production");
    const { folder: out, record } = await finalizeCeremony(folder, verifying(ceremony));
    expect(record.class).toBe("production");
    const inPackage = await verifyCeremony(out, verifying(ceremony));
    expect(new Set(inPackage.checks.map(({ outcome }) => outcome))).toEqual(new Set(["holds"]));
    expect(inPackage.checks.length).toBe(3 + 6 * TINY_CIRCUITS.length + 2);
    expect(inPackage.keyClass).toBe("production");
    expect(await readFile(join(out, "MultiplierVerifier.sol"), "utf8")).not.toContain("chainid");
  });

  it("is one of test keys where the pinned list has other powers of tau, folder and package", async () => {
    const pinned = [{ ...ceremony.pinned[0]!, blake2b512: "ab".repeat(64) }];
    const folder = await ceremony.copy(fresh(), BEACON_STEP);
    const options = { ...verifying(ceremony), pinned };
    const { keyClass, checks } = await verifyCeremony(folder, options);
    expect(outcomes(checks)["powers of tau"]).toBe("test only");
    expect(keyClass).toBe("test");
    const { folder: out, record } = await finalizeCeremony(folder, options);
    expect(record.class).toBe("test");
    expect(await readFile(join(out, "MultiplierVerifier.sol"), "utf8")).toContain("chainid");
    const verified = await verifyCeremony(out, options);
    expect(outcomes(verified.checks).class).toBe("holds");
    expect(verified.keyClass).toBe("test");
  });

  it("is one of test keys where its coordinator did not hold the powers of tau against the list", async () => {
    const folder = fresh();
    const { powersOfTau } = await beginCeremony(folder, { ...beginning(ceremony), unpinned: true });
    expect(powersOfTau.pinned).toBe(false);
    for (const name of PEOPLE) await contribute(folder, { name });
    await applyBeacon(folder, ANSWER);
    const { keyClass, checks } = await verifyCeremony(folder, verifying(ceremony));
    expect(checks.filter(({ outcome }) => outcome !== "holds").map(({ name }) => name)).toEqual([
      "powers of tau",
    ]);
    expect(keyClass).toBe("test");
  });

  it("is one of test keys where fewer than three contributed, or fewer than it asked for", async () => {
    for (const [people, minimumContributions] of [
      [["North", "South"], 3],
      [PEOPLE, 4],
    ] as const) {
      const other = await holdTinyCeremony(fresh(), { people, minimumContributions });
      const { keyClass, checks } = await verifyCeremony(other.folder, verifying(other));
      expect(checks.filter(({ outcome }) => outcome !== "holds")).toEqual([
        expect.objectContaining({ name: "attestations", outcome: "test only" }),
      ]);
      expect(keyClass).toBe("test");
      const { record } = await finalizeCeremony(other.folder, verifying(other));
      expect(record.class).toBe("test");
    }
  });

  it("is one of test keys where the powers of tau were not there to be looked at", async () => {
    const { powersOfTau: _, ...without } = verifying(ceremony);
    const { keyClass, checks } = await verifyCeremony(ceremony.folder, without);
    const missing = [
      "powers of tau",
      ...TINY_CIRCUITS.flatMap(({ name }) => [`initial key of ${name}`, `points of ${name}`]),
    ];
    expect(checks.filter(({ outcome }) => outcome === "not checked").map(({ name }) => name)).toEqual(
      missing,
    );
    expect(keyClass).toBe("test");
  });

  it("has initial keys that snarkjs makes again, byte for byte", async () => {
    const { checks } = await verifyCeremony(ceremony.folder, { ...verifying(ceremony), slow: true });
    for (const name of ["initial key of multiplier", "initial key of guarded"]) {
      const check = checks.find((each) => each.name === name);
      expect(check).toMatchObject({ outcome: "holds", what: expect.stringContaining("snarkjs") });
    }
  });
});

describe("a command that is given again", () => {
  /** Runs a step twice. @returns what it says, both times the same, nothing being written the second time. */
  async function twice<T>(folder: string, step: () => Promise<T>): Promise<T> {
    const first = await step();
    const after = await contentOf(folder);
    expect(await step()).toEqual(first);
    expect(await contentOf(folder)).toEqual(after);
    return first;
  }

  it("does nothing, and says what it said", async () => {
    const folder = fresh();
    await twice(folder, () => beginCeremony(folder, beginning(ceremony)));
    for (const name of PEOPLE) {
      const { attestation } = await twice(folder, () => contribute(folder, { name }));
      expect(attestation.name).toBe(name);
    }
    await twice(folder, () => applyBeacon(folder, ANSWER));
    const { folder: out } = await twice(folder, () => finalizeCeremony(folder, verifying(ceremony)));
    expect(out).toBe(join(folder, "package"));
    const receiving = await ceremony.copy(fresh(), 0);
    const files = join(ceremony.folder, "0001");
    expect(await twice(receiving, () => receiveContribution(receiving, [files]))).toMatchObject({ index: 1 });
  });

  it("takes a folder, and the files in it, for the same contribution", async () => {
    const [byFolder, byFiles] = [await ceremony.copy(fresh(), 1), await ceremony.copy(fresh(), 1)];
    const step = join(ceremony.folder, "0002");
    const files = (await readdir(step)).map((name) => join(step, name));
    await receiveContribution(byFolder, [step]);
    await receiveContribution(byFiles, files);
    expect(await contentOf(byFolder)).toEqual(await contentOf(byFiles));
  });

  it("begins the same ceremony with the same keys elsewhere, but for the contributions", async () => {
    const folder = fresh();
    await beginCeremony(folder, beginning(ceremony));
    expect(await contentOf(folder)).toEqual(await contentOf(await ceremony.copy(fresh(), 0)));
  });

  it("packs the same package elsewhere", async () => {
    const [one, other] = [fresh(), fresh()];
    await finalizeCeremony(ceremony.folder, { ...verifying(ceremony), out: one });
    await finalizeCeremony(await ceremony.copy(fresh(), BEACON_STEP), { ...verifying(ceremony), out: other });
    expect(await contentOf(one)).toEqual(await contentOf(other));
    expect(Object.keys(await contentOf(one)).length).toBeGreaterThan(10);
  });

  it("leaves what is finished of a step as it is, and does the rest", async () => {
    const folder = await ceremony.copy(fresh(), 0);
    const whole = await contribute(await ceremony.copy(fresh(), 0), { name: "West" });
    const { cp, mkdir } = await import("node:fs/promises");
    await mkdir(join(folder, "0001"));
    await cp(join(whole.folder, "multiplier.zkey"), join(folder, "0001", "multiplier.zkey"));
    const { attestation } = await contribute(folder, { name: "West" });
    const kept = hashOf(await readFile(join(folder, "0001", "multiplier.zkey")));
    expect(kept).toBe(whole.attestation.circuits.multiplier!.made);
    expect(attestation.circuits.multiplier).toEqual(whole.attestation.circuits.multiplier);
    expect(attestation.circuits.guarded).not.toEqual(whole.attestation.circuits.guarded);
    await receiveContribution(await ceremony.copy(fresh(), 0), [join(folder, "0001")]);
  });
});
