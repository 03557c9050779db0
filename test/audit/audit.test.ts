import { buildEddsa } from "circomlibjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Point, type Signature, SUBGROUP_ORDER, sign, verify } from "../../src/audit/curve.js";
import {
  type Attestation,
  AuditorSet,
  type AuditorStatement,
  assertPublicKey,
  attest,
  attestationToJson,
  derivePublicKey,
  newAuditorKey,
  parseAttestation,
  placeAttestations,
  verifyAttestation,
} from "../../src/audit/index.js";
import { FIELD_ORDER } from "../../src/field/index.js";

const STATEMENT: AuditorStatement = { commitment: 1n, targetsRoot: 2n, vectorRoot: 3n, reportDigest: 4n };
const PRIVATE_KEY = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .filter((bytes) => bytes.some((byte) => byte !== 0));
const keys = Array.from({ length: 5 }, () => newAuditorKey());
const auditors = new AuditorSet(keys.map(({ publicKey }) => publicKey));
const by = (index: number, statement = STATEMENT): Attestation => attest(keys[index]!.privateKey, statement);
const place = (attestations: Attestation[], threshold = 2) =>
  placeAttestations({ attestations, statement: STATEMENT, auditors, threshold, capacity: 4 });
const refused = (code: string) => expect.objectContaining({ code });

describe("attestations", () => {
  it("verify for the statement that was signed and for no other", () => {
    fc.assert(
      fc.property(
        PRIVATE_KEY,
        fc.constantFrom("commitment", "targetsRoot", "vectorRoot", "reportDigest"),
        (privateKey, part) => {
          const attestation = attest(privateKey, STATEMENT);
          expect(verifyAttestation(attestation, STATEMENT)).toBe(true);
          expect(verifyAttestation(attestation, { ...STATEMENT, [part]: 99n })).toBe(false);
        },
      ),
      { numRuns: 8 },
    );
  });

  it("T09: are refused with a scalar or a point that is not canonical", () => {
    const { publicKey, signature } = by(0);
    for (const forged of [
      { ...signature, S: signature.S + SUBGROUP_ORDER },
      { ...signature, R8: [signature.R8[0] + FIELD_ORDER, signature.R8[1]] as const },
      { ...signature, R8: [signature.R8[0] + 1n, signature.R8[1]] as const },
    ]) {
      expect(verifyAttestation({ publicKey, signature: forged }, STATEMENT)).toBe(false);
    }
  });

  it("survive their file", () => {
    const attestation = by(2);
    expect(parseAttestation(JSON.parse(JSON.stringify(attestationToJson(attestation))))).toEqual(attestation);
    expect(() => parseAttestation({ schema: "sealpatch.attestation/1" })).toThrowError(
      refused("audit/malformed-attestation"),
    );
  });
});

describe("the signature scheme", () => {
  it("agrees with circomlibjs in keys, signatures and verdicts", async () => {
    const eddsa = await buildEddsa();
    const { F } = eddsa;
    fc.assert(
      fc.property(PRIVATE_KEY, fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }), (privateKey, message) => {
        const key = eddsa.prv2pub(privateKey);
        expect(derivePublicKey(privateKey)).toEqual(key.map((value) => F.toObject(value)));
        const { R8, S } = eddsa.signPoseidon(privateKey, F.e(message));
        const expected = { R8: R8.map((value) => F.toObject(value)), S };
        expect(sign(privateKey, message)).toEqual(expected);
        const publicKey = derivePublicKey(privateKey);
        const signature = sign(privateKey, message);
        expect(verify(publicKey, message, signature)).toBe(true);
        for (const change of [
          { ...signature, S: (S + 1n) % SUBGROUP_ORDER },
          { ...signature, R8: publicKey },
        ]) {
          const other = {
            R8: change.R8.map((value) => F.e(value)) as [Uint8Array, Uint8Array],
            S: change.S,
          };
          expect(verify(publicKey, message, change)).toBe(eddsa.verifyPoseidon(F.e(message), other, key));
          expect(verify(publicKey, message, change)).toBe(false);
        }
      }),
      { numRuns: 8 },
    );
  });

  it("T09: takes no key and no point off the curve, no scalar beyond the subgroup's order", () => {
    const secret = new Uint8Array(32).fill(9);
    const [publicKey, signature] = [derivePublicKey(secret), sign(secret, 5n)];
    const [x, y] = signature.R8;
    for (const [key, other] of [
      [[publicKey[0] + 1n, publicKey[1]], signature],
      [publicKey, { ...signature, R8: [x + 1n, y] }],
      [publicKey, { ...signature, R8: [x + FIELD_ORDER, y] }],
      [publicKey, { ...signature, S: signature.S + SUBGROUP_ORDER }],
      [publicKey, { ...signature, S: -1n }],
    ] as [Point, Signature][])
      expect(verify(key, 5n, other)).toBe(false);
  });
});

describe("placing attestations", () => {
  it("orders them as the set is ordered", () => {
    expect(place([by(4), by(1), by(3)]).map(({ index }) => index)).toEqual([1, 3, 4]);
  });

  it("leaves out more than the circuit has room for", () => {
    expect(place([0, 1, 2, 3, 4].map((index) => by(index)))).toHaveLength(4);
  });

  it("T09: refuses the same auditor twice", () => {
    expect(() => place([by(1), by(1)])).toThrowError(refused("audit/duplicate-auditor"));
  });

  it("T09: refuses a key outside the set", () => {
    expect(() => place([by(1), attest(newAuditorKey().privateKey, STATEMENT)])).toThrowError(
      refused("audit/unknown-auditor"),
    );
  });

  it("T09: refuses a signature for another patch, target, vector set or report", () => {
    for (const part of ["commitment", "targetsRoot", "vectorRoot", "reportDigest"]) {
      expect(() => place([by(0), by(1, { ...STATEMENT, [part]: 9n })])).toThrowError(
        refused("audit/invalid-signature"),
      );
    }
  });

  it("T08: refuses a signature that was moved to another key", () => {
    expect(() => place([by(0), { ...by(1), publicKey: keys[2]!.publicKey }])).toThrowError(
      refused("audit/invalid-signature"),
    );
  });

  it("T09: refuses a threshold that asks for nobody, or for more than the circuit has room for", () => {
    for (const threshold of [0, -1, Number.NaN, 5]) {
      expect(() => place([by(1), by(2)], threshold)).toThrowError(refused("audit/threshold-out-of-range"));
    }
  });

  it("refuses fewer than the threshold", () => {
    expect(() => place([by(1), by(2)], 3)).toThrowError(refused("audit/below-threshold"));
  });
});

describe("an auditor set", () => {
  const [first] = keys;

  it("refuses nobody, too many, and the same key twice", () => {
    expect(() => new AuditorSet([])).toThrowError(refused("audit/empty-set"));
    expect(
      () =>
        new AuditorSet(
          keys.map(({ publicKey }) => publicKey),
          2,
        ),
    ).toThrowError(refused("audit/too-many-auditors"));
    expect(() => new AuditorSet([first!.publicKey, first!.publicKey])).toThrowError(
      refused("audit/duplicate-key"),
    );
  });

  it("T09: refuses keys off the curve, outside the subgroup, neutral, or not canonical", () => {
    const [x, y] = first!.publicKey;
    const smallOrder = [0n, FIELD_ORDER - 1n] as const;
    for (const key of [[x + 1n, y], smallOrder, [0n, 1n], [x + FIELD_ORDER, y], [-1n, y]] as const) {
      expect(() => assertPublicKey(key)).toThrowError(refused("audit/invalid-key"));
    }
    expect(() => assertPublicKey([x, y])).not.toThrow();
  });

  it("derives the same public key from the same private key, and another from another", () => {
    const secret = new Uint8Array(32).fill(7);
    expect(derivePublicKey(secret)).toEqual(derivePublicKey(secret));
    expect(derivePublicKey(secret)).not.toEqual(derivePublicKey(new Uint8Array(32).fill(8)));
  });
});
