import { stat, statfs } from "node:fs/promises";
import { SealpatchError } from "../errors.js";
import { asUnwritable } from "./files.js";

/** What a step takes at most, in bytes. */
interface Room {
  readonly disk: number;
  readonly memory: number;
}

/**
 * Memory of a step: of the program, and a row of the largest domain. Measured with 2^16 and 2^18 rows: 0.84 and 1.87 GB while snarkjs
 * makes an initial key, 0.24 and 0.28 GB while it contributes; and the new key, which is in memory until it is written whole.
 */
const MEMORY = {
  init: { program: 500e6, row: 6_300 },
  contribute: { program: 250e6, row: 1_200 },
} as const;
/** Bytes of an initial key, its points and its coefficients, a row of the domain; measured 823 for `bind` and 912 for `attest`. */
export const KEY_BYTES = 1_000;

/** @throws SealpatchError as `assertRoom`. */
export function roomOfInit(folder: string, circuits: readonly { readonly power: number }[]): Promise<void> {
  const rows = circuits.map(({ power }) => 2 ** power);
  return assertRoom(folder, {
    disk: KEY_BYTES * rows.reduce((sum, each) => sum + each, 0),
    memory: MEMORY.init.program + MEMORY.init.row * Math.max(...rows),
  });
}

/** Of a contribution: the keys once more, and the largest one's rows. @throws SealpatchError as `assertRoom`. */
export async function roomOfContribution(
  folder: string,
  keys: readonly string[],
  circuits: readonly { readonly power: number }[],
): Promise<void> {
  const sizes = await Promise.all(keys.map(async (file) => (await stat(file)).size));
  await assertRoom(folder, {
    disk: sizes.reduce((sum, size) => sum + size, 0),
    memory:
      MEMORY.contribute.program +
      MEMORY.contribute.row * Math.max(...circuits.map(({ power }) => 2 ** power)),
  });
}

/**
 * Refuses a step that the disk or the memory of this machine is too small for, before it begins.
 * @throws SealpatchError `ceremony/no-room`, `ceremony/folder-unwritable`.
 */
async function assertRoom(folder: string, { disk, memory }: Room): Promise<void> {
  const { bavail, bsize } = await statfs(folder).catch((error: unknown) => {
    throw asUnwritable(error, folder);
  });
  if (bavail * bsize < disk) throw noRoom("disk", disk, bavail * bsize);
  const available = process.availableMemory();
  if (available < memory) throw noRoom("memory", memory, available);
}

function noRoom(what: "disk" | "memory", needed: number, available: number): SealpatchError {
  return new SealpatchError("ceremony/no-room", `there is too little ${what} for this step`, {
    details: { what, needed, available },
    why: `it needs ${Math.ceil(needed / 1e6)} MB of ${what}, and ${Math.floor(available / 1e6)} MB are free`,
    remedy:
      what === "disk" ? "make room, or take another disk" : "end other programs, or take a larger machine",
  });
}
