import { SealpatchError } from "../errors.js";
import { assertField } from "../field/index.js";
import { type AttestStatement, type PatchOpening, patchCommitment } from "../patch/index.js";

export type { AttestStatement };

/** Public signals of `bind`, in the order of the circuit and the contract (protocol.md section 8). */
export interface BindStatement {
  readonly commitment: bigint;
  /** z, from the commitment and the hash of the deployed code. */
  readonly point: bigint;
  /** y = P(z) over the deployed code. */
  readonly value: bigint;
  /** layoutRoot' of the patch. */
  readonly layoutRoot: bigint;
  /** Implementation and gas of the migration, as `patchAccount` packs them. */
  readonly account: bigint;
  readonly migrationDigest: bigint;
  /** D of the deployed code. */
  readonly codeDigest: bigint;
}

/** The public signals as a list. @throws SealpatchError `field/out-of-range`. */
export function attestSignals(statement: AttestStatement): bigint[] {
  const { commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot } = statement;
  return inField({ commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot });
}

/** The public signals as a list. @throws SealpatchError `field/out-of-range`. */
export function bindSignals(statement: BindStatement): bigint[] {
  const { commitment, point, value, layoutRoot, account, migrationDigest, codeDigest } = statement;
  return inField({ commitment, point, value, layoutRoot, account, migrationDigest, codeDigest });
}

/**
 * Checks that the commitment of a statement is to this patch.
 * @throws SealpatchError `proof/other-commitment`.
 */
export function assertOpens(commitment: bigint, opening: PatchOpening): void {
  if (patchCommitment(opening) === commitment) return;
  throw new SealpatchError("proof/other-commitment", "the commitment does not open to this patch", {
    remedy: "use the sealed patch that the commitment was made of",
  });
}

function inField(signals: Record<string, bigint>): bigint[] {
  return Object.entries(signals).map(([name, value]) => assertField(value, name));
}
