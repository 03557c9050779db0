import { join } from "node:path";
import { zKey } from "snarkjs";
import { beforeAll, describe, expect, it } from "vitest";
import { singleThreadCurve, withCurve } from "../../../src/proof/curve/index.js";
import { checkInitialKey, checkKey } from "../../../src/proof/index.js";
import { writePowersOfTau } from "../../../src/proof/keys/ceremony/rehearsal/index.js";
import { readContributions } from "../../../src/proof/keys/contributions.js";
import { pointBytes } from "../../../src/proof/keys/transcript.js";
import { readZkeyHeader, ZKEY_SECTIONS } from "../../../src/proof/keys/zkey-format.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";
import { inPlace, type KeySeries, makeKeySeries, pointsOf, rewriteKey, SECRETS } from "./key-files.js";
import { SMALLEST_ORDER, strayPoint } from "./stray-point.js";

const POWER = 5;
const folder = await scratchFolder();
const { r1csFile } = await compileTestCircuit(folder, "guarded");
const other = await compileTestCircuit(folder, "multiplier");
const at = (name: string) => join(folder, name);
const { G1, G2 } = await singleThreadCurve();

let ptauFile: string;
let keys: KeySeries["keys"];

beforeAll(async () => {
  ({ ptauFile, keys } = await makeKeySeries(folder, { r1csFile, power: POWER }));
});

const files = (zkeyFile: string) => ({ r1csFile, ptauFile, zkeyFile });
const refusal = (zkeyFile: string) => checkKey(files(zkeyFile)).catch((error: unknown) => error);
const otherKey = (section: string) => ({ code: "ceremony/other-key", details: { section } });

/** The last key with a section changed in place. */
const changed = (id: number, change: (section: Buffer) => unknown) =>
  rewriteKey(keys[4]!, at("changed.zkey"), { [id]: inPlace(change) });

describe("T07: the initial key of a circuit", () => {
  it("is the one that snarkjs makes of circuit and powers of tau", async () => {
    const seen: number[] = [];
    await checkInitialKey({ ...files(keys[0]!), onProgress: ({ fraction }) => seen.push(fraction) });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it("has no contribution, not even a beacon's", async () => {
    for (const key of keys.slice(1)) {
      await expect(checkInitialKey(files(key))).rejects.toMatchObject({ code: "ceremony/other-initial-key" });
    }
  });

  it("has the hash of its circuit, so that no contribution to another one is taken for one to this", async () => {
    const path = await rewriteKey(keys[0]!, at("changed.zkey"), {
      [ZKEY_SECTIONS.contributions]: inPlace((section) => {
        section[0]! ^= 1;
      }),
    });
    await checkKey(files(path));
    await expect(checkInitialKey(files(path))).rejects.toMatchObject({
      code: "ceremony/other-initial-key",
      details: { section: "contributions" },
    });
    expect(await withCurve(() => zKey.verifyFromR1cs(r1csFile, ptauFile, path))).toBe(false);
  });

  it("has the generator for delta: no later key is one whose contributions were taken out", async () => {
    const bare = await rewriteKey(keys[3]!, at("bare.zkey"), {
      [ZKEY_SECTIONS.contributions]: (section) => Buffer.concat([section.subarray(0, 64), Buffer.alloc(4)]),
    });
    await expect(checkInitialKey(files(bare))).rejects.toMatchObject(otherKey("header"));
  });
});

describe("T07: a key of a circuit", () => {
  it("is one also where the powers of tau are more than the circuit needs", async () => {
    const small = { ...files(at("small-0.zkey")), r1csFile: other.r1csFile };
    expect(await withCurve(() => zKey.newZKey(small.r1csFile, ptauFile, small.zkeyFile))).not.toBe(-1);
    expect((await readZkeyHeader(small.zkeyFile)).domainSize).toBeLessThan(2 ** POWER);
    await checkInitialKey(small);
  });

  it("is none of another circuit, or over other powers", async () => {
    await expect(checkKey({ ...files(keys[4]!), r1csFile: other.r1csFile })).rejects.toMatchObject(
      otherKey("header"),
    );
    const others = at("others.ptau");
    for (const secret of ["alpha", "beta"] as const) {
      await writePowersOfTau(others, { power: POWER, ...SECRETS, [secret]: 7n });
      await expect(checkKey({ ...files(keys[4]!), ptauFile: others })).rejects.toMatchObject(
        otherKey("header"),
      );
    }
    await writePowersOfTau(others, { power: POWER, ...SECRETS, tau: 7n });
    await expect(checkKey({ ...files(keys[4]!), ptauFile: others })).rejects.toMatchObject(otherKey("A"));
  });

  it.each([
    ["A", ZKEY_SECTIONS.a, G1],
    ["B in G1", ZKEY_SECTIONS.b1, G1],
    ["B in G2", ZKEY_SECTIONS.b2, G2],
    ["IC", ZKEY_SECTIONS.ic, G1],
    ["C", ZKEY_SECTIONS.c, G1],
    ["H", ZKEY_SECTIONS.h, G1],
  ] as const)(
    "is refused where section %s has a point less, off the curve, or written in another way",
    async (section, id, group) => {
      const size = 2 * group.F.n8;
      const used = (content: Buffer) => pointsOf(content, group).findIndex((point) => !group.isZero(point));
      const off = await changed(id, (content) => {
        content[used(content) * size]! ^= 1;
      });
      const onCurve = { ...otherKey(section), why: expect.stringMatching(/point \d+ is not on the curve/) };
      expect(await refusal(off)).toMatchObject(onCurve);
      const unreduced = await changed(id, (content) =>
        content.fill(0xff, used(content) * size, used(content) * size + 32),
      );
      expect(await refusal(unreduced)).toMatchObject(onCurve);
      const short = await rewriteKey(keys[4]!, at("changed.zkey"), {
        [id]: (content) => content.subarray(size),
      });

      expect(await refusal(short)).toMatchObject({
        ...otherKey(section),
        why: expect.stringContaining("another number of points"),
      });
    },
  );

  it("is refused where a point of G2 has a part outside the subgroup, of the smallest order that there is", async () => {
    const stray = strayPoint();
    expect(G2.isZero(G2.timesScalar(stray, SMALLEST_ORDER))).toBe(true);
    expect(G2.isZero(stray)).toBe(false);
    const path = await changed(ZKEY_SECTIONS.b2, (content) => {
      const start = content.findIndex((byte) => byte !== 0) & ~127;
      const point = new Uint8Array(content.subarray(start, start + 128));
      content.set(pointBytes(G2, G2.add(point, stray)), start);
    });
    expect(await refusal(path)).toMatchObject({
      ...otherKey("B in G2"),
      why: expect.stringContaining("outside the subgroup"),
    });
  });

  it("is refused with other coefficients: one changed, two swapped, one dropped", async () => {
    const size = 44;
    for (const change of [
      (content: Buffer) => content.writeUInt8(content[4 + 12]! ^ 1, 4 + 12),
      (content: Buffer) => content.writeUInt32LE(1 - content.readUInt32LE(4), 4),
      (content: Buffer) => {
        const first = Buffer.from(content.subarray(4, 4 + size));
        content.copy(content, 4, 4 + size, 4 + 2 * size);
        first.copy(content, 4 + size);
      },
      (content: Buffer) => content.writeUInt32LE(content.readUInt32LE(0) - 1, 0),
    ]) {
      expect(await refusal(await changed(ZKEY_SECTIONS.coefficients, change))).toMatchObject(
        otherKey("coefficients"),
      );
    }
  });

  it("is refused with another alpha, beta, gamma or delta", async () => {
    // alpha, beta in both groups, gamma, delta in both groups.
    for (const offset of [84, 148, 212, 340, 468, 532]) {
      const path = await changed(ZKEY_SECTIONS.header, (content) =>
        content.writeUInt8(content[offset]! ^ 1, offset),
      );
      expect(await refusal(path)).toMatchObject(otherKey("header"));
    }
  });

  it("is refused with a delta that is no point, also where its last contribution says so, or outside the subgroup", async () => {
    const entries = await readContributions(keys[4]!);
    const offset = 68 + entries.entries.slice(0, -1).reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (const byte of [1, 0]) {
      const damage = (section: Buffer, start: number) =>
        byte === 0 ? section.fill(0, start, start + 64) : section.writeUInt8(section[start]! ^ 1, start);
      const path = await rewriteKey(keys[4]!, at("changed.zkey"), {
        [ZKEY_SECTIONS.header]: inPlace((section) => damage(section, section.length - 192)),
        [ZKEY_SECTIONS.contributions]: inPlace((section) => damage(section, offset)),
      });
      expect(await refusal(path)).toMatchObject({
        ...otherKey("header"),
        why: expect.stringContaining("delta in G1 is zero, or off the curve"),
      });
    }
    const stray = await changed(ZKEY_SECTIONS.header, (section) => {
      const point = section.subarray(-128);
      point.set(pointBytes(G2, G2.add(new Uint8Array(point), strayPoint())));
    });
    expect(await refusal(stray)).toMatchObject({
      ...otherKey("header"),
      why: expect.stringContaining("outside the subgroup"),
    });
  });

  it("is refused with powers of tau that the circuit does not fit into", async () => {
    const { r1csFile: large } = await compileTestCircuit(folder, "chain");
    await expect(checkKey({ ...files(keys[0]!), r1csFile: large })).rejects.toMatchObject({
      code: "ceremony/small-powers-of-tau",
      details: { power: POWER },
    });
  });
});
