import type { Signer } from "ethers";
import type {
  Attestation,
  BundleParts,
  Check,
  CodeUnderTest,
  Disclosed,
  Mined,
  PatchWarning,
  PreparedPatch,
  ProvenPatch,
  Scheduled,
  SealedReviewInputs,
  SendTransaction,
  Target,
  TimelockClient,
  VectorSet,
} from "../index.js";

/** A proven patch and where it goes, for a step of the fast lane. */
interface Step {
  readonly timelock: TimelockClient;
  readonly proven: ProvenPatch;
}

/** What the people who fix an incident do themselves. The worked examples in `scripts/` are it. */
export interface Council {
  seal(patch: {
    parts: Omit<BundleParts, "incidents">;
    currentCode: CodeUnderTest;
    recordIncidents: (patch: CodeUnderTest) => Promise<VectorSet>;
    recipients: readonly string[];
  }): Promise<{
    sealed: Uint8Array;
    patch: CodeUnderTest;
    warnings: readonly PatchWarning[];
    incidents: number;
  }>;
  audit(
    inputs: SealedReviewInputs,
    privateKey: Uint8Array,
    tell: (warning: PatchWarning) => void,
  ): Promise<Attestation>;
  prepare(inputs: SealedReviewInputs): Promise<PreparedPatch>;
  prove(prepared: PreparedPatch, attestations: readonly Attestation[]): Promise<ProvenPatch>;
  schedule(step: Step & { council: SendTransaction; target: Target }): Promise<Scheduled>;
  execute(step: Step & { executor: Signer }): Promise<Mined>;
  reveal(step: Step & { council: SendTransaction; uri: string }): Promise<Disclosed>;
  verify(incident: { timelock: TimelockClient; commitment: bigint; text: string }): Promise<Check[]>;
}
