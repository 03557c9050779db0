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
