import { copyFile, mkdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as ffjavascript from "ffjavascript";
import { powersOfTau, zKey } from "snarkjs";
import { beforeAll, describe, expect, it } from "vitest";
import { beginCeremony, type InitOptions } from "../../src/ceremony/index.js";
import { withCurve } from "../../src/proof/curve/index.js";
import { buildCircuit } from "../../src/proof/index.js";
import { writePowersOfTau } from "../../src/proof/keys/ceremony/rehearsal/index.js";
import { scratchFolder } from "../proof/circuit.js";
import { makePowersOfTau } from "../proof/keys/ceremony.js";
import { expectRefusal, type Refusal } from "./forged.js";
import { POWERS_SECRETS, TINY_CIRCUITS } from "./rehearsal.js";
import { beginning, contentOf, hashOf, pinnedAs, ROUND, tinyPowers } from "./tiny-ceremony.js";

const home = await scratchFolder();
let made = 0;
const fresh = () => join(home, `folder-${made++}`);
let powers: Awaited<ReturnType<typeof tinyPowers>>;
let good: Buffer;
let r1csFile: string;

beforeAll(async () => {
  powers = await tinyPowers(home);
  good = await readFile(powers.powersOfTau);
  ({ r1csFile } = await buildCircuit({ source: TINY_CIRCUITS[0]!.source }));
});

/** A beginning that is refused leaves no folder, or the one that there was as it was. */
async function refused(options: Partial<InitOptions>, refusal: Refusal, folder = fresh()): Promise<void> {
  const all = { ...beginning(powers), ...options };
  await expectRefusal(folder, refusal, () => beginCeremony(folder, all));
  if (/folder-\d+$/.test(folder) && Object.keys(await contentOf(folder)).length === 0)
    await expect(stat(folder)).rejects.toMatchObject({ code: "ENOENT" });
}

async function file(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(home, name), bytes);
  return join(home, name);
}

/** The list with a row for a file, as if that were a pinned one. */
const listing = async (path: string, power: number) => (await pinnedAs(path, power)).pinned;

describe("T21: powers of tau that a ceremony does not begin with", () => {
  it("are those of no list, unless it is said so", async () => {
    await refused({ pinned: [{ ...powers.pinned[0]!, bytes: 1 }] }, { code: "ceremony/other-powers-of-tau" });
    // The product's own list.
    const { pinned: _, ...without } = beginning(powers);
    const refusal = await expectRefusal(fresh(), { code: "ceremony/other-powers-of-tau" }, () =>
      beginCeremony(fresh(), without),
    );
    expect(refusal.remedy).toMatch(/powersOfTau28_hez_final_08\.ptau \(378008 bytes, BLAKE2b d6a8/);
  });

  it("are too few, pinned or not", async () => {
    const small = join(home, "small.ptau");
    await writePowersOfTau(small, { ...POWERS_SECRETS, power: 4 });
    const refusal = { code: "ceremony/small-powers-of-tau", details: { power: 4, needed: 5 } };
    await refused({ powersOfTau: small, pinned: await listing(small, 4) }, refusal);
    await refused({ powersOfTau: small, unpinned: true }, refusal);
  });

  it("are not prepared", async () => {
    const { unprepared } = await makePowersOfTau(home);
    const refusal = { code: "ceremony/unprepared-powers-of-tau", details: { power: 5 } };
    await refused({ powersOfTau: unprepared, pinned: await listing(unprepared, 5) }, refusal);
    await refused({ powersOfTau: unprepared, unpinned: true }, refusal);
  });

  it("are of BLS12-381", async () => {
    const other = join(home, "bls12-381.ptau");
    const curve = await (
      ffjavascript as unknown as { buildBls12381(single: boolean): Promise<ffjavascript.Curve> }
    ).buildBls12381(true);
    await powersOfTau.newAccumulator(curve, 5, other);
    const refusal = { code: "ceremony/other-curve" };
    await refused({ powersOfTau: other, unpinned: true }, refusal);
    await refused({ powersOfTau: other, pinned: await listing(other, 5) }, refusal);
  });

  it("are cut off, empty, missing, or no powers of tau", async () => {
    const cut = await file("cut.ptau", good);
    for (const length of [good.length - 1, good.length - 64, good.length >> 1, 60, 12, 0]) {
      await truncate(cut, length);
      await refused({ powersOfTau: cut }, { code: "ceremony/other-powers-of-tau" });
      await refused({ powersOfTau: cut, unpinned: true }, { code: "key/unreadable" });
      await refused({ powersOfTau: cut, pinned: await listing(cut, 5) }, { code: "key/unreadable" });
    }
    for (const powersOfTau of [join(home, "none.ptau"), home, r1csFile])
      await refused({ powersOfTau, unpinned: true }, { code: "key/unreadable" });
    await refused(
      { powersOfTau: await file("zero.ptau", Buffer.alloc(good.length)) },
      { code: "key/unreadable" },
    );
  });

  it("have one byte changed, in whatever section", async () => {
    // The container's head, then each section's head and content.
    for (let position = 12; position < good.length; ) {
      const size = Number(good.readBigUInt64LE(position + 4));
      const copy = Buffer.from(good);
      copy[position + 12 + (size >> 1)]! ^= 1;
      const powersOfTau = await file("byte.ptau", copy);
      const isHeader = good.readUInt32LE(position) === 1;
      const code = isHeader ? "ceremony/other-curve" : "ceremony/changed-powers-of-tau";
      await refused({ powersOfTau }, { code });
      position += 12 + size;
    }
  });

  it("are others of the right size", async () => {
    const powersOfTau = join(home, "same-size.ptau");
    await writePowersOfTau(powersOfTau, { ...POWERS_SECRETS, tau: 12_345n, power: 5 });
    await refused({ powersOfTau }, { code: "ceremony/changed-powers-of-tau" });
  });

  it("are larger than needed: those are taken", async () => {
    const powersOfTau = join(home, "large.ptau");
    await writePowersOfTau(powersOfTau, { ...POWERS_SECRETS, power: 6 });
    const options = { ...beginning(powers), powersOfTau, pinned: await listing(powersOfTau, 6) };
    expect(await beginCeremony(fresh(), options)).toMatchObject({ powersOfTau: { power: 6, pinned: true } });
  });

  it("are damaged where they are in no list: the key that comes out is refused, and not kept", async () => {
    // The last point of the Lagrange basis of 2^5 rows, which section 12 ends with but for the double domain.
    const copy = Buffer.from(good);
    let position = 12;
    while (copy.readUInt32LE(position) !== 12) position += 12 + Number(copy.readBigUInt64LE(position + 4));
    copy[position + 12 + 64 * (2 ** 3 - 1)]! ^= 1;
    const powersOfTau = await file("damaged.ptau", copy);
    await refused({ powersOfTau, unpinned: true }, { code: "ceremony/other-key", why: /not on the curve/ });
  });
});

describe("a ceremony does not begin", () => {
  it("with a beacon that is known already, or with no round", async () => {
    for (const beaconRound of [Math.floor(Date.now() / 1000), 1, 0, -1, 1.5 + ROUND, Number.NaN, 2 ** 60])
      await refused({ beaconRound }, { code: "ceremony/past-round", why: /choose a contribution/ });
  });

  it("with fewer contributions than a production key needs, or more than it takes", async () => {
    for (const minimumContributions of [2, 0, -3, 3.5, Number.NaN, 1001])
      await refused({ minimumContributions }, { code: "ceremony/too-few-contributions" });
  });

  it("in a folder of something else, and removes nothing there", async () => {
    for (const name of ["notes.txt", "package.making", "0001", "ceremony.json.old"]) {
      const folder = fresh();
      await mkdir(folder);
      await writeFile(join(folder, name), "somebody's");
      await refused({}, { code: "ceremony/folder-in-use", details: { found: `"${name}"` } }, folder);
    }
  });

  it("where another one began: of another round, other contributions, circuits or powers of tau", async () => {
    const folder = fresh();
    await beginCeremony(folder, beginning(powers));
    const code = "ceremony/folder-in-use";
    for (const other of [
      { beaconRound: ROUND + 1 },
      { minimumContributions: 4 },
      { unpinned: true },
      { circuits: TINY_CIRCUITS.slice(1) },
      { circuits: [TINY_CIRCUITS[0]!, { ...TINY_CIRCUITS[1]!, source: TINY_CIRCUITS[0]!.source }] },
    ])
      await refused(other, { code }, folder);
    const powersOfTau = await file("changed.ptau", Buffer.from(good).fill(0, good.length - 64));
    await refused({ powersOfTau }, { code: "ceremony/changed-powers-of-tau" }, folder);
  });

  it("with an initial key that is another, has a contribution, or is torn; with a right one it does", async () => {
    const initial = join(home, "initial.zkey");
    const contributed = join(home, "contributed.zkey");
    const foreign = join(home, "foreign.zkey");
    const other = join(home, "other.ptau");
    await writePowersOfTau(other, { ...POWERS_SECRETS, beta: 3n, power: 5 });
    await withCurve(async () => {
      await zKey.newZKey(r1csFile, powers.powersOfTau, initial);
      await zKey.newZKey(r1csFile, other, foreign);
      await zKey.contribute(initial, contributed, "eager", "entropy of the eager");
    });
    const with_ = async (bytes: Uint8Array): Promise<string> => {
      const folder = fresh();
      await mkdir(join(folder, "0000"), { recursive: true });
      await writeFile(join(folder, "0000", "multiplier.zkey"), bytes);
      return folder;
    };
    const whole = await readFile(initial);
    await refused({}, { code: "ceremony/other-key" }, await with_(await readFile(foreign)));
    await refused(
      {},
      { code: "ceremony/other-initial-key", details: { section: "contributions" } },
      await with_(await readFile(contributed)),
    );
    await refused({}, { code: "key/unreadable" }, await with_(whole.subarray(0, -64)));
    const folder = await with_(whole);
    const before = await stat(join(folder, "0000", "multiplier.zkey"));
    const { circuits } = await beginCeremony(folder, beginning(powers));
    expect(circuits.multiplier!.initialKey).toBe(hashOf(whole));
    expect((await stat(join(folder, "0000", "multiplier.zkey"))).mtimeMs).toBe(before.mtimeMs);
  });

  it("where nothing can be written", async () => {
    const below = await file("no-folder", Buffer.from("a file"));
    for (const folder of [below, join(below, "ceremony"), "/dev/null/ceremony"])
      await refused({}, { code: "ceremony/folder-unwritable", why: /the system says E[A-Z]+/ }, folder);
    expect(await readFile(below, "utf8")).toBe("a file");
    const blocked = fresh();
    await mkdir(blocked);
    await copyFile(below, join(blocked, "0000"));
    await refused({}, { code: "ceremony/folder-unwritable" }, blocked);
  });
});
