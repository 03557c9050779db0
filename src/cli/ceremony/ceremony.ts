import { readFile } from "node:fs/promises";
import { stderr, stdin } from "node:process";
import { text } from "node:stream/consumers";
import {
  applyBeacon,
  beginCeremony,
  type CeremonyAttestation,
  contribute as contributeTo,
  entropyOfDice,
  entropyOfFile,
  finalizeCeremony,
  proveKeyPackage,
  type Room,
  receiveContribution,
  verifyCeremony,
} from "../../ceremony/index.js";
import { assertVerifier, providerOf } from "../../chain/index.js";
import { SealpatchError } from "../../errors.js";
import { quoted } from "../../foreign-text.js";
import type { Manifest } from "../../manifest.js";
import { beaconTime } from "../../proof/index.js";
import { print, printJson, wrap } from "../../terminal/index.js";
import { type CheckLine, exitCodeOf, printChecks } from "../checks.js";
import { usageError } from "../options.js";
import { withStages } from "../stages.js";
import type { CeremonySettings } from "./settings.js";

interface Json {
  readonly json?: boolean;
}

export async function init(
  folder: string,
  options: Json & {
    readonly ptau: string;
    readonly beaconRound: number;
    readonly contributions: number;
    readonly unpinned?: boolean;
  },
  settings: CeremonySettings,
): Promise<void> {
  const { ptau, beaconRound, contributions, unpinned = false, json } = options;
  const announcement = await withStages(json, (onProgress) =>
    beginCeremony(folder, {
      ...settings,
      powersOfTau: ptau,
      beaconRound,
      minimumContributions: contributions,
      unpinned,
      onProgress,
      onRoom: told(json),
    }),
  );
  if (json === true) return printJson({ folder, announcement });
  const { beacon, circuits } = announcement;
  for (const [name, { constraints, power }] of Object.entries(circuits))
    print(`${name}: ${constraints} constraints, 2^${power} rows`);
  print(`beacon: round ${beacon.round} of ${beacon.name}, ${dateOf(beaconTime(beacon.round, beacon))}`);
  if (unpinned) print("powers of tau in no list: these are test keys for good");
  print(wrap(`Publish ${folder}/ceremony.json, and send it with ${folder}/0000 to the first contributor.`));
}

export async function contribute(
  folder: string,
  {
    name,
    dice,
    entropyFile,
    json,
  }: Json & { readonly name: string; readonly dice?: boolean; readonly entropyFile?: string },
): Promise<void> {
  const entropy: Uint8Array[] = [];
  if (dice === true) entropy.push(entropyOfDice(await text(stdin)));
  if (entropyFile !== undefined) entropy.push(await entropyOfFile(entropyFile));
  const made = await withStages(json, (onProgress) =>
    contributeTo(folder, { name, entropy, onProgress, onRoom: told(json) }),
  );
  if (json === true) return printJson(made);
  printAttestation(made.attestation);
  print(wrap(`Send ${made.folder} to the coordinator, and publish its attestation.json.`));
}

export async function receive(folder: string, files: readonly string[], { json }: Json): Promise<void> {
  const attestation = await withStages(json, (onProgress) =>
    receiveContribution(folder, files, { onProgress, onRoom: told(json) }),
  );
  if (json === true) return printJson({ attestation });
  printAttestation(attestation);
  print("taken: every section follows from the keys before");
}

export async function beacon(
  folder: string,
  { value, json }: Json & { readonly value: string },
): Promise<void> {
  const answer = await readFile(value, "utf8").catch(() => {
    throw usageError(`${value} cannot be read`, "save the answer of drand's /public/ROUND to a file");
  });
  const made = await withStages(json, (onProgress) =>
    applyBeacon(folder, answer, { onProgress, onRoom: told(json) }),
  );
  if (json === true) return printJson(made);
  printAttestation(made.attestation);
  print("The ceremony has ended. Finalize it.");
}

export async function verify(
  folder: string,
  options: Json & {
    readonly ptau: string;
    readonly slow?: boolean;
    readonly rpc?: string;
    readonly verifier?: string;
  },
  settings: CeremonySettings,
): Promise<void> {
  const { ptau, slow = false, rpc, verifier, json } = options;
  if ((verifier === undefined) !== (rpc === undefined))
    throw usageError("--rpc and --verifier belong together", "give both, or none of them");
  const { checks, keyClass, manifest } = await withStages(json, async (onProgress) => {
    const terms = { ...settings, powersOfTau: ptau, slow, onProgress };
    // On a chain it counts of which class the keys are: the manifest has to be the one that was proven.
    if (rpc !== undefined) return proveKeyPackage(folder, terms);
    return { ...(await verifyCeremony(folder, terms)), manifest: undefined };
  });
  const lines: CheckLine[] = checks.map(({ name, outcome, what }) => ({ name, outcome, detail: what }));
  if (rpc !== undefined && verifier !== undefined && manifest !== undefined)
    lines.push(await onChain(manifest, { rpc, verifier }));
  process.exitCode = exitCodeOf(lines);
  if (json === true) return printJson({ class: keyClass, checks: lines });
  printChecks(lines);
  print(`class: ${keyClass}`);
}

/** Whether the code at an address is, byte for byte, what this package's keys give. */
async function onChain(
  manifest: Manifest,
  { rpc, verifier }: { rpc: string; verifier: string },
): Promise<CheckLine> {
  const name = "verifier on chain";
  const provider = providerOf(rpc);
  try {
    await assertVerifier(provider, verifier, manifest);
    return {
      name,
      outcome: "holds",
      detail: `${verifier}: code, libraries and setup hash are those of the keys`,
    };
  } catch (error) {
    if (!(error instanceof SealpatchError)) throw error;
    // A node that does not answer says nothing of the code.
    const couldNotLook = error.code.startsWith("chain/") && error.code !== "chain/other-verifier";
    return { name, outcome: couldNotLook ? "not checked" : "fails", detail: error.why ?? error.message };
  } finally {
    provider.destroy();
  }
}

export async function finalize(
  folder: string,
  { ptau, out, json }: Json & { readonly ptau: string; readonly out?: string },
  settings: CeremonySettings,
): Promise<void> {
  const made = await withStages(json, (onProgress) =>
    finalizeCeremony(folder, { ...settings, powersOfTau: ptau, out, onProgress, onRoom: told(json) }),
  );
  if (json === true) return printJson(made);
  print(`${made.folder}: keys of class ${made.record.class}`);
  print(`setup hash  ${made.record.setupHash}`);
  print("Publish the folder. Anybody verifies it with `sealpatch ceremony verify`.");
}

function printAttestation({ index, name, circuits }: CeremonyAttestation): void {
  print(`contribution ${index}, by ${quoted(name)}`);
  for (const [circuit, { made, contribution }] of Object.entries(circuits)) {
    print(circuit);
    print(`  key           ${made}`);
    print(`  contribution  ${contribution.slice(0, 64)}`);
    print(`                ${contribution.slice(64)}`);
  }
}

/** Says on standard error what a step takes, before it begins. */
function told(quiet: boolean | undefined): (room: Room) => void {
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
  return ({ disk, memory }) => {
    if (quiet !== true)
      stderr.write(`  takes ${megabytes(disk)} of disk and ${megabytes(memory)} of memory\n`);
  };
}

function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000", "");
}
