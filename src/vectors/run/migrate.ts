import { hexlify } from "ethers";
import { SealpatchError } from "../../errors.js";
import type { Environment, Hex } from "../format/index.js";
import type { SequenceMachine } from "./machine.js";
import type { CodeUnderTest, Sequence } from "./source.js";
import { type BlockHashes, StepLimitReached } from "./steps.js";

/**
 * Makes the migration call of an upgrade, in the environment of the sequence's first call.
 * @throws SealpatchError `vectors/migration-reverted`, `vectors/migration-step-limit`.
 */
export async function migrate(
  machine: SequenceMachine,
  { subject, calls }: Sequence,
  { code }: CodeUnderTest,
  migration: NonNullable<CodeUnderTest["migration"]>,
  blockHashesOf: (environment: Environment) => BlockHashes,
  label: string,
): Promise<void> {
  const { environment: first } = calls[0]!;
  const environment = { ...first, origin: migration.caller };
  const result = await machine
    .delegate(
      { subject, code, caller: migration.caller, data: hexlify(migration.data) as Hex },
      environment,
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
}
