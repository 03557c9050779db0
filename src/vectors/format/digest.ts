import { getBytes, keccak256 } from "ethers";
import { codeDigest } from "../../code/index.js";
import { bytesToBigInt, MerkleTree, poseidon, sponge, TAGS, wordLimbs } from "../../field/index.js";
import { HARDFORKS } from "../../networks.js";
import { assertCapacity } from "./capacity.js";
import {
  type Environment,
  type Expectation,
  type Hex,
  type Outcome,
  type SetKind,
  TREE_DEPTHS,
  VECTOR_FORMAT,
  type Vector,
  type VectorSet,
} from "./schema.js";

/**
 * inputDigest: everything that a vector feeds into the code under test (elements in docs/vectors.md). Name, kind and
 * description are not part of it, so that one input cannot stand in two sets under two names.
 * @param codes the codes of the vector's set.
 */
export function inputDigest(vector: Vector, codes: VectorSet["codes"]): bigint {
  return sponge(TAGS.vectorInput, inputElements(vector, codes));
}

/** outcomeDigest; of an expectation it is the expectationDigest (elements in docs/vectors.md). */
export function outcomeDigest(outcome: Outcome): bigint {
  return sponge(TAGS.vectorOutcome, outcomeElements(outcome));
}

/** runsDigest of a vector without a run record: today, of every vector. */
const NO_RUNS = 0n;

/** Digests of a vector that its leaf is made from. */
export interface VectorDigests {
  readonly inputDigest: bigint;
  readonly expectationDigest: bigint;
  readonly runsDigest: bigint;
}

/** The digests of a vector. */
export function vectorDigests(vector: Vector, codes: VectorSet["codes"]): VectorDigests {
  return {
    inputDigest: inputDigest(vector, codes),
    expectationDigest: outcomeDigest(vector.expectation),
    runsDigest: NO_RUNS,
  };
}

/** Leaf of a vector. */
export function vectorLeaf(vector: Vector, codes: VectorSet["codes"]): bigint {
  return leafOf(vectorDigests(vector, codes));
}

/** H_4(tag, inputDigest, expectationDigest, runsDigest). */
function leafOf({ inputDigest, expectationDigest, runsDigest }: VectorDigests): bigint {
  return poseidon([TAGS.vector, inputDigest, expectationDigest, runsDigest]);
}

/**
 * vectorRoot or incidentRoot: Merkle root over the leaves of vectors whose digests are known, in the order of their set.
 * @param depth of the tree; that of the released circuit unless given.
 * @throws SealpatchError `vectors/too-many` where there are more than 2^depth vectors.
 */
export function rootOfVectors(
  kind: SetKind,
  vectors: readonly VectorDigests[],
  depth: number = TREE_DEPTHS[kind],
): bigint {
  assertCapacity(vectors.length, kind, depth);
  return new MerkleTree(depth, vectors.map(leafOf)).root;
}

/** vectorRoot of a baseline set. @throws SealpatchError `vectors/too-many`. */
export function vectorRoot(set: VectorSet): bigint {
  return rootOfVectors("baseline", digestsOf(set));
}

/** incidentRoot of an incident set. @throws SealpatchError `vectors/too-many`. */
export function incidentRoot(set: VectorSet): bigint {
  return rootOfVectors("incident", digestsOf(set));
}

function digestsOf({ vectors, codes }: VectorSet): VectorDigests[] {
  return vectors.map((vector) => vectorDigests(vector, codes));
}

/** What a vector did on one code, by its digest. */
export interface DigestedOutcome {
  readonly outcomeDigest: bigint;
}

/** What a report covers, each list in leaf order. */
export interface ReportOutcomes {
  /** On the patch, per baseline vector. */
  readonly baseline: readonly DigestedOutcome[];
  /** On both codes, per incident vector. */
  readonly incidents: readonly { readonly current: DigestedOutcome; readonly patch: DigestedOutcome }[];
  /** keccak248 of the current implementation's runtime code: its codehash >> 8. */
  readonly currentCode: bigint;
}

/** reportDigest: H_4(tag, baseline part, incident part, codehash of the current implementation >> 8). */
export function reportDigest({ baseline, incidents, currentCode }: ReportOutcomes): bigint {
  return poseidon([TAGS.report, baselinePart(baseline), incidentPart(incidents), currentCode]);
}

/** The baseline part of a report: the outcomes on one code, in leaf order. */
export function baselinePart(outcomes: ReportOutcomes["baseline"]): bigint {
  return sponge(
    TAGS.reportBaseline,
    outcomes.map(({ outcomeDigest }) => outcomeDigest),
  );
}

/** The incident part of a report: the outcomes on the current code and on the patch, in leaf order. */
export function incidentPart(outcomes: ReportOutcomes["incidents"]): bigint {
  return sponge(
    TAGS.reportIncident,
    outcomes.flatMap(({ current, patch }) => [current.outcomeDigest, patch.outcomeDigest]),
  );
}

const knownDigests = new Map<string, bigint>();

/** codeDigest of code that is met again and again, kept by the keccak256 of the bytes themselves, whatever hash somebody claims. */
export function codeDigestOf(code: Uint8Array): bigint {
  const hash = keccak256(code);
  let digest = knownDigests.get(hash);
  if (digest === undefined) {
    digest = codeDigest(code);
    knownDigests.set(hash, digest);
  }
  return digest;
}

/** The elements of inputDigest, in the order of docs/vectors.md. */
function inputElements(vector: Vector, codes: VectorSet["codes"]): bigint[] {
  const { pointer } = vector;
  return [
    BigInt(VECTOR_FORMAT),
    BigInt(HARDFORKS[vector.hardfork]),
    BigInt(vector.stepLimit),
    BigInt(vector.subject),
    ...(pointer === null ? [0n, 0n, 0n, 0n] : [1n, BigInt(pointer.account), ...wordLimbs(pointer.slot)]),
    ...counted(vector.accounts, (account) => [
      BigInt(account.address),
      ...wordLimbs(account.balance),
      account.nonce,
      account.codeHash === null ? 0n : codeDigestOf(getBytes(codes[account.codeHash]!)),
      ...counted(account.storage, ({ slot, value }) => [...wordLimbs(slot), ...wordLimbs(value)]),
    ]),
    ...counted(vector.calls, (call) => [
      ...environmentElements(call.environment),
      BigInt(call.from),
      call.to === null ? 1n : 0n,
      call.to === null ? 0n : BigInt(call.to),
      ...wordLimbs(call.value),
      ...calldataElements(call.data),
    ]),
  ];
}

/** The elements of outcomeDigest, in the order of docs/vectors.md. */
function outcomeElements(outcome: Outcome): bigint[] {
  return outcome === "step-limit" ? [0n] : expectationElements(outcome);
}

function expectationElements(expectation: Expectation): bigint[] {
  return [
    ...counted(expectation.calls, (call) => [
      call.success ? 1n : 0n,
      ...dataElements(call.returnData),
      ...counted(call.logs, (log) => [
        BigInt(log.address),
        ...counted(log.topics, wordLimbs),
        ...dataElements(log.data),
      ]),
    ]),
    ...counted(expectation.accounts, (account) => [
      BigInt(account.address),
      account.destroyed ? 1n : 0n,
      ...wordLimbs(account.balance),
      account.nonce,
      account.codeDigest,
    ]),
    ...counted(expectation.slots, ({ address, slot, value }) => [
      BigInt(address),
      ...wordLimbs(slot),
      ...wordLimbs(value),
    ]),
  ];
}

function environmentElements(environment: Environment): bigint[] {
  return [
    environment.timestamp,
    environment.number,
    environment.chainId,
    BigInt(environment.coinbase),
    ...wordLimbs(environment.prevRandao),
    ...wordLimbs(environment.baseFee),
    ...wordLimbs(environment.blobBaseFee),
    environment.gasLimit,
    ...wordLimbs(environment.gasPrice),
    BigInt(environment.origin),
    ...counted(environment.blockHashes, ({ number, hash }) => [number, ...wordLimbs(hash)]),
  ];
}

function calldataElements(data: Hex): bigint[] {
  const bytes = getBytes(data);
  return [BigInt(bytes.length), leftAligned(bytes.subarray(0, 4), 4), ...wordElements(bytes.subarray(4))];
}

function dataElements(data: Hex): bigint[] {
  const bytes = getBytes(data);
  return [BigInt(bytes.length), ...wordElements(bytes)];
}

/** 32-byte words, the last one padded with zeros on the right, each as (hi, lo). */
function wordElements(bytes: Uint8Array): bigint[] {
  const elements: bigint[] = [];
  for (let start = 0; start < bytes.length; start += 32) {
    elements.push(...wordLimbs(leftAligned(bytes.subarray(start, start + 32), 32)));
  }
  return elements;
}

function leftAligned(bytes: Uint8Array, width: number): bigint {
  return bytesToBigInt(bytes) << BigInt(8 * (width - bytes.length));
}

/** A list as its count, then the elements of each member. */
function counted<T>(list: readonly T[], elements: (member: T) => readonly bigint[]): bigint[] {
  return [BigInt(list.length), ...list.flatMap(elements)];
}
