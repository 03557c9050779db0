// The post-incident reveal: the council publishes the disclosure file and opens the commitment on chain; then anybody
// checks the whole incident from the chain and that file alone.
import {
  type Attestation,
  type Check,
  type CodeUnderTest,
  disclosureHash,
  disclosureText,
  type Mined,
  type ProvenPatch,
  parseDisclosure,
  readDisclosureFacts,
  type SendTransaction,
  type Target,
  type TimelockClient,
  verifyDisclosure,
} from "../src/index.js";

/** Discloses. @param uri where the file will be found. @returns the file's text. */
export async function reveal(
  timelock: TimelockClient,
  council: SendTransaction,
  proven: ProvenPatch,
  incident: {
    id: string;
    targets: readonly Target[];
    currentCode: CodeUnderTest;
    attestations: readonly Attestation[];
    uri: string;
  },
): Promise<{ text: string; mined: Mined }> {
  const { patch, policy } = proven.review;
  const text = disclosureText({
    bundle: patch.bundle,
    targets: incident.targets,
    currentImplementation: incident.currentCode.address,
    baseline: policy.baseline,
    auditors: policy.auditors,
    attestations: incident.attestations,
  });
  const mined = await timelock
    .through(council)
    .disclose(incident.id, patch.opening, disclosureHash(text), incident.uri);
  return { text, mined };
}

/** Verifies: one line a check. Needs nobody's word, only a node and the file. */
export async function verify(timelock: TimelockClient, id: string, text: string): Promise<Check[]> {
  const { currentImplementation } = parseDisclosure(text);
  return verifyDisclosure(text, await readDisclosureFacts(timelock, id, currentImplementation));
}
