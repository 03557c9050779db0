import { AbiCoder, concat, getAddress, getBytes, hexlify, id, keccak256 } from "ethers";
import { type Attestation, AuditorSet, attest, newAuditorKey } from "../../src/audit/index.js";
import { contractArtifact } from "../../src/chain/index.js";
import { deployCode } from "../../src/code/index.js";
import { canonicalLayout, layoutRoot } from "../../src/layout/index.js";
import {
  compileContract,
  type Disclosure,
  type DisclosureFacts,
  disclosureHash,
  disclosureText,
  NO_GROUP,
  newBundle,
  type PatchBundle,
  type PatchPolicy,
  type ReviewedPatch,
  rebuildPatch,
  reviewPatch,
  shownOpening,
  statementId,
  type Target,
  targetLeaf,
} from "../../src/patch/index.js";
import { findCompiler, SOLC_VERSION, type StandardInput } from "../../src/solc/index.js";
import {
  type CodeUnderTest,
  DEFAULT_STEP_LIMIT,
  type Expectation,
  type Hex,
  IMPLEMENTATION_SLOT,
  runVectors,
  type Vector,
  type VectorSet,
} from "../../src/vectors/index.js";

const SUBJECT: Hex = `0x${"5b".repeat(20)}`;
const IMPLEMENTATION: Hex = `0x${"1a".repeat(20)}`;
const USER: Hex = `0x${"a1".repeat(20)}`;
const TIMELOCK = "0x1111111111111111111111111111111111111111";
const PROXY = "0x2222222222222222222222222222222222222222";

/** A counter that counts double; `body` is what add() does, `variables` what is stored. */
export function source(body: string, variables = "uint256 public total;"): StandardInput {
  const content = `// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.20;
contract Counter { ${variables} function add(uint256 x) external { ${body} } }`;
  return {
    language: "Solidity",
    sources: { "Counter.sol": { content } },
    settings: { evmVersion: "cancun" },
  };
}

export const VULNERABLE = source("total += 2 * x;");
export const FIXED = source("total += x;");
const CONTRACT = "Counter.sol:Counter";

/** What a small incident is made of. */
export interface IncidentSources {
  /** Release of solc. */
  readonly version: string;
  readonly contract: string;
  readonly vulnerable: StandardInput;
  readonly fixed: StandardInput;
  readonly constructorArguments: Uint8Array;
  /** What the proxy stores before a call. */
  readonly storage: Vector["accounts"][number]["storage"];
  /** Calldata that shows the bug, and calldata of what both codes do alike. */
  readonly attack: Hex;
  readonly use: Hex;
  /** Addresses of what the fix is linked with; nothing unless given. */
  readonly libraries?: PatchBundle["libraries"];
  /** None unless given. */
  readonly migration?: Pick<PatchBundle, "migration" | "migrationGas">;
  /** Another chain for which the statement is attested, too. */
  readonly otherChain?: bigint;
}

const add = (x: bigint): Hex =>
  `${id("add(uint256)").slice(0, 10)}${AbiCoder.defaultAbiCoder().encode(["uint256"], [x]).slice(2)}` as Hex;

export const COUNTER: IncidentSources = {
  version: SOLC_VERSION,
  contract: CONTRACT,
  vulnerable: VULNERABLE,
  fixed: FIXED,
  constructorArguments: new Uint8Array(0),
  storage: [],
  attack: add(3n),
  use: add(0n),
};

/** A call of a proxy with this runtime code. */
function vector(
  proxy: Uint8Array,
  name: string,
  kind: Vector["kind"],
  data: Hex,
  storage: IncidentSources["storage"],
): Vector {
  const environment = {
    timestamp: 1_700_000_000n,
    number: 1n,
    chainId: 1n,
    coinbase: USER,
    prevRandao: 0n,
    baseFee: 0n,
    blobBaseFee: 1n,
    gasLimit: 30_000_000n,
    gasPrice: 0n,
    origin: USER,
    blockHashes: [],
  };
  return {
    name,
    kind,
    hardfork: "cancun",
    stepLimit: DEFAULT_STEP_LIMIT,
    subject: SUBJECT,
    pointer: { account: SUBJECT, slot: IMPLEMENTATION_SLOT },
    accounts: [{ address: SUBJECT, balance: 0n, nonce: 1n, codeHash: keccak256(proxy) as Hex, storage }],
    calls: [{ from: USER, to: SUBJECT, data, value: 0n, environment }],
    expectation: { calls: [], accounts: [], slots: [] },
  };
}

/** A vector whose expectation is what `code` does, as a set. */
async function vectors(proxy: Uint8Array, code: CodeUnderTest, draft: Vector): Promise<VectorSet> {
  const codes = { [keccak256(proxy)]: hexlify(proxy) as Hex };
  const set: VectorSet = { schema: "sealpatch.vectors/1", codes, vectors: [draft] };
  const [run] = await runVectors(set, code);
  return { ...set, vectors: [{ ...draft, expectation: run!.outcome as Expectation }] };
}

/** A small incident from sources to disclosure, without a chain. */
export interface Incident {
  readonly bundle: PatchBundle;
  readonly policy: PatchPolicy;
  readonly currentCode: CodeUnderTest;
  readonly targets: readonly Target[];
  readonly review: ReviewedPatch;
  readonly attestations: readonly Attestation[];
  readonly disclosure: Disclosure;
  readonly text: string;
  readonly facts: DisclosureFacts;
}

export async function makeIncident(made: IncidentSources = COUNTER): Promise<Incident> {
  const { version, contract, constructorArguments, storage, libraries = {}, otherChain } = made;
  const sourceOf = (input: StandardInput) => ({ contract, compiler: { version, input } });
  const parts = {
    ...sourceOf(made.fixed),
    current: sourceOf(made.vulnerable),
    libraries,
    constructorArguments,
    deployer: TIMELOCK,
    deploySalt: `0x${"07".repeat(32)}`,
    ...(made.migration ?? { migration: new Uint8Array(0), migrationGas: 0n }),
    migrationCaller: TIMELOCK,
  };
  const proxy = (await contractArtifact("ERC1967Proxy")).runtimeTemplate;
  const before = await compileContract(made.vulnerable, contract, findCompiler(version));
  const current = await deployCode({
    initCode: getBytes(concat([before.creationCode, constructorArguments])),
    address: IMPLEMENTATION,
  });
  const currentCode: CodeUnderTest = { code: current, address: IMPLEMENTATION };
  const none: VectorSet = { schema: "sealpatch.vectors/1", codes: {}, vectors: [] };
  const { code } = await rebuildPatch(await newBundle({ ...parts, incidents: none }, { currentCode }));
  const draft = vector(proxy, "counts double", "incident", made.attack, storage);
  const incidents = await vectors(proxy, code, draft);
  const bundle = await newBundle({ ...parts, incidents }, { currentCode });
  const keys = [newAuditorKey(), newAuditorKey(), newAuditorKey()];
  const policy: PatchPolicy = {
    auditors: new AuditorSet(keys.map(({ publicKey }) => publicKey)),
    threshold: 2,
    baseline: await vectors(
      proxy,
      currentCode,
      vector(proxy, "adds nothing", "regression", made.use, storage),
    ),
    maxWaivers: 0,
    layoutRoot: layoutRoot(canonicalLayout(before)),
    migrationCaller: TIMELOCK,
  };
  const targets: Target[] = [1n, ...(otherChain === undefined ? [] : [otherChain])].map((chainId) => ({
    chainId,
    timelock: TIMELOCK,
    proxy: PROXY,
    codehash: keccak256(currentCode.code),
    nonce: 1n,
    validUntil: 2n,
    group: NO_GROUP,
  }));
  const review = await reviewPatch({ bundle, policy, currentCode, targets });
  const attestations = keys.slice(0, 2).map(({ privateKey }) => attest(privateKey, review.statement));
  const disclosure: Disclosure = {
    bundle,
    targets,
    currentImplementation: IMPLEMENTATION,
    baseline: policy.baseline,
    auditors: policy.auditors,
    attestations,
  };
  const text = disclosureText(disclosure);
  const { commitment, targetsRoot, vectorRoot } = review.statement;
  const patch = getAddress(review.patch.code.address);
  const facts: DisclosureFacts = {
    id: statementId(commitment, targetLeaf(targets[0]!)),
    signals: {
      commitment,
      auditorRoot: policy.auditors.root,
      threshold: 2n,
      vectorRoot,
      maxWaivers: 0n,
      layoutRoot: policy.layoutRoot,
      targetsRoot,
    },
    replaced: {
      implementation: getAddress(IMPLEMENTATION),
      codehash: keccak256(currentCode.code),
      code: currentCode.code,
    },
    executed: { implementation: patch, codehash: keccak256(review.patch.code.code) },
    installed: { afterExecution: patch, now: patch, inExecution: [patch], laterInBlock: [], afterwards: [] },
    migrationCaller: TIMELOCK,
    disclosed: { opening: shownOpening(review.patch.opening), bundleHashes: [disclosureHash(text)] },
  };
  return { bundle, policy, currentCode, targets, review, attestations, disclosure, text, facts };
}
