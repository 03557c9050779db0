import {
  getBytes,
  keccak256,
  type Provider,
  type Signer,
  type TransactionReceipt,
  ZeroAddress,
} from "ethers";
import { assertDeployable, keyClassOf } from "../ceremony/index.js";
import {
  asked,
  creationData,
  type Deployer,
  deployTimelockBy,
  deployVerifierBy,
  type LaneBounds,
  type NewContract,
  type SendOptions,
  setupHash,
  type TimelockRoles,
} from "../chain/index.js";
import { readDeployed } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import type { Manifest } from "../manifest.js";
import type { Configuration, DeployedContract, Deployment } from "../project/index.js";
import type { Journal } from "../state/index.js";
import { sendJournaled } from "./journaled.js";

/** A timelock with its proof system, before it is deployed. Durations in seconds. */
export interface LanePlan {
  readonly chainId: bigint;
  readonly minDelay: number;
  readonly roles: TimelockRoles;
  readonly bounds: LaneBounds;
  /** The keys that the verifiers are made of. */
  readonly manifest: Manifest;
}

/** What becomes of a contract: it is sent now, was sent by an earlier run, or stands in the record. */
export interface DeploymentStep {
  readonly contract: string;
  readonly outcome: "deployed" | "resumed" | "recorded";
  readonly address: string;
}

/**
 * What a configuration wants deployed on a chain.
 * @throws SealpatchError `lane/role-without-holder`.
 */
export function lanePlan({ timelock, chains }: Configuration, chain: string, manifest: Manifest): LanePlan {
  const { id, roles } = chains[chain]!;
  for (const role of ["proposers", "executors", "council", "guardians"] as const) {
    if ((roles?.[role].length ?? 0) > 0) continue;
    throw new SealpatchError("lane/role-without-holder", `chains.${chain}.roles.${role} names nobody`, {
      details: { chain, role },
      why: "without a holder of each role the timelock cannot be governed, or its fast lane cannot be used",
      remedy: "name an account or a Safe; the slow path can change it later",
    });
  }
  const { min_delay: minDelay, delay, grace, disclosure_deadline, max_validity: maxValidity } = timelock;
  return {
    chainId: BigInt(id),
    minDelay,
    roles: { ...roles!, admin: ZeroAddress },
    bounds: {
      minDelay: delay[0],
      maxDelay: delay[1],
      minGrace: grace[0],
      maxGrace: grace[1],
      minDisclosureDeadline: disclosure_deadline[0],
      maxDisclosureDeadline: disclosure_deadline[1],
      maxValidity,
    },
    manifest,
  };
}

/**
 * Deploys verifiers, libraries and timelock, and goes on where an earlier run was interrupted: what the journal or the record has is
 * looked up on the chain, by the transaction that made it and by its code, and taken where it is exactly what the plan makes.
 * @param run.recorded the record of an earlier deployment on this chain, where there is one; then nothing is sent.
 * @returns the record of the deployment.
 * @throws SealpatchError `lane/other-deployment`, `lane/not-on-chain`; as `deployVerifier`, `deployTimelock` and `sendJournaled`.
 * @example
 * ```ts
 * const { configuration, folder } = await readProject("sealpatch.toml");
 * const plan = lanePlan(configuration, "mainnet", await readManifest());
 * const deployment = await withState(folder, ({ journal }) => deployLane(governance, plan, { journal }));
 * await writeDeployments(folder, { mainnet: deployment });
 * ```
 */
export async function deployLane(
  signer: Signer,
  plan: LanePlan,
  run: {
    readonly journal: Journal;
    readonly recorded?: Deployment | undefined;
    /** How its transactions are sent. */
    readonly sending?: SendOptions | undefined;
    readonly onStep?: (step: DeploymentStep) => void;
  },
): Promise<Deployment> {
  const { manifest, chainId, minDelay, roles, bounds } = plan;
  const provider = signer.provider!;
  await assertDeployable({ manifest, chainId });
  const contracts: Record<string, DeployedContract> = {};
  const deploy: Deployer = async (contract) => {
    const name = contract.artifact.contractName;
    const wanted = { ...contract, data: await creationData(contract) };
    const earlier = run.recorded?.contracts[name];
    const [outcome, deployed] =
      run.recorded === undefined
        ? await resumeOrSend(signer, wanted, { ...run, chainId })
        : (["recorded", await checkRecorded(provider, wanted, earlier)] as const);
    contracts[name] = deployed;
    run.onStep?.({ contract: name, outcome, address: deployed.address });
    return deployed.address;
  };
  const verifier = await deployVerifierBy(deploy, provider, manifest);
  const timelock = await deployTimelockBy(deploy, provider, { minDelay, roles, verifier, bounds, manifest });
  return {
    chainId,
    timelock,
    block: contracts.FastTrackTimelock!.block,
    setupHash: setupHash(manifest),
    keyClass: await keyClassOf(manifest),
    contracts,
  };
}

/** A contract with the data of the transaction that makes it. */
type Wanted = NewContract & { readonly data: string };

async function resumeOrSend(
  signer: Signer,
  wanted: Wanted,
  run: { readonly journal: Journal; readonly chainId: bigint; readonly sending?: SendOptions | undefined },
): Promise<readonly [DeploymentStep["outcome"], DeployedContract]> {
  const { journal, chainId } = run;
  const provider = signer.provider!;
  const what = `deploy ${wanted.artifact.contractName}`;
  const dataHash = keccak256(wanted.data);
  const lines = journal.signed(what, chainId).filter((line) => line.dataHash === dataHash);
  for (const { hash } of lines.toReversed()) {
    const receipt = await asked("looking for an earlier transaction", () =>
      provider.getTransactionReceipt(hash),
    );
    const found = receipt?.status === 1 ? await deployedBy(provider, receipt, wanted) : undefined;
    if (found) return ["resumed", found];
  }
  const send = sendJournaled(signer, { journal, what, chainId }, run.sending);
  const { receipt } = await send({ data: wanted.data });
  const deployed = await deployedBy(provider, receipt, wanted);
  if (deployed === undefined) throw notOnChain(wanted, receipt.contractAddress!);
  return ["deployed", deployed];
}

/** The receipt of a transaction that was signed earlier, once it is mined; null where the node does not know it, or it failed. */
async function receiptOf(
  provider: Provider,
  hash: string,
  dataHash: string,
): Promise<TransactionReceipt | null> {
  const transaction = await asked("looking for an earlier transaction", () => provider.getTransaction(hash));
  if (transaction === null || keccak256(transaction.data) !== dataHash) return null;
  const receipt = await asked("waiting for an earlier transaction", () => provider.waitForTransaction(hash));
  return receipt?.status === 1 ? receipt : null;
}

/** What a transaction made, where that is the contract. */
async function deployedBy(
  provider: Provider,
  { contractAddress: address, hash: transaction, blockNumber: block }: TransactionReceipt,
  { artifact, data }: Wanted,
): Promise<DeployedContract | undefined> {
  if (address === null) return undefined;
  const code = await asked("reading code", () => provider.getCode(address));
  if (readDeployed(artifact, getBytes(code), address) === undefined) return undefined;
  return { address, transaction, block, codehash: keccak256(code), creationHash: keccak256(data) };
}

/** Holds what the record says against the plan and against the chain. */
async function checkRecorded(
  provider: Provider,
  wanted: Wanted,
  recorded: DeployedContract | undefined,
): Promise<DeployedContract> {
  const { artifact, data } = wanted;
  if (recorded?.creationHash !== keccak256(data)) {
    throw new SealpatchError(
      "lane/other-deployment",
      `the record has another ${artifact.contractName} than would be deployed`,
      {
        details: { contract: artifact.contractName, address: recorded?.address ?? null },
        why: "keys, release, roles, bounds or delay changed since; a timelock changes its own by the slow path alone",
        remedy:
          "change the timelock by its slow path; to deploy another one, take the chain out of the record of deployments",
      },
    );
  }
  const receipt = await receiptOf(provider, recorded.transaction, recorded.creationHash);
  const found = receipt && (await deployedBy(provider, receipt, wanted));
  if (found?.address === recorded.address && found.codehash === recorded.codehash) return found;
  throw notOnChain(wanted, recorded.address);
}

function notOnChain({ artifact }: NewContract, address: string): SealpatchError {
  return new SealpatchError("lane/not-on-chain", `the chain has no ${artifact.contractName} at ${address}`, {
    details: { contract: artifact.contractName, address },
    why: "its transaction is not there, made another contract, or the code is another one",
    remedy:
      "check the node and the chain; where the chain began anew, take it out of the record of deployments",
  });
}
