// The fast-track transactions: the council schedules the sealed patch, and after the delay the executor reveals and
// installs it in one transaction.
import type { Signer } from "ethers";
import {
  executionSender,
  type Mined,
  type ProvenPatch,
  type SendTransaction,
  statementId,
  type Target,
  type TimelockClient,
  targetLeaf,
  toSolidityProof,
} from "../src/index.js";

/**
 * Schedules; all that becomes public is in the statement.
 * @param council how the council sends: `sendThroughSafe(...)`, or `sendWith(signer)` where it is one account.
 * @returns the statement's id.
 */
export async function schedule(
  timelock: TimelockClient,
  council: SendTransaction,
  proven: ProvenPatch,
  target: Target,
): Promise<{ id: string; mined: Mined }> {
  const { review, attest } = proven;
  const leaf = targetLeaf(target);
  const path = review.targets.path(review.targets.leaves.indexOf(leaf));
  const mined = await timelock
    .through(council)
    .schedule(attest.statement.commitment, target, path, toSolidityProof(attest.proof));
  return { id: statementId(attest.statement.commitment, leaf), mined };
}

/** Executes within the window. Off local chains this wants a private relay: the transaction shows the patch. */
export async function execute(
  timelock: TimelockClient,
  executor: Signer,
  proven: ProvenPatch,
  id: string,
  privateRelay?: Signer,
): Promise<Mined> {
  const { patch } = proven.review;
  return timelock
    .as(executor)
    .execute(
      id,
      { initCode: patch.initCode, deploySalt: patch.bundle.deploySalt },
      { layoutRoot: patch.opening.layoutRoot, migration: patch.bundle.migration },
      toSolidityProof(proven.bind.proof),
      await executionSender(executor, privateRelay),
    );
}
