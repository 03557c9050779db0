// The fast-track transactions: the council schedules the sealed patch, and after the delay the executor reveals and
// installs it in one transaction.
import type { Signer } from "ethers";
import type {
  Mined,
  ProvenPatch,
  Route,
  Scheduled,
  SendTransaction,
  Target,
  TimelockClient,
} from "../src/index.js";

/**
 * Schedules; all that becomes public is in the statement.
 * @param with.council how the council sends: `sendThroughSafe(...)`, or `sendWith(signer)` where it is one account.
 * @param with.target one of those that the patch was reviewed for.
 */
export async function schedule({
  timelock,
  council,
  proven,
  target,
}: {
  timelock: TimelockClient;
  council: SendTransaction;
  proven: ProvenPatch;
  target: Target;
}): Promise<Scheduled> {
  const scheduled = await timelock.through(council).schedule(proven, target);
  return scheduled;
}

/**
 * Executes within the window.
 * @param with.route off local chains a private relay, or that the public may see it: the transaction shows the patch.
 */
export async function execute({
  timelock,
  executor,
  proven,
  route,
}: {
  timelock: TimelockClient;
  executor: Signer;
  proven: ProvenPatch;
  route?: Route;
}): Promise<Mined> {
  const executed = await timelock.as(executor).execute(proven, route);
  return executed;
}
