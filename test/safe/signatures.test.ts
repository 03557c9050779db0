import { concat, dataLength, dataSlice, hashMessage, hexlify, toBeHex, zeroPadValue } from "ethers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  nestedHashes,
  type OwnerSignature,
  packSignatures,
  readSignature,
  SAFE,
  SAFE_VERSIONS,
  type SafeRequest,
  type SafeVersion,
  signatureText,
} from "../../src/safe/index.js";
import { approvedHash, byContract } from "../../src/safe/signature.js";
import { executionData, key, type RealSafes, signMessage, signTyped, startRealSafes } from "./real-safes.js";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const MALFORMED = { code: "safe/malformed-signature" };
const [alice, bob, carol, dave, erin] = [key(1), key(2), key(3), key(4), key(5)];

let safes: RealSafes;
/** For each release: a Safe of one key, and one that five owners of all kinds must sign for. */
const single = {} as Record<SafeVersion, SafeRequest>;
const mixed = {} as Record<SafeVersion, SafeRequest>;

beforeAll(async () => {
  safes = await startRealSafes();
  for (const version of SAFE_VERSIONS) {
    const nested = await safes.deploy({ version, owners: [erin.address], threshold: 1 });
    single[version] = await safes.request(
      await safes.deploy({ version, owners: [alice.address], threshold: 1 }),
    );
    const owners = [alice, bob, carol, dave].map(({ address }) => address);
    mixed[version] = await safes.request(
      await safes.deploy({ version, owners: [...owners, nested], threshold: 5 }),
    );
  }
});

afterAll(() => safes?.stop());

const hashOf = ({ hashes }: SafeRequest): string => hashes.safeTxHash;
const lowered = (signature: string, by = 27): string =>
  concat([dataSlice(signature, 0, 64), toBeHex(Number(dataSlice(signature, 64)) - by, 1)]);
const withV = (signature: string, v: number): string => concat([dataSlice(signature, 0, 64), toBeHex(v, 1)]);

/** Each owner's agreement, of a kind of its own. */
function agreements(request: SafeRequest): OwnerSignature[] {
  const hash = hashOf(request);
  const [nested] = Object.keys(request.nested);
  const byErin = erin.signingKey.sign(nestedHashes(request, nested!).safeTxHash).serialized;
  return [
    readSignature(signTyped(alice, request), hash),
    readSignature(signMessage(bob, hash), hash),
    readSignature(lowered(signTyped(carol, request)), hash),
    approvedHash(dave.address),
    byContract(nested!, byErin),
  ];
}

describe.each(SAFE_VERSIONS)("signatures of a Safe %s", (version) => {
  it("of all kinds in one transaction are taken in any order, and not without one of them", async () => {
    const request = mixed[version];
    const all = agreements(request);
    expect(all.map(({ kind }) => kind)).toEqual([
      "typed data",
      "eth_sign",
      "typed data",
      "approved hash",
      "contract",
    ]);
    // Dave has not approved yet: his own word is none.
    expect(await safes.refusal(request, packSignatures(all))).toBe("GS025");
    const data = SAFE.encodeFunctionData("approveHash", [hashOf(request)]);
    await safes.send({ from: dave.address, to: request.safe, data });
    const packed = packSignatures(all);
    expect(await safes.refusal(request, packed)).toBeUndefined();
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 5 }), (shuffled) => {
        expect(packSignatures(shuffled)).toBe(packed);
      }),
    );
    for (const [index] of all.entries()) {
      const rest = all.filter((_, other) => other !== index);
      expect(await safes.refusal(request, packSignatures(rest)), `without ${index}`).toMatch(/^GS02/);
      const doubled = [...rest, rest[0]!];
      expect(await safes.refusal(request, packSignatures(doubled)), `doubled for ${index}`).toMatch(/^GS02/);
    }
  });

  it("are executed", async () => {
    const request = mixed[version];
    await safes.send({ to: request.safe, data: executionData(request, packSignatures(agreements(request))) });
    expect((await safes.request(request.safe)).transaction.nonce).toBe(1n);
  });

  it("are read again from their text as they are", () => {
    const request = mixed[version];
    for (const one of agreements(request))
      expect(readSignature(signatureText(one), hashOf(request))).toEqual(one);
  });

  it.each(["typed data", "eth_sign"] as const)("of the kind %s have one last byte, or two", async (kind) => {
    const request = single[version];
    const hash = hashOf(request);
    const signature = kind === "typed data" ? signTyped(alice, request) : signMessage(alice, hash);
    const v = Number(dataSlice(signature, 64));
    const own = new Set(kind === "typed data" ? [v, v - 27] : [v]);
    for (let last = 0; last < 256; last++) {
      const text = withV(signature, last);
      if (![0, 1, 27, 28, 31, 32].includes(last)) {
        expect(() => readSignature(text, hash), `v ${last}`).toThrow(expect.objectContaining(MALFORMED));
        continue;
      }
      const read = readSignature(text, hash);
      expect(read.kind, `v ${last}`).toBe(last > 30 ? "eth_sign" : "typed data");
      expect(read.owner === alice.address, `v ${last}`).toBe(own.has(last));
      expect((await safes.refusal(request, packSignatures([read]))) === undefined, `v ${last}`).toBe(
        own.has(last),
      );
    }
  });

  it("are somebody else's with a bit more or less, and never an owner's that the Safe does not take", async () => {
    const request = single[version];
    const hash = hashOf(request);
    const signatures = [signTyped(alice, request), signMessage(alice, hash)];
    const flips = fc.record({
      signature: fc.constantFrom(...signatures),
      bit: fc.integer({ min: 0, max: 64 * 8 - 1 }),
    });
    await fc.assert(
      fc.asyncProperty(flips, async ({ signature, bit }) => {
        const bytes = Buffer.from(signature.slice(2), "hex");
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const owner = ownerOf(hexlify(bytes), hash);
        expect(owner).not.toBe(alice.address);
        expect(await safes.refusal(request, hexlify(bytes))).toMatch(/^GS026/);
      }),
      { numRuns: 40 },
    );
  });

  it("with the greater s are a copy that the Safe would take, and are refused", async () => {
    const request = single[version];
    const [r, s, v] = parts(signTyped(alice, request));
    const copy = concat([r, toBeHex(ORDER - BigInt(s), 32), toBeHex(v === 27 ? 28 : 27)]);
    expect(await safes.refusal(request, copy)).toBeUndefined();
    const why = expect.stringContaining("upper half");
    expect(() => readSignature(copy, hashOf(request))).toThrow(
      expect.objectContaining({ ...MALFORMED, why }),
    );
  });
});

const parts = (signature: string): [string, string, number] => [
  dataSlice(signature, 0, 32),
  dataSlice(signature, 32, 64),
  Number(dataSlice(signature, 64)),
];

/** Whose signature it is; undefined where it is refused with the code for that. */
function ownerOf(text: string, hash: string): string | undefined {
  try {
    return readSignature(text, hash).owner;
  } catch (error) {
    expect(error).toMatchObject(MALFORMED);
    return undefined;
  }
}

describe("a text that is no signature", () => {
  const hash = `0x${"5a".repeat(32)}`;
  const signature = alice.signingKey.sign(hash).serialized;
  const [r, s] = [dataSlice(signature, 0, 32), dataSlice(signature, 32, 64)];
  const contract = signatureText(byContract(bob.address, "0x1234"));
  const head = (offset: bigint) => concat([zeroPadValue(bob.address, 32), toBeHex(offset, 32), "0x00"]);
  const word = (value: bigint) => toBeHex(value, 32);

  it.each([
    ["nothing", ""],
    ["no hex", "signature"],
    ["hex without 0x", signature.slice(2)],
    ["half a byte less", signature.slice(0, -1)],
    ["64 bytes", dataSlice(signature, 0, 64)],
    ["66 bytes", concat([signature, "0x00"])],
    ["two signatures", concat([signature, signature])],
    ["r zero", concat([word(0n), s, "0x1b"])],
    ["r zero, v 0", concat([word(0n), s, "0x00"])],
    ["r zero, v 1", concat([word(0n), s, "0x01"])],
    ["r of the order", concat([word(ORDER), s, "0x1b"])],
    ["r of all ones", concat([word(2n ** 256n - 1n), s, "0x1b"])],
    ["s zero", concat([r, word(0n), "0x1b"])],
    ["s of the order", concat([r, word(ORDER), "0x1b"])],
    ["an approval with a tail", concat([approvedHash(bob.address).data, "0x00"])],
    ["a contract's without what it looks at", head(65n)],
    ["a contract's with half a length", concat([head(65n), dataSlice(word(0n), 0, 31)])],
    ["a contract's that points before its tail", concat([head(64n), word(0n)])],
    ["a contract's that points behind its tail", concat([head(97n), word(0n)])],
    ["a contract's that points far away", concat([head(2n ** 255n), word(0n)])],
    ["a contract's that says it is longer", concat([head(65n), word(3n), "0x1234"])],
    ["a contract's that says it is shorter", concat([head(65n), word(1n), "0x1234"])],
    ["a contract's that says a number beyond all", concat([head(65n), word(2n ** 256n - 1n), "0x1234"])],
    ["a contract's cut off", dataSlice(contract, 0, dataLength(contract) - 1)],
    ["a contract's with a byte more", concat([contract, "0x00"])],
  ])("is refused: %s", (_, text) => {
    expect(() => readSignature(text, hash)).toThrow(expect.objectContaining(MALFORMED));
  });

  it("does not stand in the error", () => {
    for (const text of [`${signature}00`, withV(signature, 29)]) {
      const error = expect.objectContaining({ message: expect.not.stringContaining(signature.slice(2, 20)) });
      expect(() => readSignature(text, hash)).toThrow(error);
    }
  });

  it("is read with the space around it, and in capitals", () => {
    const read = readSignature(signature, hash);
    expect(read).toMatchObject({ owner: alice.address, kind: "typed data", data: signature });
    expect(readSignature(` ${signature.toUpperCase().replace("0X", "0x")}\r\n`, hash)).toEqual(read);
  });

  it("of any bytes at all is refused or is of one kind, and is read the same again", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = hexlify(bytes);
        if (ownerOf(text, hash) === undefined) return;
        const read = readSignature(text, hash);
        expect(readSignature(signatureText(read), hash)).toEqual(read);
      }),
      { numRuns: 300 },
    );
  });

  it("is an eth_sign signature whose v was not raised: it is of another address, and not tried as a message", () => {
    const { serialized } = alice.signingKey.sign(hashMessage(Buffer.from(hash.slice(2), "hex")));
    for (const text of [serialized, lowered(serialized)]) {
      expect(readSignature(text, hash)).toMatchObject({ kind: "typed data" });
      expect(readSignature(text, hash).owner).not.toBe(alice.address);
    }
  });
});
