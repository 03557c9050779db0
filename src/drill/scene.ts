import { randomBytes } from "node:crypto";
import { AbiCoder, dataSlice, getAddress, getBytes, hexlify, type JsonRpcSigner, ZeroAddress } from "ethers";
import {
  type Artifact,
  type AuditorKey,
  AuditorSet,
  type CodeUnderTest,
  type ContractSource,
  canonicalLayout,
  codeDigest,
  compileContract,
  deployContract,
  deployTimelock,
  deployVerifier,
  type Hex,
  type LaneTerms,
  lanePolicy,
  layoutRoot,
  newAuditorKey,
  newRecipient,
  type PatchPolicy,
  PROXY_SLOTS,
  type SendTransaction,
  SOLC_VERSION,
  TimelockClient,
  type VectorSet,
} from "../index.js";
import { type CaseContext, type CorpusCase, type Variant, variantOf } from "./case.js";
import type { DrillChain } from "./chain.js";
import { deploySubject, send } from "./deploy.js";
import { recordScenarios } from "./record.js";
import { type DrillSafe, deploySafes } from "./safe.js";

const DAY = 86_400;
const SLOW_DELAY = 7 * DAY;
export const FAST_DELAY = 4 * 3_600;
const BOUNDS = {
  minDelay: 3_600,
  maxDelay: 2 * DAY,
  minGrace: 3_600,
  maxGrace: 7 * DAY,
  minDisclosureDeadline: DAY,
  maxDisclosureDeadline: 30 * DAY,
  maxValidity: 30 * DAY,
};

const COUNCIL = { owners: 5, threshold: 3 };
const GUARDIAN = { owners: 3, threshold: 2 };

/** An auditor: signs with one key, receives sealed bundles with another. */
export interface Auditor {
  readonly key: AuditorKey;
  readonly identity: string;
  readonly recipient: string;
}

/** A timelock with its proof system, and who holds its roles. */
export interface Lane {
  readonly timelock: TimelockClient;
  readonly roles: Readonly<
    Record<"governance" | "executor", JsonRpcSigner> & Record<"council" | "guardian", SendTransaction>
  >;
}

/** The vulnerable contract of a case, behind a proxy that a timelock upgrades. */
export interface LiveCase {
  readonly corpusCase: CorpusCase;
  readonly context: CaseContext;
  readonly proxy: string;
  /** The vulnerable implementation, as the chain has it. */
  readonly current: CodeUnderTest;
  /** Root of its layout. */
  readonly layoutRoot: bigint;
}

/** Everybody and everything of the incident, deployed. */
export interface Scene extends Lane, LiveCase {
  readonly chain: DrillChain;
  readonly auditors: readonly Auditor[];
  readonly gas: bigint;
}

/** The case's contract before or after the fix, as a bundle has it. */
export async function sourceOf(
  corpusCase: CorpusCase,
  variant: Variant,
  which: "vulnerable" | "fixed",
): Promise<ContractSource> {
  const { input, contracts } = (await corpusCase.compile())[which];
  const { contract } = variantOf(corpusCase, variant);
  const source = Object.keys(contracts).find((name) => contracts[name]![contract])!;
  return { contract: `${source}:${contract}`, compiler: { version: SOLC_VERSION, input } };
}

/**
 * Deploys the timelock, and the case's vulnerable contract behind a proxy that only the timelock upgrades. Equal chains
 * get equal addresses.
 * @param auditors those who are known already; new ones unless given.
 */
export async function deployScene(
  chain: DrillChain,
  corpusCase: CorpusCase,
  variant: Variant,
  auditors?: readonly Auditor[],
): Promise<Scene> {
  const before = await chain.provider.getBlockNumber();
  const [lane, artifact] = await Promise.all([deployLane(chain), compileVulnerable(corpusCase, variant)]);
  const live = await deployCase(chain, lane.timelock.address, corpusCase, variant, artifact);
  return {
    chain,
    ...lane,
    ...live,
    auditors: auditors ?? (await Promise.all(Array.from({ length: 5 }, newAuditor))),
    gas: await gasSince(chain, before),
  };
}

async function newAuditor(): Promise<Auditor> {
  return { key: newAuditorKey(), ...(await newRecipient()) };
}

async function deployLane({ accounts }: DrillChain): Promise<Lane> {
  const [governance, relay, executor] = accounts.slice(-3) as [JsonRpcSigner, JsonRpcSigner, JsonRpcSigner];
  const verifier = await deployVerifier(governance);
  const [council, guardian] = (await deploySafes(relay, [COUNCIL, GUARDIAN])) as [DrillSafe, DrillSafe];
  const timelock = await deployTimelock(governance, {
    minDelay: SLOW_DELAY,
    roles: {
      proposers: [governance.address],
      executors: [governance.address, executor.address],
      council: [council.address],
      guardians: [guardian.address],
      admin: ZeroAddress,
    },
    verifier: await verifier.getAddress(),
    bounds: BOUNDS,
  });
  return {
    timelock: await TimelockClient.at(await timelock.getAddress(), governance),
    roles: { governance, executor, council: council.send, guardian: guardian.send },
  };
}

/** The vulnerable contract of a case, compiled. */
export async function compileVulnerable(corpusCase: CorpusCase, variant: Variant): Promise<Artifact> {
  const { compiler, contract } = await sourceOf(corpusCase, variant, "vulnerable");
  return compileContract(compiler.input, contract);
}

/** Puts the vulnerable contract of a case behind a proxy that the account `upgrader` upgrades. */
export async function deployCase(
  chain: DrillChain,
  upgrader: string,
  corpusCase: CorpusCase,
  variant: Variant,
  artifact: Artifact,
): Promise<LiveCase> {
  const { provider } = chain;
  const implementation = await deployContract(chain.accounts[0]!, { artifact });
  const address = (await implementation.getAddress()) as Hex;
  const casting = { proxyOwner: upgrader as Hex };
  const context = await deploySubject(provider, corpusCase, variant, address, casting);
  return {
    corpusCase,
    context,
    proxy: getAddress(context.subject),
    current: { address, code: getBytes(await provider.getCode(address)) },
    layoutRoot: layoutRoot(canonicalLayout(artifact)),
  };
}

async function gasSince(chain: DrillChain, block: number): Promise<bigint> {
  let gas = 0n;
  const last = await chain.provider.getBlockNumber();
  for (let number = block + 1; number <= last; number++)
    gas += (await chain.provider.getBlock(number))!.gasUsed;
  return gas;
}

/** Records scripted sequences of the case from the chain; what they must do is what `codes[0]` does. */
export async function record(
  scene: Scene,
  which: "baseline" | "incidents",
  codes: readonly [CodeUnderTest, ...CodeUnderTest[]],
): Promise<VectorSet> {
  const { chain, context, corpusCase } = scene;
  return recordScenarios(chain.anvil.url, context, corpusCase[which](context), codes);
}

/** Governance registers policy and baseline on the slow path: seven days that nobody notices, because no bug is known. */
export async function register(
  scene: Scene,
  baseline: VectorSet,
): Promise<{ policy: PatchPolicy; gas: bigint }> {
  const { chain, timelock, proxy, current, corpusCase, context } = scene;
  const auditors = new AuditorSet(scene.auditors.map(({ key }) => key.publicKey));
  const admin = context.variant === "transparent" ? await adminOf(chain, proxy) : undefined;
  const policy: PatchPolicy = {
    auditors,
    threshold: 3,
    baseline,
    maxWaivers: 0,
    layoutRoot: scene.layoutRoot,
    migrationCaller: admin ?? timelock.address,
  };
  const terms: LaneTerms = {
    ...(admin === undefined ? { kind: "uups-legacy" } : { kind: "transparent-v5", admin }),
    delay: FAST_DELAY,
    grace: 2 * DAY,
    disclosureDeadline: 14 * DAY,
    checks: corpusCase.safetyChecks(context),
  };
  const calls = [
    timelock.setPolicyCall(proxy, lanePolicy(policy, terms)),
    timelock.setBaselineCall(proxy, {
      implementation: current.address,
      layoutRoot: policy.layoutRoot,
      currentCode: codeDigest(current.code),
    }),
  ];
  const operation = { calls, salt: hexlify(randomBytes(32)) };
  const scheduled = await timelock.scheduleSlowPath(operation, BigInt(SLOW_DELAY));
  await chain.travelTo((await chain.now()) + BigInt(SLOW_DELAY));
  const executed = await timelock.executeSlowPath(operation);
  return { policy, gas: scheduled.gasUsed + executed.gasUsed };
}

async function adminOf(chain: DrillChain, proxy: string): Promise<string> {
  const word = await chain.provider.getStorage(proxy, PROXY_SLOTS.admin);
  return getAddress(dataSlice(word, 12));
}

/** Sends the published exploit and says whether the chain's state shows that it succeeded. */
export async function attack(scene: Scene): Promise<boolean> {
  const { chain, context, corpusCase } = scene;
  for (const transaction of corpusCase.exploit(context)) await send(chain.provider, transaction);
  return corpusCase.exploited(context, chain.provider);
}

/** Values of all slots of the proxy that the baseline vectors know, and its balance. */
export async function proxyState(scene: Scene, baseline: VectorSet): Promise<string> {
  const { chain, proxy } = scene;
  const slots = new Set<bigint>();
  for (const { accounts } of baseline.vectors) {
    const account = accounts.find(({ address }) => getAddress(address) === getAddress(proxy));
    for (const { slot } of account?.storage ?? []) slots.add(slot);
  }
  const words = await Promise.all([...slots].map((slot) => chain.provider.getStorage(proxy, slot)));
  const balance = await chain.provider.getBalance(proxy);
  return AbiCoder.defaultAbiCoder().encode(["uint256", "bytes32[]"], [balance, words]);
}
