import { SealpatchError } from "../errors.js";
import { parseVectorSet, vectorLabel, vectorSetToJSON } from "./canonical.js";
import { outcomeDigest } from "./digest.js";
import { NodeState } from "./rpc.js";
import { runSequence, runVector, type Sequence } from "./run.js";
import {
  type CodePointer,
  DEFAULT_STEP_LIMIT,
  type Environment,
  type Expectation,
  type Hardfork,
  type Hex,
  IMPLEMENTATION_SLOT,
  type Outcome,
  type Vector,
  type VectorCall,
  type VectorSet,
} from "./schema.js";
import { type CodePlace, type CodeUnderTest, normalizeCode, withCodeUnderTest } from "./source.js";
import { SequenceState } from "./state.js";
import { TouchedState } from "./touched.js";

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

/** What to record, and from where. */
export interface RecordOptions {
  /** JSON-RPC endpoint of a node. */
  readonly rpcUrl: string;
  /** Block whose post-state the calls start from; the newest one by default. */
  readonly block?: bigint;
  readonly name: string;
  readonly kind: Vector["kind"];
  readonly description?: string;
  readonly hardfork: Hardfork;
  /** The contract that is called: normally the proxy. */
  readonly subject: Hex;
  /** Where the address of the code under test is stored: by default the subject's ERC-1967 implementation slot. */
  readonly pointer?: CodePointer;
  readonly calls: readonly CallToRecord[];
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

/**
 * Records a vector from a live chain: replays the calls here, over the node's state, and keeps exactly the state that
 * they touched. Nothing is sent to the node but questions about state.
 * @returns a set with this one vector and the codes it needs.
 * @throws SealpatchError `vectors/node-unreachable`, `vectors/node-refuses`, `vectors/node-answer`,
 * `vectors/no-code-under-test`, `vectors/unexpected-outcome`, `vectors/step-limit`, `vectors/not-reproducible`, and those of
 * `runVectors` and `parseVectorSet`.
 */
export async function recordVector(options: RecordOptions): Promise<VectorSet> {
  const node = await NodeState.at(options.rpcUrl, options.block);
  const place = placeOf(options);
  const code = normalizeCode(options.code ?? (await currentCode(node, place)));
  const codes = [code, ...(options.alsoRunOn ?? []).map(normalizeCode)];
  const label = vectorLabel(options, 0);
  const calls = options.calls.map((call) => completeCall(node, call));
  const sequence: Sequence = {
    ...place,
    calls,
    hardfork: options.hardfork,
    stepLimit: options.stepLimit ?? DEFAULT_STEP_LIMIT,
  };

  const touched = new TouchedState(place, codes);
  const hashes: BlockHashesMet = new Map();
  const outcomes: Outcome[] = [];
  for (const under of codes) {
    const state = new SequenceState(withCodeUnderTest(node, place, under));
    await touchListed(state, options, place, calls);
    const blockHashesOf = (environment: Environment) => async (number: bigint) => {
      const hash = await node.blockHash(number);
      const met = hashes.get(environment) ?? new Map<bigint, bigint>();
      hashes.set(environment, met.set(number, hash));
      return hash;
    };
    outcomes.push((await runSequence(state, sequence, under, blockHashesOf, label)).outcome);
    touched.add(state);
  }
  const expectation = outcomes[0]!;
  if (expectation === "step-limit") {
    throw new SealpatchError("vectors/step-limit", `${label} does not end within its steps`, {
      details: { stepLimit: sequence.stepLimit },
      remedy: "raise the step limit, or record a shorter sequence",
    });
  }
  assertExpected(expectation, options, label);

  const set = buildSet(options, sequence, touched, hashes, expectation);
  for (const [index, under] of codes.entries()) {
    const { outcome } = await runVector(set.vectors[0]!, set.codes, under, 0);
    if (outcomeDigest(outcome) === outcomeDigest(outcomes[index]!)) continue;
    throw new SealpatchError("vectors/not-reproducible", `${label} behaves otherwise without the node`, {
      why: "the calls reach the code under test by another way than the subject, for example at its own address",
      remedy: "record calls that reach it through the subject only",
    });
  }
  return set;
}

/** Block hashes that the calls asked for, by the environment in which they did. */
type BlockHashesMet = Map<Environment, Map<bigint, bigint>>;

function buildSet(
  { name, kind, description }: RecordOptions,
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
    ...(description === undefined ? {} : { description }),
    ...sequence,
    accounts: touched.accounts(),
    calls,
    expectation,
  };
  return parseVectorSet(
    vectorSetToJSON({ schema: "sealpatch.vectors/1", codes: touched.codes(), vectors: [vector] }),
  );
}

function placeOf({ subject, pointer }: RecordOptions): CodePlace {
  const account = lower(subject);
  if (pointer === undefined) return { subject: account, pointer: { account, slot: IMPLEMENTATION_SLOT } };
  return {
    subject: account,
    pointer: pointer === null ? null : { account: lower(pointer.account), slot: pointer.slot },
  };
}

async function currentCode(node: NodeState, { subject, pointer }: CodePlace): Promise<CodeUnderTest> {
  const address: Hex =
    pointer === null
      ? subject
      : `0x${BigInt.asUintN(160, await node.slot(pointer.account, pointer.slot))
          .toString(16)
          .padStart(40, "0")}`;
  const { code } = await node.account(address);
  if (code.bytes.length === 0) {
    throw new SealpatchError("vectors/no-code-under-test", "there is no code under test behind the subject", {
      details: { subject, address },
      why: "the pointer slot names an account without code; it may be no ERC-1967 proxy, or not on this chain",
      remedy:
        "check the subject, or name the slot that holds the implementation's address (for a beacon, the beacon's)",
    });
  }
  return { code: code.bytes, address };
}

function completeCall(node: NodeState, call: CallToRecord): VectorCall {
  const from = lower(call.from);
  const environment = { ...node.environment(from), ...call.environment };
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
  { extraAccounts = [] }: RecordOptions,
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

function assertExpected(outcome: Expectation, { expect, kind }: RecordOptions, label: string): void {
  if (expect === undefined) return;
  const wrong = outcome.calls.findIndex(({ success, returnData }, index) => {
    const call = expect[index];
    if (call === undefined || call.success !== success) return true;
    return call.returnData !== undefined && lower(call.returnData) !== returnData;
  });
  if (wrong === -1 && expect.length === outcome.calls.length) return;
  const secret = kind === "incident" || wrong === -1;
  throw new SealpatchError("vectors/unexpected-outcome", `${label} does not do what is expected of it`, {
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
