import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  assertContributionChain,
  beaconRandomness,
  checkInitialKey,
  checkKey,
  contributionHash,
} from "../proof/keys/ceremony/index.js";
import {
  type Contributions,
  checkVerifyingKey,
  exportVerifierContract,
  exportVerifyingKey,
  readContributions,
} from "../proof/keys/index.js";
import { type CheckContext, type Finding, fails, hexOf, NO_POWERS, type PlannedCheck } from "./checks.js";
import { type CeremonyCircuit, compileConstraints, sourceHashes } from "./circuits.js";
import { sha256Of } from "./files.js";
import { circuitFiles } from "./package-files.js";
import { remadeInitialKey } from "./remake.js";

/** Checks of one circuit's key. */
export function circuitChecks(context: CheckContext, circuit: CeremonyCircuit): PlannedCheck[] {
  const { name } = circuit;
  // Of an announcement that lacks the circuit another check says so.
  if (context.material.announcement.circuits[name] === undefined) return [];
  return [
    { name: `sources of ${name}`, run: () => sourcesFound(context, circuit) },
    { name: `initial key of ${name}`, run: () => initialKeyFound(context, circuit) },
    { name: `contributions to ${name}`, run: () => contributionsFound(context, name) },
    { name: `beacon of ${name}`, run: () => beaconFound(context, name) },
    { name: `points of ${name}`, run: () => pointsFound(context, circuit) },
    { name: `verifier of ${name}`, run: () => verifierFound(context, circuit) },
  ];
}

async function sourcesFound(
  { material, onProgress }: CheckContext,
  circuit: CeremonyCircuit,
): Promise<Finding> {
  const announced = material.announcement.circuits[circuit.name]!;
  const sources = await sourceHashes(circuit.source);
  const changed = [...new Set([...Object.keys(sources), ...Object.keys(announced.sources)])].find(
    (name) => sources[name] !== announced.sources[name],
  );
  if (changed !== undefined) throw fails(`${changed} is another one in this release`);
  onProgress({ stage: `compile ${circuit.name}`, fraction: 0 });
  const { r1cs, constraints, power } = await compileConstraints(circuit);
  if (r1cs !== announced.r1cs || constraints !== announced.constraints || power !== announced.power)
    throw fails("they compile to other constraints");
  return `${Object.keys(sources).length} files, ${constraints} constraints`;
}

async function initialKeyFound(context: CheckContext, circuit: CeremonyCircuit): Promise<Finding> {
  const { material, powersOfTau, slow, onProgress } = context;
  const { initialKey, circuitHash } = material.announcement.circuits[circuit.name]!;
  const zkeyFile = material.initialKey(circuit.name);
  if (!existsSync(zkeyFile))
    return { outcome: "not checked", what: "it is not here: ask the coordinator for it" };
  if ((await sha256Of(zkeyFile)) !== initialKey) throw fails("it is not the announced one");
  if (powersOfTau === undefined) return NO_POWERS;
  const { r1csFile } = await compileConstraints(circuit);
  const stage = `check the initial key of ${circuit.name}`;
  await checkInitialKey({
    r1csFile,
    ptauFile: powersOfTau,
    zkeyFile,
    onProgress: ({ fraction }) => onProgress({ stage, fraction }),
  });
  // The chain of contributions begins with its hash of the circuit, so that contributions to another circuit do not pass for these.
  if (hexOf((await readContributions(zkeyFile)).circuitHash) !== circuitHash)
    throw fails("its hash of the circuit is not the announced one");
  if (!slow) return "each point follows from circuit and powers of tau";
  const remade = await remadeInitialKey(circuit, powersOfTau);
  if (remade !== initialKey) throw fails("snarkjs makes another one");
  return "snarkjs makes the same bytes again";
}

async function contributionsFound({ material }: CheckContext, circuit: string): Promise<Finding> {
  const { announcement, attestations } = material;
  const contributions = await readContributions(material.key(circuit));
  if (hexOf(contributions.circuitHash) !== announcement.circuits[circuit]!.circuitHash)
    throw fails("the key is of another circuit, or of another initial key");
  if (contributions.entries.length !== attestations.length)
    throw fails(
      `the key has ${contributions.entries.length} contributions, and ${attestations.length} are attested`,
    );
  if (contributions.entries.length === 0) throw fails("nobody has contributed");
  await assertContributionChain(contributions);
  await assertAttested(contributions, { material, circuit });
  return `${contributions.entries.length} in an unbroken chain, each shown to be known and attested`;
}

async function assertAttested(
  { entries }: Contributions,
  { material, circuit }: { material: CheckContext["material"]; circuit: string },
): Promise<void> {
  for (const [position, entry] of entries.entries()) {
    const { name, circuits } = material.attestations[position]!;
    if (entry.name !== name || (await contributionHash(entry)) !== circuits[circuit]?.contribution)
      throw fails(`contribution ${position + 1} is not the attested one`);
  }
  if ((await sha256Of(material.key(circuit))) !== material.attestations.at(-1)!.circuits[circuit]!.made)
    throw fails("the key's file is not the attested one");
}

async function beaconFound({ material, beaconChain }: CheckContext, circuit: string): Promise<Finding> {
  const { announcement, attestations } = material;
  const announced = announcement.beacon;
  // A coordinator who announces a chain of his own signs its rounds himself.
  const { name, publicKey, genesis, period } = announced;
  if (!isDeepStrictEqual({ name, publicKey, genesis, period }, { ...beaconChain }))
    throw fails(`the announced beacon is not ${beaconChain.name}`);
  const { entries } = await readContributions(material.key(circuit));
  const [first] = entries.flatMap(({ beacon }, position) => (beacon === undefined ? [] : [position + 1]));
  if (first === undefined) throw fails("the ceremony has not ended with its beacon");
  if (first !== entries.length) throw fails(`contribution ${first} is a beacon, and is not the last`);
  const answer = attestations.at(-1)?.beacon;
  if (answer === undefined) throw fails("the beacon's answer is not attested");
  const randomness = await beaconRandomness(answer, { round: announced.round, chain: announced });
  const { hash, iterationsExponent } = entries.at(-1)!.beacon!;
  if (hexOf(hash) !== hexOf(randomness)) throw fails("the key was made with another value than the beacon's");
  if (iterationsExponent !== announced.iterationsExponent)
    throw fails("the beacon's value was hashed another number of times");
  return `${announced.name} round ${announced.round}, announced, signed, last`;
}

async function pointsFound(
  { material, powersOfTau, onProgress }: CheckContext,
  circuit: CeremonyCircuit,
): Promise<Finding> {
  if (powersOfTau === undefined) return NO_POWERS;
  const { r1csFile } = await compileConstraints(circuit);
  const stage = `check the points of ${circuit.name}`;
  await checkKey({
    r1csFile,
    ptauFile: powersOfTau,
    zkeyFile: material.key(circuit.name),
    onProgress: ({ fraction }) => onProgress({ stage, fraction }),
  });
  return "each follows from circuit, powers of tau and contributions";
}

async function verifierFound({ material, path }: CheckContext, circuit: CeremonyCircuit): Promise<Finding> {
  const zkeyFile = material.key(circuit.name);
  const verifyingKey = await exportVerifyingKey(zkeyFile);
  await checkVerifyingKey(verifyingKey);
  const { record } = material;
  if (record === undefined) return "its verifying key is a safe one";
  const files = circuitFiles(circuit.name, circuit.verifier);
  const text = await readFile(join(path, files.verifyingKey), "utf8").catch(() => "");
  if (text !== verifyingKeyText(verifyingKey))
    throw fails("the verifying key is not that of the proving key");
  const source = await exportVerifierContract({
    zkeyFile,
    contractName: circuit.verifier,
    keyClass: record.class,
  });
  const shown = await readFile(join(path, files.verifier), "utf8").catch(() => "");
  if (shown !== source) throw fails("the verifier's source is not what the proving key gives");
  return `source SHA-256 ${createHash("sha256").update(source).digest("hex")}`;
}

/** Text of a verifying key's file. */
export function verifyingKeyText(verifyingKey: unknown): string {
  return `${JSON.stringify(verifyingKey, null, 1)}\n`;
}
