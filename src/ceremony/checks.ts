import { SealpatchError } from "../errors.js";
import type { BeaconChain, PinnedPowers } from "../proof/keys/ceremony/index.js";
import type { OnProgress } from "../proof/keys/index.js";
import type { CeremonyMaterial } from "./material.js";

/** One thing that was looked at. */
export interface CeremonyCheck {
  readonly name: string;
  /** `test only`: nothing is wrong, and it makes no production key. */
  readonly outcome: "holds" | "fails" | "not checked" | "test only";
  /** What was found, in a few words. */
  readonly what: string;
}

/** What a check found: a sentence where it holds; it throws where it fails. */
export type Finding = string | { readonly outcome: "not checked" | "test only"; readonly what: string };

/** A check that has not been done. */
export interface PlannedCheck {
  readonly name: string;
  run(): Promise<Finding>;
}

/** What all checks share. */
export interface CheckContext {
  readonly material: CeremonyMaterial;
  readonly path: string;
  readonly powersOfTau: string | undefined;
  readonly pinned: readonly PinnedPowers[];
  readonly beaconChain: BeaconChain;
  readonly slow: boolean;
  readonly onProgress: OnProgress;
}

/** What a check says that needs powers of tau, where none were given. */
export const NO_POWERS: Finding = { outcome: "not checked", what: "give the powers of tau" };

export function testOnly(what: string): Finding {
  return { outcome: "test only", what };
}

/** A check that is false: `verifyCeremony` shows why. */
export function fails(why: string): SealpatchError {
  return new SealpatchError("ceremony/not-verified", "the ceremony does not verify", { why });
}

/** Bytes as hex, without 0x. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
