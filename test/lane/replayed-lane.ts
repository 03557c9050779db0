import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { HDNodeWallet, keccak256 } from "ethers";
import { councilMember, newCouncilKeystore, writeKeystore } from "../../src/keystore/index.js";
import {
  type ExecutionMember,
  type ScheduleMember,
  scheduleToJson,
  sealExecution,
} from "../../src/lane/index.js";
import { NO_GROUP, type Target } from "../../src/patch/index.js";
import type { AttestStatement, BindStatement, Groth16Proof, Proven } from "../../src/proof/index.js";
import { fromSolidityProof } from "../../src/proof/prover/index.js";
import { type RecordedIncident, type ReplayedIncident, replayIncident } from "../chain/replayed-incident.js";
import { put } from "../project/projects.js";
import { laneConfiguration, newAccount, PASSPHRASE, type TestAccount } from "./lane-project.js";

// The replayed incident in the folder of a project, with everybody's keystores, proven and not scheduled yet.

/** Anvil's accounts (its published mnemonic), by the parts that they have in the incident. */
const PLACES = { stranger: 3, governance: 16, council: 17, guardian: 18, executor: 19 } as const;
const MNEMONIC = "test test test test test test test test test test test junk";
const NODE = HDNodeWallet.fromPhrase(MNEMONIC, undefined, "m/44'/60'/0'/0");

/** A project whose incident is proven. */
export interface ReplayedLane {
  readonly incident: ReplayedIncident;
  readonly accounts: Readonly<Record<keyof typeof PLACES, TestAccount>>;
  readonly schedule: ScheduleMember;
  readonly execution: ExecutionMember;
  readonly recipient: string;
  /** Path of a file of the project. */
  at(name: string): string;
  /** Writes the configuration anew, with another node. */
  configure(rpc: string, chainId?: number): void;
  stop(): Promise<void>;
}

/** Replays the incident, and writes the project into a folder. */
export async function replayedLane(folder: string): Promise<ReplayedLane> {
  const incident = await replayIncident({ isScheduled: false });
  const at = (name: string) => join(folder, name);
  const accounts = Object.fromEntries(
    await Promise.all(
      Object.entries(PLACES).map(async ([name, place]) => [
        name,
        await newAccount(folder, name, NODE.derivePath(String(place)).privateKey),
      ]),
    ),
  ) as ReplayedLane["accounts"];
  const member = await newCouncilKeystore("member");
  const stranger = await newCouncilKeystore("stranger");
  await writeKeystore(at("member.age"), member, PASSPHRASE, { workFactor: 10 });
  await writeKeystore(at("stranger.age"), stranger, PASSPHRASE, { workFactor: 10 });
  const { recipient } = await councilMember(member);
  const { recorded } = incident;
  const targets = targetsOf(recorded);
  const schedule = {
    targets,
    attest: attestProofOf(recorded),
  };
  const { initCode, deploySalt } = incident.execution.code as { initCode: Uint8Array; deploySalt: string };
  const { layoutRoot, codeDigest, migration, migrationGas } = incident.execution.opening;
  const execution = {
    ...{ targets, initCode, deploySalt, migration, migrationGas, layoutRoot, codeDigest },
    bind: bindProofOf(recorded),
  };
  put(folder, { "schedule.json": scheduleToJson([schedule]) });
  writeFileSync(at("execution.age"), await sealExecution([execution], [recipient]));
  const roles = {
    proposers: accounts.governance.address,
    executors: accounts.executor.address,
    council: accounts.council.address,
    guardians: accounts.guardian.address,
  };
  const configure = (rpc: string, chainId = 31337) => {
    const { proxy, admin } = incident;
    const text = laneConfiguration({ rpc, roles, chainId, proxy, kind: "transparent-v5", admin });
    put(folder, {
      "sealpatch.toml": text
        .replace('# timelock = "0x.."', `timelock = "${incident.timelock.address}"`)
        .replaceAll("chains.mainnet", "chains.chain-31337")
        .replace('chain = "mainnet"', 'chain = "chain-31337"'),
    });
  };
  configure(incident.anvil.url);
  return { incident, accounts, schedule, execution, recipient, at, configure, stop: () => incident.stop() };
}

/** The targets that it was attested for. */
export function targetsOf(recorded: RecordedIncident): Target[] {
  return [31_337n, 1_337n].map((chainId) => ({
    chainId,
    timelock: recorded.timelock,
    proxy: recorded.proxy,
    codehash: keccak256(recorded.current.code),
    nonce: BigInt(recorded.nonce),
    validUntil: BigInt(recorded.validUntil),
    group: NO_GROUP,
  }));
}

function proofOf({ a, b, c }: RecordedIncident["attest"]["proof"]): Groth16Proof {
  const pair = ([x, y]: readonly [string, string]): [bigint, bigint] => [BigInt(x), BigInt(y)];
  return fromSolidityProof({ a: pair(a), b: [pair(b[0]), pair(b[1])], c: pair(c) });
}

/** The recorded proof of `attest` with its statement. */
export function attestProofOf(recorded: RecordedIncident): Proven<AttestStatement> {
  return { statement: attestStatement(recorded), proof: proofOf(recorded.attest.proof) };
}

function attestStatement({ attest }: RecordedIncident): AttestStatement {
  const [commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot] =
    attest.signals.map(BigInt) as [bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  return { commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot };
}

/** The recorded proof of `bind` with its statement. */
export function bindProofOf({ bind }: RecordedIncident): Proven<BindStatement> {
  const [commitment, point, value, layoutRoot, account, migrationDigest, codeDigest] = bind.signals.map(
    BigInt,
  ) as [bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  const statement = { commitment, point, value, layoutRoot, account, migrationDigest, codeDigest };
  return { statement, proof: proofOf(bind.proof) };
}
