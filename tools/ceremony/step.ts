// One step of a rehearsal in a process of its own: `step.ts SETTINGS.json STEP ...arguments`. Its last line says what it took.
import { readFileSync } from "node:fs";
import { argv, resourceUsage } from "node:process";
import {
  applyBeacon,
  beginCeremony,
  type CeremonyCircuit,
  contribute,
  finalizeCeremony,
  receiveContribution,
  verifyCeremony,
} from "../../src/ceremony/index.js";
import type { PinnedPowers } from "../../src/proof/index.js";
import { writeInitialKey, writePowersOfTau } from "../../src/proof/keys/ceremony/rehearsal/index.js";
import type { OnProgress } from "../../src/proof/keys/index.js";
import { proveOnChain } from "./prove-on-chain.js";
import { beaconAnswer, POWERS_SECRETS, TEST_BEACON } from "./rehearsal.js";

/** What the steps of a rehearsal share. */
export interface Rehearsal {
  readonly powersOfTau: string;
  readonly power: number;
  readonly pinned: readonly PinnedPowers[];
  readonly circuits: readonly CeremonyCircuit[];
  readonly round: number;
}

/** What a step took. */
export interface Taken {
  readonly seconds: number;
  /** Of all threads. */
  readonly processorSeconds: number;
  readonly peakMb: number;
  /** Seconds of its stages, where it says them. */
  readonly stages: Readonly<Record<string, number>>;
}

const [file, step, ...words] = argv.slice(2) as [string, string, ...string[]];
const { circuits, pinned, power, powersOfTau, round } = JSON.parse(readFileSync(file, "utf8")) as Rehearsal;
const terms = { powersOfTau, pinned, circuits, beaconChain: TEST_BEACON };

const stages: Record<string, number> = {};
let running: { readonly stage: string; readonly since: number } | undefined;
const begin = (stage: string | undefined): void => {
  const now = performance.now();
  if (running !== undefined)
    stages[running.stage] = (stages[running.stage] ?? 0) + (now - running.since) / 1000;
  running = stage === undefined ? undefined : { stage, since: now };
};
const onProgress: OnProgress = ({ stage }) => {
  if (stage !== running?.stage) begin(stage);
};

const STEPS: Readonly<Record<string, (...words: string[]) => Promise<unknown>>> = {
  powers: () => writePowersOfTau(powersOfTau, { power, ...POWERS_SECRETS }),
  "initial-key": (r1csFile, zkeyFile) =>
    writeInitialKey({ r1csFile, ptauFile: powersOfTau, zkeyFile, secrets: POWERS_SECRETS }),
  init: (folder) => beginCeremony(folder, { ...terms, beaconRound: round, onProgress }),
  contribute: (folder, name) => contribute(folder, { name, onProgress }),
  receive: (folder, received) => receiveContribution(folder, [received], { onProgress }),
  beacon: (folder) => applyBeacon(folder, beaconAnswer(round), { onProgress }),
  finalize: (folder, out) => finalizeCeremony(folder, { ...terms, out, onProgress }),
  verify: async (folder) => {
    const { checks, keyClass } = await verifyCeremony(folder, { ...terms, onProgress });
    for (const { name, outcome, what } of checks) console.log(`${outcome.padEnd(11)}  ${name}: ${what}`);
    if (keyClass !== "production") throw new Error(`the keys are ${keyClass} keys`);
  },
  prove: (folder) => proveOnChain(folder, terms),
};

const since = performance.now();
await STEPS[step]!(...words);
begin(undefined);
const { userCPUTime, systemCPUTime, maxRSS } = resourceUsage();
const taken: Taken = {
  seconds: (performance.now() - since) / 1000,
  processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
  peakMb: maxRSS / 1000,
  stages,
};
console.log(JSON.stringify(taken));
