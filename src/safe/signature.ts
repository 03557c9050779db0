import {
  concat,
  dataLength,
  dataSlice,
  getAddress,
  hashMessage,
  isHexString,
  recoverAddress,
  toBeHex,
  zeroPadValue,
} from "ethers";
import { SealpatchError } from "../errors.js";

/** How an owner agrees to a transaction, by the last byte of a signature (Safe's `checkNSignatures`). */
export type SignatureKind =
  /** v 27 or 28: the typed data were signed (EIP-712). */
  | "typed data"
  /** v 31 or 32: the hash was signed as a message (`eth_sign`). */
  | "eth_sign"
  /** v 1: the owner approved the hash on chain (`approveHash`). */
  | "approved hash"
  /** v 0: the owner is a contract that says whether the signature is its own (EIP-1271). */
  | "contract";

/** What an owner gave. */
export interface OwnerSignature {
  readonly kind: SignatureKind;
  /** Address of the owner whose signature it is, or says that it is. */
  readonly owner: string;
  /** As the Safe reads it, hex: 65 bytes; of a contract, what that contract is to look at. */
  readonly data: string;
}

/** Half of secp256k1's order: a signature with a greater s is somebody's copy of one with the smaller (EIP-2). */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** Bytes that a signature has at most: more than a transaction brings to a chain in most nodes. */
const MAX_SIGNATURE = 2 ** 17;

/**
 * Reads a signature of a Safe's transaction as what its last byte says, and as nothing else. v 0 and 1 of a signature by a key are
 * normalised to 27 and 28: with r below 2^160 they are of a contract, and of a hash approved on chain.
 * @param text hex, 65 bytes, or 65 bytes and what a contract is to look at (offset 65, length, bytes).
 * @param hash what was to be signed: `safeTxHash`, 32 bytes as hex.
 * @returns the signature with the address that made it; whether that is an owner is not looked at.
 * @throws SealpatchError `safe/malformed-signature`.
 * @example
 * ```ts
 * const { safeTxHash } = (await readSafeFolder("safe-halt-7")).request.hashes;
 * const { owner, kind } = readSignature(await readFile("signature.txt", "utf8"), safeTxHash);
 * console.log(`${owner} signed ${kind}`);
 * ```
 */
export function readSignature(text: string, hash: string): OwnerSignature {
  const data = text.trim().toLowerCase();
  if (!isHexString(data, true) || dataLength(data) < 65) throw malformed("it is not 65 bytes as hex");
  if (dataLength(data) > MAX_SIGNATURE) throw malformed(`it has more than ${MAX_SIGNATURE} bytes`);
  const [r, s] = [dataSlice(data, 0, 32), dataSlice(data, 32, 64)];
  const v = Number(dataSlice(data, 64, 65));
  const isAddress = BigInt(r) !== 0n && BigInt(r) < 1n << 160n;
  if (v === 0 && isAddress) return contractSignature(data);
  if (dataLength(data) !== 65) throw malformed("it is longer than 65 bytes, and of no contract");
  if (v === 1 && isAddress) return approvedHash(addressIn(r));
  const byKey = v < 2 ? v + 27 : v;
  const signed = byKey === 31 || byKey === 32 ? hashMessage(Buffer.from(hash.slice(2), "hex")) : hash;
  const recovery = byKey > 30 ? byKey - 4 : byKey;
  if (recovery !== 27 && recovery !== 28) throw malformed(`its last byte is ${v}, which is of no kind`);
  if (BigInt(s) > HALF_ORDER) throw malformed("its s is in the upper half of the order");
  const kind = byKey > 30 ? "eth_sign" : "typed data";
  try {
    const owner = recoverAddress(signed, concat([r, s, toBeHex(recovery)]));
    return { kind, owner, data: concat([r, s, toBeHex(byKey)]) };
  } catch {
    throw malformed("no key makes it");
  }
}

/** The agreement of an owner who approved the hash on chain, or who sends the transaction. */
export function approvedHash(owner: string): OwnerSignature {
  const data = concat([zeroPadValue(owner, 32), toBeHex(0, 32), "0x01"]);
  return { kind: "approved hash", owner: getAddress(owner), data };
}

/** What a contract that is an owner is to look at (EIP-1271). @param data hex. */
export function byContract(owner: string, data: string): OwnerSignature {
  return { kind: "contract", owner: getAddress(owner), data };
}

/** One contract's signature alone: its static part, then the length and what it is to look at. */
function contractSignature(data: string): OwnerSignature {
  const owner = addressIn(dataSlice(data, 0, 32));
  const [offset, length] = [BigInt(dataSlice(data, 32, 64)), dataLength(data)];
  if (offset !== 65n || length < 97) throw malformed("it is of a contract, and lacks what that looks at");
  if (BigInt(dataSlice(data, 65, 97)) !== BigInt(length - 97))
    throw malformed("it is of a contract, and longer or shorter than it says");
  return byContract(owner, length === 97 ? "0x" : dataSlice(data, 97));
}

const addressIn = (wordOf: string): string => getAddress(dataSlice(wordOf, 12));

/** One signature as text, as `readSignature` reads it. */
export function signatureText({ kind, owner, data }: OwnerSignature): string {
  return kind === "contract" ? packSignatures([{ kind, owner, data }]) : data;
}

/**
 * Signatures as the Safe takes them: in the order of the owners' addresses, what contracts look at behind all static parts.
 * @param signatures one an owner, at most as many as the threshold: the Safe looks at no more.
 */
export function packSignatures(signatures: readonly OwnerSignature[]): string {
  const sorted = [...signatures].sort((a, b) => (BigInt(a.owner) < BigInt(b.owner) ? -1 : 1));
  const parts: string[] = [];
  const tails: string[] = [];
  let offset = 65 * sorted.length;
  for (const { kind, owner, data } of sorted) {
    if (kind !== "contract") {
      parts.push(data);
      continue;
    }
    parts.push(concat([zeroPadValue(owner, 32), toBeHex(offset, 32), "0x00"]));
    tails.push(toBeHex(dataLength(data), 32), data);
    offset += 32 + dataLength(data);
  }
  return concat([...parts, ...tails]);
}

function malformed(why: string): SealpatchError {
  return new SealpatchError("safe/malformed-signature", "this is no signature of a Safe's transaction", {
    why,
    remedy: "give the signature as the device or wallet shows it: 0x and 130 hexadecimal digits",
  });
}
