import { SealpatchError } from "../../errors.js";
import { prepareHashing } from "../../field/index.js";
import {
  codeDigestOf,
  type Environment,
  type Hex,
  type Outcome,
  outcomeDigest,
  type Vector,
  type VectorSet,
  vectorLabel,
} from "../format/index.js";
import { isEmptyAccount } from "./account.js";
import { loadEvm } from "./evm.js";
import { migrate } from "./migrate.js";
import {
  type CodeUnderTest,
  normalizeCode,
  type Sequence,
  vectorSource,
  withCodeUnderTest,
} from "./source.js";
import type { SequenceState } from "./state.js";
import { type BlockHashes, StepLimitReached, type StepObserver } from "./steps.js";

/** State that a run read although the vector does not list it; it counted as empty. */
export interface UnlistedState {
  readonly address: Hex;
  /** null where balance, nonce or code were read. */
  readonly slot: bigint | null;
}

/** What may be told of a run besides the vector and the code. */
export interface VectorRunOptions {
  /** Sees the instructions of the vector's calls; the migration's are not among them. */
  readonly onStep?: StepObserver;
  /** Gives each call half of the gas that it has: a result that then is another one depends on gas. */
  readonly halfGas?: boolean;
}

/** What a vector did on one code. */
export interface VectorRun {
  readonly outcome: Outcome;
  readonly outcomeDigest: bigint;
  /** Instructions executed by the calls, without the migration's. */
  readonly steps: number;
  /**
   * Reads outside the recorded pre-state. A patch that reads more than the code on which the vector was recorded sees
   * zeros there: such a vector should be recorded again with what is missing.
   */
  readonly unlisted: readonly UnlistedState[];
}

/**
 * Runs one vector.
 * @param index place of the vector in its set, for messages.
 * @throws SealpatchError `vectors/code-address-taken`, `vectors/code-address-mismatch`, `vectors/migration-reverted`,
 * `vectors/migration-step-limit`, `vectors/migration-out-of-gas`, `vectors/migration-gas-margin`, `vectors/engine-failure`. A revert, an exceptional halt or the step limit in the
 * vector's calls is an outcome, not an error.
 */
export async function runVector(
  vector: Vector,
  codes: VectorSet["codes"],
  code: CodeUnderTest,
  index: number,
  options: VectorRunOptions = {},
): Promise<VectorRun> {
  await prepareHashing();
  const under = normalizeCode(code);
  const label = vectorLabel(vector, index);
  assertPlace(vector, under, label);
  const { SequenceState } = await loadEvm();
  const state = new SequenceState(withCodeUnderTest(vectorSource(vector, codes), vector, under));
  // Read as a whole, so that the outcome depends on the pre-state and not on what the code reads of it.
  for (const account of vector.accounts) {
    await state.account(account.address);
    for (const { slot } of account.storage) await state.slot(account.address, slot);
  }
  const { outcome, steps } = await runSequence(state, vector, under, listedBlockHashes, label, options);
  return {
    outcome,
    outcomeDigest: outcomeDigest(outcome),
    steps,
    unlisted: unlistedState(state, vector, under),
  };
}

/**
 * Runs the migration, then the calls, over a state that already holds the code under test.
 * @param blockHashesOf answers BLOCKHASH in the environment of a call.
 */
export async function runSequence(
  state: SequenceState,
  sequence: Sequence,
  under: CodeUnderTest,
  blockHashesOf: (environment: Environment) => BlockHashes,
  label: string,
  { onStep, halfGas = false }: VectorRunOptions = {},
): Promise<{ outcome: Outcome; steps: number }> {
  const { calls, hardfork, stepLimit } = sequence;
  const rules = { hardfork, stepLimit, halfGas, chainId: calls[0]!.environment.chainId };
  const { SequenceMachine } = await loadEvm();
  const machine = new SequenceMachine(state, rules, onStep);
  try {
    if (under.migration !== undefined) {
      await migrate(state, under.migration, { sequence, under, blockHashesOf, label });
      state.rebase();
    }
    const outcomes = [];
    for (const call of calls) outcomes.push(await machine.transact(call, blockHashesOf(call.environment)));
    return { outcome: { calls: outcomes, ...changedState(state, sequence, under) }, steps: machine.steps };
  } catch (error) {
    if (error instanceof StepLimitReached) return { outcome: "step-limit", steps: stepLimit };
    if (error instanceof SealpatchError) throw error;
    throw new SealpatchError("vectors/engine-failure", `the EVM could not run ${label}`, {
      why: "an instruction or precompile failed inside the EVM implementation, not inside the contract",
      remedy: "report the contract and the vector; the vector cannot be judged",
    });
  }
}

function changedState(
  state: SequenceState,
  place: Pick<Vector, "subject" | "pointer">,
  under: CodeUnderTest,
) {
  const { accounts, slots } = state.changes();
  const own = place.pointer === null ? place.subject : under.address;
  return {
    accounts: accounts.map(({ address, after }) => ({
      address,
      destroyed: isEmptyAccount(after),
      balance: after.balance,
      nonce: after.nonce,
      codeDigest: address === own || after.code.bytes.length === 0 ? 0n : codeDigestOf(after.code.bytes),
    })),
    slots: [...slots],
  };
}

const listedBlockHashes =
  (environment: Environment): BlockHashes =>
  async (number) =>
    environment.blockHashes.find((block) => block.number === number)?.hash ?? 0n;

function unlistedState(state: SequenceState, vector: Vector, under: CodeUnderTest): UnlistedState[] {
  const listed = new Map(
    vector.accounts.map((account) => [account.address, new Set(account.storage.map((s) => s.slot))]),
  );
  if (vector.pointer !== null) listed.get(vector.pointer.account)?.add(vector.pointer.slot);
  const ours = (address: Hex) => address === under.address;
  return [
    ...[...state.loaded.accounts.keys()]
      .filter((address) => !listed.has(address) && !ours(address))
      .map((address) => ({ address, slot: null })),
    ...[...state.loaded.slots].flatMap(([address, slots]) =>
      [...slots.keys()]
        .filter((slot) => !listed.get(address)?.has(slot) && !ours(address))
        .map((slot) => ({ address, slot })),
    ),
  ];
}

function assertPlace(vector: Vector, under: CodeUnderTest, label: string): void {
  if (vector.pointer === null) {
    if (under.address === vector.subject) return;
    throw new SealpatchError(
      "vectors/code-address-mismatch",
      `${label} calls the code under test itself, at another address`,
      {
        details: { address: under.address },
        why: "its subject is not a proxy but the code under test, so both must have the same address",
        remedy: "run it on code that is placed at the subject's address",
      },
    );
  }
  if (!vector.accounts.some(({ address }) => address === under.address)) return;
  throw new SealpatchError(
    "vectors/code-address-taken",
    `the pre-state of ${label} has an account at the address of the code under test`,
    {
      details: { address: under.address },
      why: "the account of the code under test is not part of a vector: it would be replaced",
      remedy: "record the vector again, or place the code at its real address",
    },
  );
}
