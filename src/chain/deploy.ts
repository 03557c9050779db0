import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Contract, ContractFactory, hexlify, id, type Signer } from "ethers";
import { type Artifact, linkArtifact } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { type Manifest, readManifest } from "../manifest.js";
import {
  assertDeployable,
  checkVerifierContract,
  checkVerifyingKey,
  keyFingerprint,
  parseVerifyingKey,
} from "../proof/keys/index.js";
import { contractArtifact, TIMELOCK_LIBRARIES } from "./artifacts.js";

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

/** Deploys a contract and waits for it. */
export async function deployContract(
  signer: Signer,
  artifact: Artifact,
  constructorArguments: readonly unknown[] = [],
): Promise<Contract> {
  const factory = new ContractFactory([...artifact.abi], hexlify(artifact.creationCode), signer);
  const contract = await factory.deploy(...constructorArguments);
  await contract.waitForDeployment();
  return new Contract(await contract.getAddress(), [...artifact.abi], signer);
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
    await assertKeySafe(built.circuits[circuit], name, chainId);
    const contract = await deployContract(signer, await contractArtifact(name, built));
    verifiers.push(await contract.getAddress());
  }
  const artifact = await deployLibrariesOf(signer, "PatchVerifier", ["PoseidonT4", "PoseidonT5"], built);
  return deployContract(signer, artifact, [...verifiers, setupHash(built)]);
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
      await deployContract(signer, await contractArtifact(name, manifest))
    ).getAddress();
  }
  return linkArtifact(await contractArtifact(contract, manifest), libraries);
}

/** Hash of the setup of both keys, as the PatchVerifier holds it: keccak of the keys' fingerprints. */
export function setupHash(manifest: Manifest): string {
  const { attest, bind } = manifest.circuits;
  return id(`${attest.fingerprint}:${bind.fingerprint}`);
}

async function assertKeySafe(
  circuit: Manifest["circuits"]["attest"],
  verifierName: string,
  chainId: bigint,
): Promise<void> {
  const verifyingKey = parseVerifyingKey(JSON.parse(await readFile(circuit.verifyingKey, "utf8")));
  await checkVerifyingKey(verifyingKey);
  const source = await readFile(join(dirname(circuit.verifyingKey), `${verifierName}.sol`), "utf8");
  checkVerifierContract(source, verifyingKey);
  const fingerprint = await keyFingerprint(circuit.zkey);
  if (fingerprint !== circuit.fingerprint) {
    throw new SealpatchError("key/changed", "the proving key is not the one that was built", {
      details: { expected: circuit.fingerprint, actual: fingerprint },
      remedy: "delete the build folder and build again",
    });
  }
  await assertDeployable({ zkeyFile: circuit.zkey, chainId });
}

/**
 * Deploys a FastTrackTimelock with libraries of its own.
 * @param options.minDelay seconds that the slow path waits at least.
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
  return deployContract(signer, artifact, [minDelay, roles, verifier, bounds]);
}
