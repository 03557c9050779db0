import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { SealpatchError } from "../../../errors.js";
import { FIELD_ORDER } from "../../../field/index.js";
import { parseForm } from "../../../file-form.js";
import { lazily } from "../../../lazily.js";
import { ROOT } from "../../../places.js";
import { zod } from "../../../zod.js";
import { BASE_FIELD_ORDER } from "../../arithmetic/index.js";
import type { OnProgress } from "../progress.js";
import { SectionFile, uint256, unreadable } from "../section-file.js";
import { FIELD_BYTES, G1_BYTES, G2_BYTES } from "../zkey-format.js";

/*
 * Phase 1 of Groth16: a .ptau file of snarkjs, prepared for phase 2. Section 1 is its header: size of a coordinate (32 bits), order of
 * the base field, power, and power of the ceremony (32 bits each). With n = 2^power, sections 2 to 5 hold 2n - 1 powers of tau in G1,
 * n in G2, n times alpha, n times beta; 6 holds beta in G2, 7 the contributions; 12 to 15 the same as 2 to 5 over the Lagrange bases of
 * every domain of up to n elements (12: up to 2n).
 */

const HEADER_SECTION = 1;
const PREPARED_SECTIONS = [12, 13, 14, 15] as const;
/** Powers that the table covers, and that a prepared file may have. */
const MAX_POWER = 28;
/** Bytes of the pinned files that are no points: the container, the header, and the 54 contributions with the beacon. */
const FIXED_BYTES = 83_352;

/** A prepared file of the Perpetual Powers of Tau. */
export interface PinnedPowers {
  readonly power: number;
  readonly file: string;
  readonly bytes: number;
  /** Hex, without 0x. */
  readonly blake2b512: string;
}

/** A prepared powers-of-tau file whose header was read. */
export interface PowersOfTau {
  readonly power: number;
  readonly bytes: number;
}

const table = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.powers-of-tau/1"),
    source: zod.string(),
    files: zod
      .array(
        zod.strictObject({
          power: zod.int().min(1).max(MAX_POWER),
          file: zod.string(),
          bytes: zod.int().positive(),
          blake2b512: zod.string().regex(/^[0-9a-f]{128}$/),
        }),
      )
      .min(1),
  }),
);

const LIST_FORM = { code: "ceremony/bad-pinned-list", what: "the list of powers of tau" } as const;

/** The pinned list: the files that a production key may begin with, the smallest first. */
export async function pinnedPowersOfTau(): Promise<readonly PinnedPowers[]> {
  const text = await readFile(join(ROOT, "data", "powers-of-tau.json"), "utf8");
  return parseForm(table(), text, LIST_FORM).files;
}

/** Bytes of the pinned file for 2^power, from the sizes of its sections. */
export function preparedBytes(power: number): number {
  return FIXED_BYTES + pointBytes(power);
}

function sectionBytes(power: number): Readonly<Record<number, number>> {
  const n = 2 ** power;
  return {
    2: (2 * n - 1) * G1_BYTES,
    3: n * G2_BYTES,
    4: n * G1_BYTES,
    5: n * G1_BYTES,
    6: G2_BYTES,
    12: (4 * n - 1) * G1_BYTES,
    13: (2 * n - 1) * G2_BYTES,
    14: (2 * n - 1) * G1_BYTES,
    15: (2 * n - 1) * G1_BYTES,
  };
}

function pointBytes(power: number): number {
  return Object.values(sectionBytes(power)).reduce((sum, bytes) => sum + bytes, 0);
}

/**
 * Reads the header of a prepared powers-of-tau file: over BN254, and each section of points of the size that its power asks for. It
 * reads no point.
 * @throws SealpatchError `key/unreadable`, `ceremony/other-curve`, `ceremony/unprepared-powers-of-tau`.
 */
export async function readPowersOfTau(path: string): Promise<PowersOfTau> {
  const file = await SectionFile.open(path, "ptau");
  try {
    const header = await file.read(HEADER_SECTION);
    if (header.length < 4) throw unreadable(path, "its header is cut off");
    const overBn254 =
      header.readUInt32LE(0) === FIELD_BYTES &&
      header.subarray(4, 4 + FIELD_BYTES).equals(uint256(BASE_FIELD_ORDER));
    if (!overBn254) {
      throw new SealpatchError("ceremony/other-curve", "the powers of tau are of another curve", {
        details: { path, order: FIELD_ORDER },
        remedy: "take powers of tau over BN254",
      });
    }
    if (header.length !== 4 + FIELD_BYTES + 8) throw unreadable(path, "its header has a wrong size");
    const power = header.readUInt32LE(4 + FIELD_BYTES);
    if (power < 1 || power > MAX_POWER) throw unreadable(path, "its power is out of range");
    if (PREPARED_SECTIONS.some((id) => !file.has(id))) {
      throw new SealpatchError("ceremony/unprepared-powers-of-tau", "the powers of tau are not prepared", {
        details: { path, power },
        why: "the file holds powers alone, without the Lagrange bases that keys are made of",
        remedy: "take the prepared file of the same ceremony",
      });
    }
    for (const [id, bytes] of Object.entries(sectionBytes(power))) {
      if (file.size(Number(id)) !== bytes) throw unreadable(path, `section ${id} has a wrong size`);
    }
    return { power, bytes: (await stat(path)).size };
  } finally {
    await file.close();
  }
}

/**
 * Checks that a file is a pinned one, and large enough: its size first, then its header, then the hash of all of it, so that a wrong file
 * is refused before it is read.
 * @param path the file.
 * @param options `power`: the domain that the circuits need is 2^power at most, and a larger file does; `pinned`: files that would do, of
 *   `pinnedPowersOfTau`.
 * @throws SealpatchError `ceremony/other-powers-of-tau`, `ceremony/small-powers-of-tau`, `ceremony/changed-powers-of-tau`, and those of
 *   `readPowersOfTau`.
 * @example
 * ```ts
 * import { checkPowersOfTau, pinnedPowersOfTau } from "sealpatch/proof";
 * const powers = await checkPowersOfTau("powersOfTau28_hez_final_18.ptau", {
 *   power: 18,
 *   pinned: await pinnedPowersOfTau(),
 * });
 * console.log(powers.blake2b512);
 * ```
 */
export async function checkPowersOfTau(
  path: string,
  {
    power,
    pinned,
    onProgress = () => {},
  }: { readonly power: number; readonly pinned: readonly PinnedPowers[]; readonly onProgress?: OnProgress },
): Promise<PinnedPowers> {
  const row = await recognisePowersOfTau(path, { power, pinned });
  await hashPowersOfTau(path, { expected: row.blake2b512, name: row.file, onProgress });
  return row;
}

/**
 * What `checkPowersOfTau` does before it hashes: within milliseconds, size and header.
 * @returns the row of the pinned list that the file claims to be.
 */
export async function recognisePowersOfTau(
  path: string,
  { power, pinned }: { readonly power: number; readonly pinned: readonly PinnedPowers[] },
): Promise<PinnedPowers> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, "it cannot be opened", cause);
  });
  const row = pinned.find(({ bytes }) => bytes === size);
  if (row === undefined) throw otherFile(path, size, power, pinned);
  const header = await readPowersOfTau(path);
  if (header.power !== row.power) throw otherFile(path, size, power, pinned);
  // Not `<`: no file is large enough for what is no number.
  if (!(row.power >= power)) {
    throw smallPowers(path, row.power, power, fitting(power, pinned));
  }
  return row;
}

/**
 * Hash of a file of powers of tau.
 * @param options.expected hash that it has to have, where there is one, and the name of that file.
 * @returns BLAKE2b-512, 128 hex digits.
 * @throws SealpatchError `ceremony/changed-powers-of-tau`, `key/unreadable`.
 */
export async function hashPowersOfTau(
  path: string,
  {
    expected,
    name = "the file",
    onProgress = () => {},
  }: {
    readonly expected?: string | undefined;
    readonly name?: string;
    readonly onProgress?: OnProgress;
  } = {},
): Promise<string> {
  const hash = await blake2b512Of(path, onProgress).catch((cause: unknown) => {
    throw unreadable(path, "it cannot be read", cause);
  });
  if (expected === undefined || hash === expected) return hash;
  throw new SealpatchError("ceremony/changed-powers-of-tau", "the powers of tau are not the expected ones", {
    details: { path, expected, actual: hash },
    why: "the file has another content: its BLAKE2b-512 is another one",
    remedy: `fetch ${name} again, from another mirror`,
  });
}

/** Error for powers of tau that a circuit does not fit into. */
export function smallPowers(
  path: string,
  power: number,
  needed: number,
  remedy = `take prepared powers of tau of at least 2^${needed}`,
): SealpatchError {
  return new SealpatchError("ceremony/small-powers-of-tau", "the powers of tau are too few", {
    details: { path, power, needed },
    why: `the file holds 2^${power}, and the circuit needs 2^${needed}`,
    remedy,
  });
}

function otherFile(
  path: string,
  size: number,
  power: number,
  pinned: readonly PinnedPowers[],
): SealpatchError {
  return new SealpatchError("ceremony/other-powers-of-tau", "no pinned powers of tau are of this size", {
    details: { path, bytes: size },
    why: `${basename(path)} has ${size} bytes`,
    remedy: fitting(power, pinned),
  });
}

/** What to fetch instead. Nothing is fetched here: mirrors come and go. */
function fitting(power: number, pinned: readonly PinnedPowers[]): string {
  const rows = pinned.filter((row) => row.power >= power).slice(0, 2);
  if (rows.length === 0) return `no pinned file holds 2^${power}`;
  const each = rows.map(({ file, bytes, blake2b512 }) => `${file} (${bytes} bytes, BLAKE2b ${blake2b512})`);
  return `fetch ${each.join(" or ")} from any mirror of the Perpetual Powers of Tau`;
}

async function blake2b512Of(path: string, onProgress: OnProgress): Promise<string> {
  const { size } = await stat(path);
  const hash = createHash("blake2b512");
  let done = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22 })) {
    hash.update(chunk);
    done += chunk.length;
    onProgress({ stage: "hash powers of tau", fraction: done / size });
  }
  return hash.digest("hex");
}
