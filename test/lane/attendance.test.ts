import { describe, expect, it } from "vitest";
import { AuditorSet, attest, newAuditorKey } from "../../src/audit/index.js";
import { judgeAttestations } from "../../src/lane/index.js";

const keys = Array.from({ length: 4 }, newAuditorKey);
const auditors = new AuditorSet(keys.slice(0, 3).map(({ publicKey }) => publicKey));
const patch = (commitment: bigint) => ({
  policy: { auditors, threshold: 2 },
  statement: { commitment, targetsRoot: 2n, vectorRoot: 3n, reportDigest: 4n },
});
const [first, second] = [patch(1n), patch(9n)];
const by = (auditor: number, { statement }: ReturnType<typeof patch>) => ({
  name: `${auditor} of ${statement.commitment}`,
  attestation: attest(keys[auditor]!.privateKey, statement),
});
const verdicts = (judged: readonly { readonly verdict: string }[]) => judged.map(({ verdict }) => verdict);

describe("attestations of a group", () => {
  it("count for the patch that they sign, once an auditor", () => {
    const given = [by(0, first), by(2, first), by(1, second), by(0, first), by(0, second)];
    const { judged, attendance } = judgeAttestations([first, second], given);
    expect(verdicts(judged)).toEqual(["counts", "counts", "counts", "repeated", "counts"]);
    expect(judged.map((one) => [one.auditor, one.patch])).toEqual([
      ...[
        [0, 0],
        [2, 0],
        [1, 1],
        [0, 0],
        [0, 1],
      ],
    ]);
    expect(attendance.map(({ present, missing, wanted }) => ({ present, missing, wanted }))).toEqual([
      { present: [0, 2], missing: [1], wanted: 0 },
      { present: [0, 1], missing: [2], wanted: 0 },
    ]);
    expect(attendance[0]!.attestations).toEqual([given[0]!.attestation, given[1]!.attestation]);
  });

  it("count nowhere where they sign another bundle, or nobody registered signed them", () => {
    const changed = by(0, first);
    const { R8, S } = changed.attestation.signature;
    const given = [
      by(0, patch(7n)),
      by(3, first),
      { ...changed, attestation: { ...changed.attestation, signature: { R8, S: S + 1n } } },
      { ...changed, attestation: { ...changed.attestation, publicKey: keys[1]!.publicKey } },
    ];
    const { judged, attendance } = judgeAttestations([first], given);
    expect(verdicts(judged)).toEqual([
      ...["for another bundle", "of nobody registered", "for another bundle", "for another bundle"],
    ]);
    expect(attendance).toMatchObject([{ attestations: [], present: [], missing: [0, 1, 2], wanted: 2 }]);
  });
});
