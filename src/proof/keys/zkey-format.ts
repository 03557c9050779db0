import { FIELD_ORDER } from "../../field/index.js";
import { SectionFile, uint256, unreadable } from "./section-file.js";

/** Order q of the BN254 base field, which coordinates of points are in (EIP-197). */
export const BASE_FIELD_ORDER =
  21888242871839275222246405745257275088696311157297823662689037894645226208583n;

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

const HEADER_BYTES = 2 * (4 + 32) + 12 + 3 * G1_BYTES + 3 * G2_BYTES;

/** The fixed part of a Groth16 .zkey. Points are affine, in Montgomery form, as they stand in the file. */
export interface ZkeyHeader {
  /** Wires of the circuit, the constant one included. */
  readonly wires: number;
  readonly publicSignals: number;
  readonly domainSize: number;
  readonly alpha1: Uint8Array;
}

/**
 * Reads the fixed part of a proving key.
 * @throws SealpatchError `key/unreadable` where the file is no Groth16 .zkey over BN254.
 */
export async function readZkeyHeader(zkeyFile: string): Promise<ZkeyHeader> {
  const file = await SectionFile.open(zkeyFile, "zkey");
  try {
    return await readHeader(file, zkeyFile);
  } finally {
    await file.close();
  }
}

async function readHeader(file: SectionFile, path: string): Promise<ZkeyHeader> {
  const protocol = (await file.read(ZKEY_SECTIONS.protocol, 0, 4)).readUInt32LE(0);
  if (protocol !== GROTH16_PROTOCOL) throw unreadable(path, "it is no Groth16 key");
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
  return {
    wires: header.readUInt32LE(72),
    publicSignals,
    domainSize: header.readUInt32LE(80),
    alpha1: new Uint8Array(header.subarray(84, 84 + G1_BYTES)),
  };
}
