import { parseAttestation } from "../../audit/index.js";
import { type NamedAttestation, parseSchedule, type ScheduleMember } from "../../lane/index.js";
import { readInput } from "../input-file.js";
import { usageError } from "../options.js";
import { isSealed } from "../prove/files.js";

/** What a disclosure is made of, as files have it. */
export interface RevealingFiles {
  /** Sealed, in the order of the group. */
  readonly bundles: readonly Uint8Array[];
  readonly schedule: readonly ScheduleMember[];
  readonly attestations: readonly NamedAttestation[];
}

/**
 * Tells bundles, the schedule and attestations by what they are.
 * @throws SealpatchError `cli/usage`, `cli/unreadable-file`, as `parseSchedule` and `parseAttestation`.
 */
export async function revealingFiles(files: readonly string[]): Promise<RevealingFiles> {
  const bundles: Uint8Array[] = [];
  const schedules: ScheduleMember[][] = [];
  const attestations: NamedAttestation[] = [];
  for (const name of files) {
    const bytes = await readInput(name);
    const text = new TextDecoder().decode(bytes);
    if (isSealed(bytes)) bundles.push(bytes);
    else if (/"sealpatch\.schedule\/\d+"/.test(text)) schedules.push(parseSchedule(text));
    else attestations.push({ name, attestation: parseAttestation(text) });
  }
  const [schedule, ...others] = schedules;
  if (schedule === undefined || others.length > 0)
    throw usageError("one of the files has to be the schedule", "name the schedule.json that was scheduled");
  if (bundles.length !== schedule.length)
    throw usageError(
      `the schedule has ${schedule.length} statements, and ${bundles.length} bundles are named`,
      "name the bundle of each statement, in the order of the schedule",
    );
  return { bundles, schedule, attestations };
}
