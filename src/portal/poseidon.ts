import { FIELD_ORDER } from "../field/index.js";

// Circomlib's Poseidon with its constants computed by their definition: as tables, those of three widths take 40 kB of a page.
// Grassi et al., "Poseidon" (USENIX Security 2021), section 5 and appendices E (Grain) and B (Cauchy matrix).

const FULL_ROUNDS = 8;
/** Partial rounds by width t, inputs and one: circomlib's table for BN254 at 128 bits. */
const PARTIAL_ROUNDS: Readonly<Record<number, number>> = { 3: 57, 4: 56, 5: 60 };
const FIELD_BITS = 254;
/** Bits of the Grain register, and those that it throws away first. */
const [REGISTER, WARM_UP] = [80, 160];
const TAPS = [0, 13, 23, 38, 51, 62];

interface Constants {
  readonly rounds: readonly bigint[];
  readonly matrix: readonly (readonly bigint[])[];
}

const kept = new Map<number, Constants>();

/**
 * H_n of 2 to 4 field elements, as `poseidon` of the SDK has it; a test compares them. Nothing is checked.
 */
export function pagePoseidon(inputs: readonly bigint[]): bigint {
  const width = inputs.length + 1;
  const partial = PARTIAL_ROUNDS[width]!;
  const { rounds, matrix } = constantsOf(width, partial);
  let state = [0n, ...inputs];
  for (let round = 0; round < FULL_ROUNDS + partial; round++) {
    const isFull = round < FULL_ROUNDS / 2 || round >= FULL_ROUNDS / 2 + partial;
    const powers = state.map((element, place) => {
      const sum = element + rounds[round * width + place]!;
      return isFull || place === 0 ? fifthPower(sum) : sum;
    });
    state = matrix.map(
      (row) => row.reduce((sum, factor, place) => sum + factor * powers[place]!, 0n) % FIELD_ORDER,
    );
  }
  return state[0]!;
}

function fifthPower(base: bigint): bigint {
  const square = (base * base) % FIELD_ORDER;
  return (((square * square) % FIELD_ORDER) * base) % FIELD_ORDER;
}

function constantsOf(width: number, partial: number): Constants {
  const known = kept.get(width);
  if (known !== undefined) return known;
  const grain = grainOf(width, partial);
  const rounds = Array.from({ length: (FULL_ROUNDS + partial) * width }, () => {
    let candidate = grain();
    while (candidate >= FIELD_ORDER) candidate = grain();
    return candidate;
  });
  const [rows, columns] = [0, 1].map(() => Array.from({ length: width }, () => grain() % FIELD_ORDER));
  const matrix = rows!.map((row) => columns!.map((column) => inverse(row + column)));
  kept.set(width, { rounds, matrix });
  return { rounds, matrix };
}

/** Numbers of 254 bits by the self-shrinking Grain register: of two bits the second counts where the first is one. */
function grainOf(width: number, partial: number): () => bigint {
  const bitsOf = (number: number, length: number) => number.toString(2).padStart(length, "0");
  // A prime field, the S-box x^5, the field's bits, the width and the rounds.
  const seed =
    bitsOf(1, 2) +
    bitsOf(0, 4) +
    bitsOf(FIELD_BITS, 12) +
    bitsOf(width, 12) +
    bitsOf(FULL_ROUNDS, 10) +
    bitsOf(partial, 10);
  const bits = [...seed.padEnd(REGISTER, "1")].map(Number);
  const next = () => {
    const at = bits.length - REGISTER;
    let bit = 0;
    for (const tap of TAPS) bit ^= bits[at + tap]!;
    bits.push(bit);
    return bit;
  };
  for (let bit = 0; bit < WARM_UP; bit++) next();
  return () => {
    let number = "0b";
    while (number.length < FIELD_BITS + 2) {
      const counts = next();
      const bit = next();
      if (counts === 1) number += bit;
    }
    return BigInt(number);
  };
}

/** 1 / value, by Fermat. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let square = value % FIELD_ORDER;
  for (let exponent = FIELD_ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * square) % FIELD_ORDER;
    square = (square * square) % FIELD_ORDER;
  }
  return result;
}
