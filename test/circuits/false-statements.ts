import { attest } from "../../src/audit/index.js";
import { MerkleTree, poseidon, TAGS } from "../../src/field/index.js";
import { type Assembled, digest, trueIngredients } from "../../tools/circuits/statements.js";
import { FALSE_KEYS } from "./key-statements.js";
import { LATE_MARKS } from "./late-marks.js";
import { FALSE_CHANGES, FALSE_LAYOUTS } from "./layout-statements.js";
import {
  type FalseStatement,
  MINUS_ONE,
  type Signals,
  set,
  setAt,
  withIngredients,
  withSignals,
} from "./lies.js";
import { LONE_STATEMENTS } from "./lone-statements.js";
import { FALSE_PLACES } from "./place-statements.js";

const SUBGROUP_ORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;

const OPENING: FalseStatement[] = [
  withSignals("code digest that is not inside C", "Attest", set("codeDigest", digest(99))),
  withSignals("migration call that is not inside C", "Attest", set("callDigest", digest(99))),
  withSignals("salt that is not inside C", "Attest", set("salt", digest(99))),
  withSignals("commitment to another patch", "Attest", set("commitment", digest(99))),
  withSignals("commitment and targets root swapped", "Attest", (signals, { statement }) => {
    set("commitment", statement.targetsRoot)(signals);
    set("targetsRoot", statement.commitment)(signals);
  }),
  withSignals("vector root of another set", "Attest", set("vectorRoot", digest(99))),
  withSignals("layout root of another contract", "Attest", set("layoutRoot", digest(99))),
  withSignals("auditor root of another set", "Signer", set("auditorRoot", digest(99))),
  withSignals("targets that nobody attested to", "ForceEqualIfEnabled", set("targetsRoot", digest(99))),
];

const BASELINE: FalseStatement[] = [
  withIngredients("failing vector beyond the waivers", "Num2Bits", (i) => {
    i.baseline[0]!.outcome = digest(98);
  }),
  withIngredients("failing vector where nothing is waived", "Num2Bits", (i) => {
    i.maxWaivers = 0n;
  }),
  withIngredients("waivers of p - 1", "Num2Bits", (i) => {
    i.maxWaivers = MINUS_ONE;
  }),
  withIngredients("waivers of 2^128", "Num2Bits", (i) => {
    i.maxWaivers = 2n ** 128n;
  }),
  withIngredients("no baseline vector", "BaselineVectors", (i) => {
    i.baseline = [];
  }),
  withIngredients("failing vector dropped", "Attest", (i) => i.baseline.splice(1, 1), ["vectorRoot"]),
  withIngredients("last vector dropped", "Attest", (i) => i.baseline.pop(), ["vectorRoot"]),
  withIngredients("vectors reordered", "Attest", (i) => i.baseline.reverse(), ["vectorRoot"]),
  withIngredients("vector replaced by a copy of another", "Attest", (i) => (i.baseline[1] = i.baseline[0]!), [
    "vectorRoot",
  ]),
  withIngredients(
    "vector added",
    "Attest",
    (i) => i.baseline.push({ ...i.baseline[0]!, inputDigest: digest(97) }),
    ["vectorRoot"],
  ),
  withIngredients(
    "expectation bent to the outcome",
    "Attest",
    (i) => {
      i.baseline[1]!.expectation = i.baseline[1]!.outcome;
    },
    ["vectorRoot"],
  ),
  withIngredients(
    "input of a vector changed",
    "Attest",
    (i) => {
      i.baseline[1]!.inputDigest = digest(96);
    },
    ["vectorRoot"],
  ),
  withIngredients(
    "run record of a vector changed",
    "Attest",
    (i) => {
      i.baseline[2]!.runs = digest(96);
    },
    ["vectorRoot"],
  ),
  withIngredients(
    "run record of a vector left out",
    "Attest",
    (i) => {
      i.baseline[2]!.runs = 0n;
    },
    ["vectorRoot"],
  ),
  withSignals("outcome changed after the auditors signed", "ForceEqualIfEnabled", (s) => {
    s.baselineOutcome![1] = digest(95);
  }),
  withSignals("baseline padding with an input", "ZeroWhereUnused", setAt("baselineInput", 3, 1n)),
  withSignals("baseline padding with an expectation", "ZeroWhereUnused", setAt("baselineExpectation", 3, 1n)),
  withSignals("baseline padding with a run record", "ZeroWhereUnused", setAt("baselineRuns", 3, 1n)),
  withSignals("baseline padding with an outcome", "ZeroWhereUnused", setAt("baselineOutcome", 3, 1n)),
  withSignals("baseline mark of 2", "Prefix", setAt("baselineUsed", 2, 2n)),
  withSignals("baseline mark of p - 1", "Prefix", setAt("baselineUsed", 2, MINUS_ONE)),
  withSignals("hole in the baseline marks", "Prefix", setAt("baselineUsed", 1, 0n)),
];

const INCIDENT: FalseStatement[] = [
  withIngredients("no incident vector", "IncidentVectors", (i) => {
    i.incidents = [];
  }),
  withIngredients("incident vector that the current code survives", "IncidentVector", (i) => {
    i.incidents[0]!.currentOutcome = i.incidents[0]!.expectation;
  }),
  withIngredients("second incident vector that the current code survives", "IncidentVector", (i) => {
    i.incidents.push({
      inputDigest: digest(94),
      expectation: digest(93),
      runs: 0n,
      currentOutcome: digest(93),
    });
  }),
  withIngredients("incident input that is a baseline input", "IncidentVector", (i) => {
    i.incidents[0]!.inputDigest = i.baseline[2]!.inputDigest;
  }),
  withSignals("incident input that is not inside C", "Attest", setAt("incidentInput", 0, digest(92))),
  withSignals(
    "incident expectation that is not inside C",
    "Attest",
    setAt("incidentExpectation", 0, digest(92)),
  ),
  withSignals("incident run record that is not inside C", "Attest", setAt("incidentRuns", 0, digest(92))),
  withSignals(
    "outcome on the current code that nobody signed",
    "ForceEqualIfEnabled",
    setAt("incidentCurrentOutcome", 0, digest(92)),
  ),
  withSignals(
    "current implementation that nobody signed",
    "ForceEqualIfEnabled",
    set("currentCode", digest(92)),
  ),
  withSignals("incident padding with an input", "ZeroWhereUnused", setAt("incidentInput", 1, 1n)),
  withSignals("incident padding with an expectation", "ZeroWhereUnused", setAt("incidentExpectation", 1, 1n)),
  withSignals("incident padding with a run record", "ZeroWhereUnused", setAt("incidentRuns", 1, 1n)),
  withSignals("incident padding with an outcome", "ZeroWhereUnused", setAt("incidentCurrentOutcome", 1, 1n)),
  withSignals("incident mark of 2", "Prefix", setAt("incidentUsed", 1, 2n)),
  withSignals("hole in the incident marks", "Prefix", (s) => {
    s.incidentUsed = [0n, 1n];
  }),
];

/** Replaces the signature in slot 0 by one over a statement that differs from the true one. */
function signedElsewhere(part: "commitment" | "targetsRoot" | "vectorRoot" | "reportDigest") {
  return (signals: Signals, { statement }: Assembled): void => {
    const other = { ...statement, reportDigest: digest(80), [part]: digest(81) };
    const { signature } = attest(trueIngredients().auditorSecrets[0]!, other);
    (signals.signatureNonce as unknown as bigint[][])[0] = [...signature.R8];
    signals.signatureScalar![0] = signature.S;
  };
}

const rows = (signals: Signals, name: string): bigint[][] => signals[name] as unknown as bigint[][];

const AUDITORS: FalseStatement[] = [
  withIngredients("one attestation where two are needed", "Num2Bits", (i) => {
    i.signers = [0];
  }),
  withIngredients("two attestations where three are needed", "Num2Bits", (i) => {
    i.threshold = 3n;
  }),
  withIngredients("no attestation", "Num2Bits", (i) => {
    i.signers = [];
  }),
  withIngredients("threshold of 0", "Num2Bits", (i) => {
    i.threshold = 0n;
  }),
  withIngredients("threshold of p - 1", "Num2Bits", (i) => {
    i.threshold = MINUS_ONE;
  }),
  withIngredients("same auditor twice", "Num2Bits", (i) => {
    i.signers = [3, 3];
  }),
  withIngredients("auditors out of order", "Num2Bits", (i) => {
    i.signers = [3, 0];
  }),
  withSignals("same auditor twice under another index", "Signer", (s) => {
    rows(s, "signerKey")[1] = rows(s, "signerKey")[0]!;
    rows(s, "signatureNonce")[1] = rows(s, "signatureNonce")[0]!;
    s.signatureScalar![1] = s.signatureScalar![0]!;
  }),
  withIngredients(
    "auditor outside the set",
    "Signer",
    (i) => {
      i.auditorSecrets[3] = new Uint8Array(32).fill(77);
    },
    ["auditorRoot"],
  ),
  withSignals("signature over another patch", "ForceEqualIfEnabled", signedElsewhere("commitment")),
  withSignals("signature over another target", "ForceEqualIfEnabled", signedElsewhere("targetsRoot")),
  withSignals("signature over another vector set", "ForceEqualIfEnabled", signedElsewhere("vectorRoot")),
  withSignals("signature over another report", "ForceEqualIfEnabled", signedElsewhere("reportDigest")),
  withSignals("scalar plus the group order", "EdDSAPoseidonVerifier", (s) => {
    s.signatureScalar![0]! += SUBGROUP_ORDER;
  }),
  withSignals("scalar of p - 1", "Num2Bits", setAt("signatureScalar", 0, MINUS_ONE)),
  withSignals("signature of zeros", "BabyCheck", (s) => {
    rows(s, "signatureNonce")[0] = [0n, 0n];
    s.signatureScalar![0] = 0n;
  }),
  withSignals("nonce point off the curve", "BabyCheck", (s) => {
    rows(s, "signatureNonce")[0]![0]! += 1n;
  }),
  withSignals("key that is not the registered one", "Signer", (s) => {
    rows(s, "signerKey")[0]![0]! += 1n;
  }),
  withSignals("registered key off the curve", "BabyCheck", (s) => {
    const key = [3n, 4n];
    rows(s, "signerKey")[0] = key;
    const tree = new MerkleTree(3, [poseidon([TAGS.auditor, ...key]), 1n]);
    set("auditorRoot", tree.root)(s);
    rows(s, "signerSiblings")[0] = tree.path(0);
    rows(s, "signerSiblings")[1] = tree.path(1);
  }),
  withSignals("index of 2^depth", "Num2Bits", setAt("signerIndex", 1, 8n)),
  withSignals("index of another auditor", "Signer", setAt("signerIndex", 1, 2n)),
  withSignals("sibling changed", "Signer", (s) => {
    rows(s, "signerSiblings")[1]![2]! += 1n;
  }),
  withSignals("signer mark of 2", "Prefix", setAt("signerUsed", 1, 2n)),
  withSignals("hole in the signer marks", "Prefix", setAt("signerUsed", 0, 0n)),
  withSignals("padding signer marked as used", "Signer", setAt("signerUsed", 2, 1n)),
  withSignals("signer padding with a key", "ZeroWhereUnused", (s) => {
    rows(s, "signerKey")[2] = rows(s, "signerKey")[0]!;
  }),
  withSignals("signer padding with a nonce", "ZeroWhereUnused", (s) => {
    rows(s, "signatureNonce")[2] = rows(s, "signatureNonce")[0]!;
  }),
  withSignals("signer padding with a scalar", "ZeroWhereUnused", setAt("signatureScalar", 2, 1n)),
  withSignals("signer padding with an index", "ZeroWhereUnused", setAt("signerIndex", 2, 4n)),
  withSignals("signer padding with a sibling", "ZeroWhereUnused", (s) => {
    rows(s, "signerSiblings")[2]![0] = 1n;
  }),
];

export const FALSE_ATTEST_STATEMENTS: readonly FalseStatement[] = [
  ...OPENING,
  ...BASELINE,
  ...INCIDENT,
  ...FALSE_LAYOUTS,
  ...FALSE_CHANGES,
  ...AUDITORS,
  ...FALSE_KEYS,
  ...LATE_MARKS,
  ...FALSE_PLACES,
  ...LONE_STATEMENTS,
];
