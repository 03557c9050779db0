import { CODE_CHUNKS, codeDigest, evaluateCodePolynomial } from "../code/index.js";
import type { ErrorCode } from "../error-codes/index.js";
import { SealpatchError } from "../errors.js";
import { chunkBytes } from "../field/index.js";
import type { PatchOpening } from "../patch/index.js";
import type { CircuitInput } from "./prover/index.js";
import { assertOpens, type BindStatement, bindSignals } from "./statement.js";

/** All that the prover of `bind` knows. */
export interface BindWitness {
  readonly opening: PatchOpening;
  /** Deployed runtime code, 1 to 24,576 bytes. */
  readonly code: Uint8Array;
}

/**
 * Inputs of the `bind` circuit, after checking every rule that it enforces.
 * @throws SealpatchError `proof/other-code`, `proof/other-commitment`, `proof/other-layout`, `proof/other-migration`,
 *   `proof/other-value`.
 */
export function bindInput(statement: BindStatement, witness: BindWitness): CircuitInput {
  bindSignals(statement);
  const { opening, code } = witness;
  assertOpens(statement.commitment, opening);
  const rules: [holds: boolean, code: ErrorCode, message: string][] = [
    [
      codeDigest(code) === opening.codeDigest && opening.codeDigest === statement.codeDigest,
      "proof/other-code",
      "the code is not the sealed one",
    ],
    [opening.layoutRoot === statement.layoutRoot, "proof/other-layout", "the layout is not the sealed one"],
    [
      opening.account === statement.account && opening.migrationDigest === statement.migrationDigest,
      "proof/other-migration",
      "the implementation's address or the migration is not the sealed one",
    ],
    [
      evaluateCodePolynomial(code, statement.point) === statement.value,
      "proof/other-value",
      "the deployed code is not the sealed one: its polynomial has another value at the challenge",
    ],
  ];
  for (const [holds, errorCode, message] of rules) {
    if (!holds) {
      throw new SealpatchError(errorCode, message, {
        remedy: "use the sealed patch that the commitment was made of",
      });
    }
  }
  return bindInputUnchecked(statement, witness);
}

/** The same mapping without any check, for soundness tests. */
export function bindInputUnchecked(
  statement: BindStatement,
  { opening, code }: BindWitness,
  chunkCount = CODE_CHUNKS,
): CircuitInput {
  const chunks = chunkBytes(code);
  return {
    ...statement,
    length: BigInt(code.length),
    chunks: [...chunks, ...Array<bigint>(chunkCount - chunks.length).fill(0n)],
    incidentRoot: opening.incidentRoot,
    executionDigest: opening.executionDigest,
    salt: opening.salt,
  };
}
