import { existsSync } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SealpatchError } from "../errors.js";
import { assertFollows, beaconTime, contributionHash } from "../proof/keys/ceremony/index.js";
import { readContributions } from "../proof/keys/index.js";
import { contributionEntropy } from "./entropy.js";
import { inFolder, sha256Of, writeDurably } from "./files.js";
import { CeremonyFolder, type CeremonyStep } from "./folder.js";
import { type CeremonyAttestation, ceremonyAttestationText } from "./forms.js";
import { withLock } from "./lock.js";
import { assertContributorName } from "./names.js";
import { assertRoom, roomOfStep, type StepListeners } from "./room.js";
import { type KeyMaker, type KeyTarget, keyBySnarkjs } from "./snarkjs.js";
import { toolVersions } from "./tools.js";

export interface ContributeOptions extends StepListeners {
  /** What the contributor is called: 1 to 64 printed bytes, no slash. */
  readonly name: string;
  /** Mixed into 64 bytes of the operating system, which are always taken. */
  readonly entropy?: readonly Uint8Array[];
}

/** A contribution that is finished. */
export interface Contributed {
  readonly attestation: CeremonyAttestation;
  /** Folder with the keys and attestation.json, to be sent to the coordinator. */
  readonly folder: string;
}

/**
 * Contributes to every circuit of a ceremony: checks the chain so far, multiplies each newest key by a secret of its own, which is forgotten,
 * and writes keys and attestation beside them. What was interrupted is gone on with, and a finished contribution under the
 * same name is not made twice.
 * @param path folder with ceremony.json and the newest step.
 * @throws SealpatchError `ceremony/bad-name`, `ceremony/name-taken`, `ceremony/too-late`, `ceremony/locked`, `ceremony/no-room`,
 *   `ceremony/step-failed`, and those of `CeremonyFolder`.
 * @example
 * ```ts
 * import { contribute } from "sealpatch/ceremony";
 * const { attestation, folder } = await contribute("ceremony", { name: "Example Labs" });
 * console.log(folder, attestation.circuits.bind?.contribution);
 * ```
 */
export async function contribute(path: string, options: ContributeOptions): Promise<Contributed> {
  const { name } = options;
  assertContributorName(name);
  const folder = await CeremonyFolder.open(path);
  return withLock(path, async () => {
    const newest = (await folder.steps()).at(-1)!;
    const received = await folder.readStep(newest);
    if (received.attestation?.name === name && received.attestation.beacon === undefined) {
      return { attestation: received.attestation, folder: folder.step(newest) };
    }
    assertOpen(folder, received, name);
    return addStep(folder, received, {
      ...options,
      made: nowInSeconds(),
      apply: (zKey, before, after) =>
        zKey.contribute(before, after, name, contributionEntropy(options.entropy ?? [])),
    });
  });
}

/** An entry of section 10 is shorter. */
const ENTRY_BYTES = 1024;

/** What makes the next step's keys. */
export interface NextStep extends StepListeners {
  readonly name: string;
  readonly made: number;
  readonly beacon?: CeremonyAttestation["beacon"];
  /** Makes a key of the one before it. */
  apply(zKey: KeyMaker, before: string, after: KeyTarget): Promise<Uint8Array | false>;
}

/** Makes the keys of the next step, those that are not there already, and its attestation last. */
export async function addStep(
  folder: CeremonyFolder,
  received: CeremonyStep,
  next: NextStep,
): Promise<Contributed> {
  const { announcement, circuits } = folder;
  const keys = circuits.map((circuit) => folder.key(received.index, circuit));
  const room = await roomOfStep("contribute", keys, Object.values(announcement.circuits));
  await assertRoom(folder.path, room, next.onRoom);
  return inFolder(folder.step(received.index + 1), () => fillStep(folder, received, next));
}

async function fillStep(
  folder: CeremonyFolder,
  { index: before, keys, contributions }: CeremonyStep,
  { name, made, beacon, apply, onProgress = () => {} }: NextStep,
): Promise<Contributed> {
  const index = before + 1;
  const { circuits } = folder;
  const attested: CeremonyAttestation["circuits"] = {};
  for (const [position, circuit] of circuits.entries()) {
    const stage = `contribute to ${circuit}`;
    onProgress({ stage, fraction: position / circuits.length });
    const file = folder.key(index, circuit);
    if (!(await isMade(file, { folder, circuit, index, name }))) {
      const old = folder.key(before, circuit);
      const size = (await stat(old)).size + ENTRY_BYTES;
      const key = await keyBySnarkjs(`the contribution to ${circuit}`, size, (zKey, target) =>
        apply(zKey, old, target),
      );
      await writeDurably(file, (scratch) => writeFile(scratch, key));
    }
    const after = await readContributions(file);
    assertFollows(contributions[circuit]!, after);
    attested[circuit] = {
      received: keys[circuit]!,
      made: await sha256Of(file),
      contribution: await contributionHash(after.entries.at(-1)!),
    };
    onProgress({ stage, fraction: (position + 1) / circuits.length });
  }
  const attestation: CeremonyAttestation = {
    schema: "sealpatch.ceremony-attestation/1",
    ceremony: folder.hash,
    index,
    name,
    made,
    ...(beacon === undefined ? {} : { beacon }),
    circuits: attested,
    tools: toolVersions(),
  };
  const text = ceremonyAttestationText(attestation);
  await writeDurably(folder.attestationFile(index), (scratch) => writeFile(scratch, text));
  return { attestation, folder: folder.step(index) };
}

/** Whether a key is there from a run that was stopped: of this step, under this name, its chain unbroken. */
async function isMade(
  file: string,
  { folder, circuit, index, name }: { folder: CeremonyFolder; circuit: string; index: number; name: string },
): Promise<boolean> {
  if (!existsSync(file)) return false;
  const { entries } = await folder.readKey(file, { circuit, index, attestation: undefined });
  if (entries.at(-1)?.name === name) return true;
  throw nameTaken(
    name,
    `a contribution by somebody else was begun in ${join(folder.path, String(index))}`,
    index,
  );
}

/** Seconds since the epoch. */
export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/**
 * Checks that another contribution may follow a step: the beacon has neither been applied nor come, and nobody had the name.
 * @throws SealpatchError `ceremony/too-late`, `ceremony/name-taken`.
 */
export function assertOpen(
  { announcement }: CeremonyFolder,
  { index, contributions }: CeremonyStep,
  name: string,
  made = nowInSeconds(),
): void {
  const { beacon } = announcement;
  const time = beaconTime(beacon.round, beacon);
  const entries = Object.values(contributions).flatMap(({ entries }) => entries);
  const isOver = entries.some((entry) => entry.beacon !== undefined);
  if (isOver || made >= time || nowInSeconds() >= time) {
    throw new SealpatchError("ceremony/too-late", "the ceremony takes no more contributions", {
      details: { index: index + 1, round: beacon.round, time },
      why: isOver
        ? "its beacon was applied"
        : `its beacon, round ${beacon.round} of ${beacon.name}, is known already`,
      remedy: "end this ceremony with its beacon, or begin another one with a later round",
    });
  }
  const at = entries.findIndex((entry) => entry.name === name);
  if (at >= 0) throw nameTaken(name, "an earlier contribution has it", index + 1);
}

function nameTaken(name: string, why: string, index: number): SealpatchError {
  return new SealpatchError("ceremony/name-taken", "somebody else contributed under this name", {
    details: { name, index },
    why,
    remedy: "contribute under a name of your own",
  });
}
