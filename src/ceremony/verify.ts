import type { PinnedPowers } from "../proof/index.js";
import type { OnProgress } from "../proof/keys/index.js";
import type { CeremonyCircuit } from "./circuits.js";
import type { CeremonyRecord } from "./forms.js";

export interface CeremonyCheck {
  readonly name: string;
  readonly outcome: "holds" | "fails" | "not checked";
  readonly what: string;
}

/** @param folder a ceremony's folder or a key package. */
export async function verifyCeremony(
  _folder: string,
  _options: {
    readonly powersOfTau?: string;
    readonly circuits?: readonly CeremonyCircuit[];
    readonly pinned?: readonly PinnedPowers[];
    readonly slow?: boolean;
    readonly onProgress?: OnProgress;
  },
): Promise<{
  readonly record: CeremonyRecord | undefined;
  readonly checks: readonly CeremonyCheck[];
  readonly keyClass: "production" | "test";
}> {
  throw new Error("not yet");
}
