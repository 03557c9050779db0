import type { Signer } from "ethers";
import type {
  Attestation,
  Check,
  CodeUnderTest,
  Mined,
  PatchBundle,
  PreparedPatch,
  ProvenPatch,
  SealedReviewInputs,
  SendTransaction,
  Target,
  TimelockClient,
  VectorSet,
} from "../index.js";

/** What the people who fix an incident do themselves. The worked examples in `scripts/` are it. */
export interface Council {
  seal(
    parts: Omit<PatchBundle, "schema" | "salt" | "incidents">,
    recordIncidents: (patch: CodeUnderTest) => Promise<VectorSet>,
    recipients: readonly string[],
  ): Promise<{ sealed: Uint8Array; patch: CodeUnderTest; incidents: number }>;
  prepare(inputs: SealedReviewInputs): Promise<PreparedPatch>;
  prove(prepared: PreparedPatch, attestations: readonly Attestation[]): Promise<ProvenPatch>;
  schedule(
    timelock: TimelockClient,
    council: SendTransaction,
    proven: ProvenPatch,
    target: Target,
  ): Promise<{ id: string; mined: Mined }>;
  execute(timelock: TimelockClient, executor: Signer, proven: ProvenPatch, id: string): Promise<Mined>;
  reveal(
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
  ): Promise<{ text: string; mined: Mined }>;
  verify(timelock: TimelockClient, id: string, text: string): Promise<Check[]>;
}
