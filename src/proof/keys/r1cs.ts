import { FIELD_ORDER } from "../../field/index.js";
import { SectionFile, uint256, unreadable } from "./section-file.js";

/*
 * Format: iden3, "R1CS binary format", version 1. A constraint is three linear combinations A, B, C with A * B = C; a
 * linear combination is its number of terms (32 bits) and the terms: wire (32 bits), coefficient (32 bytes, little-endian).
 */

const HEADER_SECTION = 1;
const CONSTRAINTS_SECTION = 2;
const CUSTOM_GATES_SECTION = 4;
const BLOCK_BYTES = 1 << 23;

/** Size in bytes of one term of a linear combination. */
export const TERM_BYTES = 36;

/** Wires are numbered: 0 is the constant one, then the public signals, then the private ones. */
export interface R1csHeader {
  readonly wires: number;
  readonly publicSignals: number;
  readonly constraints: number;
}

/** A run of whole constraints. */
export interface ConstraintBlock {
  readonly bytes: Buffer;
  readonly constraints: number;
}

/** An open r1cs file, read in blocks so that memory does not grow with the circuit. Close it. */
export class R1csFile {
  readonly #file: SectionFile;
  readonly #path: string;

  private constructor(
    file: SectionFile,
    path: string,
    readonly header: R1csHeader,
  ) {
    this.#file = file;
    this.#path = path;
  }

  /** @throws SealpatchError `key/unreadable` where it is not an r1cs file over BN254 or uses custom gates. */
  static async open(path: string): Promise<R1csFile> {
    const file = await SectionFile.open(path, "r1cs");
    try {
      return new R1csFile(file, path, await readHeader(file, path));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** All constraints, in order. */
  async *blocks(): AsyncGenerator<ConstraintBlock> {
    const total = this.#file.size(CONSTRAINTS_SECTION);
    let constraintsLeft = this.header.constraints;
    let blockBytes = BLOCK_BYTES;
    for (let position = 0; constraintsLeft > 0; ) {
      const length = Math.min(blockBytes, total - position);
      const bytes = await this.#file.read(CONSTRAINTS_SECTION, position, length);
      const whole = wholeConstraints(bytes, constraintsLeft);
      if (whole.constraints === 0) {
        if (position + length === total) throw unreadable(this.#path, "its last constraint is cut off");
        blockBytes *= 2;
        continue;
      }
      yield { bytes: bytes.subarray(0, whole.length), constraints: whole.constraints };
      position += whole.length;
      constraintsLeft -= whole.constraints;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function readHeader(file: SectionFile, path: string): Promise<R1csHeader> {
  const header = await file.read(HEADER_SECTION);
  if (header.length !== 64 || !header.subarray(4, 36).equals(uint256(FIELD_ORDER))) {
    throw unreadable(path, "it is not over the BN254 scalar field");
  }
  if (file.has(CUSTOM_GATES_SECTION) && (await file.read(CUSTOM_GATES_SECTION, 0, 4)).readUInt32LE(0) > 0) {
    throw unreadable(path, "it uses custom gates, which Groth16 does not know");
  }
  const wires = header.readUInt32LE(36);
  const publicSignals = header.readUInt32LE(40) + header.readUInt32LE(44);
  if (publicSignals >= wires) throw unreadable(path, "it has more public signals than wires");
  return { wires, publicSignals, constraints: header.readUInt32LE(60) };
}

function wholeConstraints(bytes: Buffer, atMost: number): { length: number; constraints: number } {
  let length = 0;
  let constraints = 0;
  while (constraints < atMost) {
    let end = length;
    for (let combination = 0; combination < 3; combination++) {
      if (end + 4 > bytes.length) return { length, constraints };
      end += 4 + TERM_BYTES * bytes.readUInt32LE(end);
      if (end > bytes.length) return { length, constraints };
    }
    length = end;
    constraints++;
  }
  return { length, constraints };
}
