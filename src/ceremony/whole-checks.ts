import { isDeepStrictEqual } from "node:util";
import { beaconTime, hashPowersOfTau } from "../proof/keys/ceremony/index.js";
import {
  type CeremonyCheck,
  type CheckContext,
  type Finding,
  fails,
  NO_POWERS,
  type PlannedCheck,
  testOnly,
} from "./checks.js";
import type { CeremonyCircuit } from "./circuits.js";
import { announcementHash, type CeremonyRecord } from "./forms.js";
import { MINIMUM_CONTRIBUTIONS } from "./init.js";
import { assertPackageFiles } from "./package-files.js";

/** Checks of all circuits together. @param circuits those that the ceremony has to be about. */
export function wholeChecks(context: CheckContext, circuits: readonly CeremonyCircuit[]): PlannedCheck[] {
  return [
    { name: "announcement", run: async () => announcementFound(context, circuits) },
    { name: "powers of tau", run: () => powersFound(context) },
    { name: "attestations", run: async () => attestationsFound(context) },
    ...(context.material.record === undefined
      ? []
      : [{ name: "record", run: () => recordFound(context, context.material.record!) }]),
  ];
}

function announcementFound({ material }: CheckContext, circuits: readonly CeremonyCircuit[]): Finding {
  const { announcement } = material;
  const asked = new Map(circuits.map(({ name, source, verifier }) => [name, { source, verifier }]));
  const announced = Object.entries(announcement.circuits);
  for (const [name, { source, verifier }] of announced) {
    if (!isDeepStrictEqual(asked.get(name), { source, verifier }))
      throw fails(`${name} is no circuit of this release`);
  }
  if (announced.length !== asked.size) throw fails(`it is not about ${[...asked.keys()].join(" and ")}`);
  return `${announced.map(([name]) => name).join(", ")}; SHA-256 ${announcementHash(announcement)}`;
}

async function powersFound({ material, powersOfTau, pinned, onProgress }: CheckContext): Promise<Finding> {
  const { announcement } = material;
  const { blake2b512, bytes, power } = announcement.powersOfTau;
  if (powersOfTau === undefined) return NO_POWERS;
  await hashPowersOfTau(powersOfTau, { expected: blake2b512, onProgress });
  const row = pinned.find((each) => each.blake2b512 === blake2b512);
  if (row === undefined || !announcement.powersOfTau.pinned || row.bytes !== bytes || row.power !== power)
    return testOnly("they are not in the pinned list: who made them may know their secrets");
  return `${row.file}, pinned`;
}

function attestationsFound({ material }: CheckContext): Finding {
  const { announcement, attestations } = material;
  const { beacon } = announcement;
  const hash = announcementHash(announcement);
  const time = beaconTime(beacon.round, beacon);
  const before = Object.fromEntries(
    Object.entries(announcement.circuits).map(([name, each]) => [name, each.initialKey]),
  );
  for (const [position, attestation] of attestations.entries()) {
    const index = position + 1;
    const { ceremony, circuits, made, name } = attestation;
    if (ceremony !== hash) throw fails(`attestation ${index} is of another ceremony`);
    if (attestation.index !== index) throw fails(`attestation ${index} is missing`);
    if (Object.keys(circuits).length !== Object.keys(before).length)
      throw fails(`attestation ${index} is about other circuits`);
    for (const circuit of Object.keys(before)) {
      if (circuits[circuit]?.received !== before[circuit])
        throw fails(`attestation ${index} was made of another key of ${circuit}`);
      before[circuit] = circuits[circuit]!.made;
    }
    const isLast = index === attestations.length;
    if (!isLast && attestation.beacon !== undefined)
      throw fails(`attestation ${index} is of a beacon, and is not the last`);
    if (attestation.beacon === undefined && made >= time)
      throw fails(`contribution ${index} was made after the beacon was known`);
    const same = attestations.findIndex((each) => each.name === name);
    if (same !== position) throw fails(`attestations ${same + 1} and ${index} have one name`);
  }
  const people = attestations.filter((each) => each.beacon === undefined).map(({ name }) => name);
  const needed = Math.max(MINIMUM_CONTRIBUTIONS, announcement.minimumContributions);
  if (people.length < needed) return testOnly(`${people.length} contributed, and production takes ${needed}`);
  return `${people.length} contributions, by ${people.join(", ")}`;
}

async function recordFound({ path }: CheckContext, record: CeremonyRecord): Promise<Finding> {
  if (Object.keys(record.keys).length !== Object.keys(record.announcement.circuits).length)
    throw fails("it has keys of other circuits");
  await assertPackageFiles(path, record);
  return `setup hash ${record.setupHash}, and every file as it says`;
}

/** What a package says of its class, held against what was found: its verifiers were made for that class. */
export function classFound(record: CeremonyRecord, found: readonly CeremonyCheck[]): Finding {
  if (record.class === "test") return "its record says test";
  if (found.some(({ outcome }) => outcome === "test only"))
    throw fails("its record says production, and these are test keys");
  return "its record says production";
}
