import { describe, expect, it } from "vitest";
import {
  arrivingGas,
  assertMigrationGas,
  assertTransactionHolds,
  largestMigrationGas,
} from "../../src/patch/migration-gas.js";

const refused = (code: string) => expect.objectContaining({ code });

/** What a transaction needs, added up again in the words of the protocol. */
function needed(migrationGas: bigint, initCode: Uint8Array, code: Uint8Array, migration: Uint8Array): bigint {
  const bytes = [...initCode, ...migration];
  const calldata = bytes.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0);
  const words = Math.ceil(initCode.length / 32);
  const before = 21_000 + calldata + 32_000 + 8 * words + 200 * code.length + 460_000;
  return BigInt(before) + migrationGas + migrationGas / 63n + 5_000n;
}

describe("the gas of a migration", () => {
  it("arrives less a 64th in ProxyAdmin and proxy each, and what they use themselves", () => {
    expect(arrivingGas(60_000n + 4_096n)).toBe(3_969n);
    expect(arrivingGas(60_000n + 4_097n)).toBe(3_969n);
    expect(arrivingGas(60_000n + 4_098n)).toBe(3_970n);
    expect(arrivingGas(10_000_000n)).toBe(9_631_801n);
    for (const gas of [0n, 1n, 60_000n, 60_001n]) expect(arrivingGas(gas)).toBe(0n);
  });

  it("T12: is given exactly where there is a migration", () => {
    const none = new Uint8Array();
    const some = Uint8Array.of(1, 2, 3, 4);
    expect(() => assertMigrationGas({ migration: none, migrationGas: 0n })).not.toThrow();
    expect(() => assertMigrationGas({ migration: some, migrationGas: 1n })).not.toThrow();
    for (const wrong of [
      { migration: none, migrationGas: 1n },
      { migration: some, migrationGas: 0n },
    ]) {
      expect(() => assertMigrationGas(wrong)).toThrowError(refused("patch/migration-gas"));
    }
  });

  it("T12: is at most what a transaction of 16,777,216 gas holds beside the patch, to the last unit", () => {
    // Every remainder by 64 that the 63rd part can leave.
    for (let zeros = 0; zeros < 64; zeros++) {
      const initCode = new Uint8Array(25_000 + zeros).fill(0x5b, 0, 24_000);
      const code = new Uint8Array(24_576 - zeros);
      const migration = Uint8Array.of(1, 0, 3, 4);
      const parts = { initCode, code, migration };
      const largest = largestMigrationGas(parts);
      expect(needed(largest, initCode, code, migration)).toBeLessThanOrEqual(16_777_216n);
      expect(needed(largest + 1n, initCode, code, migration)).toBeGreaterThan(16_777_216n);
      expect(() => assertTransactionHolds(largest, parts)).not.toThrow();
      expect(() => assertTransactionHolds(largest + 1n, parts)).toThrowError(
        expect.objectContaining({
          code: "patch/migration-gas-too-high",
          details: { migrationGas: largest + 1n, largest },
        }),
      );
    }
  });

  it("is about 10.8 million at most beside the largest code", () => {
    const code = new Uint8Array(24_576).fill(0x5b);
    const largest = largestMigrationGas({ initCode: code, code, migration: new Uint8Array(4) });
    expect(Number(largest)).toBeGreaterThan(10_700_000);
    expect(Number(largest)).toBeLessThan(10_850_000);
  });
});
