import { copyFile, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type ErrorDetails, SealpatchError } from "../errors.js";
import { checkSuccessor } from "../proof/keys/ceremony/index.js";
import type { OnProgress } from "../proof/keys/index.js";
import { assertOpen } from "./contribute.js";
import { inFolder, sha256Of, writeDurably } from "./files.js";
import { ATTESTATION_FILE, CeremonyFolder, type CeremonyStep } from "./folder.js";
import { type CeremonyAttestation, ceremonyAttestationText, parseCeremonyAttestation } from "./forms.js";
import { withLock } from "./lock.js";
import { assertContributorName } from "./names.js";
import { assertRoom, roomOfStep, type StepListeners } from "./room.js";

/**
 * Takes a contributor's files into the coordinator's folder, after verifying them against the newest keys there: attestation, hashes,
 * chain, and that every section of each key follows. What is refused leaves nothing behind.
 * @param files `<circuit>.zkey` of each circuit and `attestation.json`, or a folder that has them.
 * @throws SealpatchError `ceremony/missing-file`, `ceremony/old-contribution`, `ceremony/changed-key`, `ceremony/too-late`,
 *   `ceremony/name-taken`, and those of `checkSuccessor` and of `CeremonyFolder`, each with the contribution's index.
 * @example
 * ```ts
 * import { receiveContribution } from "sealpatch/ceremony";
 * const { index, name } = await receiveContribution("ceremony", ["from-example-labs"]);
 * console.log(`contribution ${index} by ${name}`);
 * ```
 */
export async function receiveContribution(
  path: string,
  files: readonly string[],
  { onProgress = () => {}, onRoom }: StepListeners = {},
): Promise<CeremonyAttestation> {
  const folder = await CeremonyFolder.open(path);
  return withLock(path, async () => {
    const newest = await folder.readStep((await folder.steps()).at(-1)!);
    const given = await givenFiles(folder, files);
    const attestation = parseCeremonyAttestation(
      await readFile(given.get(ATTESTATION_FILE)!, "utf8").catch(() => ""),
    );
    // The same contribution once more: it is here.
    const same = newest.attestation;
    if (same !== undefined && ceremonyAttestationText(same) === ceremonyAttestationText(attestation))
      return same;
    assertNext(folder, newest, attestation);
    const keys = folder.circuits.map((circuit) => given.get(`${circuit}.zkey`)!);
    const room = await roomOfStep("receive", keys, Object.values(folder.announcement.circuits));
    await assertRoom(folder.path, room, onRoom);
    for (const circuit of folder.circuits) {
      const stage = `check the contribution to ${circuit}`;
      await checkKeyOf(folder, newest, {
        circuit,
        file: given.get(`${circuit}.zkey`)!,
        attestation,
        onProgress: ({ fraction }) => onProgress({ stage, fraction }),
      });
    }
    await take(folder, newest.index + 1, { given, attestation });
    return attestation;
  });
}

function assertNext(folder: CeremonyFolder, newest: CeremonyStep, attestation: CeremonyAttestation): void {
  const index = newest.index + 1;
  if (attestation.ceremony === folder.hash && attestation.index < index) {
    throw old(attestation, index, `it is contribution ${attestation.index}, and ${newest.index} are here`);
  }
  folder.assertOwn(attestation, index);
  const onOthers = folder.circuits.find((name) => attestation.circuits[name]!.received !== newest.keys[name]);
  if (onOthers !== undefined) throw old(attestation, index, "it was made of other keys than the newest ones");
  if (attestation.beacon !== undefined) {
    throw old(attestation, index, "it is derived from a beacon, which the coordinator applies");
  }
  assertContributorName(attestation.name);
  assertOpen(folder, newest, attestation.name, attestation.made);
}

async function checkKeyOf(
  folder: CeremonyFolder,
  { index: before }: CeremonyStep,
  {
    circuit,
    file,
    attestation,
    onProgress,
  }: { circuit: string; file: string; attestation: CeremonyAttestation; onProgress: OnProgress },
): Promise<void> {
  const index = before + 1;
  const actual = await sha256Of(file);
  const expected = attestation.circuits[circuit]!.made;
  if (actual !== expected) {
    throw new SealpatchError("ceremony/changed-key", `the key of ${circuit} is not the one that was made`, {
      details: { index, circuit, file, expected, actual },
      why: "its hash is not the one that the attestation says",
      remedy: "ask the contributor for the file again",
    });
  }
  try {
    await checkSuccessor(folder.key(before, circuit), file, { onProgress });
    await folder.readKey(file, { circuit, index, attestation });
  } catch (error) {
    throw error instanceof SealpatchError ? of(error, { circuit, index }) : error;
  }
}

async function take(
  folder: CeremonyFolder,
  index: number,
  { given, attestation }: { given: ReadonlyMap<string, string>; attestation: CeremonyAttestation },
): Promise<void> {
  await inFolder(folder.step(index), async () => {
    const taken: string[] = [];
    try {
      for (const circuit of folder.circuits) {
        const file = folder.key(index, circuit);
        await writeDurably(file, async (scratch) => {
          await copyFile(given.get(`${circuit}.zkey`)!, scratch);
          // What was checked is what is kept.
          if ((await sha256Of(scratch)) !== attestation.circuits[circuit]!.made)
            throw changedMeanwhile(circuit, index);
        });
        taken.push(file);
      }
      const text = ceremonyAttestationText(attestation);
      await writeDurably(folder.attestationFile(index), (scratch) => writeFile(scratch, text));
    } catch (error) {
      for (const file of taken) await rm(file, { force: true });
      throw error;
    }
  });
}

/** The files of a contribution by their names. @throws SealpatchError `ceremony/missing-file`. */
async function givenFiles(
  { circuits }: CeremonyFolder,
  files: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const file of files) {
    const isFolder = await stat(file).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
    const names = isFolder ? (await readdir(file)).map((name) => join(file, name)) : [file];
    for (const name of names) found.set(basename(name), name);
  }
  const needed = [ATTESTATION_FILE, ...circuits.map((circuit) => `${circuit}.zkey`)];
  const missing = needed.find((name) => !found.has(name));
  if (missing === undefined) return found;
  throw new SealpatchError("ceremony/missing-file", `${missing} is missing`, {
    details: { file: missing },
    why: `a contribution consists of ${needed.join(", ")}`,
    remedy: "give all of the contributor's files, or the folder that holds them",
  });
}

/** The same error, with the contribution that it is of; the index of an error is that of the entry in the key. */
function of(error: SealpatchError, contribution: ErrorDetails): SealpatchError {
  const { code, message, details, why, remedy, cause } = error;
  return new SealpatchError(code, message, {
    details: { ...contribution, ...details },
    ...(why === undefined ? {} : { why }),
    ...(remedy === undefined ? {} : { remedy }),
    cause,
  });
}

function old({ index: attested, name }: CeremonyAttestation, index: number, why: string): SealpatchError {
  return new SealpatchError(
    "ceremony/old-contribution",
    "this contribution does not follow the newest keys",
    {
      details: { index, attested, name },
      why,
      remedy: "send the contributor the newest keys, and ask for a contribution to them",
    },
  );
}

function changedMeanwhile(circuit: string, index: number): SealpatchError {
  return new SealpatchError("ceremony/changed-key", `the key of ${circuit} changed while it was taken`, {
    details: { index, circuit },
    remedy: "give files that nobody writes to",
  });
}
