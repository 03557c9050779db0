import { existsSync } from "node:fs";
import { join } from "node:path";
import { ANNOUNCEMENT_FILE, CeremonyFolder } from "./folder.js";
import type { Announcement, CeremonyAttestation, CeremonyRecord } from "./forms.js";
import { circuitFiles, RECORD, readRecord } from "./package-files.js";

/** What there is to verify of a ceremony, in its folder or in the package that came out of it. */
export interface CeremonyMaterial {
  readonly announcement: Announcement;
  /** Those that are there, in order. */
  readonly attestations: readonly CeremonyAttestation[];
  /** File of a circuit's newest key. */
  key(circuit: string): string;
  /** File of a circuit's initial key; it need not be there. */
  initialKey(circuit: string): string;
  /** Of a package alone. */
  readonly record: CeremonyRecord | undefined;
}

/**
 * Reads a ceremony's folder or a key package. Nothing in it is checked but its form.
 * @throws SealpatchError `ceremony/no-ceremony`, `ceremony/bad-record`, `ceremony/bad-announcement`, `ceremony/bad-attestation`.
 */
export async function readMaterial(path: string): Promise<CeremonyMaterial> {
  if (existsSync(join(path, RECORD)) && !existsSync(join(path, ANNOUNCEMENT_FILE))) {
    const record = await readRecord(path);
    return {
      ...record,
      record,
      key: (circuit) => join(path, circuitFiles(circuit, "").provingKey),
      initialKey: (circuit) => join(path, circuitFiles(circuit, "").initialKey),
    };
  }
  const folder = await CeremonyFolder.open(path);
  const steps = await folder.steps();
  const attestations: CeremonyAttestation[] = [];
  for (const index of steps) if (index > 0) attestations.push(await folder.attestation(index));
  return {
    announcement: folder.announcement,
    attestations,
    record: undefined,
    key: (circuit) => folder.key(steps.at(-1)!, circuit),
    initialKey: (circuit) => folder.key(0, circuit),
  };
}
