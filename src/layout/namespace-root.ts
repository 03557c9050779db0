import { AbiCoder, keccak256, id as keccakOfText } from "ethers";

/**
 * Root slot of a namespace: keccak256(abi.encode(uint256(keccak256(id)) - 1)) & ~0xff (ERC-7201).
 */
export function namespaceRoot(id: string): bigint {
  const hash = BigInt(keccakOfText(id));
  const encoded = AbiCoder.defaultAbiCoder().encode(["uint256"], [hash - 1n]);
  return BigInt(keccak256(encoded)) & ~0xffn;
}
