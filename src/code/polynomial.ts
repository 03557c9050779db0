import { AbiCoder, getBytes } from "ethers";
import { assertField, assertHash, chunkBytes, FIELD_ORDER, keccak248, TAGS } from "../field/index.js";
import { assertCodeSize } from "./digest.js";

/**
 * P(point), where P(X) = byteLength + sum over i of chunk_i X^(i+1) over F (protocol.md section 8), by Horner's rule
 * from the last chunk to the first, as the contract's CodeBinding library computes it.
 * @param code deployed runtime code, 1 to 24,576 bytes.
 * @param point field element.
 * @throws SealpatchError `code/empty`, `code/too-large`, `field/out-of-range`.
 */
export function evaluateCodePolynomial(code: Uint8Array, point: bigint): bigint {
  assertCodeSize(code);
  assertField(point, "evaluation point");
  const sum = chunkBytes(code).reduceRight((rest, chunk) => (rest * point + chunk) % FIELD_ORDER, 0n);
  return (sum * point + BigInt(code.length)) % FIELD_ORDER;
}

/**
 * z: the point at which the code polynomial is evaluated, keccak248(abi.encode(TAG, C, codehash)). It depends on the
 * deployed code and on the commitment, so neither can be chosen after it (Schwartz-Zippel).
 * @param commitment patchCommitment C, a field element.
 * @param codehash EXTCODEHASH of the implementation, 32 bytes as 0x-prefixed hex.
 * @throws SealpatchError `field/out-of-range`, `field/not-a-hash`.
 */
export function bindPoint(commitment: bigint, codehash: string): bigint {
  assertField(commitment, "patch commitment");
  assertHash(codehash, "code hash");
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ["uint256", "uint256", "bytes32"],
    [TAGS.bindPoint, commitment, codehash],
  );
  return keccak248(getBytes(encoded));
}
