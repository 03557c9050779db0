import { keccak256 } from "ethers";
import type { Hex, Vector, VectorSet } from "../../src/vectors/index.js";

export const SUBJECT: Hex = `0x${"22".repeat(20)}`;
export const CALLER: Hex = `0x${"11".repeat(20)}`;
export const COINBASE: Hex = `0x${"cc".repeat(20)}`;
/** A proxy that does nothing: enough where nothing is run. */
export const PROXY_CODE: Hex = "0x00";
export const PROXY_HASH = keccak256(PROXY_CODE) as Hex;

/** A vector with something in each place of the format. */
export function sampleVector(overrides: Partial<Vector> = {}): Vector {
  return {
    name: "sample",
    kind: "regression",
    hardfork: "cancun",
    stepLimit: 1000,
    subject: SUBJECT,
    pointer: { account: SUBJECT, slot: 2n ** 255n + 3n },
    accounts: [
      { address: CALLER, balance: 2n ** 130n, nonce: 4n, codeHash: null, storage: [] },
      {
        address: SUBJECT,
        balance: 6n,
        nonce: 1n,
        codeHash: PROXY_HASH,
        storage: [
          { slot: 7n, value: 8n },
          { slot: 2n ** 200n, value: 2n ** 129n },
        ],
      },
    ],
    calls: [
      {
        from: CALLER,
        to: SUBJECT,
        data: `0x11223344${"00".repeat(31)}05ff`,
        value: 9n,
        environment: {
          timestamp: 10n,
          number: 11n,
          chainId: 12n,
          coinbase: COINBASE,
          prevRandao: 2n ** 128n + 13n,
          baseFee: 14n,
          blobBaseFee: 15n,
          gasLimit: 16n,
          gasPrice: 17n,
          origin: CALLER,
          blockHashes: [{ number: 10n, hash: 18n }],
        },
      },
    ],
    expectation: {
      calls: [
        {
          success: true,
          returnData: "0x0102",
          logs: [{ address: SUBJECT, topics: [19n, 2n ** 128n], data: "0x" }],
        },
      ],
      accounts: [{ address: CALLER, destroyed: false, balance: 20n, nonce: 5n, codeDigest: 0n }],
      slots: [{ address: SUBJECT, slot: 7n, value: 21n }],
    },
    ...overrides,
  };
}

/** A set with the codes that sample vectors name. */
export function sampleSet(vectors: readonly Vector[] = [sampleVector()]): VectorSet {
  return { schema: "sealpatch.vectors/1", codes: { [PROXY_HASH]: PROXY_CODE }, vectors: [...vectors] };
}
