import type { z } from "zod";
import { SealpatchError } from "../errors.js";
import { poseidon, TAGS } from "../field/index.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";
import type { AuditorSet } from "./auditors.js";
import { derivePublicKey, type Point, type Signature, sign, verify } from "./curve.js";
import { signedMembers, signedShape } from "./schema.js";

/** What an auditor attests to: this patch, these targets, this baseline set, these results. */
export interface AuditorStatement {
  readonly commitment: bigint;
  readonly targetsRoot: bigint;
  readonly vectorRoot: bigint;
  readonly reportDigest: bigint;
}

/** An auditor's signature with the key that made it. It says nothing about the patch but its message digest. */
export interface Attestation {
  readonly publicKey: Point;
  readonly signature: Signature;
}

/** An attestation with the place of its key in the auditor set. */
export interface PlacedAttestation extends Attestation {
  readonly index: number;
}

/**
 * M = H_5(tag, C, targetsRoot, vectorRoot, reportDigest) (protocol.md section 7).
 * @throws SealpatchError `field/out-of-range`.
 */
export function attestedMessage(statement: AuditorStatement): bigint {
  return poseidon([
    TAGS.attestation,
    statement.commitment,
    statement.targetsRoot,
    statement.vectorRoot,
    statement.reportDigest,
  ]);
}

/**
 * Signs a statement with an auditor's private key (32 bytes).
 * @throws SealpatchError `audit/invalid-private-key`, `field/out-of-range` where a part of the statement is no field element.
 * @example
 * ```ts
 * const review = await reviewPatch({ bundle, policy, currentCode, targets });
 * const attestation = attest(privateKey, review.statement);
 * await writeFile("attestation.json", JSON.stringify(attestationToJson(attestation)));
 * ```
 */
export function attest(privateKey: Uint8Array, statement: AuditorStatement): Attestation {
  return { publicKey: derivePublicKey(privateKey), signature: sign(privateKey, attestedMessage(statement)) };
}

/**
 * True where the signature is valid for exactly this statement.
 * @throws SealpatchError `field/out-of-range` where a part of the statement is no field element.
 */
export function verifyAttestation(attestation: Attestation, statement: AuditorStatement): boolean {
  return verify(attestation.publicKey, attestedMessage(statement), attestation.signature);
}

/**
 * Checks that attestations satisfy the policy and puts them in the order of the set, as the circuit wants them.
 * @param options.threshold attestations that the policy asks for, 1 to the capacity.
 * @param options.capacity signers that the circuit has room for, the surplus is left out; all of them unless given.
 * @throws SealpatchError `audit/threshold-out-of-range`, `audit/unknown-auditor`, `audit/invalid-signature`,
 *   `audit/duplicate-auditor`, `audit/below-threshold`.
 */
export function placeAttestations(options: {
  attestations: readonly Attestation[];
  statement: AuditorStatement;
  auditors: AuditorSet;
  threshold: number | bigint;
  capacity?: number;
}): PlacedAttestation[] {
  const { attestations, statement, auditors, threshold, capacity = Number.POSITIVE_INFINITY } = options;
  const whole = typeof threshold === "bigint" || Number.isInteger(threshold);
  if (!whole || !(threshold >= 1 && threshold <= capacity)) {
    throw new SealpatchError("audit/threshold-out-of-range", `a threshold of ${threshold} is out of range`, {
      details: { threshold, capacity },
      why: "without an auditor nothing is attested, and the circuit has room for so many signers",
      remedy: "register a threshold of at least 1 and at most the circuit's signers",
    });
  }
  const placed = attestations.map((attestation, position): PlacedAttestation => {
    const index = auditors.indexOf(attestation.publicKey);
    if (index < 0) {
      throw new SealpatchError(
        "audit/unknown-auditor",
        `attestation ${position} is signed by a key outside the auditor set`,
        {
          details: { position },
          remedy: "only auditors registered in the policy can attest",
        },
      );
    }
    if (!verifyAttestation(attestation, statement)) {
      throw new SealpatchError(
        "audit/invalid-signature",
        `attestation ${position} of auditor ${index} does not verify`,
        {
          details: { position, auditor: index },
          why: "it signs another patch, target, vector set or report, or it was changed",
          remedy: "ask the auditor to attest to the current bundle",
        },
      );
    }
    return { ...attestation, index };
  });
  placed.sort((a, b) => a.index - b.index);
  const twice = placed.find((attestation, i) => i > 0 && placed[i - 1]!.index === attestation.index);
  if (twice !== undefined) {
    throw new SealpatchError("audit/duplicate-auditor", `auditor ${twice.index} attested twice`, {
      details: { auditor: twice.index },
      remedy: "each auditor counts once; remove one of the two attestations",
    });
  }
  if (placed.length < threshold) {
    throw new SealpatchError(
      "audit/below-threshold",
      `${placed.length} attestations, the policy asks for ${threshold}`,
      {
        details: { attestations: placed.length, threshold },
        remedy: "collect more attestations",
      },
    );
  }
  return placed.slice(0, capacity);
}

const FORM: FormName = { code: "audit/malformed-attestation", what: "an attestation" };

const attestationSchema = lazily(() =>
  zod.strictObject({ schema: zod.literal("sealpatch.attestation/1"), ...signedShape() }),
);

/** The JSON form of an attestation: decimal strings. @throws SealpatchError `audit/malformed-attestation`. */
export function attestationToJson(attestation: Attestation): z.input<ReturnType<typeof attestationSchema>> {
  const members = signedMembers(attestation);
  return formToJson(attestationSchema(), { schema: "sealpatch.attestation/1", ...members }, FORM);
}

/**
 * Reads an attestation.
 * @param file its JSON, or its text.
 * @throws SealpatchError `audit/malformed-attestation`.
 * @example
 * ```ts
 * const attestation = parseAttestation(await readFile("attestation.json", "utf8"));
 * if (!verifyAttestation(attestation, review.statement)) throw new Error("it is for another patch");
 * ```
 */
export function parseAttestation(file: unknown): Attestation {
  const { publicKey, R8, S } = parseForm(attestationSchema(), file, FORM);
  return { publicKey, signature: { R8, S } };
}
