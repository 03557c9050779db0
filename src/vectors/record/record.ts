import { SealpatchError } from "../../errors.js";
import { prepareHashing } from "../../field/index.js";
import {
  type CodePointer,
  DEFAULT_STEP_LIMIT,
  type Environment,
  type Expectation,
  type Hex,
  type Outcome,
  outcomeDigest,
  parseVectorSet,
  type Vector,
  type VectorCall,
  type VectorSet,
  vectorLabel,
  vectorSetToJson,
} from "../format/index.js";
import {
  type CodePlace,
  type CodeUnderTest,
  loadEvm,
  normalizeCode,
  runSequence,
  runVector,
  type Sequence,
  type SequenceState,
  type StateSource,
  TouchedState,
  withCodeUnderTest,
} from "../run/index.js";
import { currentCode, findPointer } from "./record-proxy.js";
import type { Rules } from "./rules.js";

/** A call to record. Addresses in any case; what the environment leaves out comes from the block. */
export interface CallToRecord {
  readonly from: Hex;
  /** null creates a contract: `data` is its init code. */
  readonly to: Hex | null;
  readonly data: Hex;
  readonly value?: bigint;
  readonly environment?: Partial<Omit<Environment, "blockHashes">>;
}

/** What a person expects of a call, so that a vector is never recorded from a mistake. */
export interface ExpectedCall {
  readonly success: boolean;
  /** Return or revert data, if it is to be exactly this. */
  readonly returnData?: Hex;
}

/** What a recorded vector is to be, wherever its state comes from. */
export interface VectorRequest {
  readonly name: string;
  readonly kind: Vector["kind"];
  readonly description?: string;
  /** Where the address of the code under test is stored: found by ERC-1967 unless given; null where there is no proxy. */
  readonly pointer?: CodePointer;
  /** One entry per call. */
  readonly expect?: readonly ExpectedCall[];
  /** The code whose behaviour becomes the expectation: by default the one that the pointer names on the chain. */
  readonly code?: CodeUnderTest;
  /** Codes that the vector will be run on besides: state that only they touch is recorded, too. */
  readonly alsoRunOn?: readonly CodeUnderTest[];
  /** State to record although no code run here touches it. */
  readonly extraAccounts?: readonly { readonly address: Hex; readonly slots?: readonly bigint[] }[];
  readonly stepLimit?: number;
}

/** A state to record from, and its surroundings. */
export interface Surroundings {
  readonly state: StateSource;
  readonly rules: Rules;
  /** Environment of a call, without gas price; the sender is the origin. */
  environment(from: Hex): Environment;
  /** Hash of a block of the same chain; 0 for one that it does not have. */
  blockHash(number: bigint): Promise<bigint>;
}

/** A vector with what the current code did. */
export interface Recording {
  readonly set: VectorSet;
  /** Outcome on the code that the pointer names in the state recorded from. */
  readonly current: Outcome;
  readonly currentCode: CodeUnderTest;
}

/**
 * Runs calls over a state, on every code that is asked for, and makes a vector of what they touched. The vector is run
 * again from its own pre-state before it is handed out.
 * @throws SealpatchError `vectors/no-code-under-test`, `vectors/beacon-unclear`, `vectors/subject-not-reached`,
 * `vectors/unexpected-outcome`, `vectors/step-limit`, `vectors/not-reproducible`, and those of `runVectors`, `parseVectorSet` and of the
 * state.
 */
export async function recordOver(
  surroundings: Surroundings,
  request: VectorRequest & { readonly subject: Hex; readonly calls: readonly CallToRecord[] },
): Promise<Recording> {
  await prepareHashing();
  const label = vectorLabel(request, 0);
  const place = await placeOf(surroundings, request);
  const current = await currentCode(surroundings.state, place);
  const expected = request.code === undefined ? current : normalizeCode(request.code);
  const codes = distinct([expected, current, ...(request.alsoRunOn ?? []).map(normalizeCode)]);
  const calls = request.calls.map((call) => completeCall(surroundings, call));
  const { hardfork } = surroundings.rules;
  const sequence: Sequence = {
    ...place,
    calls,
    hardfork,
    stepLimit: request.stepLimit ?? DEFAULT_STEP_LIMIT,
  };

  const touched = new TouchedState(place, codes);
  const hashes: BlockHashesMet = new Map();
  const outcomes: Outcome[] = [];
  const { SequenceState } = await loadEvm();
  for (const under of codes) {
    const source = withCodeUnderTest(surroundings.state, place, under);
    const blockHashesOf = (environment: Environment) => async (number: bigint) => {
      const hash = await surroundings.blockHash(number);
      const met = hashes.get(environment) ?? new Map<bigint, bigint>();
      hashes.set(environment, met.set(number, hash));
      return hash;
    };
    const state = new SequenceState(source);
    outcomes.push((await runSequence(state, sequence, under, blockHashesOf, label)).outcome);
    if (under === current) assertReached(state, place, under, label);
    touched.add(state);
    const listed = new SequenceState(source);
    await touchListed(listed, request, place, calls);
    touched.add(listed);
  }
  const expectation = outcomes[0]!;
  if (expectation === "step-limit") {
    throw new SealpatchError("vectors/step-limit", `${label} exceeds its step limit`, {
      details: { stepLimit: sequence.stepLimit },
      remedy: "raise the step limit, or record a shorter sequence",
    });
  }
  assertExpected(expectation, request, label);

  const set = buildSet(request, surroundings.rules, sequence, touched, hashes, expectation);
  for (const [index, under] of codes.entries()) {
    const { outcome } = await runVector(set.vectors[0]!, set.codes, under, 0);
    if (outcomeDigest(outcome) === outcomeDigest(outcomes[index]!)) continue;
    throw new SealpatchError("vectors/not-reproducible", `${label} behaves differently without the node`, {
      why: "the calls reach the code under test in another way than through the subject, for example at its own address",
      remedy: "record calls that reach it through the subject only",
    });
  }
  return { set, current: outcomes[codes.indexOf(current)]!, currentCode: current };
}

/** A code that is given and also stands on the chain is run once, as the one of the chain. */
function distinct(codes: readonly [CodeUnderTest, CodeUnderTest, ...CodeUnderTest[]]): CodeUnderTest[] {
  const [expected, current, ...others] = codes;
  const isCurrent = (under: CodeUnderTest) =>
    under.migration === undefined &&
    under.address === current.address &&
    Buffer.compare(under.code, current.code) === 0;
  const known = isCurrent(expected) ? [current] : [expected, current];
  return [...known, ...others.filter((under) => !isCurrent(under))];
}

/** A vector whose calls never reach the code under test would judge nothing. */
function assertReached(
  state: SequenceState,
  { subject, pointer }: CodePlace,
  { address }: CodeUnderTest,
  label: string,
): void {
  if (state.loaded.accounts.has(pointer === null ? subject : address)) return;
  throw new SealpatchError("vectors/subject-not-reached", `${label} never reaches the code under test`, {
    details: { subject },
    why: "the calls do not reach the subject, or fail before they do",
    remedy: "check the subject: it is the contract whose code is to be judged, called directly or by others",
  });
}

/** Block hashes that the calls asked for, by the environment in which they did. */
type BlockHashesMet = Map<Environment, Map<bigint, bigint>>;

function buildSet(
  { name, kind, description }: VectorRequest,
  { hardfork, source }: Rules,
  sequence: Sequence,
  touched: TouchedState,
  hashes: BlockHashesMet,
  expectation: Expectation,
): VectorSet {
  const calls = sequence.calls.map((call) => {
    const blockHashes = [...(hashes.get(call.environment) ?? [])].map(([number, hash]) => ({ number, hash }));
    return { ...call, environment: { ...call.environment, blockHashes } };
  });
  const vector: Vector = {
    name,
    kind,
    // No part of the vector's digest: for whoever reads the file.
    description: [...(description === undefined ? [] : [description]), `Rules: ${hardfork}, ${source}.`].join(
      "\n",
    ),
    ...sequence,
    accounts: touched.accounts(),
    calls,
    expectation,
  };
  return parseVectorSet(
    vectorSetToJson({ schema: "sealpatch.vectors/1", codes: touched.codes(), vectors: [vector] }),
  );
}

async function placeOf(
  surroundings: Surroundings,
  { subject, pointer }: { subject: Hex; pointer?: CodePointer },
): Promise<CodePlace> {
  const account = lower(subject);
  if (pointer === undefined) {
    const { state, rules } = surroundings;
    const environment = surroundings.environment(account);
    return {
      subject: account,
      pointer: await findPointer(state, account, { environment, hardfork: rules.hardfork }),
    };
  }
  return {
    subject: account,
    pointer: pointer === null ? null : { account: lower(pointer.account), slot: pointer.slot },
  };
}

function completeCall(surroundings: Surroundings, call: CallToRecord): VectorCall {
  const from = lower(call.from);
  const environment = { ...surroundings.environment(from), ...call.environment };
  return {
    from,
    to: call.to === null ? null : lower(call.to),
    data: lower(call.data),
    value: call.value ?? 0n,
    environment: {
      ...environment,
      coinbase: lower(environment.coinbase),
      origin: lower(environment.origin),
    },
  };
}

/** State that belongs into the vector whether the calls touch it or not. */
async function touchListed(
  state: SequenceState,
  { extraAccounts = [] }: VectorRequest,
  { subject, pointer }: CodePlace,
  calls: readonly VectorCall[],
): Promise<void> {
  await state.account(subject);
  if (pointer !== null) await state.account(pointer.account);
  for (const { from } of calls) await state.account(from);
  for (const { address, slots = [] } of extraAccounts) {
    await state.account(lower(address));
    for (const slot of slots) await state.slot(lower(address), slot);
  }
}

function assertExpected(outcome: Expectation, { expect, kind }: VectorRequest, label: string): void {
  if (expect === undefined) return;
  const wrong = outcome.calls.findIndex(({ success, returnData }, index) => {
    const call = expect[index];
    if (call === undefined || call.success !== success) return true;
    return call.returnData !== undefined && lower(call.returnData) !== returnData;
  });
  if (wrong === -1 && expect.length === outcome.calls.length) return;
  const secret = kind === "incident" || wrong === -1;
  throw new SealpatchError("vectors/unexpected-outcome", `${label} does not have the expected outcome`, {
    details: { call: wrong },
    why: secret ? "the outcome differs from the expectation" : describe(expect[wrong], outcome.calls[wrong]!),
    remedy: "correct the calls, the state they start from, or the expectation",
  });
}

function describe(expected: ExpectedCall | undefined, actual: { success: boolean; returnData: Hex }): string {
  const words = (call: ExpectedCall) =>
    `${call.success ? "success" : "revert"}${call.returnData === undefined ? "" : ` ${call.returnData.slice(0, 202)}`}`;
  return `expected ${expected === undefined ? "no call" : words(expected)}, got ${words(actual)}`;
}

function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex;
}
