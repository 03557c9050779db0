// A second implementation on purpose: what examines a circuit must not share a fault with what proves it.
import { readFile } from "node:fs/promises";
import { SoundnessError } from "./errors.js";
import { FIELD_ORDER } from "./modular.js";

export type SignalValue = bigint | readonly SignalValue[];

/** Input signals of the main component by name; arrays nest as declared. */
export type CircuitInput = Readonly<Record<string, SignalValue>>;

/** A place in a circuit's sources. */
export interface SourcePlace {
  readonly template: string;
  readonly line: number;
}

/** What the compiler's WASM offers (github.com/iden3/circom, code_producers/src/wasm_elements). */
interface CalculatorExports {
  init(sanityCheck: number): void;
  getWitnessSize(): number;
  getInputSize(): number;
  getInputSignalSize(hashHigh: number, hashLow: number): number;
  setInputSignal(hashHigh: number, hashLow: number, position: number): void;
  getWitness(wire: number): void;
  readSharedRWMemory(position: number): number;
  writeSharedRWMemory(position: number, word: number): void;
  getMessageChar(): number;
}

/** A field element in the calculator's shared memory: 32-bit words, the lowest first. */
const ELEMENT_WORDS = 8;

const REASONS = [
  "unknown error",
  "signal not found",
  "too many signals set",
  "signal already set",
  "a constraint does not hold",
  "not enough memory",
  "an input index exceeds its array",
  "an array index is out of bounds",
];

/**
 * Computes witnesses with the calculator that the compiler emitted. Each attempt runs in a fresh instance: the
 * calculator keeps its signals and its error text between runs.
 */
export class WitnessCalculator {
  readonly #module: WebAssembly.Module;

  private constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  static async load(wasmFile: string): Promise<WitnessCalculator> {
    return new WitnessCalculator(await WebAssembly.compile(await readFile(wasmFile)));
  }

  /**
   * The full witness: value of each wire, wire 0 first.
   * @param wires those that are looked at, all by default: reading them takes longer than computing them. The others are
   *   left out of the array.
   * @throws SoundnessError `soundness/input-mismatch` where the input is not what the circuit takes.
   * @throws SoundnessError `soundness/witness-refused` where a `===` or an assert fails; `details.template` and
   *   `details.line` tell which, `why` carries the calculator's trace. Never a value.
   */
  calculate(input: CircuitInput, wires?: Iterable<number>): bigint[] {
    const { exports, trace } = this.#instantiate();
    exports.init(1);
    let given = 0;
    for (const [name, value] of Object.entries(input)) {
      const elements = flatten(value);
      const [high, low] = signalHash(name);
      const size = exports.getInputSignalSize(high, low);
      if (size !== elements.length) {
        throw mismatch(`signal ${name} takes ${Math.max(0, size)} values, got ${elements.length}`);
      }
      elements.forEach((element, position) => {
        writeElement(exports, element);
        // The last input starts the computation, so this is where a constraint fails.
        runOrExplain(() => exports.setInputSignal(high, low, position), trace);
      });
      given += elements.length;
    }
    if (given !== exports.getInputSize()) {
      throw mismatch(`the circuit takes ${exports.getInputSize()} values, got ${given}`);
    }
    const reader = new ElementReader();
    const values: bigint[] = new Array(exports.getWitnessSize());
    for (const wire of wires ?? values.keys()) {
      exports.getWitness(wire);
      values[wire] = reader.read(exports);
    }
    return values;
  }

  #instantiate(): { exports: CalculatorExports; trace: string[] } {
    const trace: string[] = [];
    const message = () => {
      let text = "";
      for (let code = exports.getMessageChar(); code !== 0; code = exports.getMessageChar()) {
        text += String.fromCharCode(code);
      }
      return text;
    };
    const runtime = {
      exceptionHandler: (code: number) => {
        throw new CalculatorStopped(REASONS[code] ?? REASONS[0]!);
      },
      printErrorMessage: () => trace.push(message()),
      // What `log()` prints may be secret: it is taken and dropped.
      writeBufferMessage: () => message(),
      showSharedRWMemory: () => {},
    };
    const exports = new WebAssembly.Instance(this.#module, { runtime })
      .exports as unknown as CalculatorExports;
    return { exports, trace };
  }
}

class CalculatorStopped extends Error {}

function runOrExplain(run: () => void, trace: readonly string[]): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof CalculatorStopped)) throw error;
    const place = failingPlace(trace);
    throw new SoundnessError("soundness/witness-refused", `no witness: ${error.message}`, {
      details: place === undefined ? {} : { template: place.template, line: place.line },
      why: trace.map((line) => line.trim()).join("; "),
      remedy: "the statement is false, or the circuit refuses a true one",
      cause: error,
    });
  }
}

/** The trace begins at the innermost template: `Error in template LessThan_3 line: 97`, 3 being an instance number. */
function failingPlace(trace: readonly string[]): SourcePlace | undefined {
  const match = /template (\S+)_\d+ line: (\d+)/.exec(trace[0] ?? "");
  return match === null ? undefined : { template: match[1]!, line: Number(match[2]) };
}

function flatten(value: SignalValue): bigint[] {
  return typeof value === "bigint" ? [value] : value.flatMap(flatten);
}

/** FNV-1a, 64 bits: how the calculator knows the names of its inputs. */
function signalHash(name: string): [high: number, low: number] {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return [Number(hash >> 32n), Number(hash & 0xffffffffn)];
}

function writeElement(exports: CalculatorExports, element: bigint): void {
  if (element < 0n || element >= FIELD_ORDER) throw mismatch("an input is not a canonical field element");
  for (let i = 0; i < ELEMENT_WORDS; i++) {
    exports.writeSharedRWMemory(i, Number((element >> BigInt(32 * i)) & 0xffffffffn));
  }
}

/** Reads shared memory as four little-endian limbs of 64 bits: a witness has many elements, and most are small. */
class ElementReader {
  readonly #words = new Uint32Array(ELEMENT_WORDS);
  readonly #limbs = new BigUint64Array(this.#words.buffer);

  read(exports: CalculatorExports): bigint {
    for (let i = 0; i < this.#words.length; i++) this.#words[i] = exports.readSharedRWMemory(i);
    const [low, second, third, high] = this.#limbs as unknown as [bigint, bigint, bigint, bigint];
    const upper = (high << 64n) | third;
    return upper === 0n && second === 0n ? low : (upper << 128n) | (second << 64n) | low;
  }
}

function mismatch(why: string): SoundnessError {
  return new SoundnessError("soundness/input-mismatch", "the input does not fit the circuit", {
    why,
    remedy: "give every input signal of the main component, arrays in full",
  });
}
