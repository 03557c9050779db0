import { parseAttestation } from "../../audit/index.js";
import type { NamedAttestation } from "../../lane/index.js";
import { readInput } from "../input-file.js";
import { usageError } from "../options.js";
import { targetFileOf } from "../seal/names.js";

/** How an age file begins (age-encryption.org/v1). */
const AGE = "age-encryption.org/v1\n";

/** Whether bytes are an age file. */
export function isSealed(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, AGE.length)).toString("latin1") === AGE;
}

/** A bundle that is still sealed. */
export interface BundleFile {
  readonly file: string;
  readonly sealed: Uint8Array;
  readonly target: string;
}

/**
 * Tells bundles from attestations by what they are.
 * @throws SealpatchError `cli/usage`, `cli/unreadable-file`, `audit/malformed-attestation`.
 */
export async function provingFiles(
  files: readonly string[],
  targets: readonly string[],
): Promise<{ bundles: BundleFile[]; attestations: NamedAttestation[] }> {
  const bundles: BundleFile[] = [];
  const attestations: NamedAttestation[] = [];
  for (const file of files) {
    const bytes = await readInput(file);
    if (isSealed(bytes))
      bundles.push({ file, sealed: bytes, target: targets[bundles.length] ?? targetFileOf(file) });
    else attestations.push({ name: file, attestation: parseAttestation(new TextDecoder().decode(bytes)) });
  }
  if (bundles.length === 0)
    throw usageError("none of the files is a sealed bundle", "name the bundle that was sealed, an age file");
  if (targets.length > bundles.length)
    throw usageError("there are more targets than bundles", "give one --target for each bundle, or none");
  return { bundles, attestations };
}
