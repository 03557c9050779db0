import { type Attestation, verifyAttestation } from "../audit/index.js";
import type { ReviewedPatch } from "../patch/index.js";

/** What of a review decides whose attestation counts. */
export type AttestedPatch = {
  readonly policy: Pick<ReviewedPatch["policy"], "auditors" | "threshold">;
} & Pick<ReviewedPatch, "statement">;

/** An attestation as it came in. */
export interface NamedAttestation {
  /** For people: its file. */
  readonly name: string;
  readonly attestation: Attestation;
}

/** What an attestation is good for. */
export interface JudgedAttestation extends NamedAttestation {
  /** Place of its auditor in the policy. */
  readonly auditor?: number;
  /** The patch that it attests, by its place. */
  readonly patch?: number;
  readonly verdict: "counts" | "repeated" | "for another bundle" | "of nobody registered";
}

/** Who has attested a patch. */
export interface Attendance {
  /** Those that count, one an auditor. */
  readonly attestations: readonly Attestation[];
  /** Places of the auditors who have, and who have not. */
  readonly present: readonly number[];
  readonly missing: readonly number[];
  /** How many more the policy asks for. */
  readonly wanted: number;
}

/**
 * Sorts attestations by the patch whose statement they sign. A signature for something else counts nowhere.
 * @returns a verdict on each attestation, and for each patch who has attested.
 */
export function judgeAttestations(
  reviews: readonly AttestedPatch[],
  attestations: readonly NamedAttestation[],
): { readonly judged: JudgedAttestation[]; readonly attendance: Attendance[] } {
  const judged: JudgedAttestation[] = [];
  for (const one of attestations) judged.push({ ...one, ...verdictOn(one, reviews, judged) });
  const attendance = reviews.map(({ policy }, patch): Attendance => {
    const counting = judged.filter((each) => each.verdict === "counts" && each.patch === patch);
    const present = counting.map(({ auditor }) => auditor!).toSorted((a, b) => a - b);
    return {
      attestations: counting.map(({ attestation }) => attestation),
      present,
      missing: policy.auditors.publicKeys
        .map((_, index) => index)
        .filter((index) => !present.includes(index)),
      wanted: Math.max(0, policy.threshold - present.length),
    };
  });
  return { judged, attendance };
}

function verdictOn(
  { attestation }: NamedAttestation,
  reviews: readonly AttestedPatch[],
  before: readonly JudgedAttestation[],
): Pick<JudgedAttestation, "auditor" | "patch" | "verdict"> {
  const places = reviews.map(({ policy }) => policy.auditors.indexOf(attestation.publicKey));
  const patch = reviews.findIndex(
    ({ statement }, index) => places[index]! >= 0 && verifyAttestation(attestation, statement),
  );
  if (patch < 0) {
    const auditor = places.find((place) => place >= 0);
    return auditor === undefined
      ? { verdict: "of nobody registered" }
      : { auditor, verdict: "for another bundle" };
  }
  const auditor = places[patch]!;
  const repeated = before.some(
    (each) => each.verdict === "counts" && each.patch === patch && each.auditor === auditor,
  );
  return { auditor, patch, verdict: repeated ? "repeated" : "counts" };
}
