import { readFile } from "node:fs/promises";
import { dataSlice, getAddress, getBytes, type Provider } from "ethers";
import { assertDeployable, keyClassOf } from "../ceremony/index.js";
import { type Artifact, type DeployedValues, parseArtifact, readDeployed } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { type CircuitName, hasProvingKey, type Manifest, readManifest } from "../manifest.js";
import { CIRCUIT_NAMES } from "../proof/index.js";
import {
  checkedProvingKey,
  checkedVerifyingKey,
  exportVerifierContract,
  hasConstantsOf,
  type KeyClass,
  setupHashOf,
  VERIFIERS,
  verifierInput,
  verifyingKeyOf,
} from "../proof/keys/index.js";
import { compileStandardJson } from "../solc/index.js";
import { contractArtifact } from "./artifacts.js";
import { asked, nodeChainId } from "./node.js";

type Verifiers = Readonly<Record<CircuitName, Artifact>>;

/** Hash of the setup of all keys, as the PatchVerifier holds it (`setupHashOf`). */
export function setupHash({ circuits }: Manifest): string {
  return setupHashOf(CIRCUIT_NAMES.map((name) => circuits[name].fingerprint));
}

/**
 * Checks that a contract is the PatchVerifier of these keys: its code, that of the Groth16 verifiers and of the libraries
 * behind it, byte for byte, and its setup hash. Call it before governance trusts an address.
 * @param address of the PatchVerifier.
 * @throws SealpatchError `chain/other-verifier`, `chain/unreachable`, `chain/rejected`, and as `deployVerifier`.
 * @example
 * ```ts
 * await assertVerifier(provider, address);
 * const call = await timelock.setVerifierCall(address);
 * ```
 */
export async function assertVerifier(
  provider: Provider | null,
  address: string,
  manifest?: Manifest,
): Promise<void> {
  const built = manifest ?? (await readManifest());
  const verifiers = await verifiersOf(built, provider);
  const patchVerifier = await contractArtifact("PatchVerifier", built);
  const { immutables, libraries } = await readContract(provider, address, patchVerifier);
  for (const [i, name] of CIRCUIT_NAMES.entries()) {
    const artifact = verifiers[name];
    await readContract(provider, addressIn(immutables[i]!, artifact), artifact);
  }
  const setup = immutables[CIRCUIT_NAMES.length];
  for (const [name, library] of Object.entries(libraries))
    await readContract(provider, library, await contractArtifact(name.split(":").at(-1)!, built));
  if (setup !== setupHash(built)) {
    throw otherVerifier(patchVerifier, address, "its setup hash is that of other keys");
  }
}

/**
 * The Groth16 verifiers, compiled from the sources that the proving keys give for their class, for a chain where they may be deployed. What
 * lies beside the keys must belong to them; nothing of it is taken.
 * @throws SealpatchError as `deployVerifier`.
 */
export async function verifiersOf(manifest: Manifest, provider: Provider | null): Promise<Verifiers> {
  const chainId = await nodeChainId(provider);
  for (const circuit of CIRCUIT_NAMES) await checkedVerifyingKey(manifest, circuit);
  await assertDeployable({ manifest, chainId });
  return compiledVerifiers(manifest, await keyClassOf(manifest));
}

/**
 * The Groth16 verifiers as a class of keys has them, on whatever chain. Of a development key that is not on this machine, the package's
 * own source is taken: its constants have to be those of the verifying key.
 * @throws SealpatchError `key/verifier-mismatch`, and as `keyClassOf` and `checkedVerifyingKey`.
 */
export async function compiledVerifiers(manifest: Manifest, keyClass: KeyClass): Promise<Verifiers> {
  const sources: Record<string, string> = {};
  for (const circuit of CIRCUIT_NAMES) {
    const contractName = VERIFIERS[circuit];
    const shown = await readFile(manifest.circuits[circuit].verifier, "utf8").catch(() => "");
    if (keyClass === "development" && !hasProvingKey(manifest, circuit)) {
      if (!hasConstantsOf(shown, await verifyingKeyOf(manifest, circuit)))
        throw mismatch(circuit, "its source is not that of the verifying key");
      sources[contractName] = shown;
      continue;
    }
    const zkeyFile = await checkedProvingKey(manifest, circuit);
    // A key package shows the verifier of the class that its record states, which may not be proven here: that is no fault, as only
    // the source of the class that was asked for is compiled. The source of another key is one.
    const shownClasses = keyClass === "development" ? [keyClass] : (["test", "production"] as const);
    const known = new Map<KeyClass, string>();
    for (const of of shownClasses)
      known.set(of, await exportVerifierContract({ zkeyFile, contractName, keyClass: of }));
    if (![...known.values()].includes(shown))
      throw mismatch(circuit, "its source is not what the proving key gives");
    sources[contractName] = known.get(keyClass)!;
  }
  const verifiers = await compiled(sources);
  // Of other keys than the build's there is no artifact to compare.
  if (keyClass === "development") await assertBuiltCode(verifiers, manifest);
  return verifiers;
}

async function assertBuiltCode(verifiers: Verifiers, manifest: Manifest): Promise<void> {
  for (const circuit of CIRCUIT_NAMES) {
    const artifact = verifiers[circuit];
    const built = await contractArtifact(artifact.contractName, manifest);
    for (const part of ["creation", "runtime"] as const) {
      if (Buffer.compare(built.template[part], artifact.template[part]) !== 0)
        throw mismatch(circuit, `its ${part} code is not what its source compiles to`);
    }
  }
}

/** Compilations of this process by their sources, which decide alone. */
const kept = new Map<string, Verifiers>();

async function compiled(sources: Readonly<Record<string, string>>): Promise<Verifiers> {
  const text = JSON.stringify(sources);
  const verifiers = kept.get(text) ?? (await compile(sources));
  kept.set(text, verifiers);
  return verifiers;
}

async function compile(sources: Readonly<Record<string, string>>): Promise<Verifiers> {
  const output = await compileStandardJson(verifierInput(sources));
  return Object.fromEntries(
    CIRCUIT_NAMES.map((name) => [name, parseArtifact(output, VERIFIERS[name])]),
  ) as unknown as Verifiers;
}

/** What a deployment wrote into an artifact's code. @throws SealpatchError `chain/other-verifier` where it is other code. */
export async function readContract(
  provider: Provider | null,
  address: string,
  artifact: Artifact,
): Promise<DeployedValues> {
  const code = await asked("reading the verifier's code", () => provider!.getCode(address));
  const values = readDeployed(artifact, getBytes(code), address);
  if (values === undefined) throw otherVerifier(artifact, address, "its code is not that of the build");
  return values;
}

export function addressIn(word: string, { contractName }: Pick<Artifact, "contractName">): string {
  if (BigInt(dataSlice(word, 0, 12)) === 0n) return getAddress(dataSlice(word, 12));
  throw otherVerifier({ contractName }, word, "it is no address");
}

function otherVerifier({ contractName }: Pick<Artifact, "contractName">, address: string, why: string) {
  return new SealpatchError("chain/other-verifier", "the verifier is not the one that belongs to the keys", {
    details: { contract: contractName, address },
    why: `${contractName} at ${address}: ${why}`,
    remedy: "deploy the verifier of these keys, or take the release and the keys that this one was made of",
  });
}

function mismatch(circuit: string, why: string): SealpatchError {
  return new SealpatchError(
    "key/verifier-mismatch",
    `the verifier of ${circuit} does not belong to its key`,
    {
      details: { circuit },
      why,
      remedy: "delete the build folder and build again, or install the package again",
    },
  );
}
