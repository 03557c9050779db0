import { FIELD_ORDER } from "../../../field/index.js";
import { type R1csFile, type R1csHeader, TERM_BYTES } from "../r1cs.js";
import { SCALAR_BYTES, ScalarMemory } from "../scalar-memory.js";
import { unreadable } from "../section-file.js";
import { COEFFICIENT_BYTES } from "../zkey-format.js";

/** For each row j of a domain, sum_i rho_i a_ij, and the same with the matrices B and C: plain scalars, 32 bytes each. */
export interface RowCombinations {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly c: Uint8Array;
}

interface MatrixOptions {
  readonly path: string;
  readonly rows: number;
  readonly rho: Buffer;
  readonly coefficients: Buffer;
}

/**
 * Reads a circuit's matrices once: compares them with the coefficients of a key, and combines their columns with one random scalar a wire.
 * A has one more row for each public wire, the constant one included, as in every key of snarkjs.
 * @param options.rows of the domain.
 * @param options.rho 16 bytes a wire, little-endian.
 * @param options.coefficients section of the key: their number (32 bits), then each.
 * @returns undefined where the coefficients are others.
 * @throws SealpatchError `key/unreadable`.
 */
export async function readMatrices(
  r1cs: R1csFile,
  options: MatrixOptions,
): Promise<RowCombinations | undefined> {
  const { buildBn128 } = await import("ffjavascript");
  // A curve of its own: its memory is the workspace.
  const matrices = new Matrices(new ScalarMemory(await buildBn128(true)), r1cs.header, options);
  for await (const { bytes, constraints } of r1cs.blocks()) {
    if (!matrices.add(bytes, constraints)) return undefined;
  }
  return matrices.finish();
}

class Matrices {
  readonly #memory: ScalarMemory;
  readonly #header: R1csHeader;
  readonly #options: MatrixOptions;
  readonly #weights: number;
  readonly #sums: readonly [number, number, number];
  readonly #product: number;
  readonly #expected: number;
  readonly #cubed: number;
  #input = { address: 0, length: 0 };
  #row = 0;
  #coefficient = 4;

  constructor(memory: ScalarMemory, header: R1csHeader, options: MatrixOptions) {
    this.#memory = memory;
    this.#header = header;
    this.#options = options;
    const { wires } = header;
    const { rho, rows } = options;
    this.#weights = memory.allocate(wires);
    const bytes = rho.length / wires;
    for (let wire = 0; wire < wires; wire++) {
      const scalar = rho.subarray(wire * bytes, (wire + 1) * bytes);
      memory.bytes(this.#weights + wire * SCALAR_BYTES, SCALAR_BYTES).set(scalar);
    }
    memory.toMontgomery(this.#weights, wires);
    this.#sums = [memory.allocate(rows), memory.allocate(rows), memory.allocate(rows)];
    this.#product = memory.allocate(1);
    this.#expected = memory.allocate(1);
    this.#cubed = memory.plain(2n ** 768n % FIELD_ORDER);
  }

  /** Adds whole constraints. @returns whether the key has their coefficients. */
  add(bytes: Buffer, constraints: number): boolean {
    const memory = this.#memory;
    if (this.#input.length < bytes.length) {
      this.#input = { address: memory.allocateBytes(bytes.length), length: bytes.length };
    }
    memory.bytes(this.#input.address, bytes.length).set(bytes);
    let position = 0;
    for (const last = this.#row + constraints; this.#row < last; this.#row++) {
      for (const matrix of this.#sums.keys()) {
        const end = position + 4 + TERM_BYTES * bytes.readUInt32LE(position);
        for (position += 4; position < end; position += TERM_BYTES) {
          const wire = bytes.readUInt32LE(position);
          if (wire >= this.#header.wires) {
            throw unreadable(this.#options.path, "a constraint names a wire that does not exist");
          }
          const value = this.#input.address + position + 4;
          this.#accumulate(matrix, wire, value);
          if (matrix < 2 && !this.#isNext(matrix, wire, value)) return false;
        }
      }
    }
    return true;
  }

  /** Adds the rows of the public wires, and takes the sums. */
  finish(): RowCombinations | undefined {
    const memory = this.#memory;
    const { coefficients, rows } = this.#options;
    const { constraints, publicSignals } = this.#header;
    const one = memory.plain(1n);
    for (let wire = 0; wire <= publicSignals; wire++) {
      this.#row = constraints + wire;
      this.#accumulate(0, wire, one);
      if (!this.#isNext(0, wire, one)) return undefined;
    }
    const count = (this.#coefficient - 4) / COEFFICIENT_BYTES;
    if (this.#coefficient !== coefficients.length || coefficients.readUInt32LE(0) !== count) return undefined;
    const [a, b, c] = this.#sums.map((sum) => memory.bytes(sum, rows * SCALAR_BYTES).slice());
    return { a: a!, b: b!, c: c! };
  }

  #accumulate(matrix: number, wire: number, value: number): void {
    const sum = this.#sums[matrix]! + this.#row * SCALAR_BYTES;
    this.#memory.multiply(value, this.#weights + wire * SCALAR_BYTES, this.#product);
    this.#memory.add(sum, this.#product, sum);
  }

  #isNext(matrix: number, wire: number, value: number): boolean {
    const { coefficients } = this.#options;
    const start = this.#coefficient;
    this.#coefficient += COEFFICIENT_BYTES;
    if (this.#coefficient > coefficients.length) return false;
    this.#memory.multiply(value, this.#cubed, this.#expected);
    return (
      coefficients.readUInt32LE(start) === matrix &&
      coefficients.readUInt32LE(start + 4) === this.#row &&
      coefficients.readUInt32LE(start + 8) === wire &&
      coefficients.compare(
        this.#memory.bytes(this.#expected, SCALAR_BYTES),
        0,
        SCALAR_BYTES,
        start + 12,
        this.#coefficient,
      ) === 0
    );
  }
}
