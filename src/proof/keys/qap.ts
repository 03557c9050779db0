import { FIELD_ORDER } from "../../field/index.js";
import type { SetupSecrets } from "./development-secrets.js";
import { inverse, power } from "./modular.js";
import { type ConstraintBlock, type R1csHeader, TERM_BYTES } from "./r1cs.js";
import { SCALAR_BYTES, type ScalarMemory } from "./scalar-memory.js";
import { evaluateLagrange } from "./scalar-series.js";
import { unreadable } from "./section-file.js";
import { COEFFICIENT_BYTES, domainPower } from "./zkey-format.js";

/** Addresses of the plain scalars that the points of a key are multiples of the generators by. */
export interface KeyScalars {
  /** A_i(tau), one a wire. */
  readonly a: number;
  /** B_i(tau), one a wire. */
  readonly b: number;
  /** (beta A_i + alpha B_i + C_i)(tau), one a wire, divided by delta for the private wires. */
  readonly combined: number;
  /** What the quotient's values at the odd points of the double domain are multiplied by; one a domain point. */
  readonly quotient: number;
}

/**
 * The quadratic arithmetic program of a circuit at the secret tau (Groth 2016, section 3.1), with snarkjs' conventions:
 * constraint c is row c of a multiplicative domain, and each public wire gets one more row in A, which binds it.
 */
export class QapEvaluation {
  readonly #lagrange: number;
  readonly #c: number;
  readonly #product: number;
  readonly #montgomeryCubed: number;
  readonly #scalars: KeyScalars;
  #block = { address: 0, length: 0 };
  #coefficients = { address: 0, length: 0 };
  #row = 0;
  readonly #memory: ScalarMemory;
  readonly #header: R1csHeader;
  readonly #secrets: SetupSecrets;
  readonly #path: string;

  /** @param root primitive root of unity of order 2^(domainPower + 1), plain. */
  constructor(memory: ScalarMemory, header: R1csHeader, secrets: SetupSecrets, root: bigint, path: string) {
    this.#memory = memory;
    this.#header = header;
    this.#secrets = secrets;
    this.#path = path;
    const size = 2 ** domainPower(header);
    const { tau, delta } = secrets;
    this.#lagrange = memory.allocate(size);
    const quotient = memory.allocate(size);
    const squared = (root * root) % FIELD_ORDER;
    const scale = (points: number) => (power(tau, BigInt(points)) - 1n) * inverse(BigInt(points));
    evaluateLagrange(memory, this.#lagrange, { size, tau, first: 1n, step: squared, scale: scale(size) });
    evaluateLagrange(memory, quotient, {
      size,
      tau,
      first: root,
      step: squared,
      scale: scale(2 * size) * inverse(delta),
    });
    memory.toPlain(quotient, size);
    this.#scalars = {
      a: memory.allocate(header.wires),
      b: memory.allocate(header.wires),
      combined: memory.allocate(header.wires),
      quotient,
    };
    this.#c = this.#scalars.combined;
    this.#product = memory.allocate(1);
    this.#montgomeryCubed = memory.plain(power(2n, 3n * 256n));
  }

  /**
   * Adds the next constraints. Returns their coefficients of A and B as a key stores them (values times 2^512), a view
   * that dies with the next call.
   */
  addConstraints(block: ConstraintBlock): Uint8Array {
    const memory = this.#memory;
    const input = this.#copyIn(block.bytes);
    const room = Math.ceil(block.bytes.length / TERM_BYTES) * COEFFICIENT_BYTES;
    if (this.#coefficients.length < room) {
      this.#coefficients = { address: memory.allocateBytes(room), length: room };
    }
    const words = new DataView(memory.bytes(0, this.#coefficients.address + room).buffer);
    const targets = [this.#scalars.a, this.#scalars.b, this.#c] as const;
    let position = input;
    let output = this.#coefficients.address;
    for (const last = this.#row + block.constraints; this.#row < last; this.#row++) {
      const weight = this.#lagrange + SCALAR_BYTES * this.#row;
      for (const [matrix, target] of targets.entries()) {
        const end = position + 4 + TERM_BYTES * words.getUint32(position, true);
        for (position += 4; position < end; position += TERM_BYTES) {
          const wire = words.getUint32(position, true);
          this.#accumulate(target, wire, position + 4, weight);
          if (matrix === 2) continue;
          words.setUint32(output, matrix, true);
          words.setUint32(output + 4, this.#row, true);
          words.setUint32(output + 8, wire, true);
          memory.multiply(position + 4, this.#montgomeryCubed, output + 12);
          output += COEFFICIENT_BYTES;
        }
      }
    }
    return memory.bytes(this.#coefficients.address, output - this.#coefficients.address);
  }

  /** Adds the rows of the public wires, after all constraints; returns their coefficients. */
  addPublicRows(): Uint8Array {
    const memory = this.#memory;
    const header = this.#header;
    const one = memory.plain(1n);
    const value = memory.plain(power(2n, 2n * 256n));
    const bytes = Buffer.alloc((header.publicSignals + 1) * COEFFICIENT_BYTES);
    for (let wire = 0; wire <= header.publicSignals; wire++) {
      const row = header.constraints + wire;
      this.#accumulate(this.#scalars.a, wire, one, this.#lagrange + SCALAR_BYTES * row);
      bytes.writeUInt32LE(row, wire * COEFFICIENT_BYTES + 4);
      bytes.writeUInt32LE(wire, wire * COEFFICIENT_BYTES + 8);
      bytes.set(memory.bytes(value, SCALAR_BYTES), wire * COEFFICIENT_BYTES + 12);
    }
    return bytes;
  }

  /** The key's scalars, after all rows. */
  finish(): KeyScalars {
    const memory = this.#memory;
    const header = this.#header;
    const secrets = this.#secrets;
    const scalars = this.#scalars;
    const product = this.#product;
    const factors = (scale: bigint) => ({
      a: memory.montgomery(secrets.beta * scale),
      b: memory.montgomery(secrets.alpha * scale),
      c: memory.montgomery(scale),
    });
    const forPublic = factors(1n);
    const forPrivate = factors(inverse(secrets.delta));
    for (let wire = 0; wire < header.wires; wire++) {
      const factor = wire <= header.publicSignals ? forPublic : forPrivate;
      const offset = SCALAR_BYTES * wire;
      memory.multiply(this.#c + offset, factor.c, this.#c + offset);
      memory.multiply(scalars.a + offset, factor.a, product);
      memory.add(this.#c + offset, product, this.#c + offset);
      memory.multiply(scalars.b + offset, factor.b, product);
      memory.add(this.#c + offset, product, this.#c + offset);
    }
    return scalars;
  }

  #accumulate(target: number, wire: number, coefficient: number, weight: number): void {
    if (wire >= this.#header.wires)
      throw unreadable(this.#path, "a constraint names a wire that does not exist");
    const sum = target + SCALAR_BYTES * wire;
    this.#memory.multiply(coefficient, weight, this.#product);
    this.#memory.add(sum, this.#product, sum);
  }

  #copyIn(bytes: Buffer): number {
    if (this.#block.length < bytes.length) {
      this.#block = { address: this.#memory.allocateBytes(bytes.length), length: bytes.length };
    }
    this.#memory.bytes(this.#block.address, bytes.length).set(bytes);
    return this.#block.address;
  }
}
