import type { Curve } from "ffjavascript";
import { FIELD_ORDER } from "../../field/index.js";
import { uint256 } from "./section-file.js";

/** Size in bytes of one scalar. */
export const SCALAR_BYTES = 32;

const PAGE_BYTES = 65536;

interface ScalarFunctions {
  frm_add(a: number, b: number, result: number): void;
  frm_sub(a: number, b: number, result: number): void;
  /** Montgomery product: a * b / 2^256. With one factor in Montgomery form it is the plain product. */
  frm_mul(a: number, b: number, result: number): void;
  frm_batchInverse(from: number, fromStep: number, count: number, to: number, toStep: number): void;
  frm_batchToMontgomery(from: number, count: number, to: number): void;
  frm_batchFromMontgomery(from: number, count: number, to: number): void;
}

/**
 * Scalars modulo r in the WASM memory of a curve that nobody else uses meanwhile. Addresses are plain numbers; a scalar
 * is 32 bytes, little-endian, in plain or in Montgomery form (times 2^256) as the caller arranges.
 */
export class ScalarMemory {
  readonly #functions: ScalarFunctions;
  readonly #memory: WebAssembly.Memory;

  readonly #curve: Curve;

  constructor(curve: Curve) {
    this.#curve = curve;
    this.#memory = curve.tm.memory;
    this.#functions = curve.tm.instance.exports as unknown as ScalarFunctions;
  }

  /** Address of `count` new scalars, all zero. */
  allocate(count: number): number {
    return this.allocateBytes(count * SCALAR_BYTES);
  }

  /** Address of new bytes, all zero. */
  allocateBytes(length: number): number {
    const address = (this.#freePointer + 7) & ~7;
    this.#reserve(address + length);
    this.#freePointer = address + length;
    this.bytes(address, length).fill(0);
    return address;
  }

  /** Runs `work` and frees what it allocated. */
  temporarily<T>(work: () => T): T {
    const free = this.#freePointer;
    const result = work();
    this.#freePointer = free;
    return result;
  }

  /** A view of memory; it dies with the next allocation. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address, length);
  }

  /** Address of a new plain scalar. */
  plain(value: bigint): number {
    const address = this.allocate(1);
    this.bytes(address, SCALAR_BYTES).set(uint256(value));
    return address;
  }

  /** Address of a new scalar in Montgomery form. */
  montgomery(value: bigint): number {
    return this.plain((value << 256n) % FIELD_ORDER);
  }

  add(a: number, b: number, result: number): void {
    this.#functions.frm_add(a, b, result);
  }

  subtract(a: number, b: number, result: number): void {
    this.#functions.frm_sub(a, b, result);
  }

  multiply(a: number, b: number, result: number): void {
    this.#functions.frm_mul(a, b, result);
  }

  /** Replaces `count` scalars in Montgomery form by their inverses. */
  invertAll(address: number, count: number): void {
    this.#reserve(this.#freePointer + (count + 2) * SCALAR_BYTES);
    this.#functions.frm_batchInverse(address, SCALAR_BYTES, count, address, SCALAR_BYTES);
  }

  /** Replaces `count` plain scalars by their Montgomery form. */
  toMontgomery(address: number, count: number): void {
    this.#functions.frm_batchToMontgomery(address, count, address);
  }

  /** Replaces `count` scalars in Montgomery form by the plain ones. */
  toPlain(address: number, count: number): void {
    this.#functions.frm_batchFromMontgomery(address, count, address);
  }

  // The curve's functions take working memory from where word 0 points.
  get #freePointer(): number {
    return new Uint32Array(this.#memory.buffer, 0, 1)[0]!;
  }

  set #freePointer(address: number) {
    new Uint32Array(this.#memory.buffer, 0, 1)[0] = address;
  }

  #reserve(end: number): void {
    const missing = end - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    // Growing detaches the views that the curve's own operations use.
    this.#curve.tm.u8 = new Uint8Array(this.#memory.buffer);
    this.#curve.tm.u32 = new Uint32Array(this.#memory.buffer);
  }
}
