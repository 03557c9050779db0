import { FIELD_ORDER } from "../../field/index.js";
import { BASE_FIELD_ORDER } from "../arithmetic/index.js";
import type { R1csHeader } from "./r1cs.js";
import { SectionFile, uint32, uint256, unreadable } from "./section-file.js";

/** Sections of a Groth16 .zkey, as snarkjs numbers them. */
export const ZKEY_SECTIONS = {
  protocol: 1,
  header: 2,
  ic: 3,
  coefficients: 4,
  a: 5,
  b1: 6,
  b2: 7,
  c: 8,
  h: 9,
  contributions: 10,
} as const;

export const ZKEY_VERSION = 1;
export const GROTH16_PROTOCOL = 1;
export const G1_BYTES = 64;
export const G2_BYTES = 128;

/** Size in bytes of a field element. */
export const FIELD_BYTES = 32;

/** Size in bytes of one coefficient of a key: matrix, row and wire (32 bits each), and the value times 2^512. */
export const COEFFICIENT_BYTES = 3 * 4 + FIELD_BYTES;
const HEADER_BYTES = 2 * (4 + 32) + 12 + 3 * G1_BYTES + 3 * G2_BYTES;

/** The fixed part of a Groth16 .zkey. Points are affine, in Montgomery form, as they stand in the file. */
export interface ZkeyHeader {
  /** Wires of the circuit, the constant one included. */
  readonly wires: number;
  readonly publicSignals: number;
  readonly domainSize: number;
  readonly alpha1: Uint8Array;
  readonly beta1: Uint8Array;
  readonly beta2: Uint8Array;
  readonly gamma2: Uint8Array;
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
}

/** The points of a key's fixed part, affine, in Montgomery form. */
export interface HeaderPoints {
  readonly alpha1: Uint8Array;
  readonly beta1: Uint8Array;
  readonly beta2: Uint8Array;
  readonly gamma2: Uint8Array;
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
}

/** log2 of the evaluation domain that snarkjs takes: above constraints + public signals, so one row a public wire fits. */
export function domainPower({ constraints, publicSignals }: R1csHeader): number {
  return Math.floor(Math.log2(constraints + publicSignals)) + 1;
}

/** The fixed part of a circuit's key, as it stands in the file. */
export function keyHeader(header: R1csHeader, points: HeaderPoints): Buffer {
  const { wires, publicSignals } = header;
  const { alpha1, beta1, beta2, gamma2, delta1, delta2 } = points;
  return Buffer.concat([
    uint32(FIELD_BYTES),
    uint256(BASE_FIELD_ORDER),
    uint32(FIELD_BYTES),
    uint256(FIELD_ORDER),
    uint32(wires, publicSignals, 2 ** domainPower(header)),
    ...[alpha1, beta1, beta2, gamma2, delta1, delta2],
  ]);
}

/** The parts of a key's header section: what no contribution changes, and delta, which ends it. */
export function headerParts(header: Uint8Array): {
  readonly fixed: Uint8Array;
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
} {
  const second = Math.max(header.length - G2_BYTES, 0);
  const first = Math.max(second - G1_BYTES, 0);
  return {
    fixed: header.subarray(0, first),
    delta1: new Uint8Array(header.subarray(first, second)),
    delta2: new Uint8Array(header.subarray(second)),
  };
}

/** Whether each coordinate of an affine point is below the field's order, so that equal points are equal bytes. */
export function isReduced(point: Uint8Array): boolean {
  const words = new DataView(point.buffer, point.byteOffset, point.byteLength);
  for (let start = 0; start < point.length; start += FIELD_BYTES) {
    let value = words.getBigUint64(start + FIELD_BYTES - 8, true);
    // The highest word decides nearly always.
    if (value < BASE_FIELD_ORDER >> 192n) continue;
    for (let word = FIELD_BYTES - 16; word >= 0; word -= 8) {
      value = (value << 64n) | words.getBigUint64(start + word, true);
    }
    if (value >= BASE_FIELD_ORDER) return false;
  }
  return true;
}

/**
 * Reads the fixed part of a proving key.
 * @throws SealpatchError `key/unreadable` where the file is not a Groth16 .zkey over BN254.
 */
export async function readZkeyHeader(zkeyFile: string): Promise<ZkeyHeader> {
  const file = await SectionFile.open(zkeyFile, "zkey");
  try {
    return await readHeader(file, zkeyFile);
  } finally {
    await file.close();
  }
}

/**
 * Reads the fixed part of a proving key and its IC points, one more than public signals.
 * @throws SealpatchError as `readZkeyHeader`.
 */
export async function readVerifyingPart(zkeyFile: string): Promise<{ header: ZkeyHeader; ic: Uint8Array[] }> {
  const file = await SectionFile.open(zkeyFile, "zkey");
  try {
    const header = await readHeader(file, zkeyFile);
    const bytes = await file.read(ZKEY_SECTIONS.ic);
    const ic = Array.from({ length: header.publicSignals + 1 }, (_, index) =>
      bytes.subarray(index * G1_BYTES, (index + 1) * G1_BYTES),
    );
    return { header, ic };
  } finally {
    await file.close();
  }
}

/** Sections of points that proofs sum up. */
export type PointSection = "a" | "b1" | "b2" | "c" | "h";

/** An open proving key. Close it. */
export interface ProvingKey {
  readonly header: ZkeyHeader;
  /**
   * Affine points, in Montgomery form: of every wire, of every private one (`c`), or of every domain element (`h`); all of them, or
   * `count` from `first` on.
   */
  points(section: PointSection, first?: number, count?: number): Promise<Uint8Array>;
  /** Number of coefficients of A and B. */
  readonly coefficientCount: number;
  /** `count` coefficients from `first` on: matrix, constraint and wire as 32-bit integers, then the value times 2^512. */
  coefficients(first: number, count: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens a proving key to prove with.
 * @throws SealpatchError `key/unreadable` where the file is not a Groth16 .zkey over BN254, or a section of another size
 *   than its header says.
 */
export async function openZkey(zkeyFile: string): Promise<ProvingKey> {
  const file = await SectionFile.open(zkeyFile, "zkey");
  try {
    const header = await readHeader(file, zkeyFile);
    const { wires, publicSignals, domainSize } = header;
    const sizes = {
      a: wires * G1_BYTES,
      b1: wires * G1_BYTES,
      b2: wires * G2_BYTES,
      c: (wires - publicSignals - 1) * G1_BYTES,
      h: domainSize * G1_BYTES,
    };
    for (const [name, size] of Object.entries(sizes) as [keyof typeof sizes, number][]) {
      if (file.size(ZKEY_SECTIONS[name]) !== size)
        throw unreadable(zkeyFile, `section ${name} has a wrong size`);
    }
    const coefficientCount = (file.size(ZKEY_SECTIONS.coefficients) - 4) / COEFFICIENT_BYTES;
    if (!Number.isInteger(coefficientCount))
      throw unreadable(zkeyFile, "section coefficients has a wrong size");
    const read = async (
      name: keyof typeof ZKEY_SECTIONS,
      offset: number,
      size: number,
    ): Promise<Uint8Array> => {
      const bytes = await file.read(ZKEY_SECTIONS[name], offset, size);
      // No Buffer: its slices share memory, and a thread would get the whole of it with every slice. Node takes small
      // ones from a pool, at any offset; a copy is aligned.
      return new Uint8Array(bytes);
    };
    return {
      header,
      points: (section, first = 0, count) => {
        const bytes = section === "b2" ? G2_BYTES : G1_BYTES;
        const size = count === undefined ? sizes[section] - first * bytes : count * bytes;
        return read(section, first * bytes, size);
      },
      coefficientCount,
      coefficients: (first, count) =>
        read("coefficients", 4 + first * COEFFICIENT_BYTES, count * COEFFICIENT_BYTES),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(file: SectionFile, path: string): Promise<ZkeyHeader> {
  const protocol = (await file.read(ZKEY_SECTIONS.protocol, 0, 4)).readUInt32LE(0);
  if (protocol !== GROTH16_PROTOCOL) throw unreadable(path, "it is not a Groth16 key");
  if (file.size(ZKEY_SECTIONS.header) !== HEADER_BYTES) throw unreadable(path, "its header has a wrong size");
  const header = await file.read(ZKEY_SECTIONS.header);
  const overBn254 =
    header.subarray(4, 36).equals(uint256(BASE_FIELD_ORDER)) &&
    header.subarray(40, 72).equals(uint256(FIELD_ORDER));
  if (!overBn254) throw unreadable(path, "it is not over BN254");
  const publicSignals = header.readUInt32LE(76);
  if (file.size(ZKEY_SECTIONS.ic) !== (publicSignals + 1) * G1_BYTES) {
    throw unreadable(path, "its IC points are not one more than its public signals");
  }
  const point = (offset: number, bytes: number) => new Uint8Array(header.subarray(offset, offset + bytes));
  return {
    wires: header.readUInt32LE(72),
    publicSignals,
    domainSize: header.readUInt32LE(80),
    alpha1: point(84, G1_BYTES),
    beta1: point(84 + G1_BYTES, G1_BYTES),
    beta2: point(84 + 2 * G1_BYTES, G2_BYTES),
    gamma2: point(84 + 2 * G1_BYTES + G2_BYTES, G2_BYTES),
    delta1: point(84 + 2 * G1_BYTES + 2 * G2_BYTES, G1_BYTES),
    delta2: point(84 + 3 * G1_BYTES + 2 * G2_BYTES, G2_BYTES),
  };
}
