import { stat, statfs } from "node:fs/promises";
import { SealpatchError } from "../errors.js";
import type { OnProgress } from "../proof/keys/index.js";
import { asUnwritable } from "./files.js";

/** What a step takes at most, in bytes. */
export interface Room {
  readonly disk: number;
  readonly memory: number;
}

/** Whom a step tells how far it is, and before it begins what it takes. */
export interface StepListeners {
  readonly onProgress?: OnProgress;
  readonly onRoom?: (room: Room) => void;
}

/**
 * Memory of a step: of the program, and a row of the largest domain. Measured with 2^16 and 2^18 rows: 0.84 and 1.87 GB while snarkjs
 * makes an initial key, 0.24 and 0.28 GB while it contributes, and the new key, which is in memory until it is written whole; with 2^18 rows
 * 0.63 GB while a contribution is received, 0.83 GB while keys are verified.
 */
const MEMORY = {
  init: { program: 500e6, row: 6_300 },
  contribute: { program: 250e6, row: 1_200 },
  receive: { program: 250e6, row: 1_500 },
  verify: { program: 300e6, row: 2_100 },
} as const;
/** Bytes of an initial key, its points and its coefficients, a row of the domain; measured 823 for `bind` and 912 for `attest`. */
export const KEY_BYTES = 1_000;

type Circuits = readonly { readonly power: number }[];

const memoryOf = (step: keyof typeof MEMORY, circuits: Circuits): number =>
  MEMORY[step].program + MEMORY[step].row * Math.max(...circuits.map(({ power }) => 2 ** power));

/** What initial keys of circuits take. */
export function roomOfInit(circuits: Circuits): Room {
  const rows = circuits.reduce((sum, { power }) => sum + 2 ** power, 0);
  return { disk: KEY_BYTES * rows, memory: memoryOf("init", circuits) };
}

/**
 * What a step takes that writes some keys once more.
 * @param keys their files.
 */
export async function roomOfStep(
  step: "contribute" | "receive" | "verify",
  keys: readonly string[],
  circuits: Circuits,
): Promise<Room> {
  const sizes = await Promise.all(keys.map(async (file) => (await stat(file)).size));
  return { disk: sizes.reduce((sum, size) => sum + size, 0), memory: memoryOf(step, circuits) };
}

/**
 * Tells what a step takes, and refuses it where the disk or the memory of this machine is too small, before it begins.
 * @throws SealpatchError `ceremony/no-room`, `ceremony/folder-unwritable`.
 */
export async function assertRoom(
  folder: string,
  room: Room,
  onRoom: StepListeners["onRoom"] = () => {},
): Promise<void> {
  const { disk, memory } = room;
  onRoom(room);
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
