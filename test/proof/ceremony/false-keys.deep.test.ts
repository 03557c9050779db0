import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { zKey } from "snarkjs";
import { describe, expect, it } from "vitest";
import { singleThreadCurve, withCurve } from "../../../src/proof/curve/index.js";
import { checkKey, checkSuccessor } from "../../../src/proof/index.js";
import { assertContributionChain } from "../../../src/proof/keys/ceremony/index.js";
import { readContributions } from "../../../src/proof/keys/contributions.js";
import { pointBytes } from "../../../src/proof/keys/transcript.js";
import { ZKEY_SECTIONS } from "../../../src/proof/keys/zkey-format.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";
import { FALSE_KEYS } from "./false-keys.js";
import { contributeWith, inPlace, makeKeySeries, rewriteKey } from "./key-files.js";
import { keyHoldsByNoble } from "./noble.js";

const { G2 } = await singleThreadCurve();
const folder = await scratchFolder();
const { r1csFile } = await compileTestCircuit(folder, "multiplier");
const series = await makeKeySeries(folder, { r1csFile, power: 3 });
const { ptauFile, keys } = series;
const refusal = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);

/** `verifyFromR1cs` is `verifyFromInit` after `newZKey`. It answers false, or with an exception, and closes no file that it is given by name. */
const bySnarkjs = async (zkeyFile: string): Promise<boolean> => {
  const [circuit, powers, key] = await Promise.all(
    [r1csFile, ptauFile, zkeyFile].map(async (path) => new Uint8Array(await readFile(path))),
  );
  return withCurve(() => zKey.verifyFromR1cs(circuit!, powers!, key!)).catch(() => false);
};

describe("T07: the keys of a ceremony", () => {
  it("hold after nobody, one, three, and a beacon: here, for snarkjs, and by @noble/curves", async () => {
    for (const key of keys) {
      await checkKey({ r1csFile, ptauFile, zkeyFile: key });
      expect(await bySnarkjs(key)).toBe(true);
      expect(await keyHoldsByNoble(keys[0]!, key)).toBe(true);
    }
    for (const [index, key] of keys.slice(1).entries()) await checkSuccessor(keys[index]!, key);
    // What the false keys below are made with makes right ones.
    const made = await contributeWith(keys[3]!, join(folder, "made.zkey"), { secret: 77n, base: 5n });
    await checkKey({ r1csFile, ptauFile, zkeyFile: made });
    await checkSuccessor(keys[3]!, made);
    expect(await bySnarkjs(made)).toBe(true);
    expect(await keyHoldsByNoble(keys[0]!, made)).toBe(true);
  });

  describe.each(FALSE_KEYS)("do not hold with $name", ({ section, successor, silent = {}, make }) => {
    it("in three opinions", async () => {
      const zkeyFile = await make(series, join(folder, "false.zkey"));
      const againstFiles = await refusal(checkKey({ r1csFile, ptauFile, zkeyFile }));
      if (section === undefined) expect(againstFiles).toBeUndefined();
      else expect(againstFiles).toMatchObject({ code: "ceremony/other-key", details: { section } });
      const asSuccessor = await refusal(checkSuccessor(keys[3]!, zkeyFile));
      expect(asSuccessor).toMatchObject(
        successor.includes("/")
          ? { code: successor }
          : { code: "ceremony/other-successor", details: { section: successor } },
      );
      expect(await bySnarkjs(zkeyFile)).toBe(silent.snarkjs !== undefined);
      expect(await keyHoldsByNoble(keys[0]!, zkeyFile)).toBe(silent.noble !== undefined);
    });
  });

  it("do not follow from a key that was none", async () => {
    const target = join(folder, "before.zkey");
    const { header, c } = ZKEY_SECTIONS;
    const other = inPlace((content) => content.set(pointBytes(G2, G2.g), content.length - 128));
    const offCurve = inPlace((content) => {
      content[0]! ^= 1;
    });
    for (const [section, id, change] of [
      ["header", header, other],
      ["C", c, offCurve],
    ] as const) {
      await rewriteKey(keys[3]!, target, { [id]: change });
      expect(await refusal(checkSuccessor(target, keys[4]!))).toMatchObject({
        code: "ceremony/other-successor",
        details: { section },
        why: expect.stringContaining("in the key before"),
      });
    }
  });

  it("are a chain that no key alone shows to be broken", async () => {
    for (const { section, successor, make } of FALSE_KEYS) {
      if (section !== undefined || successor !== "ceremony/broken-chain") continue;
      const zkeyFile = await make(series, join(folder, "false.zkey"));
      const chain = assertContributionChain(await readContributions(zkeyFile));
      expect(await refusal(chain)).toMatchObject({ code: "ceremony/broken-chain" });
    }
  });
});
