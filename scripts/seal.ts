// A patch, sealed: rebuilt from its sources, the incident recorded on it, everything encrypted to named recipients.
import {
  type BundleParts,
  type CodeUnderTest,
  encryptBundle,
  newBundle,
  type PatchWarning,
  rebuildPatch,
  type VectorSet,
} from "../src/index.js";

const NO_VECTORS: VectorSet = { schema: "sealpatch.vectors/1", codes: {}, vectors: [] };

/**
 * Seals.
 * @param with.parts the patch, before it has its incident vectors.
 * @param with.currentCode the implementation that is live now, as read from the chain.
 * @param with.recordIncidents makes the vectors that show the bug; what they must do is what the patch does.
 * @param with.recipients age recipients: the auditors, and those of the council who will prove.
 * @returns with the warnings that the auditors will see too: look at them before the bundle goes out.
 */
export async function seal({
  parts,
  currentCode,
  recordIncidents,
  recipients,
}: {
  parts: Omit<BundleParts, "incidents">;
  currentCode: CodeUnderTest;
  recordIncidents: (patch: CodeUnderTest) => Promise<VectorSet>;
  recipients: readonly string[];
}): Promise<{
  sealed: Uint8Array;
  patch: CodeUnderTest;
  warnings: readonly PatchWarning[];
  incidents: number;
}> {
  // What the sources become, at the address where they will stand: nothing is deployed yet.
  const draft = await newBundle({ ...parts, incidents: NO_VECTORS }, { currentCode });
  const { code, warnings } = await rebuildPatch(draft);
  const incidents = await recordIncidents(code);
  // A fresh salt hides the patch behind its commitment; it is in the bundle and nowhere else.
  const bundle = await newBundle({ ...parts, incidents }, { currentCode });
  const sealed = await encryptBundle(bundle, recipients);
  return { sealed, patch: code, warnings, incidents: incidents.vectors.length };
}
