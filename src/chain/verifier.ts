import { readFile } from "node:fs/promises";
import { dataSlice, getAddress, getBytes, id, type Provider } from "ethers";
import { type Artifact, type DeployedValues, parseArtifact, readDeployed } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { type CircuitName, type Manifest, readManifest } from "../manifest.js";
import {
  assertDeployable,
  checkedProvingKey,
  checkedVerifyingKey,
  exportVerifierContract,
  VERIFIERS,
  verifierInput,
} from "../proof/keys/index.js";
import { compileStandardJson } from "../solc/index.js";
import { contractArtifact } from "./artifacts.js";
import { asked, nodeChainId } from "./node.js";

type Verifiers = Readonly<Record<CircuitName, Artifact>>;

/** Hash of the setup of both keys, as the PatchVerifier holds it: keccak of the keys' fingerprints. */
export function setupHash(manifest: Manifest): string {
  const { attest, bind } = manifest.circuits;
  return id(`${attest.fingerprint}:${bind.fingerprint}`);
}

/**
 * Checks that a contract is the PatchVerifier of these keys: its code, that of both Groth16 verifiers and of the libraries
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
  const { attest, bind } = await verifiersOf(built, provider);
  const patchVerifier = await contractArtifact("PatchVerifier", built);
  const { immutables, libraries } = await readContract(provider, address, patchVerifier);
  const [attestWord, bindWord, setup] = immutables as [string, string, string];
  await readContract(provider, addressIn(attestWord, attest), attest);
  await readContract(provider, addressIn(bindWord, bind), bind);
  for (const [name, library] of Object.entries(libraries))
    await readContract(provider, library, await contractArtifact(name.split(":").at(-1)!, built));
  if (setup !== setupHash(built)) {
    throw otherVerifier(patchVerifier, address, "its setup hash is that of other keys");
  }
}

/**
 * Both verifiers, compiled from the sources that the proving keys give, for a chain where they may be deployed. What the build
 * has beside the keys must be the same; nothing of it is taken.
 * @throws SealpatchError as `deployVerifier`.
 */
export async function verifiersOf(manifest: Manifest, provider: Provider | null): Promise<Verifiers> {
  const chainId = await nodeChainId(provider);
  const sources: Record<string, string> = {};
  for (const [circuit, name] of Object.entries(VERIFIERS) as [CircuitName, string][]) {
    const zkeyFile = await checkedProvingKey(manifest, circuit);
    await checkedVerifyingKey(manifest, circuit);
    await assertDeployable({ zkeyFile, chainId });
    const source = await exportVerifierContract({ zkeyFile, contractName: name });
    const shown = await readFile(manifest.circuits[circuit].verifier, "utf8").catch(() => undefined);
    if (shown !== source) throw mismatch(circuit, "its source is not what the proving key gives");
    sources[name] = source;
  }
  const { attest, bind } = await compiled(sources);
  for (const [circuit, artifact] of Object.entries({ attest, bind })) {
    const built = await contractArtifact(artifact.contractName, manifest);
    for (const part of ["creation", "runtime"] as const) {
      if (Buffer.compare(built.template[part], artifact.template[part]) !== 0)
        throw mismatch(circuit, `its ${part} code is not what its source compiles to`);
    }
  }
  return { attest, bind };
}

/** The last compilation of this process, with its sources: they decide alone. */
let kept: { readonly sources: string; readonly artifacts: Verifiers } | undefined;

async function compiled(sources: Readonly<Record<string, string>>): Promise<Verifiers> {
  const text = JSON.stringify(sources);
  if (kept?.sources !== text) kept = { sources: text, artifacts: await compile(sources) };
  return kept.artifacts;
}

async function compile(sources: Readonly<Record<string, string>>): Promise<Verifiers> {
  const output = await compileStandardJson(verifierInput(sources));
  return {
    attest: parseArtifact(output, VERIFIERS.attest),
    bind: parseArtifact(output, VERIFIERS.bind),
  };
}

/** What a deployment wrote into an artifact's code. @throws SealpatchError `chain/other-verifier` where it is other code. */
async function readContract(
  provider: Provider | null,
  address: string,
  artifact: Artifact,
): Promise<DeployedValues> {
  const code = await asked("reading the verifier's code", () => provider!.getCode(address));
  const values = readDeployed(artifact, getBytes(code), address);
  if (values === undefined) throw otherVerifier(artifact, address, "its code is not that of the build");
  return values;
}

function addressIn(word: string, { contractName }: Artifact): string {
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
