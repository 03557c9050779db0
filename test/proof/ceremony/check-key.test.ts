import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zKey } from "snarkjs";
import { beforeAll, describe, expect, it } from "vitest";
import { singleThreadCurve, withCurve } from "../../../src/proof/curve/index.js";
import { checkInitialKey } from "../../../src/proof/index.js";
import { pointBytes } from "../../../src/proof/keys/transcript.js";
import { readZkeyHeader, ZKEY_SECTIONS } from "../../../src/proof/keys/zkey-format.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";
import { makePowersOfTau, POWER, zkeySection } from "../keys/ceremony.js";

const folder = await scratchFolder();
const { r1csFile } = await compileTestCircuit(folder, "guarded");
const other = await compileTestCircuit(folder, "multiplier");
const at = (name: string) => join(folder, name);
const curve = await singleThreadCurve();
const { G1, G2 } = curve;

let ptauFile: string;
let bytes: Buffer;

beforeAll(async () => {
  ptauFile = (await makePowersOfTau(folder)).prepared;
  await withCurve(async () => {
    expect(await zKey.newZKey(r1csFile, ptauFile, at("0.zkey"))).not.toBe(-1);
    await zKey.contribute(at("0.zkey"), at("1.zkey"), "first", "entropy");
  });
  bytes = await readFile(at("0.zkey"));
});

const files = (zkeyFile: string) => ({ r1csFile, ptauFile, zkeyFile });
const refusal = (zkeyFile: string) => checkInitialKey(files(zkeyFile)).catch((error: unknown) => error);

/** The key with a section changed in place. */
async function changed(id: number, change: (section: Buffer) => void): Promise<string> {
  const copy = Buffer.from(bytes);
  const section = await zkeySection(at("0.zkey"), id);
  const start = copy.indexOf(section);
  change(copy.subarray(start, start + section.length));
  await writeFile(at("changed.zkey"), copy);
  return at("changed.zkey");
}

describe("T07: the initial key of a circuit", () => {
  it("is the one that snarkjs makes of circuit and powers of tau", async () => {
    const seen: number[] = [];
    await checkInitialKey({
      ...files(at("0.zkey")),
      onProgress: ({ fraction }) => seen.push(fraction),
    });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(await withCurve(() => zKey.verifyFromR1cs(r1csFile, ptauFile, at("0.zkey")))).toBe(true);
  });

  it("is one also where the powers of tau are more than the circuit needs", async () => {
    const small = { ...files(at("small-0.zkey")), r1csFile: other.r1csFile };
    expect(await withCurve(() => zKey.newZKey(small.r1csFile, ptauFile, small.zkeyFile))).not.toBe(-1);
    expect((await readZkeyHeader(small.zkeyFile)).domainSize).toBeLessThan(2 ** POWER);
    await checkInitialKey(small);
  });

  it("is none with a contribution, of another circuit, or over other powers", async () => {
    expect(await refusal(at("1.zkey"))).toMatchObject({ code: "ceremony/other-initial-key" });
    await expect(checkInitialKey({ ...files(at("0.zkey")), r1csFile: other.r1csFile })).rejects.toMatchObject(
      { code: "ceremony/other-initial-key" },
    );
    const folderOfOthers = await scratchFolder();
    const { prepared } = await makePowersOfTau(folderOfOthers);
    await expect(checkInitialKey({ ...files(at("0.zkey")), ptauFile: prepared })).rejects.toMatchObject({
      code: "ceremony/other-initial-key",
      details: { section: "header" },
    });
  });

  const SECTIONS = [
    ["A", ZKEY_SECTIONS.a, G1, "A"],
    ["B1", ZKEY_SECTIONS.b1, G1, "B in G1"],
    ["B2", ZKEY_SECTIONS.b2, G2, "B in G2"],
    ["IC", ZKEY_SECTIONS.ic, G1, "IC and C"],
    ["C", ZKEY_SECTIONS.c, G1, "IC and C"],
    ["H", ZKEY_SECTIONS.h, G1, "H"],
  ] as const;

  describe.each(SECTIONS)("refuses a key whose section %s", (_, id, group, section) => {
    const size = 2 * group.F.n8;
    /** Two points that differ and are not zero. */
    const pair = (content: Buffer): [Buffer, Buffer] => {
      const points = Array.from({ length: content.length / size }, (__, i) =>
        content.subarray(i * size, (i + 1) * size),
      ).filter((point) => point.some((byte) => byte !== 0));
      const first = points[0]!;
      return [first, points.findLast((point) => !point.equals(first))!];
    };

    it("has another point", async () => {
      const path = await changed(id, (content) => {
        const [first] = pair(content);
        first.set(pointBytes(group, group.add(new Uint8Array(first), group.g)));
      });
      expect(await refusal(path)).toMatchObject({
        code: "ceremony/other-initial-key",
        details: { section },
      });
      expect(await withCurve(() => zKey.verifyFromR1cs(r1csFile, ptauFile, path))).toBe(false);
    });

    it("has two points swapped", async () => {
      const path = await changed(id, (content) => {
        const [first, last] = pair(content);
        const kept = Buffer.from(first);
        first.set(last);
        last.set(kept);
      });
      expect(await refusal(path)).toMatchObject({
        code: "ceremony/other-initial-key",
        details: { section },
      });
    });

    it("has a point off the curve, or one written in another way", async () => {
      for (const byte of [1, 0xff]) {
        const path = await changed(id, (content) => {
          const [first] = pair(content);
          if (byte === 1) first[0]! ^= 1;
          else first.fill(byte, 0, 32);
        });
        expect(await refusal(path)).toMatchObject({ code: "ceremony/other-initial-key" });
      }
    });
  });

  it("refuses a point of G2 with a part outside the subgroup, of the smallest order that there is", async () => {
    // The cofactor of the curve of G2, and its smallest prime factor.
    const cofactor = 2n * curve.q - curve.r;
    let prime = 2n;
    while (cofactor % prime !== 0n) prime += 1n;
    expect(prime).toBe(10_069n);
    const stray = pointOfOrder(prime, cofactor);
    expect(G2.isZero(G2.timesScalar(stray, prime))).toBe(true);
    expect(G2.isZero(stray)).toBe(false);
    const path = await changed(ZKEY_SECTIONS.b2, (content) => {
      const start = content.findIndex((byte) => byte !== 0) & ~127;
      const point = new Uint8Array(content.subarray(start, start + 128));
      content.set(pointBytes(G2, G2.add(point, stray)), start);
    });
    expect(await refusal(path)).toMatchObject({
      code: "ceremony/other-initial-key",
      details: { section: "B in G2" },
      why: expect.stringContaining("outside the subgroup"),
    });
  });

  /** A point of the curve of G2, outside its subgroup, of a prime order that divides the cofactor. */
  function pointOfOrder(prime: bigint, cofactor: bigint): Uint8Array {
    for (let x = 1n; ; x += 1n) {
      const y = squareRootInTwist(x);
      if (y === undefined) continue;
      const point = G2.fromObject([[x, 0n], y]);
      // The group has r * cofactor points.
      const part = G2.timesScalar(G2.timesScalar(point, curve.r), cofactor / prime);
      if (!G2.isZero(part)) return part;
    }
  }

  /** y with y^2 = x^3 + 3 / (9 + i) in Fq2 = Fq[i], for x of Fq; undefined where there is none. */
  function squareRootInTwist(x: bigint): [bigint, bigint] | undefined {
    const { q } = curve;
    const mod = (value: bigint) => ((value % q) + q) % q;
    const power = (base: bigint, exponent: bigint): bigint => {
      let [result, square] = [1n, mod(base)];
      for (let left = exponent; left > 0n; left >>= 1n) {
        if (left & 1n) result = mod(result * square);
        square = mod(square * square);
      }
      return result;
    };
    const root = (value: bigint): bigint | undefined => {
      const candidate = power(value, (q + 1n) / 4n);
      return mod(candidate * candidate) === mod(value) ? candidate : undefined;
    };
    // 3 / (9 + i) = 3 (9 - i) / 82.
    const scale = mod(3n * power(82n, q - 2n));
    const [a, b] = [mod(x * x * x + 9n * scale), mod(-scale)];
    const norm = root(mod(a * a + b * b));
    if (norm === undefined) return undefined;
    const half = power(2n, q - 2n);
    for (const candidate of [mod((a + norm) * half), mod((a - norm) * half)]) {
      const real = root(candidate);
      if (real === undefined || real === 0n) continue;
      return [real, mod(b * power(2n * real, q - 2n))];
    }
    return undefined;
  }

  it("refuses other coefficients: one changed, two swapped, one dropped", async () => {
    const section = "coefficients";
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
      expect(await refusal(await changed(ZKEY_SECTIONS.coefficients, change))).toMatchObject({
        code: "ceremony/other-initial-key",
        details: { section },
      });
    }
  });

  it("refuses another alpha, beta, gamma or delta", async () => {
    // alpha, beta in both groups, gamma, delta in both groups.
    for (const offset of [84, 148, 212, 340, 468, 532]) {
      const path = await changed(ZKEY_SECTIONS.header, (content) =>
        content.writeUInt8(content[offset]! ^ 1, offset),
      );
      expect(await refusal(path)).toMatchObject({
        code: "ceremony/other-initial-key",
        details: { section: "header" },
      });
    }
  });

  it("refuses powers of tau that the circuit does not fit into", async () => {
    const { r1csFile: large } = await compileTestCircuit(folder, "chain");
    await expect(checkInitialKey({ ...files(at("0.zkey")), r1csFile: large })).rejects.toMatchObject({
      code: "ceremony/small-powers-of-tau",
      details: { power: POWER },
    });
  });
});
