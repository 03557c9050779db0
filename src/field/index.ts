export {
  assertBytes,
  assertField,
  assertHash,
  bytesToBigInt,
  CHUNK_BYTES,
  chunkBytes,
  FIELD_ORDER,
  keccak248,
  wordLimbs,
} from "./field.js";
export { MerkleTree } from "./merkle.js";
export { poseidon, prepareHashing, SPONGE_RATE, sponge, spongeBytes } from "./poseidon.js";
export { fieldElement } from "./schema.js";
export { TAGS, tag } from "./tags.js";
