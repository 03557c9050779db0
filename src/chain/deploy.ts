import { Contract, ContractFactory, hexlify, type Provider, type Signer } from "ethers";
import { type Artifact, linkArtifact } from "../code/index.js";
import { type Manifest, readManifest } from "../manifest.js";
import { CIRCUIT_NAMES } from "../proof/index.js";
import { contractArtifact, TIMELOCK_LIBRARIES } from "./artifacts.js";
import { sendWith } from "./send.js";
import { assertVerifier, setupHash, verifiersOf } from "./verifier.js";

/** Who holds the roles of a new timelock from the start. */
export interface TimelockRoles {
  readonly proposers: readonly string[];
  readonly executors: readonly string[];
  readonly council: readonly string[];
  readonly guardians: readonly string[];
  /** Zero address: the timelock governs itself alone. */
  readonly admin: string;
}

/** Bounds of every policy and statement, in seconds, fixed at construction. */
export interface LaneBounds {
  readonly minDelay: number;
  readonly maxDelay: number;
  readonly minGrace: number;
  readonly maxGrace: number;
  readonly minDisclosureDeadline: number;
  readonly maxDisclosureDeadline: number;
  readonly maxValidity: number;
}

/**
 * Deploys a contract and waits for it.
 * @throws SealpatchError `chain/reverted` where its constructor refuses, and as `sendWith` says.
 */
export async function deployContract(
  signer: Signer,
  {
    artifact,
    constructorArguments = [],
  }: { readonly artifact: Artifact; readonly constructorArguments?: readonly unknown[] },
): Promise<Contract> {
  const data = await creationData({ artifact, constructorArguments });
  const { receipt } = await sendWith(signer)({ data });
  return new Contract(receipt.contractAddress!, [...artifact.abi], signer);
}

/** Data of the transaction that creates a contract: creation code and encoded arguments. */
export async function creationData({ artifact, constructorArguments }: NewContract): Promise<string> {
  const factory = new ContractFactory([...artifact.abi], hexlify(artifact.creationCode));
  return (await factory.getDeployTransaction(...constructorArguments)).data;
}

/** A contract that is to be deployed. */
export interface NewContract {
  /** Linked. */
  readonly artifact: Artifact;
  readonly constructorArguments: readonly unknown[];
}

/** Deploys one contract after the other, in whatever way, and says where each is. */
export type Deployer = (contract: NewContract) => Promise<string>;

const deployerOf =
  (signer: Signer): Deployer =>
  async (contract) =>
    (await deployContract(signer, contract)).getAddress();

/**
 * Deploys the proof system: the Groth16 verifiers, the Poseidon libraries and the PatchVerifier over them. The verifiers are
 * made here and now of the proving keys: verifying key, source, code. What the build has beside them must be the same, and
 * nothing of it is sent. Keys are refused where the node says that it is on a chain that their class has no place on (T07, T18): development
 * keys off local chains, all others but those that `proveKeyPackage` found to be production keys off local chains and listed test networks. Whatever
 * is refused is refused before the first transaction.
 * @throws SealpatchError `key/development-key`, `key/class-not-proven`, `proof/no-key`, `key/changed`, `key/other-verifying-key`,
 *   `key/verifier-mismatch`, `key/...` of `checkVerifyingKey`, `chain/unknown-chain`.
 */
export async function deployVerifier(signer: Signer, manifest?: Manifest): Promise<Contract> {
  const built = manifest ?? (await readManifest());
  const address = await deployVerifierBy(deployerOf(signer), signer.provider, built);
  return new Contract(address, [...(await contractArtifact("PatchVerifier", built)).abi], signer);
}

/** The same, by a deployer. @returns the address of the PatchVerifier. */
export async function deployVerifierBy(
  deploy: Deployer,
  provider: Provider | null,
  manifest: Manifest,
): Promise<string> {
  const artifacts = await verifiersOf(manifest, provider);
  const verifiers: string[] = [];
  for (const circuit of CIRCUIT_NAMES)
    verifiers.push(await deploy({ artifact: artifacts[circuit], constructorArguments: [] }));
  const artifact = await deployLibrariesOf(deploy, "PatchVerifier", ["PoseidonT4", "PoseidonT5"], manifest);
  return deploy({ artifact, constructorArguments: [...verifiers, setupHash(manifest)] });
}

/** Deploys the libraries that a contract is linked with, and links it. */
async function deployLibrariesOf(
  deploy: Deployer,
  contract: string,
  names: readonly string[],
  manifest?: Manifest,
): Promise<Artifact> {
  const libraries: Record<string, string> = {};
  for (const name of names)
    libraries[name] = await deploy({
      artifact: await contractArtifact(name, manifest),
      constructorArguments: [],
    });
  return linkArtifact(await contractArtifact(contract, manifest), libraries);
}

/** What a timelock is made with. */
export interface TimelockOptions {
  /** Seconds that the slow path waits at least. */
  readonly minDelay: number;
  readonly roles: TimelockRoles;
  /** Address of a PatchVerifier. */
  readonly verifier: string;
  readonly bounds: LaneBounds;
  readonly manifest?: Manifest;
}

/**
 * Deploys a FastTrackTimelock with libraries of its own, over a verifier whose code is compared with the keys first.
 * @throws SealpatchError as `assertVerifier`.
 * @example
 * ```ts
 * const verifier = await deployVerifier(governance);
 * const contract = await deployTimelock(governance, {
 *   minDelay: 7 * 86_400,
 *   roles: { proposers, executors, council: [safe], guardians: [guardianSafe], admin: ZeroAddress },
 *   verifier: await verifier.getAddress(),
 *   bounds,
 * });
 * const timelock = await TimelockClient.at(await contract.getAddress(), governance);
 * ```
 */
export async function deployTimelock(signer: Signer, options: TimelockOptions): Promise<Contract> {
  const address = await deployTimelockBy(deployerOf(signer), signer.provider, options);
  const { abi } = await contractArtifact("FastTrackTimelock", options.manifest);
  return new Contract(address, [...abi], signer);
}

/** The same, by a deployer. @returns the address of the timelock. */
export async function deployTimelockBy(
  deploy: Deployer,
  provider: Provider | null,
  { minDelay, roles, verifier, bounds, manifest }: TimelockOptions,
): Promise<string> {
  await assertVerifier(provider, verifier, manifest);
  const artifact = await deployLibrariesOf(deploy, "FastTrackTimelock", TIMELOCK_LIBRARIES, manifest);
  return deploy({ artifact, constructorArguments: [minDelay, roles, verifier, bounds] });
}
