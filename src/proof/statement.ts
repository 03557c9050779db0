import { assertField } from "../field/index.js";

/** Public signals of `attest`, in the order of the circuit and the contract (protocol.md section 7). */
export interface AttestStatement {
  readonly commitment: bigint;
  readonly auditorRoot: bigint;
  readonly threshold: bigint;
  readonly vectorRoot: bigint;
  readonly maxWaivers: bigint;
  readonly layoutRoot: bigint;
  readonly targetsRoot: bigint;
}

/** Public signals of `bind`, in the order of the circuit and the contract (protocol.md section 8). */
export interface BindStatement {
  readonly commitment: bigint;
  /** z, from the commitment and the hash of the deployed code. */
  readonly point: bigint;
  /** y = P(z) over the deployed code. */
  readonly value: bigint;
  /** layoutRoot' of the patch. */
  readonly layoutRoot: bigint;
  readonly callDigest: bigint;
}

/** The public signals as a list. @throws SealpatchError `field/out-of-range`. */
export function attestSignals(statement: AttestStatement): bigint[] {
  const { commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot } = statement;
  return inField({ commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot });
}

/** The public signals as a list. @throws SealpatchError `field/out-of-range`. */
export function bindSignals(statement: BindStatement): bigint[] {
  const { commitment, point, value, layoutRoot, callDigest } = statement;
  return inField({ commitment, point, value, layoutRoot, callDigest });
}

function inField(signals: Record<string, bigint>): bigint[] {
  return Object.entries(signals).map(([name, value]) => assertField(value, name));
}
