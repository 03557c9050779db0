import { AUDITOR_DEPTH } from "../audit/index.js";
import { LAYOUT_CAPACITY } from "../layout/index.js";
import { TREE_DEPTHS } from "../vectors/index.js";

/** Sizes of an `attest` circuit; one template, the sizes stand in its main component. */
export interface AttestParameters {
  /** The auditors' tree holds 2^auditorDepth keys. */
  readonly auditorDepth: number;
  /** Signer slots: the highest threshold that can be proven. */
  readonly signers: number;
  /** 2^baselineDepth baseline vectors. */
  readonly baselineDepth: number;
  /** 2^incidentDepth incident vectors. */
  readonly incidentDepth: number;
  readonly oldEntries: number;
  readonly newEntries: number;
  /** Variables whose name or type may change, as their declarations tell. */
  readonly changes: number;
}

/** Sizes of circuits/attest.circom, the circuit of the release (protocol.md sections 4 to 7). */
export const ATTEST_PARAMETERS: AttestParameters = {
  auditorDepth: AUDITOR_DEPTH,
  signers: 8,
  baselineDepth: TREE_DEPTHS.baseline,
  incidentDepth: TREE_DEPTHS.incident,
  ...LAYOUT_CAPACITY,
};
