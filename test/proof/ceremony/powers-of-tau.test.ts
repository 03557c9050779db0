import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  checkPowersOfTau,
  type PinnedPowers,
  pinnedPowersOfTau,
  preparedBytes,
  readPowersOfTau,
} from "../../../src/proof/index.js";
import { makePowersOfTau, POWER } from "../keys/ceremony.js";

describe("the pinned powers of tau", () => {
  it("are 8 to 28, each of the size that its sections add up to", async () => {
    const rows = await pinnedPowersOfTau();
    expect(rows.map(({ power }) => power)).toEqual(Array.from({ length: 21 }, (_, i) => 8 + i));
    for (const { power, bytes } of rows) {
      const [two, four] = [2 ** (power + 1) - 1, 2 ** (power + 2) - 1];
      expect(bytes).toBe(83_352 + 64 * two + 256 * 2 ** power + 128 + 64 * four + 256 * two);
      expect(preparedBytes(power)).toBe(bytes);
    }
    expect(new Set(rows.map(({ blake2b512 }) => blake2b512)).size).toBe(rows.length);
  });
});

describe("checking powers of tau", () => {
  let folder: string;
  let made: { unprepared: string; prepared: string };
  let bytes: Buffer;
  let pinned: PinnedPowers[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sealpatch-powers-"));
    made = await makePowersOfTau(folder);
    bytes = await readFile(made.prepared);
    pinned = [{ power: POWER, file: "ceremony-2.ptau", bytes: bytes.length, blake2b512: blake2b(bytes) }];
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const blake2b = (content: Buffer) => createHash("blake2b512").update(content).digest("hex");
  const refusal = (path: string, power = POWER, list = pinned) =>
    checkPowersOfTau(path, { power, pinned: list }).catch((error: unknown) => error);

  /** A copy of the prepared file with some bytes changed. */
  async function changed(name: string, change: (copy: Buffer) => void): Promise<string> {
    const copy = Buffer.from(bytes);
    change(copy);
    const path = join(folder, name);
    await writeFile(path, copy);
    return path;
  }

  /** The same rows, with the hash of another file: what only the header can refuse. */
  const pinnedAs = async (path: string): Promise<PinnedPowers[]> => [
    { ...pinned[0]!, bytes: (await readFile(path)).length, blake2b512: blake2b(await readFile(path)) },
  ];

  it("takes the pinned file, also where fewer powers are needed, and says how far it is", async () => {
    const seen: number[] = [];
    const onProgress = ({ fraction }: { fraction: number }) => seen.push(fraction);
    expect(await checkPowersOfTau(made.prepared, { power: POWER, pinned, onProgress })).toEqual(pinned[0]);
    expect(seen.at(-1)).toBe(1);
    expect(await checkPowersOfTau(made.prepared, { power: POWER - 2, pinned })).toEqual(pinned[0]);
    expect(await readPowersOfTau(made.prepared)).toEqual({ power: POWER, bytes: bytes.length });
  });

  it("refuses a file of another size by that alone, and names what would do", async () => {
    const error = await refusal(made.prepared, 18, [...(await pinnedPowersOfTau())]);
    expect(error).toMatchObject({ code: "ceremony/other-powers-of-tau", details: { bytes: bytes.length } });
    const { remedy } = error as { remedy: string };
    expect(remedy).toContain("powersOfTau28_hez_final_18.ptau (302072984 bytes, BLAKE2b 7e6a9c2e5f05179d");
    expect(remedy).not.toContain("powersOfTau28_hez_final_17.ptau");
  });

  it("refuses every file where the power asked for is no number", async () => {
    for (const power of [Number.NaN, "many", {}])
      expect(await refusal(made.prepared, power as number, pinned)).toMatchObject({
        code: "ceremony/small-powers-of-tau",
      });
  });

  it("refuses too few powers", async () => {
    const error = await refusal(made.prepared, POWER + 1, [
      ...pinned,
      { power: POWER + 1, file: "larger.ptau", bytes: 1, blake2b512: "0".repeat(128) },
    ]);
    expect(error).toMatchObject({
      code: "ceremony/small-powers-of-tau",
      details: { power: POWER, needed: POWER + 1 },
    });
    expect((error as { remedy: string }).remedy).toContain("larger.ptau");
  });

  it("refuses another content of the right size: one bit of the last section", async () => {
    const path = await changed("bit.ptau", (copy) => {
      copy[copy.length - 1]! ^= 1;
    });
    expect(await refusal(path)).toMatchObject({
      code: "ceremony/changed-powers-of-tau",
      details: { expected: pinned[0]!.blake2b512 },
    });
  });

  it("refuses powers that are not prepared", async () => {
    expect(await refusal(made.unprepared, POWER, await pinnedAs(made.unprepared))).toMatchObject({
      code: "ceremony/unprepared-powers-of-tau",
    });
  });

  it("refuses a file whose header says another power than the table", async () => {
    expect(await refusal(made.prepared, POWER, [{ ...pinned[0]!, power: POWER + 1 }])).toMatchObject({
      code: "ceremony/other-powers-of-tau",
    });
  });

  // The header begins after the container's 12 bytes and the section's 12: size of a coordinate, order, power.
  it.each([
    ["another curve", 24 + 4, "ceremony/other-curve"],
    ["another size of coordinates", 24, "ceremony/other-curve"],
    ["another power", 24 + 36, "key/unreadable"],
    ["another kind of file", 0, "key/unreadable"],
    ["a section of another size", 12 + 4, "key/unreadable"],
  ])("refuses %s by the header", async (_, offset, code) => {
    const path = await changed("header.ptau", (copy) => {
      copy[offset]! ^= 2;
    });
    expect(await refusal(path, POWER, await pinnedAs(path))).toMatchObject({ code });
  });

  it("refuses a file that is cut off, empty or missing", async () => {
    const path = await changed("cut.ptau", () => {});
    for (const length of [bytes.length - 1, 40, 12, 0]) {
      await truncate(path, length);
      const error = await refusal(path, POWER, await pinnedAs(path));
      expect(error).toMatchObject({ code: "key/unreadable" });
    }
    expect(await refusal(join(folder, "none.ptau"))).toMatchObject({ code: "key/unreadable" });
  });
});
