import { readFile } from "node:fs/promises";
import { getAddress } from "ethers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SUBGROUP_ORDER } from "../../src/audit/curve.js";
import {
  AuditorSet,
  attest,
  attestationToJson,
  auditorRegistrationToJson,
  newAuditorKey,
  parseAttestation,
  parseAuditorRegistration,
  registerAuditor,
} from "../../src/audit/index.js";
import { FIELD_ORDER } from "../../src/field/index.js";
import { councilMemberToJson, parseCouncilMember } from "../../src/keystore/index.js";
import { layoutEntry, layoutToJson, makeLayout, parseLayout } from "../../src/layout/index.js";
import { readManifest } from "../../src/manifest.js";
import {
  type PatchPolicy,
  parsePolicy,
  parseTarget,
  policyToJson,
  type Target,
  targetToJson,
} from "../../src/patch/index.js";
import {
  attestProofToJson,
  bindProofToJson,
  type Proven,
  parseAttestProof,
  parseBindProof,
  parseProof,
} from "../../src/proof/index.js";
import { parseVerifyingKey } from "../../src/proof/keys/index.js";
import { canonicalVectorSet, parseVectorSet, vectorSetToJson } from "../../src/vectors/index.js";
import { sampleSet, sampleVector } from "../vectors/sample.js";

const below = (bound: bigint) => fc.bigInt({ min: 0n, max: bound - 1n });
const field = below(FIELD_ORDER);
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((raw) => `0x${Buffer.from(raw).toString("hex")}`);
const address = hex(20).map(getAddress);

const target: fc.Arbitrary<Target> = fc.record({
  chainId: below(2n ** 256n),
  timelock: address,
  proxy: address,
  codehash: hex(32),
  nonce: below(2n ** 64n),
  validUntil: below(2n ** 64n),
  group: hex(32),
});

// Making keys takes longer than everything else here.
const KEYS = Array.from({ length: 2 }, () => newAuditorKey());
const STATEMENT = { commitment: 1n, targetsRoot: 2n, vectorRoot: 3n, reportDigest: 4n };
const ATTESTATION = attest(KEYS[0]!.privateKey, STATEMENT);
const RECIPIENT = `age1${"q".repeat(58)}`;
const REGISTRATION = registerAuditor(KEYS[0]!.privateKey, { label: "first", recipient: RECIPIENT });
const VECTORS = ["one", "two", "three"].map((name) => sampleVector({ name }));
const policy: fc.Arbitrary<PatchPolicy> = fc
  .record({ auditors: fc.integer({ min: 1, max: 2 }), vectors: fc.integer({ min: 1, max: 3 }) })
  .chain(({ auditors, vectors }) =>
    fc.record({
      auditors: fc.constant(new AuditorSet(KEYS.slice(0, auditors).map(({ publicKey }) => publicKey))),
      threshold: fc.integer({ min: 1, max: auditors }),
      baseline: fc.constant(canonicalVectorSet(sampleSet(VECTORS.slice(0, vectors)))),
      maxWaivers: fc.integer({ min: 0, max: vectors - 1 }),
      layoutRoot: field,
      migrationCaller: address,
    }),
  );

const BASE_FIELD_ORDER = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const coordinate = below(BASE_FIELD_ORDER).map(String);
const g1 = fc.tuple(coordinate, coordinate, fc.constant("1"));
const g2 = fc.tuple(
  fc.tuple(coordinate, coordinate),
  fc.tuple(coordinate, coordinate),
  fc.constant<[string, string]>(["1", "0"]),
);
const proof = fc.record({
  pi_a: g1,
  pi_b: g2,
  pi_c: g1,
  protocol: fc.constant("groth16" as const),
  curve: fc.constant("bn128" as const),
});
const attestProof = fc.record({
  statement: fc.record({
    commitment: field,
    auditorRoot: field,
    threshold: field,
    vectorRoot: field,
    maxWaivers: field,
    layoutRoot: field,
    targetsRoot: field,
  }),
  proof,
});
const bindProof = fc.record({
  statement: fc.record({
    commitment: field,
    point: field,
    value: field,
    layoutRoot: field,
    account: field,
    migrationDigest: field,
    codeDigest: field,
  }),
  proof,
});

/** Every value survives its JSON and its text, and its JSON is written alike again. */
function survives<T>(
  values: fc.Arbitrary<T>,
  toJson: (value: T) => object,
  parse: (file: unknown) => T,
  numRuns = 50,
): void {
  fc.assert(
    fc.property(values, (value) => {
      const json = toJson(value);
      const text = JSON.stringify(json);
      for (const file of [json, text]) expect(parse(file)).toEqual(value);
      expect(JSON.stringify(toJson(parse(text)))).toBe(text);
    }),
    { numRuns },
  );
}

const sampleOf = <T>(values: fc.Arbitrary<T>): T => fc.sample(values, 1)[0]!;

describe("a file form survives its file, as JSON and as text", () => {
  it("target", () => survives(target, targetToJson, parseTarget));
  it("policy", () => survives(policy, policyToJson, parsePolicy, 5));
  it("proof of attest", () => survives(attestProof, attestProofToJson, parseAttestProof));
  it("proof of bind", () => survives(bindProof, bindProofToJson, parseBindProof));
  it("vector set", () => {
    const set = canonicalVectorSet(sampleSet(VECTORS));
    survives(fc.constant(set), vectorSetToJson, parseVectorSet, 1);
  });
  it("layout", () => {
    const variable = { slot: 3n, offset: 0, size: 32, label: "total", type: "uint256", gap: false };
    survives(fc.constant(makeLayout([layoutEntry(variable)])), layoutToJson, parseLayout, 1);
  });
  it("verifying key and bare proof, which are their own JSON", async () => {
    const { attest } = (await readManifest()).circuits;
    const key = parseVerifyingKey(await readFile(attest.verifyingKey, "utf8"));
    survives(fc.constant(key), (value) => value, parseVerifyingKey, 1);
    survives(proof, (value) => value, parseProof);
  });
  it("attestation", () => {
    const attestation = fc.constantFrom(...KEYS.map(({ privateKey }) => attest(privateKey, STATEMENT)));
    survives(attestation, attestationToJson, parseAttestation);
  });
  it("auditor's registration", () =>
    survives(fc.constant(REGISTRATION), auditorRegistrationToJson, parseAuditorRegistration, 1));
  it("council member", () => {
    const member = { label: "first", recipient: RECIPIENT };
    survives(fc.constant(member), councilMemberToJson, parseCouncilMember, 1);
  });
});

type Json = Record<string, unknown>;

/** JSON with one value changed, its place given as `a.b.0`. */
function altered(json: object, place: string, value: unknown): Json {
  const copy = structuredClone(json) as Json;
  const path = place.split(".");
  let parent = copy;
  for (const step of path.slice(0, -1)) parent = parent[step] as Json;
  parent[path.at(-1)!] = value;
  return copy;
}

const R = FIELD_ORDER.toString();
const ODD: readonly unknown[] = [null, 7, "", "0x", "-1", "01", "1e3", " 1", {}, [], true];
const SECRET = "not to be repeated";

describe("a file form refuses what is not one, with its code and without repeating it", () => {
  const forms: [string, () => object, (file: unknown) => unknown, string, [string, readonly unknown[]][]][] =
    [
      [
        "target",
        () => targetToJson(sampleOf(target)),
        parseTarget,
        "patch/malformed-target",
        [
          ["schema", ["sealpatch.target/1", "sealpatch.target/3", ...ODD]],
          ["chainId", [(2n ** 256n).toString(), ...ODD]],
          ["nonce", [(2n ** 64n).toString(), ...ODD]],
          ["validUntil", [(2n ** 64n).toString(), ...ODD]],
          ["timelock", [`0x${"11".repeat(19)}`, `0x${"11".repeat(21)}`, SECRET, ...ODD]],
          // One letter in the other case: the checksum (EIP-55) is wrong.
          ["proxy", ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD".replace("5aA", "5AA"), ...ODD]],
          ["codehash", [`0x${"AB".repeat(32)}`, `0x${"11".repeat(31)}`, ...ODD]],
          ["group", [`0x${"AB".repeat(32)}`, `0x${"11".repeat(31)}`, ...ODD]],
          ["more", [SECRET]],
        ],
      ],
      [
        "policy",
        () => policyToJson(sampleOf(policy)),
        parsePolicy,
        "patch/malformed-policy",
        [
          ["schema", ["sealpatch.target/1", "sealpatch.policy/2", ...ODD]],
          ["auditors", [[["0"]], [["0", R]], Array.from({ length: 33 }, () => ["0", "1"]), ...ODD]],
          ["threshold", [0, 1.5, -1, 33, "1", null]],
          ["maxWaivers", [-1, 0.5, 129, "0", null]],
          ["baseline", ["{}", SECRET, 7, null]],
          ["layoutRoot", [R, ...ODD]],
          ["migrationCaller", [SECRET, ...ODD]],
          ["more", [SECRET]],
        ],
      ],
      [
        "proof of attest",
        () => attestProofToJson(sampleOf(attestProof)),
        parseAttestProof,
        "proof/malformed",
        [
          ["circuit", ["bind", ...ODD]],
          ["statement.commitment", [R, ...ODD]],
          ["statement.threshold", [R, ...ODD]],
          ["statement.more", ["1"]],
          ["proof.pi_a.0", [BASE_FIELD_ORDER.toString(), ...ODD]],
          ["proof.pi_b.0.1", [BASE_FIELD_ORDER.toString(), ...ODD]],
          ["proof.protocol", ["plonk", ...ODD]],
          ["proof.curve", ["bls12381", ...ODD]],
          ["proof.more", [SECRET]],
          ["more", [SECRET]],
        ],
      ],
      [
        "proof of bind",
        () => bindProofToJson(sampleOf(bindProof)),
        parseBindProof,
        "proof/malformed",
        [
          ["circuit", ["attest", ...ODD]],
          ["statement.point", [R, ...ODD]],
          ["schema", ["sealpatch.proof/1", "sealpatch.proof/3", ...ODD]],
          ["statement.account", [R, ...ODD]],
          ["statement.migrationDigest", [R, ...ODD]],
          ["statement.codeDigest", [R, ...ODD]],
          ["more", [SECRET]],
        ],
      ],
      [
        "attestation",
        () => attestationToJson(ATTESTATION),
        parseAttestation,
        "audit/malformed-attestation",
        [
          ["schema", ["sealpatch.attestation/2", ...ODD]],
          ["publicKey", [["1"], ["1", "2", "3"], ...ODD]],
          ["publicKey.0", [R, ...ODD]],
          ["R8.1", [R, ...ODD]],
          ["S", [SUBGROUP_ORDER.toString(), ...ODD]],
          ["more", [SECRET]],
        ],
      ],
      [
        "auditor's registration",
        () => auditorRegistrationToJson(REGISTRATION),
        parseAuditorRegistration,
        "audit/malformed-registration",
        [
          ["schema", ["sealpatch.auditor/2", ...ODD]],
          ["label", ["", " ", "a\nb", null, 7, {}]],
          ["recipient", [SECRET, RECIPIENT.toUpperCase(), `${RECIPIENT}q`, ...ODD]],
          ["publicKey.0", [R, ...ODD]],
          ["S", [SUBGROUP_ORDER.toString(), ...ODD]],
          ["more", [SECRET]],
        ],
      ],
      [
        "council member",
        () => councilMemberToJson({ label: "first", recipient: RECIPIENT }),
        parseCouncilMember,
        "keystore/malformed-member",
        [
          ["schema", ["sealpatch.auditor/1", ...ODD]],
          ["label", ["", " ", "a\nb", null, 7, {}]],
          ["recipient", [SECRET, ...ODD]],
          ["more", [SECRET]],
        ],
      ],
    ];

  it.each(forms)("%s", (_, make, parse, code, lies) => {
    const good = make();
    expect(() => parse(good)).not.toThrow();
    const refused = (file: unknown, place: string): void => {
      let error: unknown;
      try {
        parse(file);
      } catch (thrown) {
        error = thrown;
      }
      expect(error, `${place}: ${JSON.stringify(file).slice(0, 300)}`).toMatchObject({ code });
      expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(SECRET);
    };
    for (const [place, values] of lies)
      for (const value of values) refused(altered(good, place, value), place);
    for (const key of Object.keys(good)) {
      const { [key]: _left, ...rest } = good as Json;
      refused(rest, `without ${key}`);
    }
    for (const file of [null, undefined, 7, [], SECRET, "{", "null", JSON.stringify(good).slice(1)])
      refused(file ?? null, "whole");
  });

  it("with a key that stands twice, which other readers would read otherwise", () => {
    const files: [string, (file: unknown) => unknown, string][] = [
      [JSON.stringify(policyToJson(sampleOf(policy))), parsePolicy, "patch/malformed-policy"],
      [JSON.stringify(targetToJson(sampleOf(target))), parseTarget, "patch/malformed-target"],
      [JSON.stringify(attestationToJson(ATTESTATION)), parseAttestation, "audit/malformed-attestation"],
      [JSON.stringify(attestProofToJson(sampleOf(attestProof))), parseAttestProof, "proof/malformed"],
    ];
    for (const [text, parse, code] of files) {
      expect(() => parse(text)).not.toThrow();
      const refused = expect.objectContaining({ code, why: "a key stands twice in it" });
      const [[key, value] = []] = Object.entries(JSON.parse(text));
      const first = `${JSON.stringify(key)}:${JSON.stringify(value)}`;
      const escaped = `"\\u0073chema" : ${JSON.stringify(value)}`;
      for (const twice of [first, escaped])
        expect(() => parse(text.replace("{", `{${twice},`))).toThrowError(refused);
    }
    // Deeper, and only where it is the same object; braces and colons in texts are none.
    const [inner] = [attestProofToJson(sampleOf(attestProof))];
    const text = JSON.stringify(inner);
    expect(() =>
      parseAttestProof(text.replace('"statement":{', '"statement":{"threshold":"1",')),
    ).toThrowError(expect.objectContaining({ code: "proof/malformed", why: "a key stands twice in it" }));
    const label = 'a\\":{"b';
    const variable = { slot: "0x0", offset: 0, size: 32, label, type: "uint256", gap: false };
    const layout = JSON.stringify([variable, { ...variable, slot: "0x1", label: `${label}{` }]);
    expect(parseLayout(layout).entries.map((entry) => entry.label)).toEqual([label, `${label}{`]);
  });

  it("a policy that nobody can meet, or that demands nothing", () => {
    const whole = sampleOf(policy);
    const json = policyToJson({ ...whole, threshold: 1, maxWaivers: 0 });
    const auditors = whole.auditors.publicKeys.length;
    const vectors = whole.baseline.vectors.length;
    const codeOf = (changes: object): unknown => {
      try {
        return parsePolicy({ ...json, ...changes });
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(codeOf({ threshold: auditors + 1 })).toBe("audit/threshold-out-of-range");
    expect(codeOf({ maxWaivers: vectors })).toBe("patch/too-many-waivers");
    expect(codeOf({ baseline: { ...(json.baseline as object), vectors: [] } })).toBe("vectors/empty");
    expect(codeOf({ auditors: [json.auditors[0], json.auditors[0]] })).toBe("audit/duplicate-key");
    expect(codeOf({ auditors: [["1", "1"]] })).toBe("audit/invalid-key");
  });

  it("the proof of one circuit is none of the other", () => {
    const attestFile = attestProofToJson(sampleOf(attestProof)) as unknown;
    const bindFile = bindProofToJson(sampleOf(bindProof)) as unknown;
    const malformed = expect.objectContaining({ code: "proof/malformed" });
    expect(() => parseBindProof(attestFile)).toThrowError(malformed);
    expect(() => parseAttestProof(bindFile)).toThrowError(malformed);
  });

  it("a value that breaks the bounds of its form is not written", () => {
    const outOfRange: Target = { ...sampleOf(target), nonce: 2n ** 64n };
    expect(() => targetToJson(outOfRange)).toThrowError(
      expect.objectContaining({ code: "patch/malformed-target" }),
    );
    const proven = sampleOf(bindProof) as Proven<ReturnType<typeof parseBindProof>["statement"]>;
    const statement = { ...proven.statement, point: FIELD_ORDER };
    expect(() => bindProofToJson({ ...proven, statement })).toThrowError(
      expect.objectContaining({ code: "proof/malformed" }),
    );
  });
});
