import { AbiCoder, keccak256 } from "ethers";
import type { Target } from "./target-file.js";

// Without the checks that `targetLeaf` and `statementId` make, and so without what those need of Node: for whatever runs in a browser.

/** What a target commits to, each with its ABI type, in their order (protocol.md section 4). */
const MEMBERS = {
  chainId: "uint256",
  timelock: "address",
  proxy: "address",
  codehash: "bytes32",
  nonce: "uint256",
  validUntil: "uint64",
  group: "bytes32",
} as const satisfies Record<keyof Target, string>;

/** keccak(abi.encode(...)) of a target's members, 32 bytes as hex. */
export function leafOfTarget(target: Target): string {
  const names = Object.keys(MEMBERS) as (keyof Target)[];
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      Object.values(MEMBERS),
      names.map((name) => target[name]),
    ),
  );
}

/** keccak(abi.encode(C, leaf)), 32 bytes as hex. */
export function idOfStatement(commitment: bigint, leaf: string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "bytes32"], [commitment, leaf]));
}
