import { createHash } from "node:crypto";
import type { Curve } from "ffjavascript";
import { ScalarMemory } from "../scalar-memory.js";
import { type SectionFile, uint32 } from "../section-file.js";
import { G1_BYTES, G2_BYTES, ZKEY_SECTIONS } from "../zkey-format.js";
import { type GroupName, type WasmFunctions, wasmFunctions } from "./points.js";

/*
 * The hash of a circuit that the transcripts of its contributions begin with (`zKey.newZKey` of snarkjs): BLAKE2b-512 of the initial key's
 * points, uncompressed, each section after its length (32 bits, big-endian). Without it, contributions to a key of another circuit would
 * pass for contributions to this one; and who knows points divided by delta that a circuit does not give forges its proofs.
 */

/** Points that are converted at once; also how many snarkjs reads at once for the powers below. */
const CHUNK = 1 << 14;
const POWERS_SECTION = 2;
const NEXT_SECTION = 3;

const SECTIONS = [
  ["G1", ZKEY_SECTIONS.c],
  ["G1", ZKEY_SECTIONS.a],
  ["G1", ZKEY_SECTIONS.b1],
  ["G2", ZKEY_SECTIONS.b2],
] as const;

/**
 * The circuit's hash of an initial key, whose points were checked.
 * @param domainSize rows of the circuit.
 * @returns 64 bytes.
 */
export async function circuitHashOf(
  curve: Curve,
  { zkey, ptau }: { readonly zkey: SectionFile; readonly ptau: SectionFile },
  domainSize: number,
): Promise<Buffer> {
  const hash = createHash("blake2b512");
  const converter = new Converter(curve);
  const header = await zkey.read(ZKEY_SECTIONS.header);
  // Alpha and beta, beta, gamma, delta, delta, as they end the header.
  let position = header.length - 3 * G1_BYTES - 3 * G2_BYTES;
  for (const name of ["G1", "G1", "G2", "G2", "G1", "G2"] as const) {
    const size = name === "G1" ? G1_BYTES : G2_BYTES;
    hash.update(converter.uncompressed(name, header.subarray(position, position + size)));
    position += size;
  }
  const addSection = async (name: GroupName, id: number): Promise<void> => {
    const points = await zkey.read(id);
    const size = name === "G1" ? G1_BYTES : G2_BYTES;
    hash.update(bigEndian(points.length / size));
    for (let start = 0; start < points.length; start += CHUNK * size) {
      hash.update(converter.uncompressed(name, points.subarray(start, start + CHUNK * size)));
    }
  };
  await addSection("G1", ZKEY_SECTIONS.ic);
  hash.update(bigEndian(domainSize - 1));
  for (let first = 0; first < domainSize - 1; first += CHUNK) {
    const count = Math.min(domainSize - 1, CHUNK);
    const high = await readPowers(ptau, domainSize + first, count);
    hash.update(converter.differences(high, await readPowers(ptau, first, count)));
  }
  for (const [name, id] of SECTIONS) await addSection(name, id);
  return hash.digest();
}

/**
 * Powers of tau in G1. For a large circuit that takes all powers of a file, snarkjs reads one point after the last: the 64 bytes that follow
 * the section, which are the next section's number and size, and the first 52 bytes of that.
 */
async function readPowers(ptau: SectionFile, first: number, count: number): Promise<Buffer> {
  const held = ptau.size(POWERS_SECTION) / G1_BYTES - first;
  if (count <= held) return ptau.read(POWERS_SECTION, first * G1_BYTES, count * G1_BYTES);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(ptau.size(NEXT_SECTION)));
  return Buffer.concat([
    await ptau.read(POWERS_SECTION, first * G1_BYTES, held * G1_BYTES),
    uint32(NEXT_SECTION),
    size,
    await ptau.read(NEXT_SECTION, 0, G1_BYTES - 12),
  ]);
}

function bigEndian(count: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(count);
  return bytes;
}

/** Conversions of many points in one call of WASM. */
class Converter {
  readonly #memory: ScalarMemory;
  readonly #functions: WasmFunctions;

  constructor(curve: Curve) {
    this.#memory = new ScalarMemory(curve);
    this.#functions = wasmFunctions(curve);
  }

  /** Affine points in the form that transcripts hash. */
  uncompressed(name: GroupName, points: Uint8Array): Uint8Array {
    const memory = this.#memory;
    return memory.temporarily(() => {
      const address = this.#copy(points);
      const count = points.length / (name === "G1" ? G1_BYTES : G2_BYTES);
      this.#functions[`${name.toLowerCase()}m_batchLEMtoU`]!(address, count, address);
      return memory.bytes(address, points.length).slice();
    });
  }

  /** Differences of affine points of G1, uncompressed. */
  differences(from: Uint8Array, subtrahends: Uint8Array): Uint8Array {
    const memory = this.#memory;
    const { g1m_subAffine: subtract, g1m_batchToAffine: toAffine } = this.#functions;
    const affine = memory.temporarily(() => {
      const [a, b] = [this.#copy(from), this.#copy(subtrahends)];
      const jacobianBytes = (from.length * 3) / 2;
      const result = memory.allocateBytes(jacobianBytes);
      for (let offset = 0; offset < from.length; offset += G1_BYTES) {
        subtract!(a + offset, b + offset, result + (offset * 3) / 2);
      }
      // The inversion takes memory for itself from what is free.
      memory.temporarily(() => memory.allocateBytes(jacobianBytes + 4096));
      toAffine!(result, from.length / G1_BYTES, result);
      return memory.bytes(result, from.length).slice();
    });
    return this.uncompressed("G1", affine);
  }

  #copy(bytes: Uint8Array): number {
    const address = this.#memory.allocateBytes(bytes.length);
    this.#memory.bytes(address, bytes.length).set(bytes);
    return address;
  }
}
