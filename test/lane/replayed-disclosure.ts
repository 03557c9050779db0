import { writeFileSync } from "node:fs";
import { attestationToJson } from "../../src/audit/index.js";
import {
  type Disclosure,
  encryptBundle,
  type PatchPolicy,
  parseDisclosure,
  policyToJson,
} from "../../src/patch/index.js";
import { fixtureDisclosure } from "../../tools/build/fixtures.js";
import { put } from "../project/projects.js";
import type { ReplayedLane } from "./replayed-lane.js";

/** What discloses the replayed incident, in the folder of its project. */
export interface ReplayedDisclosure {
  readonly disclosure: Disclosure;
  readonly policy: PatchPolicy;
  /** Names of the files of its attestations. */
  readonly attestations: readonly string[];
}

/** Writes `patch.age`, the policy, and one file for each attestation. */
export async function replayedDisclosure(lane: ReplayedLane, folder: string): Promise<ReplayedDisclosure> {
  const disclosure = parseDisclosure(await fixtureDisclosure());
  const { signals } = lane.incident.recorded.attest;
  const policy: PatchPolicy = {
    auditors: disclosure.auditors,
    threshold: Number(signals[2]),
    baseline: disclosure.baseline,
    maxWaivers: Number(signals[4]),
    layoutRoot: BigInt(signals[5]!),
    migrationCaller: lane.incident.admin,
  };
  const attestations = disclosure.attestations.map((_, index) => `attestation-${index}.json`);
  put(folder, {
    "policies/Vault.json": policyToJson(policy),
    ...Object.fromEntries(
      disclosure.attestations.map((one, index) => [attestations[index]!, attestationToJson(one)]),
    ),
  });
  writeFileSync(lane.at("patch.age"), await encryptBundle(disclosure.bundle, [lane.recipient]));
  return { disclosure, policy, attestations };
}

/** Schedules, lets the delay pass, and executes. */
export async function executeReplayed({ incident }: ReplayedLane, { execute = true } = {}): Promise<void> {
  const { timelock, council, executor, execution, scheduling, provider } = incident;
  await timelock.as(council).parts.schedule(scheduling);
  await provider.send("evm_increaseTime", [4 * 3_600]);
  await provider.send("evm_mine", []);
  if (execute) await timelock.as(executor).parts.execute(execution);
}
