import { Interface, type Provider } from "ethers";
import { assertDeployable, keyClassOf } from "../ceremony/index.js";
import { type Artifact, checkAddress, type DeployedValues } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { type CircuitName, type Manifest, readManifest } from "../manifest.js";
import type { Check, Outcome } from "../patch/index.js";
import { CIRCUIT_NAMES } from "../proof/index.js";
import { type KeyClass, verifyingKeyOf } from "../proof/keys/index.js";
import { forgeWhereDeltaIsGamma, toSolidityProof } from "../proof/prover/index.js";
import { contractArtifact } from "./artifacts.js";
import { asked, nodeChainId } from "./node.js";
import { addressIn, compiledVerifiers, readContract, setupHash } from "./verifier.js";

/** What says that something is not as it has to be, where all else says that nobody could look. */
const FINDINGS: ReadonlySet<string> = new Set([
  "chain/other-verifier",
  "key/class-not-proven",
  "key/development-key",
]);

/**
 * Looks at the verifier that a timelock asks, from the keys: the class of the keys against the chain, the code of the timelock, of its
 * PatchVerifier, of the Groth16 verifiers and of all libraries, byte for byte, and the setup hash. Then it tries on each Groth16 verifier the
 * published forgery, which every key without contribution takes (T07). Reads alone; all checks are made even where an earlier one fails.
 * @param manifest of the keys; `proveKeyPackage` gives those of a proven class, the package's own unless given.
 * @returns one line a check. Only where all hold is everything as it has to be: "not checked" is not yes.
 * @throws SealpatchError `chain/unknown-chain`, `chain/unreachable`, `chain/rejected`, `key/verifier-mismatch`, and as `keyClassOf`.
 * @example
 * ```ts
 * const checks = await checkVerifierOnChain(timelock.provider, timelock.address);
 * const sound = checks.every(({ outcome }) => outcome === "holds");
 * ```
 */
export async function checkVerifierOnChain(
  provider: Provider | null,
  timelock: string,
  manifest?: Manifest,
): Promise<Check[]> {
  const lines = new Lines();
  const chainId = await nodeChainId(provider);
  const keys = manifest ?? (await readManifest());
  const keyClass = await keyClassOf(keys);
  await lines.try("class of the keys", async () => {
    await assertDeployable({ manifest: keys, chainId });
    return `${keyClass} keys, on chain ${chainId}`;
  });
  const at = checkAddress(timelock, "the timelock");
  const patchVerifier = await verifierOf(provider!, at, lines, keys);
  const parts =
    patchVerifier === undefined
      ? undefined
      : await readPart(provider!, patchVerifier, lines, "PatchVerifier", keys);
  const setup = parts?.immutables[CIRCUIT_NAMES.length];
  if (setup === undefined) lines.unknown("setup hash", "the PatchVerifier is not that of this release");
  else
    lines.add("setup hash", setup === setupHash(keys) ? "holds" : "fails", `the PatchVerifier has ${setup}`);
  const expected = await expectedVerifiers(keys, keyClass);
  for (const [i, circuit] of CIRCUIT_NAMES.entries()) {
    const word = parts?.immutables[i];
    if (word !== undefined) await checkGroth16(provider!, { word, circuit, expected, keys }, lines);
    else
      for (const name of [codeLine(circuit), forgeryLine(circuit)])
        lines.unknown(name, "the PatchVerifier is not that of this release");
  }
  return lines.checks;
}

const codeLine = (circuit: CircuitName) => `code of the verifier of ${circuit}`;
const forgeryLine = (circuit: CircuitName) => `forged proof of ${circuit}`;

/** The lines of a verification, in order. */
class Lines {
  readonly checks: Check[] = [];

  add(name: string, outcome: Outcome, detail: string): void {
    this.checks.push({ name, outcome, detail });
  }

  unknown(name: string, detail: string): void {
    this.add(name, "not checked", detail);
  }

  /** @returns whether it holds. @throws what is no finding about the line. */
  async try(name: string, look: () => Promise<string>): Promise<boolean> {
    try {
      this.add(name, "holds", await look());
      return true;
    } catch (error) {
      if (!(error instanceof SealpatchError) || !FINDINGS.has(error.code)) throw error;
      this.add(name, "fails", error.why ?? error.message);
      return false;
    }
  }
}

/** The verifier of a timelock, as it says; undefined where it says none. */
async function verifierOf(
  provider: Provider,
  timelock: string,
  lines: Lines,
  manifest: Manifest,
): Promise<string | undefined> {
  await readPart(provider, timelock, lines, "FastTrackTimelock", manifest);
  const abi = new Interface(["function verifier() view returns (address)"]);
  const answer = await answerOf(provider, timelock, abi.encodeFunctionData("verifier"));
  if (answer !== undefined && /^0x0{24}[0-9a-f]{40}$/.test(answer))
    return addressIn(answer, { contractName: "PatchVerifier" });
  lines.unknown("code of PatchVerifier", "the timelock names no verifier");
  return undefined;
}

/** Compares a contract of this release and its libraries. @returns what its deployment wrote into it; undefined where it is another. */
async function readPart(
  provider: Provider,
  address: string,
  lines: Lines,
  name: string,
  manifest: Manifest,
): Promise<DeployedValues | undefined> {
  let values: DeployedValues | undefined;
  await lines.try(`code of ${name}`, async () => {
    values = await readContract(provider, address, await contractArtifact(name, manifest));
    return address;
  });
  for (const [library, at] of Object.entries(values?.libraries ?? {})) {
    const libraryName = library.split(":").at(-1)!;
    await readPart(provider, at, lines, libraryName, manifest);
  }
  return values;
}

/** Verifiers that these keys have, by the class that their code says. */
type Expected = ReadonlyMap<KeyClass, Readonly<Record<CircuitName, Artifact>>>;

/** A key's verifier may stand with a guard or without: which class the keys have, the first line says. */
async function expectedVerifiers(manifest: Manifest, keyClass: KeyClass): Promise<Expected> {
  const classes = keyClass === "development" ? [keyClass] : (["production", "test"] as const);
  const expected = new Map<KeyClass, Readonly<Record<CircuitName, Artifact>>>();
  for (const each of classes) expected.set(each, await compiledVerifiers(manifest, each));
  return expected;
}

async function checkGroth16(
  provider: Provider,
  found: { word: string; circuit: CircuitName; expected: Expected; keys: Manifest },
  lines: Lines,
): Promise<void> {
  const { word, circuit, expected, keys } = found;
  const [first] = expected.values();
  let address = "";
  const isOurs = await lines.try(codeLine(circuit), async () => {
    address = addressIn(word, first![circuit]);
    let refusal: unknown;
    for (const [keyClass, artifacts] of expected) {
      try {
        await readContract(provider, address, artifacts[circuit]);
        return `${address}, compiled from the key, of class ${keyClass}`;
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  });
  const key = await verifyingKeyOf(keys, circuit);
  const signals = key.IC.slice(1).map((_, i) => BigInt(i + 1));
  const { a, b, c } = toSolidityProof(await forgeWhereDeltaIsGamma(key, signals));
  const abi = new Interface([...first![circuit].abi]);
  const data = abi.encodeFunctionData("verifyProof", [a, b, c, signals]);
  const answer = address === "" ? undefined : await answerOf(provider, address, data);
  if (answer === abi.encodeFunctionResult("verifyProof", [true]))
    lines.add(forgeryLine(circuit), "fails", "a proof that was made of the public key alone is accepted");
  else if (answer !== abi.encodeFunctionResult("verifyProof", [false]))
    lines.unknown(forgeryLine(circuit), "the verifier says neither yes nor no to it");
  // Of a verifier with other points this forgery says nothing.
  else if (!isOurs) lines.unknown(forgeryLine(circuit), "refused, and made for the key, not for this code");
  else lines.add(forgeryLine(circuit), "holds", "refused");
}

/** What a call returns; undefined where it reverts. */
async function answerOf(provider: Provider, to: string, data: string): Promise<string | undefined> {
  return asked("asking the verifier", () => provider.call({ to, data })).catch((error: unknown) => {
    if (error instanceof SealpatchError && error.code === "chain/reverted") return undefined;
    throw error;
  });
}
