import { Contract, ContractFactory, hexlify, type Signer } from "ethers";
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
  const factory = new ContractFactory([...artifact.abi], hexlify(artifact.creationCode), signer);
  const { receipt } = await sendWith(signer)(await factory.getDeployTransaction(...constructorArguments));
  return new Contract(receipt.contractAddress!, [...artifact.abi], signer);
}

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
  const artifacts = await verifiersOf(built, signer.provider);
  const verifiers: string[] = [];
  for (const circuit of CIRCUIT_NAMES)
    verifiers.push(await (await deployContract(signer, { artifact: artifacts[circuit] })).getAddress());
  const artifact = await deployLibrariesOf(signer, "PatchVerifier", ["PoseidonT4", "PoseidonT5"], built);
  return deployContract(signer, { artifact, constructorArguments: [...verifiers, setupHash(built)] });
}

/** Deploys the libraries that a contract is linked with, and links it. */
async function deployLibrariesOf(
  signer: Signer,
  contract: string,
  names: readonly string[],
  manifest?: Manifest,
): Promise<Artifact> {
  const libraries: Record<string, string> = {};
  for (const name of names) {
    libraries[name] = await (
      await deployContract(signer, { artifact: await contractArtifact(name, manifest) })
    ).getAddress();
  }
  return linkArtifact(await contractArtifact(contract, manifest), libraries);
}

/**
 * Deploys a FastTrackTimelock with libraries of its own, over a verifier whose code is compared with the keys first.
 * @param options.minDelay seconds that the slow path waits at least.
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
export async function deployTimelock(
  signer: Signer,
  options: {
    minDelay: number;
    roles: TimelockRoles;
    verifier: string;
    bounds: LaneBounds;
    manifest?: Manifest;
  },
): Promise<Contract> {
  const { minDelay, roles, verifier, bounds, manifest } = options;
  await assertVerifier(signer.provider, verifier, manifest);
  const artifact = await deployLibrariesOf(signer, "FastTrackTimelock", TIMELOCK_LIBRARIES, manifest);
  return deployContract(signer, { artifact, constructorArguments: [minDelay, roles, verifier, bounds] });
}
