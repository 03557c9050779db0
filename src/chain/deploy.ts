import { readFile } from "node:fs/promises";
import { Contract, ContractFactory, hexlify, id, type Signer } from "ethers";
import { type Artifact, linkArtifact } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { type CircuitName, type Manifest, provingKeyOf, readManifest } from "../manifest.js";
import {
  assertDeployable,
  checkVerifierContract,
  checkVerifyingKey,
  keyFingerprint,
  parseVerifyingKey,
} from "../proof/keys/index.js";
import { contractArtifact, TIMELOCK_LIBRARIES } from "./artifacts.js";
import { sendWith } from "./send.js";

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
 * Deploys the proof system: both Groth16 verifiers, the Poseidon libraries and the PatchVerifier over them. Checks the
 * keys and the verifiers' constants first (T07), and refuses development keys off local chains.
 * @throws SealpatchError `key/development-key`, `key/...` of `checkVerifyingKey`, `key/verifier-mismatch`.
 */
export async function deployVerifier(signer: Signer, manifest?: Manifest): Promise<Contract> {
  const built = manifest ?? (await readManifest());
  const chainId = (await signer.provider!.getNetwork()).chainId;
  const verifiers: string[] = [];
  for (const [circuit, name] of [
    ["attest", "AttestVerifier"],
    ["bind", "BindVerifier"],
  ] as const) {
    await assertKeySafe(built, circuit, chainId);
    const contract = await deployContract(signer, { artifact: await contractArtifact(name, built) });
    verifiers.push(await contract.getAddress());
  }
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

/** Hash of the setup of both keys, as the PatchVerifier holds it: keccak of the keys' fingerprints. */
export function setupHash(manifest: Manifest): string {
  const { attest, bind } = manifest.circuits;
  return id(`${attest.fingerprint}:${bind.fingerprint}`);
}

async function assertKeySafe(manifest: Manifest, name: CircuitName, chainId: bigint): Promise<void> {
  const circuit = manifest.circuits[name];
  const zkeyFile = provingKeyOf(manifest, name);
  const verifyingKey = parseVerifyingKey(await readFile(circuit.verifyingKey, "utf8"));
  await checkVerifyingKey(verifyingKey);
  const source = await readFile(circuit.verifier, "utf8");
  checkVerifierContract(source, verifyingKey);
  const fingerprint = await keyFingerprint(zkeyFile);
  if (fingerprint !== circuit.fingerprint) {
    throw new SealpatchError("key/changed", "the proving key is not the one that was built", {
      details: { expected: circuit.fingerprint, actual: fingerprint },
      remedy: "delete the build folder and build again",
    });
  }
  await assertDeployable({ zkeyFile, chainId });
}

/**
 * Deploys a FastTrackTimelock with libraries of its own.
 * @param options.minDelay seconds that the slow path waits at least.
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
  const artifact = await deployLibrariesOf(signer, "FastTrackTimelock", TIMELOCK_LIBRARIES, manifest);
  return deployContract(signer, { artifact, constructorArguments: [minDelay, roles, verifier, bounds] });
}
