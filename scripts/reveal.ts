// The post-incident reveal: the council publishes the disclosure file and opens the commitment on chain; then anybody
// checks the whole incident from the chain and that file alone.
import {
  type Check,
  type Disclosed,
  type ProvenPatch,
  readDisclosureFacts,
  type SendTransaction,
  type TimelockClient,
  verifyDisclosure,
} from "../src/index.js";

/**
 * Discloses.
 * @param with.uri where the file will be found.
 * @returns the file's text, which is now to be published there.
 */
export async function reveal({
  timelock,
  council,
  proven,
  uri,
}: {
  timelock: TimelockClient;
  council: SendTransaction;
  proven: ProvenPatch;
  uri: string;
}): Promise<Disclosed> {
  const disclosed = await timelock.through(council).disclose(proven, { uri });
  return disclosed;
}

/** Verifies: one line a check. Needs nobody's word, only a node and the file. */
export async function verify({
  timelock,
  commitment,
  text,
}: {
  timelock: TimelockClient;
  commitment: bigint;
  text: string;
}): Promise<Check[]> {
  const facts = await readDisclosureFacts(timelock, { commitment });
  const checks = await verifyDisclosure(text, facts);
  return checks;
}
