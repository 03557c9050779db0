import { SealpatchError } from "../errors.js";
import { assertBytes, CHUNK_BYTES, chunkBytes, spongeBytes, TAGS } from "../field/index.js";

/** Largest deployed runtime code, in bytes (EIP-170). */
export const MAX_CODE_BYTES = 24_576;

/** 31-byte field elements that hold the largest code: ceil(24,576 / 31). */
export const CODE_CHUNKS = Math.ceil(MAX_CODE_BYTES / CHUNK_BYTES);

/**
 * Deployed runtime code as the `bind` circuit takes it: 31-byte big-endian chunks, the last one padded with zeros on
 * the right, then zero elements up to `CODE_CHUNKS`.
 * @throws SealpatchError `code/empty`, `code/too-large`.
 */
export function codeChunks(code: Uint8Array): bigint[] {
  assertCodeSize(code);
  const chunks = chunkBytes(code);
  return [...chunks, ...Array<bigint>(CODE_CHUNKS - chunks.length).fill(0n)];
}

/**
 * codeDigest D: the sponge over the byte length and the 793 chunks of deployed runtime code (docs/encodings.md).
 * @param code runtime code as EXTCODECOPY returns it, immutables filled in; 1 to 24,576 bytes.
 * @throws SealpatchError `code/empty`, `code/too-large`.
 */
export function codeDigest(code: Uint8Array): bigint {
  assertCodeSize(code);
  return spongeBytes(TAGS.code, code, CODE_CHUNKS);
}

/**
 * Checks that code is such as a contract can have and the EVM can run: EIP-3541 reserves the first byte 0xEF, with which
 * delegations of accounts (EIP-7702) start.
 * @throws SealpatchError `code/reserved-first-byte`, `field/not-bytes`.
 */
export function assertExecutable(code: Uint8Array): void {
  if (assertBytes(code, "code")[0] !== 0xef) return;
  throw new SealpatchError("code/reserved-first-byte", "the code starts with 0xEF", {
    why: "EIP-3541 reserves that byte: no contract's code starts with it, and a delegation of an account (EIP-7702) does",
    remedy:
      "give the runtime code of a contract; of an account that delegates, that of the contract it delegates to",
  });
}

/**
 * Checks that `code` can be the code of a contract: 1 to 24,576 bytes.
 * @throws SealpatchError `code/empty`, `code/too-large`, `field/not-bytes`.
 */
export function assertCodeSize(code: Uint8Array): void {
  assertBytes(code, "code");
  if (code.length === 0) {
    throw new SealpatchError("code/empty", "the code is empty", {
      why: "an account without code has nothing to bind a patch to",
      remedy:
        "check the address and the chain, or that the artifact is not an interface or an abstract contract",
    });
  }
  if (code.length > MAX_CODE_BYTES) {
    throw new SealpatchError(
      "code/too-large",
      `the code has ${code.length} bytes, more than the ${MAX_CODE_BYTES} that EIP-170 allows`,
      {
        details: { bytes: code.length, limit: MAX_CODE_BYTES },
        remedy: "make the contract smaller: optimizer settings, or move code into a library",
      },
    );
  }
}
