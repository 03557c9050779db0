// A second implementation on purpose: what examines a circuit must not share a fault with what proves it.
import { readFile } from "node:fs/promises";
import { SoundnessError } from "./errors.js";
import { FIELD_ORDER } from "./modular.js";

/** A, B and C of one constraint: (A w) * (B w) = C w. */
export const FORMS_PER_CONSTRAINT = 3;

/**
 * A rank-1 constraint system over F. Wire 0 is the constant 1; then come the public outputs, the public inputs, the
 * private inputs and the rest.
 *
 * The linear forms stand in compressed rows: form f = 3 * constraint + (0 for A, 1 for B, 2 for C) has the terms
 * `offsets[f]` to `offsets[f + 1] - 1`, each `coefficients[coefficientIds[k]] * witness[wires[k]]`. Every distinct
 * coefficient is held once, as its representative in (-r/2, r/2]: most are small, and small ones multiply faster.
 */
export interface R1cs {
  readonly wireCount: number;
  readonly outputCount: number;
  readonly publicInputCount: number;
  readonly privateInputCount: number;
  readonly constraintCount: number;
  readonly offsets: Uint32Array;
  readonly wires: Uint32Array;
  readonly coefficientIds: Uint32Array;
  readonly coefficients: readonly bigint[];
  /** Wire -> label: the first column of the .sym file. */
  readonly labels: Uint32Array;
}

const MAGIC = 0x73633172; // "r1cs", little-endian
const HEADER_SECTION = 1;
const CONSTRAINT_SECTION = 2;
const LABEL_SECTION = 3;
const ELEMENT_WORDS = 8;

/**
 * Reads a circuit in iden3's r1cs format, version 1 (github.com/iden3/r1csfile, doc/r1cs_bin_format.md), over the
 * BN254 scalar field.
 * @throws SoundnessError `soundness/r1cs-invalid` where the file is something else.
 */
export async function readR1cs(file: string): Promise<R1cs> {
  const bytes = await readFile(file);
  if (bytes.length % 4 !== 0) throw invalid(file, "its length is no multiple of 4 bytes");
  // Every field of the format is a whole number of 32-bit words, so the file is read as words.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, bytes.length / 4);
  if (words[0] !== MAGIC || words[1] !== 1) throw invalid(file, "it does not begin like one");

  const sections = findSections(words, file);
  const header = readHeader(words, sectionAt(sections, HEADER_SECTION, file), file);
  const constraints = sectionAt(sections, CONSTRAINT_SECTION, file);
  const forms = readForms(words, constraints, header.constraintCount, header.wireCount, file);
  const labels = readLabels(words, sectionAt(sections, LABEL_SECTION, file), header.wireCount, file);
  return { ...header, ...forms, labels };
}

interface Section {
  readonly start: number;
  readonly end: number;
}

function findSections(words: Uint32Array, file: string): Map<number, Section> {
  const sections = new Map<number, Section>();
  let at = 3;
  for (let count = words[2] ?? 0; count > 0; count--) {
    const type = words[at];
    const byteSize = words[at + 1]! + words[at + 2]! * 2 ** 32;
    const section = { start: at + 3, end: at + 3 + byteSize / 4 };
    if (type === undefined || byteSize % 4 !== 0 || section.end > words.length) {
      throw invalid(file, "a section ends outside the file");
    }
    sections.set(type, section);
    at = section.end;
  }
  return sections;
}

function sectionAt(sections: Map<number, Section>, type: number, file: string): Section {
  const section = sections.get(type);
  if (section === undefined) throw invalid(file, `section ${type} is missing`);
  return section;
}

function readHeader(words: Uint32Array, { start, end }: Section, file: string) {
  const wordAt = (offset: number) => words[start + 1 + ELEMENT_WORDS + offset]!;
  if (end - start < 7 + ELEMENT_WORDS || words[start] !== 4 * ELEMENT_WORDS) {
    throw invalid(file, "its field elements are not 32 bytes long");
  }
  if (readElement(words, start + 1) !== FIELD_ORDER)
    throw invalid(file, "it is not over the BN254 scalar field");
  return {
    wireCount: wordAt(0),
    outputCount: wordAt(1),
    publicInputCount: wordAt(2),
    privateInputCount: wordAt(3),
    constraintCount: wordAt(6),
  };
}

function readForms(
  words: Uint32Array,
  section: Section,
  constraintCount: number,
  wireCount: number,
  file: string,
) {
  const formCount = FORMS_PER_CONSTRAINT * constraintCount;
  const termWords = 1 + ELEMENT_WORDS;
  const offsets = new Uint32Array(formCount + 1);
  const termCount = (section.end - section.start - formCount) / termWords;
  if (!Number.isInteger(termCount) || termCount < 0) throw invalid(file, "its constraints are cut off");
  const wires = new Uint32Array(termCount);
  const coefficientIds = new Uint32Array(termCount);
  const table = new CoefficientTable(words);

  let at = section.start;
  let term = 0;
  for (let form = 0; form < formCount; form++) {
    const length = words[at++] ?? 0;
    if (at + length * termWords > section.end) throw invalid(file, "a constraint ends outside its section");
    for (let i = 0; i < length; i++, term++, at += termWords) {
      const wire = words[at]!;
      if (wire >= wireCount) throw invalid(file, `it names wire ${wire} of ${wireCount}`);
      wires[term] = wire;
      coefficientIds[term] = table.idOf(at + 1);
    }
    offsets[form + 1] = term;
  }
  return { offsets, wires, coefficientIds, coefficients: table.coefficients };
}

function readLabels(
  words: Uint32Array,
  { start, end }: Section,
  wireCount: number,
  file: string,
): Uint32Array {
  if (end - start !== 2 * wireCount) throw invalid(file, "its label map has another length than its wires");
  return Uint32Array.from({ length: wireCount }, (_, wire) => words[start + 2 * wire]!);
}

/** Gives each distinct coefficient one number: an open-addressing hash table over the raw words of the file. */
class CoefficientTable {
  readonly coefficients: bigint[] = [];
  readonly #words: Uint32Array;
  readonly #positions: number[] = [];
  /** Slot -> coefficient number + 1, or 0 where the slot is empty. */
  #slots = new Uint32Array(1 << 12);

  constructor(words: Uint32Array) {
    this.#words = words;
  }

  idOf(position: number): number {
    const slot = this.#find(position);
    const found = this.#slots[slot]!;
    if (found !== 0) return found - 1;

    const id = this.coefficients.length;
    const value = readElement(this.#words, position);
    this.coefficients.push(value > FIELD_ORDER / 2n ? value - FIELD_ORDER : value);
    this.#positions.push(position);
    this.#slots[slot] = id + 1;
    if (2 * this.coefficients.length > this.#slots.length) this.#grow();
    return id;
  }

  /** The slot that holds the coefficient at `position`, or the empty one where it belongs. */
  #find(position: number): number {
    let hash = 0;
    for (let i = 0; i < ELEMENT_WORDS; i++) {
      hash = Math.imul(hash ^ this.#words[position + i]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const found = this.#slots[slot]!;
      if (found === 0 || this.#equal(this.#positions[found - 1]!, position)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #equal(left: number, right: number): boolean {
    for (let i = 0; i < ELEMENT_WORDS; i++) {
      if (this.#words[left + i] !== this.#words[right + i]) return false;
    }
    return true;
  }

  #grow(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    this.#positions.forEach((position, id) => {
      this.#slots[this.#find(position)] = id + 1;
    });
  }
}

function readElement(words: Uint32Array, position: number): bigint {
  let value = 0n;
  for (let i = ELEMENT_WORDS - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[position + i]!);
  return value;
}

function invalid(file: string, why: string): SoundnessError {
  return new SoundnessError("soundness/r1cs-invalid", `${file} is no r1cs file of this toolchain`, {
    details: { file },
    why,
    remedy: "compile the circuit again",
  });
}
