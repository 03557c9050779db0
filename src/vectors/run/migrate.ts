import { isDeepStrictEqual } from "node:util";
import { hexlify } from "ethers";
import { SealpatchError } from "../../errors.js";
import {
  ADMIN_SLOT,
  BEACON_SLOT,
  type CallOutcome,
  type Environment,
  type Hex,
  IMPLEMENTATION_SLOT,
} from "../format/index.js";
import { loadEvm } from "./evm.js";
import type { CodeUnderTest, Migration, Sequence } from "./source.js";
import type { SequenceState, StateChanges } from "./state.js";
import { type BlockHashes, StepLimitReached, type StepObserver } from "./steps.js";

const SSTORE = 0x55;
/** Where a proxy keeps what it runs and who may change that (ERC-1967). */
const PROXY_SLOTS: ReadonlySet<bigint> = new Set([IMPLEMENTATION_SLOT, ADMIN_SLOT, BEACON_SLOT]);

/** What a migration is made before. */
interface MigratedSequence {
  readonly sequence: Sequence;
  readonly under: CodeUnderTest;
  readonly blockHashesOf: (environment: Environment) => BlockHashes;
  readonly label: string;
}

/**
 * Makes the migration call of an upgrade on `state`, in the environment of the sequence's first call. Where its gas is given,
 * it is made once more with half of it, on a copy of the state before, and both must do the same.
 * It may upgrade no proxy, its own or another, whatever the calls in between: what runs then was proven by nobody.
 * @throws SealpatchError `vectors/migration-reverted`, `vectors/migration-step-limit`, `vectors/migration-upgrades`,
 *   `vectors/migration-out-of-gas`, `vectors/migration-gas-margin`.
 */
export async function migrate(
  state: SequenceState,
  migration: Migration,
  context: MigratedSequence,
): Promise<void> {
  const { label } = context;
  const { gas } = migration;
  const trial = gas === undefined ? undefined : { gas, half: gas / 2n, before: await copyOf(state) };
  const { result, changes, starvedFrames, upgrades } = await call(state, migration, context);
  if (upgrades) {
    throw new SealpatchError(
      "vectors/migration-upgrades",
      `the migration call before ${label} writes what a proxy runs, or who may change that`,
      {
        why: "after the upgrade a proxy would run other code than the proven one, or obey somebody else (ERC-1967 slots)",
        remedy: "leave upgrades and changes of a proxy's admin out of the migration",
      },
    );
  }
  if (trial !== undefined && starvedFrames > 0) {
    throw new SealpatchError(
      "vectors/migration-out-of-gas",
      `the migration call before ${label} runs out of gas, or a call inside of it does`,
      {
        details: { gas: trial.gas, frames: starvedFrames },
        why: "a contract that goes on after a call without gas leaves the migration half done",
        remedy: "seal the patch with more gas for the migration, or with a migration that needs less",
      },
    );
  }
  if (!result.success) {
    throw new SealpatchError(
      "vectors/migration-reverted",
      `the migration call fails on the pre-state of ${label}`,
      {
        why: "the upgrade would revert as a whole; a vector may also lack state that only the migration reads",
        remedy: "check the migration's data and caller, and record the vector with the state that it reads",
      },
    );
  }
  if (trial === undefined) return;
  const again = await call(trial.before, { ...migration, gas: trial.half }, context);
  if (isDeepStrictEqual([again.result, again.changes], [result, changes])) return;
  throw new SealpatchError(
    "vectors/migration-gas-margin",
    `the migration call before ${label} does something else with half of its gas`,
    {
      details: { gas: trial.gas, half: trial.half },
      why: "on the chain it meets another state, and may need more gas than here",
      remedy: "seal the patch with more gas for the migration, at least twice what it needs",
    },
  );
}

/** Makes the call once, and says what it did. */
async function call(
  state: SequenceState,
  { data, caller, gas }: Migration,
  { sequence, under, blockHashesOf, label }: MigratedSequence,
): Promise<{ result: CallOutcome; changes: StateChanges; starvedFrames: number; upgrades: boolean }> {
  const { subject, calls, hardfork, stepLimit } = sequence;
  const { environment: first } = calls[0]!;
  const { SequenceMachine } = await loadEvm();
  let upgrades = false;
  const onStep: StepObserver = ({ opcode, stack }) => {
    if (opcode === SSTORE && PROXY_SLOTS.has(stack(1)[0]!)) upgrades = true;
  };
  const machine = new SequenceMachine(state, { hardfork, stepLimit, chainId: first.chainId }, onStep);
  const result = await machine
    .delegate(
      {
        subject,
        code: under.code,
        caller,
        data: hexlify(data) as Hex,
        ...(gas === undefined ? {} : { gas }),
      },
      { ...first, origin: caller },
      blockHashesOf(first),
    )
    .catch((error: unknown) => {
      if (!(error instanceof StepLimitReached)) throw error;
      throw new SealpatchError(
        "vectors/migration-step-limit",
        `the migration call before ${label} exceeds the step limit`,
        {
          remedy:
            "check the migration call for an endless loop, or record the vector with a higher step limit",
        },
      );
    });
  return { result, changes: state.changes(), starvedFrames: machine.starvedFrames, upgrades };
}

/** The same state once more, with everything read that was read. */
async function copyOf(state: SequenceState): Promise<SequenceState> {
  const copy = state.shallowCopy();
  for (const address of state.loaded.accounts.keys()) await copy.account(address);
  for (const [address, slots] of state.loaded.slots) {
    for (const slot of slots.keys()) await copy.slot(address, slot);
  }
  return copy;
}
