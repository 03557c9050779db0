import { attestedMessage } from "../../audit/index.js";
import { NO_GROUP, type ReviewedPatch, type Target, targetLeaf } from "../../patch/index.js";
import { fullHex } from "../../terminal/index.js";

/** What is signed, and what it is made of, by the names of docs/encodings.md. */
export interface SignedValues {
  /** The attested message M: what the signature is over. */
  readonly message: string;
  /** What M is the hash of. */
  readonly signed: Readonly<Record<string, string>>;
  /** What the commitment is the hash of, beside its salt. */
  readonly committed: Readonly<Record<string, string>>;
  /** What the leaf of the target is the hash of. */
  readonly target: Readonly<Record<string, string>>;
}

/** The values of a review, each as a text. */
export function signedValues({ statement, patch }: ReviewedPatch, target: Target): SignedValues {
  const { codeDigest, layoutRoot, incidentRoot, account, migrationDigest, executionDigest } = patch.opening;
  return {
    message: fullHex(attestedMessage(statement)),
    signed: {
      "patchCommitment C": fullHex(statement.commitment),
      targetsRoot: fullHex(statement.targetsRoot),
      vectorRoot: fullHex(statement.vectorRoot),
      reportDigest: fullHex(statement.reportDigest),
    },
    committed: {
      "codeDigest D": fullHex(codeDigest),
      "layoutRoot'": fullHex(layoutRoot),
      incidentRoot: fullHex(incidentRoot),
      account: fullHex(account),
      migrationDigest: fullHex(migrationDigest),
      executionDigest: fullHex(executionDigest),
    },
    target: {
      "target leaf": targetLeaf(target),
      chainId: String(target.chainId),
      timelock: target.timelock,
      proxy: target.proxy,
      codehash: target.codehash,
      nonce: String(target.nonce),
      validUntil: `${target.validUntil} (${new Date(Number(target.validUntil) * 1000).toISOString()})`,
      group: target.group === NO_GROUP ? "none: it executes by itself" : target.group,
    },
  };
}
