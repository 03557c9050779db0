import { getAddress, Interface, ZeroHash } from "ethers";
import { contractArtifact } from "../../src/chain/index.js";
import { NO_GROUP } from "../../src/patch/index.js";
import {
  plainCall,
  SAFE,
  type SafeRequest,
  type SafeTransaction,
  safeRequest,
} from "../../src/safe/index.js";
import { key } from "./real-safes.js";

// Requests that no chain has to be asked for.

export const SAFE_ADDRESS = getAddress("0x5afe000000000000000000000000000000000001");
export const TIMELOCK = "0x7100000000000000000000000000000000000001";
export const NESTED = getAddress("0x5afe000000000000000000000000000000000002");
const PROXY = "0x9000000000000000000000000000000000000001";
export const OWNERS = [key(1), key(2), key(3)].map(({ address }) => address);

export const TIMELOCK_ABI = new Interface((await contractArtifact("FastTrackTimelock")).abi);

const PROOF = {
  a: [1n, 2n],
  b: [
    [3n, 4n],
    [5n, 6n],
  ],
  c: [7n, 8n],
};
const OPENING = [1n, 2n, 3n, 4n, 5n];

/** Calldata of each call that is made here, with the texts of somebody in those that have one. */
export const calls = (text = "an auditor lost a key") => ({
  schedule: TIMELOCK_ABI.encodeFunctionData(
    "schedule((uint256,address,uint64,bytes32),bytes32[],(uint256[2],uint256[2][2],uint256[2]))",
    [
      { commitment: 12n, proxy: PROXY, validUntil: 2_000_000_000n, group: NO_GROUP },
      [`0x${"11".repeat(32)}`],
      PROOF,
    ],
  ),
  disclose: TIMELOCK_ABI.encodeFunctionData("disclose", [12n, OPENING, `0x${"22".repeat(32)}`, text]),
  veto: TIMELOCK_ABI.encodeFunctionData("veto", [12n, text]),
  halt: TIMELOCK_ABI.encodeFunctionData("halt", [text]),
  approveHash: SAFE.encodeFunctionData("approveHash", [ZeroHash]),
});

/** A request of a Safe with one owner that is a Safe. */
export function sampleRequest(
  change: Partial<SafeTransaction> = {},
  other: Partial<SafeRequest> = {},
): SafeRequest {
  const account = {
    ...{ chainId: 31_337n, safe: SAFE_ADDRESS, version: "1.4.1" as const },
    ...{ owners: [...OWNERS, NESTED], threshold: 2 },
    nested: { [NESTED]: { version: "1.3.0" as const, owners: OWNERS, threshold: 1 } },
    ...other,
  };
  return safeRequest(account, { ...plainCall({ to: TIMELOCK, data: calls().halt, nonce: 7n }), ...change });
}
