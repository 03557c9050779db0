import { readFile } from "node:fs/promises";
import { getBytes, hexlify, JsonRpcProvider, type JsonRpcSigner, randomBytes } from "ethers";
import {
  type DisclosureParts,
  type ExecutionParts,
  PROXY_KINDS,
  type SchedulingParts,
  type SlowPathCall,
  type SlowPathOperation,
  TimelockClient,
} from "../../src/chain/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { NO_GROUP } from "../../src/patch/index.js";
import { buildForgeFixture } from "../../tools/build/fixtures.js";
import { onSnapshot } from "./snapshot.js";

const DAY = 86_400;

/** What the fixture has of the statement: numbers as texts, proofs as the contract takes them. */
export interface RecordedIncident {
  readonly nonce: string;
  readonly validUntil: string;
  readonly timelock: string;
  readonly proxy: string;
  readonly current: { readonly account: string; readonly code: string };
  readonly attest: { readonly signals: readonly string[]; readonly proof: RecordedProof };
  readonly bind: { readonly signals: readonly string[]; readonly proof: RecordedProof };
}

interface RecordedProof {
  readonly a: readonly [string, string];
  readonly b: readonly [readonly [string, string], readonly [string, string]];
  readonly c: readonly [string, string];
}

/** The incident with real proofs that the contract tests run on, on a chain of its own, scheduled and past its delay. */
export interface ReplayedIncident {
  readonly anvil: Anvil;
  readonly provider: JsonRpcProvider;
  /** Written to by governance; other accounts by `as`. */
  readonly timelock: TimelockClient;
  readonly council: JsonRpcSigner;
  readonly executor: JsonRpcSigner;
  readonly proxy: string;
  readonly admin: string;
  /** What the proxy ran before, and what the execution installs. */
  readonly current: string;
  readonly patch: string;
  /** As it was recorded (`realIncident`). */
  readonly recorded: RecordedIncident;
  readonly scheduling: SchedulingParts;
  readonly execution: ExecutionParts;
  readonly disclosure: DisclosureParts;
  /** Sets the recorded policy, or another one in parts. Of what governance decided the roots are recorded alone. */
  setPolicy(change?: object): SlowPathCall;
  /** Governs by the slow path, its whole delay included. */
  govern(...calls: readonly SlowPathCall[]): Promise<void>;
  /** Schedules on the slow path and lets the delay pass. */
  ready(...calls: readonly SlowPathCall[]): Promise<SlowPathOperation>;
  /** Runs something on a copy of the present state. */
  onSnapshot<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/**
 * Replays it: deployments lead to the same addresses, and so the recorded proofs hold.
 * @param options.isScheduled whether it is scheduled, and its delay past.
 */
export async function replayIncident({ isScheduled = true } = {}): Promise<ReplayedIncident> {
  const text = await readFile(await buildForgeFixture(), "utf8");
  const recorded = JSON.parse(text);
  const anvil = await startAnvil();
  const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  for (const { creator, nonce, account, initCode } of recorded.deployments) {
    const signer = await provider.getSigner(creator);
    const deployed = await signer.sendTransaction({ data: initCode, nonce });
    const receipt = await deployed.wait();
    if (receipt?.contractAddress !== account) throw new Error(`${account} was not deployed again`);
  }
  const { timelock: address, proxy, admin, patch } = recorded;
  const governance = await provider.getSigner(16);
  const timelock = await TimelockClient.at(address, governance);

  const ready = async (...calls: readonly SlowPathCall[]): Promise<SlowPathOperation> => {
    const operation = { calls, salt: hexlify(randomBytes(32)) };
    await timelock.scheduleSlowPath(operation, BigInt(7 * DAY));
    await provider.send("evm_increaseTime", [7 * DAY]);
    await provider.send("evm_mine", []);
    return operation;
  };
  const executor = await provider.getSigner(recorded.executor);
  const govern = async (...calls: readonly SlowPathCall[]): Promise<void> => {
    await timelock.as(executor).executeSlowPath(await ready(...calls));
  };

  const { auditorRoot, vectorRoot, threshold, maxWaivers } = recorded.policy;
  const policy = {
    kind: PROXY_KINDS.indexOf("transparent-v5"),
    admin,
    disclosureDeadline: 14 * DAY,
    threshold,
    maxWaivers,
    delay: 4 * 3_600,
    grace: 14 * DAY,
    auditorRoot: BigInt(auditorRoot),
    vectorRoot: BigInt(vectorRoot),
    checks: [],
  };
  const setPolicy = (change: object = {}): SlowPathCall => {
    const data = timelock.interface.encodeFunctionData("setPolicy", [proxy, { ...policy, ...change }]);
    return { target: address, data };
  };
  const baseline = {
    implementation: recorded.current.account,
    layoutRoot: BigInt(recorded.layoutRoot),
    currentCode: BigInt(recorded.current.codeDigest),
  };
  await govern(setPolicy(), timelock.setBaselineCall(proxy, baseline));

  const council = await provider.getSigner(recorded.council);
  const commitment = BigInt(recorded.attest.signals[0]);
  const scheduling: SchedulingParts = {
    commitment,
    target: { proxy, validUntil: BigInt(recorded.validUntil), group: NO_GROUP },
    path: recorded.targets[0].path,
    proof: recorded.attest.proof,
  };
  if (isScheduled) {
    await timelock.as(council).parts.schedule(scheduling);
    await provider.send("evm_increaseTime", [policy.delay]);
    await provider.send("evm_mine", []);
  }

  const opening = Object.fromEntries(
    Object.entries(recorded.opening).map(([name, value]) => [name, BigInt(value as string)]),
  ) as unknown as DisclosureParts["opening"];
  const { layoutRoot, codeDigest } = opening;
  const migration = { migrationGas: BigInt(patch.migrationGas), migration: getBytes(patch.migration) };
  const code = { initCode: getBytes(patch.initCode), deploySalt: patch.deploySalt };
  return {
    anvil,
    provider,
    timelock,
    council,
    executor,
    proxy,
    admin,
    current: recorded.current.account,
    patch: patch.account,
    recorded,
    setPolicy,
    scheduling,
    execution: {
      commitment,
      code,
      opening: { layoutRoot, codeDigest, ...migration },
      proof: recorded.bind.proof,
    },
    disclosure: { commitment, opening, bundleHash: hexlify(randomBytes(32)), uri: "file:disclosure.json" },
    govern,
    ready,
    onSnapshot: (work) => onSnapshot(provider, work),
    stop: async () => {
      provider.destroy();
      await anvil.stop();
    },
  };
}
