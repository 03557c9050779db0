import {
  calculateSafeMessageHash,
  calculateSafeTransactionHash,
  preimageSafeTransactionHash,
} from "@safe-global/protocol-kit";
import { Contract, concat, hexlify, TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { typedDataOf } from "../../src/safe/documents.js";
import {
  nestedHashes,
  ownerMessage,
  SAFE_VERSIONS,
  type SafeTransaction,
  type SafeVersion,
  safeHashes,
} from "../../src/safe/index.js";
import { key, type RealSafes, safeArtifact, safeInterface, startRealSafes } from "./real-safes.js";

const UINT = 2n ** 256n - 1n;
const owners = [key(1), key(2), key(3)].map(({ address }) => address);

let safes: RealSafes;
const places = {} as Record<SafeVersion, { safe: string; l2: string }>;

beforeAll(async () => {
  safes = await startRealSafes();
  for (const version of SAFE_VERSIONS) {
    const safe = await safes.deploy({ version, owners, threshold: 2 });
    places[version] = {
      safe,
      l2: await safes.deploy({ version, owners, threshold: 2, isL2: true }),
    };
  }
});

afterAll(() => safes?.stop());

const uint = fc.oneof(fc.constantFrom(0n, 1n, UINT), fc.bigInt({ min: 0n, max: UINT }));
const anyAddress = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => hexlify(bytes));
const transactions: fc.Arbitrary<SafeTransaction> = fc.record({
  to: anyAddress,
  value: uint,
  data: fc
    .oneof(
      fc.constant(new Uint8Array()),
      fc.uint8Array({ maxLength: 70 }),
      fc.uint8Array({ minLength: 3000, maxLength: 3001 }),
    )
    .map((bytes) => hexlify(bytes)),
  operation: fc.constantFrom(0, 1),
  safeTxGas: uint,
  baseGas: uint,
  gasPrice: uint,
  gasToken: anyAddress,
  refundReceiver: anyAddress,
  nonce: uint,
});

const runs = { numRuns: 12 };
const numbers = (transaction: SafeTransaction) => ({
  ...Object.fromEntries(Object.entries(transaction).map(([name, value]) => [name, String(value)])),
  operation: transaction.operation,
});

describe.each(SAFE_VERSIONS)("the hashes of a Safe %s", (version) => {
  const chain = (address: string, abi = safeArtifact(version, "Safe").abi) =>
    new Contract(address, abi, safes.provider);

  it.each(["safe", "l2"] as const)("are those that the Safe itself computes (%s)", async (kind) => {
    const place = { chainId: 31_337n, safe: places[version][kind] };
    const contract = chain(place.safe);
    expect(safeHashes(place, (await safes.request(place.safe)).transaction).domainHash).toBe(
      await contract.getFunction("domainSeparator")(),
    );
    // Of 1.5.0 the fallback handler answers that.
    const encoder = chain(
      place.safe,
      safeInterface(version).hasFunction("encodeTransactionData")
        ? undefined
        : safeArtifact(version, "handler/CompatibilityFallbackHandler").abi,
    );
    await fc.assert(
      fc.asyncProperty(transactions, async (transaction) => {
        const { domainHash, messageHash, safeTxHash } = safeHashes(place, transaction);
        const fields = Object.values(transaction);
        expect(await contract.getFunction("getTransactionHash")(...fields)).toBe(safeTxHash);
        expect(await encoder.getFunction("encodeTransactionData")(...fields)).toBe(
          concat(["0x1901", domainHash, messageHash]),
        );
      }),
      runs,
    );
  });

  it("are those of Safe's own kit", () => {
    fc.assert(
      fc.property(transactions, anyAddress, uint, (transaction, safe, chainId) => {
        const { domainHash, messageHash, safeTxHash } = safeHashes({ chainId, safe }, transaction);
        const values = [safe, numbers(transaction), version, chainId] as unknown as Parameters<
          typeof calculateSafeTransactionHash
        >;
        expect(calculateSafeTransactionHash(...values)).toBe(safeTxHash);
        expect(preimageSafeTransactionHash(...values)).toBe(concat(["0x1901", domainHash, messageHash]));
      }),
    );
  });

  it("change with each of the ten fields, the chain and the Safe", async () => {
    const { transaction, ...place } = await safes.request(places[version].safe);
    const { safeTxHash } = safeHashes(place, transaction);
    const other = { to: owners[0]!, data: "0x00", gasToken: owners[0]!, refundReceiver: owners[0]! };
    for (const name of Object.keys(transaction) as (keyof SafeTransaction)[]) {
      const value = name === "operation" ? 1 : (other[name as keyof typeof other] ?? 1n);
      expect(safeHashes(place, { ...transaction, [name]: value }).safeTxHash, name).not.toBe(safeTxHash);
    }
    expect(safeHashes({ ...place, chainId: 1n }, transaction).safeTxHash).not.toBe(safeTxHash);
    expect(safeHashes({ ...place, safe: places[version].l2 }, transaction).safeTxHash).not.toBe(safeTxHash);
  });

  it("are those of the typed data that is written for wallets", async () => {
    const request = await safes.request(places[version].safe);
    const { domain, types, message, primaryType } = JSON.parse(typedDataOf(request));
    const { EIP712Domain: _, ...own } = types;
    expect(primaryType).toBe("SafeTx");
    expect(TypedDataEncoder.hash(domain, own, message)).toBe(request.hashes.safeTxHash);
  });

  it.each(SAFE_VERSIONS)(
    "as an owner of a Safe %s, are those of its message to its own owners",
    async (outer) => {
      const safe = places[version].safe;
      const request = await safes.request(places[outer].safe);
      const nested = { ...request, nested: { [safe]: { version, owners, threshold: 2 } } };
      const handler = chain(safe, safeArtifact(version, "handler/CompatibilityFallbackHandler").abi);
      const { safeTxHash } = nestedHashes(nested, safe);
      expect(await handler.getFunction("getMessageHash")(ownerMessage(nested))).toBe(safeTxHash);
      expect(calculateSafeMessageHash(safe, ownerMessage(nested), version, 31_337n)).toBe(safeTxHash);
    },
  );
});
