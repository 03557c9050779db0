import { basename } from "node:path";
import { SealpatchError } from "../../errors.js";
import { bytesToBigInt, FIELD_ORDER } from "../../field/index.js";
import { compiledModule } from "./calculator-modules.js";
import type { CircuitInput, SignalValue } from "./proof.js";

/*
 * The interface of circom 2's witness calculators (circom, code_producers/src/wasm_elements). snarkjs' own caller is not
 * used: it prints what circuits print, and reduces an input modulo r where this package refuses it.
 */

interface CalculatorExports {
  init(sanityCheck: number): void;
  getRawPrime(): void;
  getFieldNumLen32(): number;
  getWitnessSize(): number;
  getInputSize(): number;
  getInputSignalSize(hashHigh: number, hashLow: number): number;
  setInputSignal(hashHigh: number, hashLow: number, index: number): void;
  getWitness(index: number): void;
  /** Where in the memory the value lies that is set or got: 32 bytes, plain and little-endian. */
  getSharedRWMemoryStart(): number;
  readonly memory: WebAssembly.Memory;
  getMessageChar(): number;
}

const WORDS = 8;
const ASSERTION_FAILED = 4;

/** Size in bytes of what stands before the first value in the file that `calculateWitness` makes. */
const WITNESS_OFFSET = 76;
const VALUE_BYTES = 32;

/**
 * Computes the witness of an input, as the bytes of a .wtns file (version 2). They are secret. Every call takes a fresh
 * calculator, whose memory is overwritten afterwards: a used one keeps the text of its last error. What was compiled is kept.
 *
 * @throws SealpatchError
 * `proof/witness-refused`: a constraint or assertion fails; details name template and line, never a value.
 * `proof/input-mismatch`: a signal is missing, unknown, of another size, or not an integer in [0, r).
 * `proof/bad-calculator`: the file is not a circom 2 witness calculator over BN254.
 */
export async function calculateWitness(wasmFile: string, input: CircuitInput): Promise<Uint8Array> {
  const calculator = await Calculator.load(wasmFile);
  return calculator.calculate(input);
}

/** The values of a witness, plain and little-endian, 32 bytes each. */
export function witnessScalars(witness: Uint8Array): Uint8Array {
  return witness.subarray(WITNESS_OFFSET);
}

/** Number of values in a witness, the constant one included. */
export function witnessLength(witness: Uint8Array): number {
  return (witness.length - WITNESS_OFFSET) / VALUE_BYTES;
}

/** The public signals of a witness: the values after the constant one. */
export function witnessPublicSignals(witness: Uint8Array, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => {
    const start = WITNESS_OFFSET + (index + 1) * VALUE_BYTES;
    return littleEndian(witness.subarray(start, start + VALUE_BYTES));
  });
}

class Calculator {
  readonly #messages: string[] = [];
  #exports!: CalculatorExports;
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  static async load(file: string): Promise<Calculator> {
    const calculator = new Calculator(file);
    try {
      const module = await compiledModule(file);
      const runtime = {
        exceptionHandler: (code: number) => calculator.#fail(code),
        printErrorMessage: () => calculator.#messages.push(calculator.#message()),
        // What a circuit logs may be a secret value: it goes nowhere.
        writeBufferMessage: () => calculator.#message(),
        showSharedRWMemory: () => {},
      };
      const instance = await WebAssembly.instantiate(module, { runtime });
      calculator.#exports = instance.exports as unknown as CalculatorExports;
      calculator.#checkField();
    } catch (cause) {
      if (cause instanceof SealpatchError) throw cause;
      throw calculator.#badCalculator("it cannot be loaded", cause);
    }
    return calculator;
  }

  calculate(input: CircuitInput): Uint8Array {
    try {
      this.#setInput(input);
      return this.#witness();
    } catch (cause) {
      if (cause instanceof SealpatchError) throw cause;
      throw this.#badCalculator("it crashed", cause);
    } finally {
      new Uint8Array(this.#exports.memory.buffer).fill(0);
    }
  }

  #setInput(input: CircuitInput): void {
    this.#exports.init(0);
    let values = 0;
    for (const [name, value] of Object.entries(input)) {
      const flat = flatten(name, value);
      const [high, low] = signalHash(name);
      const size = this.#exports.getInputSignalSize(high, low);
      if (size < 0) throw inputMismatch(name, "the circuit has no such input");
      if (flat.length !== size) throw inputMismatch(name, `it takes ${size} values, not ${flat.length}`);
      for (const [index, element] of flat.entries()) {
        this.#writeShared(element);
        // The last input starts the computation.
        this.#exports.setInputSignal(high, low, index);
      }
      values += flat.length;
    }
    const missing = this.#exports.getInputSize() - values;
    if (missing > 0)
      throw inputMismatch("(missing)", `${missing} values of the circuit's inputs are not given`);
  }

  #witness(): Uint8Array {
    const count = this.#exports.getWitnessSize();
    const witness = new Uint8Array(WITNESS_OFFSET + count * VALUE_BYTES);
    const header = new DataView(witness.buffer);
    for (const [word, value] of [WTNS_MAGIC, 2, 2, 1, 8 + VALUE_BYTES, 0, VALUE_BYTES].entries()) {
      header.setUint32(4 * word, value, true);
    }
    this.#exports.getRawPrime();
    // Were the memory to grow, the view could not be copied any more: `set` throws.
    const shared = this.#shared();
    witness.set(shared, 28);
    header.setUint32(60, count, true);
    header.setUint32(64, 2, true);
    header.setBigUint64(68, BigInt(count * VALUE_BYTES), true);
    for (let index = 0; index < count; index++) {
      this.#exports.getWitness(index);
      witness.set(shared, WITNESS_OFFSET + index * VALUE_BYTES);
    }
    return witness;
  }

  #checkField(): void {
    if (this.#exports.getFieldNumLen32() !== WORDS) throw this.#badCalculator("it is not over BN254");
    this.#exports.getRawPrime();
    if (littleEndian(this.#shared()) !== FIELD_ORDER) throw this.#badCalculator("it is not over BN254");
  }

  #writeShared(value: bigint): void {
    const shared = this.#shared();
    const words = new DataView(shared.buffer, shared.byteOffset, VALUE_BYTES);
    for (let byte = 0; byte < VALUE_BYTES; byte += 8) {
      words.setBigUint64(byte, BigInt.asUintN(64, value >> BigInt(8 * byte)), true);
    }
  }

  /** A view of the value that is set or got. */
  #shared(): Uint8Array {
    const { memory } = this.#exports;
    return new Uint8Array(memory.buffer, this.#exports.getSharedRWMemoryStart(), VALUE_BYTES);
  }

  #message(): string {
    let text = "";
    for (let code = this.#exports.getMessageChar(); code !== 0; code = this.#exports.getMessageChar()) {
      text += String.fromCharCode(code);
    }
    return text;
  }

  #fail(code: number): never {
    // The innermost template reports first: "Error in template <name>_<number> line: <line>".
    const place = /template (\w+?)_\d+ line: (\d+)/.exec(this.#messages.join("\n"));
    if (code !== ASSERTION_FAILED || place === null) {
      throw this.#badCalculator(`it stopped with code ${code}`);
    }
    const [, template, line] = place;
    throw new SealpatchError("proof/witness-refused", "the input breaks a rule of the circuit", {
      details: { template: template!, line: Number(line) },
      why: `a constraint of template ${template} fails (line ${line})`,
      remedy: "correct what the statement is made from; a false statement has no proof",
    });
  }

  #badCalculator(why: string, cause?: unknown): SealpatchError {
    return new SealpatchError("proof/bad-calculator", `${basename(this.#file)} cannot compute a witness`, {
      details: { file: this.#file },
      why,
      cause,
      remedy: "compile the circuit again",
    });
  }
}

const WTNS_MAGIC = Buffer.from("wtns", "latin1").readUInt32LE(0);

const littleEndian = (bytes: Uint8Array): bigint => bytesToBigInt(new Uint8Array(bytes).reverse());

function flatten(name: string, value: SignalValue): bigint[] {
  if (typeof value !== "bigint") return value.flatMap((item) => flatten(name, item));
  if (value < 0n || value >= FIELD_ORDER) throw inputMismatch(name, "it has a value outside [0, r)");
  return [value];
}

/** 64-bit FNV-1a of a signal's name, as circom indexes inputs, in two halves. */
function signalHash(name: string): [high: number, low: number] {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return [Number(hash >> 32n), Number(hash & 0xffffffffn)];
}

function inputMismatch(signal: string, why: string): SealpatchError {
  return new SealpatchError("proof/input-mismatch", "the input does not fit the circuit", {
    details: { signal },
    why: `${signal}: ${why}`,
    remedy: "use the inputs that this package computes, with the circuit of the same release",
  });
}
