import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { SealpatchError } from "../errors.js";
import { quoted } from "../foreign-text.js";
import { LOCK_FILE } from "../lock.js";
import { type BeaconChain, hashPowersOfTau } from "../proof/keys/ceremony/index.js";
import type { OnProgress } from "../proof/keys/index.js";
import { type CeremonyCircuit, sourceHashes } from "./circuits.js";
import { asUnwritable, MAKING } from "./files.js";
import { ANNOUNCEMENT_FILE, CeremonyFolder } from "./folder.js";
import type { Announcement } from "./forms.js";

/** What a ceremony is asked to be about. */
export interface AskedCeremony {
  readonly powersOfTau: string;
  readonly beaconRound: number;
  readonly beaconChain: BeaconChain;
  readonly minimumContributions: number;
  readonly unpinned: boolean;
  readonly circuits: readonly CeremonyCircuit[];
}

/** The announcement that is there already. @throws SealpatchError `ceremony/folder-in-use` where it says something else. */
export async function begunWith(
  path: string,
  { powersOfTau, beaconRound, beaconChain, minimumContributions, unpinned, circuits }: AskedCeremony,
  onProgress: OnProgress,
): Promise<Announcement | undefined> {
  if (!existsSync(join(path, ANNOUNCEMENT_FILE))) return undefined;
  const { announcement } = await CeremonyFolder.open(path);
  const { beacon, powersOfTau: powers } = announcement;
  const isSame =
    beacon.publicKey === beaconChain.publicKey &&
    beacon.round === beaconRound &&
    announcement.minimumContributions === minimumContributions &&
    powers.pinned === !unpinned &&
    (await isAbout(announcement, circuits));
  if (!isSame) throw inUse(path, ANNOUNCEMENT_FILE);
  await hashPowersOfTau(powersOfTau, { expected: powers.blake2b512, onProgress });
  return announcement;
}

/** Whether an announcement is about circuits, as their sources are now. */
async function isAbout(
  { circuits: announced }: Announcement,
  circuits: readonly CeremonyCircuit[],
): Promise<boolean> {
  for (const { name, source, verifier } of circuits) {
    const { [name]: one } = announced;
    const isOne = one?.source === source && one.verifier === verifier;
    if (!isOne || !isDeepStrictEqual(one.sources, await sourceHashes(source))) return false;
  }
  return Object.keys(announced).length === circuits.length;
}

/** @throws SealpatchError `ceremony/folder-in-use` where there is a folder with files of something else. */
export async function assertOwnFolder(path: string): Promise<void> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw asUnwritable(error, path);
  });
  const own = (name: string) =>
    name === "0000" || name.startsWith(LOCK_FILE) || name === `${ANNOUNCEMENT_FILE}${MAKING}`;
  const foreign = names.find((name) => !own(name));
  if (foreign !== undefined) throw inUse(path, foreign);
}

function inUse(folder: string, found: string): SealpatchError {
  return new SealpatchError("ceremony/folder-in-use", "this folder is not empty", {
    details: { folder, found: quoted(found) },
    why: `it holds ${quoted(found)}`,
    remedy: "begin a ceremony in a folder of its own; one that has begun is never begun again",
  });
}
