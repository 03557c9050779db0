import { SectionFile, unreadable } from "./section-file.js";
import { G1_BYTES, G2_BYTES, ZKEY_SECTIONS } from "./zkey-format.js";

/*
 * Section 10 of a .zkey: hash of the circuit (64 bytes), number of contributions (32 bits), and each contribution: delta
 * after it (G1), public key (two points of G1, one of G2), transcript hash (64 bytes), type (32 bits), length of the
 * parameters (32 bits), parameters. A parameter is a type byte and its value: a name (1) is a length byte and UTF-8, the exponent of a beacon's iterations (2) a
 * byte, a beacon's value (3) a length byte and that.
 */

const HASH_BYTES = 64;
export const CONTRIBUTION_BY_PERSON = 0;
const CONTRIBUTION_BY_BEACON = 1;
export const NAME_PARAMETER = 1;
const EXPONENT_PARAMETER = 2;
const BEACON_PARAMETER = 3;

/** A contribution of a development key has a name that starts so, in every release. */
export const DEVELOPMENT_MARKER = "sealpatch-dev";

/**
 * A contribution to the circuit's part of a ceremony, by somebody who knows x. Points are affine, in Montgomery form, as they stand in the
 * file; none was checked.
 */
export interface Contribution {
  /** What its author calls itself; "" where the entry has no name. */
  readonly name: string;
  /** Delta in G1 after it: delta before it, times x. */
  readonly deltaAfter: Uint8Array;
  /** Public key: a point of G1, the same times x, and x times a point of G2 that the transcript chooses. */
  readonly base: Uint8Array;
  readonly shifted: Uint8Array;
  readonly proofOfKnowledge: Uint8Array;
  /** BLAKE2b-512 of the circuit's hash, of all public keys before, and of `base` and `shifted`. */
  readonly transcript: Uint8Array;
  /** Where x is derived from a public value: its bytes, hashed 2^exponent times. */
  readonly beacon: { readonly hash: Uint8Array; readonly iterationsExponent: number } | undefined;
  /** The whole entry. */
  readonly bytes: Uint8Array;
}

/** Section 10 of a proving key. */
export interface Contributions {
  /** Hash of the initial key, 64 bytes. */
  readonly circuitHash: Uint8Array;
  readonly entries: readonly Contribution[];
}

/**
 * All contributions of a proving key, in order, as they stand there: no point and no hash was checked.
 * @throws SealpatchError `key/unreadable` where section 10 is malformed in any way.
 */
export async function readContributions(zkeyFile: string): Promise<Contributions> {
  const file = await SectionFile.open(zkeyFile, "zkey");
  try {
    return parseContributions(await file.read(ZKEY_SECTIONS.contributions));
  } catch (error) {
    // Reads past the end throw a RangeError, a name that is no UTF-8 a TypeError.
    if (error instanceof RangeError || error instanceof TypeError) {
      throw unreadable(zkeyFile, "its contributions are malformed", error);
    }
    throw error;
  } finally {
    await file.close();
  }
}

function parseContributions(section: Buffer): Contributions {
  const count = section.readUInt32LE(HASH_BYTES);
  const entries: Contribution[] = [];
  let position = HASH_BYTES + 4;
  while (entries.length < count) {
    const entry = parseContribution(section, position);
    entries.push(entry);
    position += entry.bytes.length;
  }
  if (position !== section.length) throw new RangeError("bytes follow the last contribution");
  return { circuitHash: copyOf(section, 0, HASH_BYTES), entries };
}

function parseContribution(section: Buffer, start: number): Contribution {
  let position = start;
  const next = (length: number): Uint8Array => {
    const bytes = copyOf(section, position, length);
    position += length;
    return bytes;
  };
  const deltaAfter = next(G1_BYTES);
  const base = next(G1_BYTES);
  const shifted = next(G1_BYTES);
  const proofOfKnowledge = next(G2_BYTES);
  const transcript = next(HASH_BYTES);
  const type = Buffer.from(next(4)).readUInt32LE(0);
  const parameters = parseParameters(next(Buffer.from(next(4)).readUInt32LE(0)));
  const { name = "", iterationsExponent, hash } = parameters;
  const isBeacon = type === CONTRIBUTION_BY_BEACON && iterationsExponent !== undefined && hash !== undefined;
  const isPerson = type === CONTRIBUTION_BY_PERSON && iterationsExponent === undefined && hash === undefined;
  if (!isBeacon && !isPerson) throw new RangeError("neither a person's contribution nor a beacon's");
  const beacon = isBeacon ? { hash, iterationsExponent } : undefined;
  const bytes = copyOf(section, start, position - start);
  return { name, deltaAfter, base, shifted, proofOfKnowledge, transcript, beacon, bytes };
}

interface Parameters {
  name?: string;
  iterationsExponent?: number;
  hash?: Uint8Array;
}

/** Parameters stand in the order of their types, each at most once. */
function parseParameters(bytes: Uint8Array): Parameters {
  const parameters: Parameters = {};
  let [position, last] = [0, 0];
  while (position < bytes.length) {
    const type = bytes[position]!;
    if (type <= last || type > BEACON_PARAMETER) throw new RangeError("parameters are not in order");
    last = type;
    const value = bytes[position + 1];
    if (value === undefined) throw new RangeError("parameters are cut off");
    position += 2;
    if (type === EXPONENT_PARAMETER) {
      parameters.iterationsExponent = value;
      continue;
    }
    const content = copyOf(bytes, position, value);
    position += value;
    if (type === NAME_PARAMETER) parameters.name = new TextDecoder("utf-8", { fatal: true }).decode(content);
    else parameters.hash = content;
  }
  return parameters;
}

/** A copy, aligned and with memory of its own. @throws RangeError where there are fewer bytes. */
function copyOf(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (start + length > bytes.length) throw new RangeError("cut off");
  return new Uint8Array(bytes.subarray(start, start + length));
}
