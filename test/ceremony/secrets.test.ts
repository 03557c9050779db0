import crypto, { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { ChaCha } from "ffjavascript";
import { zKey } from "snarkjs";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { contribute, entropyOfDice } from "../../src/ceremony/index.js";
import { keyBySnarkjs } from "../../src/ceremony/snarkjs.js";
import { PointReader } from "../../src/proof/arithmetic/index.js";
import { singleThreadCurve, withCurve } from "../../src/proof/curve/index.js";
import { readContributions } from "../../src/proof/keys/index.js";
import { inverse } from "../../src/proof/keys/modular.js";
import { blake2b, pointBytes, seedOf } from "../../src/proof/keys/transcript.js";
import { sealpatch } from "../cli/sealpatch.js";
import { scratchFolder } from "../proof/circuit.js";
import { attest } from "./forged.js";
import { holdTinyCeremony, stepName, type TinyCeremony } from "./tiny-ceremony.js";

const home = await scratchFolder();
const { Fr, G1 } = await singleThreadCurve();
let made = 0;
const fresh = () => join(home, `folder-${made++}`);
let ceremony: TinyCeremony;

beforeAll(async () => {
  ceremony = await holdTinyCeremony(join(home, "held"), { people: ["North"] });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  syncBuiltinESMExports();
});

/** What the operating system gave, in the order of the calls. */
function watchRandomness() {
  const system: Buffer[] = [];
  const { randomBytes, randomFillSync } = crypto;
  const bySealpatch = vi.spyOn(crypto, "randomBytes").mockImplementation(((size: number) => {
    const bytes = randomBytes(size);
    system.push(Buffer.from(bytes));
    return bytes;
  }) as typeof randomBytes);
  const bySnarkjs = vi.spyOn(crypto, "randomFillSync").mockImplementation(((array: Uint8Array) => {
    randomFillSync(array);
    system.push(Buffer.from(array));
    return array;
  }) as typeof randomFillSync);
  syncBuiltinESMExports();
  return { system, bySealpatch, bySnarkjs };
}

/** The secret of a contribution, from all that went into it, as snarkjs derives it. */
function derived(own: Uint8Array, snarkjs: Uint8Array, given: readonly Uint8Array[]) {
  const hash = createHash("sha512");
  for (const part of [own, ...given]) hash.update(`${part.length}:`).update(part);
  const entropy = hash.digest("hex");
  const generator = new ChaCha(seedOf(blake2b(snarkjs, Buffer.from(entropy))));
  const montgomery = Fr.fromRng(generator);
  const base = G1.fromRng(generator);
  const publicKey = [base, G1.timesFr(base, montgomery)].map((point) => pointBytes(G1, point));
  return { entropy, montgomery, publicKey, secret: BigInt(Fr.toObject(montgomery) as bigint) };
}

const littleEndian = (value: bigint) => Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();

/** How bytes may stand somewhere: as they are and reversed, as hex, base64, and a number. */
function formsOf(bytes: Uint8Array): (Buffer | string)[] {
  const there = Buffer.from(bytes);
  const back = Buffer.from(there).reverse();
  return [there, back].flatMap((each) => [
    each,
    each.toString("hex"),
    each.toString("hex").toUpperCase(),
    each.toString("base64").replace(/=+$/, ""),
    BigInt(`0x${each.toString("hex")}`).toString(),
  ]);
}

/** Everything that is found below a folder. */
async function everything(folder: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    parts.push(Buffer.from(entry.name));
    if (entry.isFile()) parts.push(await readFile(join(entry.parentPath, entry.name)));
  }
  return Buffer.concat(parts);
}

describe("T21: a contribution's secret", () => {
  const ROLLS = "61524352416361524352416361524352416361524352416361";

  it("is found in no file, output, or temporary folder, nor what it was derived from", async () => {
    const place = fresh();
    const temporary = join(place, "tmp");
    const folder = await ceremony.copy(join(place, "ceremony"), [1]);
    await mkdir(temporary);
    vi.stubEnv("TMPDIR", temporary);
    const given = Buffer.from("what the contributor gave: 0123456789abcdef, only once");
    await writeFile(join(home, "entropy"), given);
    const { system } = watchRandomness();
    const args = ["contribute", folder, "--name", "West", "--entropy-file", join(home, "entropy"), "--json"];
    const { code, stdout, stderr } = await sealpatch("ceremony", ...args);
    expect(code).toBe(0);
    const found = Buffer.concat([Buffer.from(stdout + stderr), await everything(place)]);
    const secrets: Uint8Array[] = [given, ...system];
    const drawn = system.filter(({ length }) => length === 64);
    expect(drawn.length).toBe(4);
    for (const [position, circuit] of ["multiplier", "guarded"].entries()) {
      const [own, snarkjs] = drawn.slice(2 * position) as [Buffer, Buffer];
      const { entropy, montgomery, publicKey, secret } = derived(own, snarkjs, [given]);
      // These are the values that were used: the public key follows from them, and is found.
      const { entries } = await readContributions(join(folder, "0002", `${circuit}.zkey`));
      expect([entries[1]!.base, entries[1]!.shifted]).toEqual(publicKey);
      expect(found.includes(Buffer.from(publicKey[0]!))).toBe(true);
      secrets.push(montgomery, littleEndian(secret), littleEndian(inverse(secret)));
      secrets.push(Buffer.from(entropy), Buffer.from(entropy, "hex"));
    }
    for (const bytes of secrets.filter(({ length }) => length >= 16))
      for (const form of formsOf(bytes)) {
        expect(found.includes(form)).toBe(false);
        // Where it stood somewhere, it would be found.
        expect(Buffer.concat([found, Buffer.from(form as string)]).includes(form)).toBe(true);
      }
  });

  it("takes 64 bytes of the system for each circuit, whatever is given, and another 64 by snarkjs", async () => {
    for (const entropy of [[], [entropyOfDice(ROLLS)], [entropyOfDice(ROLLS), Buffer.from("a file")]]) {
      const { system, bySealpatch, bySnarkjs } = watchRandomness();
      const folder = await ceremony.copy(fresh(), [1]);
      await contribute(folder, { name: "West", entropy });
      expect(bySealpatch.mock.calls.filter(([size]) => size === 64)).toHaveLength(2);
      expect(bySnarkjs.mock.calls.filter(([array]) => array.byteLength === 64)).toHaveLength(2);
      const [own, snarkjs] = system.filter(({ length }) => length === 64) as [Buffer, Buffer];
      const { entries } = await readContributions(join(folder, "0002", "multiplier.zkey"));
      // What is given goes into it, and the system's bytes, too.
      const { publicKey } = derived(own, snarkjs, entropy);
      expect(entries[1]!.shifted).toEqual(publicKey[1]);
      expect(derived(own, snarkjs, [...entropy, Buffer.from("1")]).publicKey).not.toEqual(publicKey);
      vi.restoreAllMocks();
      syncBuiltinESMExports();
    }
  });

  it("is another one each time that the same entropy is given, and for each circuit", async () => {
    const keys: string[] = [];
    for (let run = 0; run < 2; run++) {
      const folder = await ceremony.copy(fresh(), [1]);
      const { attestation } = await contribute(folder, { name: "West", entropy: [entropyOfDice(ROLLS)] });
      keys.push(...Object.values(attestation.circuits).map(({ contribution }) => contribution));
    }
    expect(new Set(keys).size).toBe(4);
  });

  it("is in no error, of whatever snarkjs says that failed", async () => {
    const error = await keyBySnarkjs("the step", 16, async () => {
      throw new Error(`entropy ${ROLLS}`);
    }).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: "ceremony/step-failed" });
    expect((error as Error).cause).toBeUndefined();
    expect(`${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain(ROLLS);
  });
});

describe("T21: contributing", () => {
  it("checks each earlier contribution once for each circuit, and no section of points", async () => {
    const folder = await ceremony.copy(fresh(), [1]);
    for (let index = 2; index <= 20; index++) {
      await mkdir(join(folder, stepName(index)));
      for (const circuit of ["multiplier", "guarded"]) {
        const [before, after] = [index - 1, index].map((at) => join(folder, stepName(at), `${circuit}.zkey`));
        await withCurve(() => zKey.contribute(before!, after!, `person ${index}`, "entropy"));
      }
    }
    await attest(folder, { index: 20, name: "person 20" });
    const curve = await singleThreadCurve();
    const pairing = vi.spyOn(curve, "pairing");
    const sums = vi.spyOn(PointReader.prototype, "add");
    const { attestation } = await contribute(folder, { name: "the last" });
    expect(attestation.index).toBe(21);
    // Two equations of two pairings each: the proof of knowledge, and delta.
    expect(pairing).toHaveBeenCalledTimes(20 * 2 * 4);
    expect(sums).not.toHaveBeenCalled();
  });
});
