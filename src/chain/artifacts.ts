import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Artifact, parseArtifact } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { type Manifest, readManifest } from "../manifest.js";

/** What a FastTrackTimelock is linked with. */
export const TIMELOCK_LIBRARIES: readonly string[] = ["Policies", "DisclosureMerger"];

/**
 * Artifact of one of the package's contracts, or of a proxy of OpenZeppelin that it is built with.
 * @throws SealpatchError `chain/unknown-contract`, `proof/not-built`.
 */
export async function contractArtifact(name: string, manifest?: Manifest): Promise<Artifact> {
  const { contracts } = manifest ?? (await readManifest());
  const text = await readFile(join(contracts, `${name}.json`), "utf8").catch(() => undefined);
  if (text !== undefined) return parseArtifact(JSON.parse(text), name);
  throw new SealpatchError("chain/unknown-contract", `the build has no contract ${name}`, {
    details: { name },
  });
}
