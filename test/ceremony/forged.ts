import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import {
  type Announcement,
  announcementHash,
  announcementText,
  type CeremonyAttestation,
  ceremonyAttestationText,
  parseAnnouncement,
  parseCeremonyAttestation,
} from "../../src/ceremony/forms.js";
import { SealpatchError } from "../../src/errors.js";
import { contributionHash } from "../../src/proof/keys/ceremony/index.js";
import { readContributions } from "../../src/proof/keys/index.js";
import { readSections, rewriteKey } from "../proof/ceremony/key-files.js";
import { contentOf, hashOf, stepName } from "./tiny-ceremony.js";

const CONTRIBUTIONS = 10;
/** Bytes of section 10 before its first entry: the circuit's hash, and how many there are. */
const HEAD = 68;

const keyOf = (folder: string, index: number, circuit: string) =>
  join(folder, stepName(index), `${circuit}.zkey`);
const attestationOf = (folder: string, index: number) => join(folder, stepName(index), "attestation.json");

export async function announcementOf(folder: string): Promise<Announcement> {
  return parseAnnouncement(await readFile(join(folder, "ceremony.json"), "utf8"));
}

export async function readAttestation(folder: string, index: number): Promise<CeremonyAttestation> {
  return parseCeremonyAttestation(await readFile(attestationOf(folder, index), "utf8"));
}

/** Writes the attestation of a step whose keys lie there, all of it true, but for what `change` makes of it. */
export async function attest(
  folder: string,
  step: { readonly index: number; readonly name: string; readonly at?: string },
  change: (attestation: CeremonyAttestation) => Partial<CeremonyAttestation> = () => ({}),
): Promise<void> {
  const { index, name, at = join(folder, stepName(index)) } = step;
  const announcement = await announcementOf(folder);
  const circuits: CeremonyAttestation["circuits"] = {};
  for (const circuit of Object.keys(announcement.circuits)) {
    const made = join(at, `${circuit}.zkey`);
    const last = await readContributions(made).then(
      ({ entries }) => entries.at(-1),
      () => undefined,
    );
    circuits[circuit] = {
      received: hashOf(await readFile(keyOf(folder, index - 1, circuit))),
      made: hashOf(await readFile(made)),
      contribution: last === undefined ? "00".repeat(64) : await contributionHash(last),
    };
  }
  const attestation: CeremonyAttestation = {
    schema: "sealpatch.ceremony-attestation/1",
    ceremony: announcementHash(announcement),
    ...{ index, name, made: 1_700_000_000, circuits, tools: {} },
  };
  const text = ceremonyAttestationText({ ...attestation, ...change(attestation) });
  await writeFile(join(at, "attestation.json"), text);
}

/** Writes another announcement, which every attestation is then of: nothing but its content is a lie. */
export async function announce(
  folder: string,
  steps: number,
  change: (announcement: Announcement) => Partial<Announcement>,
): Promise<void> {
  const announcement = await announcementOf(folder);
  const other = { ...announcement, ...change(structuredClone(announcement)) };
  await writeFile(join(folder, "ceremony.json"), announcementText(other));
  for (let index = 1; index <= steps; index++)
    await say(folder, index, () => ({ ceremony: announcementHash(other) }));
}

/** Changes what an attestation says. */
export async function say(
  folder: string,
  index: number,
  change: (attestation: CeremonyAttestation) => Partial<CeremonyAttestation>,
): Promise<CeremonyAttestation> {
  const attestation = await readAttestation(folder, index);
  const other = { ...attestation, ...change(structuredClone(attestation)) };
  await writeFile(attestationOf(folder, index), ceremonyAttestationText(other));
  return other;
}

/** Writes a key with other entries in section 10. @param change gets them as they stand there. */
export async function withEntries(
  zkeyFile: string,
  target: string,
  change: (entries: Uint8Array[]) => readonly Uint8Array[],
): Promise<void> {
  const { entries } = await readContributions(zkeyFile);
  const others = change(entries.map(({ bytes }) => bytes));
  await rewriteKey(zkeyFile, target, {
    [CONTRIBUTIONS]: (section) => {
      section.writeUInt32LE(others.length, HEAD - 4);
      return Buffer.concat([section.subarray(0, HEAD), ...others]);
    },
  });
}

/** Damages of a key's file, each with the section that it is in, 0 for the container. */
export async function damages(zkeyFile: string): Promise<readonly (readonly [string, number, Buffer])[]> {
  const bytes = await readFile(zkeyFile);
  const made: [string, number, Buffer][] = [];
  const change = (work: (copy: Buffer) => void): Buffer => {
    const copy = Buffer.from(bytes);
    work(copy);
    return copy;
  };
  let position = 12;
  for (const [id, { length }] of await readSections(zkeyFile)) {
    const start = position + 12;
    made.push([`cut off before section ${id}`, 0, bytes.subarray(0, position)]);
    made.push([`cut off in section ${id}`, 0, bytes.subarray(0, start + length - 1)]);
    made.push([
      `with section ${id} twice`,
      0,
      change((copy) => copy.writeUInt32LE(bytes.readUInt32LE(8) + 1, 8)),
    ]);
    const twice = made.at(-1)!;
    twice[2] = Buffer.concat([twice[2], bytes.subarray(position, start + length)]);
    for (const [where, offset] of [
      ["first", 0],
      ["middle", length >> 1],
      ["last", length - 1],
    ] as const)
      made.push([
        `with a bit changed in the ${where} byte of section ${id}`,
        id,
        change((copy) => {
          copy[start + offset]! ^= 1;
        }),
      ]);
    position = start + length;
  }
  const count = bytes.indexOf((await readSections(zkeyFile)).get(CONTRIBUTIONS)!) + HEAD - 4;
  made.push([
    "that announces 2^32 - 1 contributions",
    0,
    change((copy) => copy.writeUInt32LE(2 ** 32 - 1, count)),
  ]);
  return made;
}

/** What a refusal has to be. */
export interface Refusal {
  /** Or what matches one. */
  readonly code: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly why?: RegExp;
}

/** Expects that work is refused, with a code, a reason and a remedy, and that a folder is afterwards as it was before. */
export async function expectRefusal(
  folder: string,
  { code, details = {}, why = /\w/ }: Refusal,
  work: () => Promise<unknown>,
): Promise<SealpatchError> {
  const before = await contentOf(folder);
  const error = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SealpatchError);
  const refusal = error as SealpatchError;
  expect(refusal).toMatchObject({ code, details });
  expect(refusal.remedy).toMatch(/\w/);
  expect(refusal.why ?? refusal.message).toMatch(why);
  expect(await contentOf(folder)).toEqual(before);
  return refusal;
}
