import { attest } from "../../src/audit/index.js";
import { FIELD_ORDER, MerkleTree, poseidon, TAGS } from "../../src/field/index.js";
import type { CircuitInput } from "../../src/proof/index.js";
import { type Assembled, assemble, digest, type Ingredients, trueIngredients } from "./statements.js";

/** A statement that is false in one respect. */
export interface FalseStatement {
  readonly name: string;
  /** Template whose constraint refuses it. */
  readonly refusedBy: string;
  /** The inputs of a prover who tries it all the same, with everything else made to fit the lie. */
  readonly input: () => CircuitInput;
}

type Signals = Record<string, bigint[]>;
const MINUS_ONE = FIELD_ORDER - 1n;
const SUBGROUP_ORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;

/** A lie told in the ingredients: roots that governance registered stay those of the truth where listed. */
function withIngredients(
  name: string,
  refusedBy: string,
  change: (ingredients: Ingredients) => void,
  registered: ("vectorRoot" | "layoutRoot" | "auditorRoot")[] = [],
): FalseStatement {
  return {
    name,
    refusedBy,
    input: () => {
      const truth = assemble(trueIngredients()).statement;
      const ingredients = trueIngredients();
      change(ingredients);
      return assemble(ingredients, Object.fromEntries(registered.map((root) => [root, truth[root]]))).input;
    },
  };
}

/** A lie told in the circuit's inputs themselves. */
function withSignals(
  name: string,
  refusedBy: string,
  change: (signals: Signals, truth: Assembled) => void,
): FalseStatement {
  return {
    name,
    refusedBy,
    input: () => {
      const truth = assemble(trueIngredients());
      const signals = structuredClone(truth.input) as Signals;
      change(signals, truth);
      return signals;
    },
  };
}

const set = (signal: string, value: bigint) => (signals: Record<string, unknown>) => {
  signals[signal] = value;
};
const setAt = (signal: string, index: number, value: bigint) => (signals: Signals) => {
  signals[signal]![index] = value;
};

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
  withSignals("outcome changed after the auditors signed", "ForceEqualIfEnabled", (s) => {
    s.baselineOutcome![1] = digest(95);
  }),
  withSignals("baseline padding with an input", "ZeroWhereUnused", setAt("baselineInput", 3, 1n)),
  withSignals("baseline padding with an expectation", "ZeroWhereUnused", setAt("baselineExpectation", 3, 1n)),
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
    i.incidents.push({ inputDigest: digest(94), expectation: digest(93), currentOutcome: digest(93) });
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
  withSignals("incident padding with an outcome", "ZeroWhereUnused", setAt("incidentCurrentOutcome", 1, 1n)),
  withSignals("incident mark of 2", "Prefix", setAt("incidentUsed", 1, 2n)),
  withSignals("hole in the incident marks", "Prefix", (s) => {
    s.incidentUsed = [0n, 1n];
  }),
];

const KEPT = "LayoutPreserved";
const LAYOUT: FalseStatement[] = [
  withIngredients("variable moved to another slot", KEPT, (i) => {
    i.new[4]!.lo += 32n;
  }),
  withIngredients("variable moved within its slot", KEPT, (i) => {
    i.new.splice(1, 1);
    i.new[0]!.lo += 1n;
  }),
  withIngredients("variable moved to another stretch", KEPT, (i) => {
    i.new[4]!.hi += 1n;
  }),
  withIngredients("variable resized", KEPT, (i) => {
    i.new[0]!.size -= 1n;
  }),
  withIngredients("variable retyped", KEPT, (i) => {
    i.new[0]!.type = digest(91);
  }),
  withIngredients("variable renamed", KEPT, (i) => {
    i.new[0]!.label = digest(91);
  }),
  withIngredients("variable turned into a gap", KEPT, (i) => {
    i.new[0]!.gap = 1n;
    i.new[0]!.keep = 0n;
  }),
  withIngredients("last variable deleted", KEPT, (i) => i.new.pop()),
  withIngredients("first variable deleted", KEPT, (i) => i.new.shift()),
  withIngredients("all variables deleted", KEPT, (i) => {
    i.new = [];
  }),
  withIngredients("kept variable not marked as kept", KEPT, (i) => {
    i.new[0]!.keep = 0n;
  }),
  withIngredients("new variable marked as kept", KEPT, (i) => {
    i.new[1]!.keep = 1n;
  }),
  withIngredients("new variable marked as kept in place of an old one", KEPT, (i) => {
    i.new[0]!.keep = 0n;
    i.new[1]!.keep = 1n;
  }),
  withIngredients("kept variable listed twice", "Num2Bits", (i) => i.new.splice(1, 1, { ...i.new[0]! })),
  withIngredients("variable that overlaps a kept one", "Num2Bits", (i) => {
    i.new[1]!.lo -= 1n;
  }),
  withIngredients("variable that overlaps a kept one from before", "Num2Bits", (i) => {
    i.new.splice(1, 2);
    i.new.splice(1, 0, { ...i.new[2]!, lo: 60n, size: 8n, keep: 0n, type: digest(90) });
  }),
  withIngredients("entries out of order", "Num2Bits", (i) => {
    [i.new[1], i.new[2]] = [i.new[2]!, i.new[1]!];
  }),
  withIngredients("stretches out of order", "Num2Bits", (i) => i.new.unshift(i.new.pop()!)),
  withIngredients("position limb of 2^45", "Num2Bits", (i) => {
    i.new[3]!.lo = 2n ** 45n;
  }),
  withIngredients("position limb of p - 1", "Num2Bits", (i) => {
    i.new[1]!.lo = MINUS_ONE;
  }),
  withIngredients("position limb of 2^128", "Num2Bits", (i) => {
    i.new[3]!.lo = 2n ** 128n;
  }),
  withIngredients("empty entry", "Num2Bits", (i) => {
    i.new[1]!.size = 0n;
  }),
  withIngredients("size of 2^40 + 1", "Num2Bits", (i) => {
    i.new[4]!.keep = 0n;
    i.new[3]!.size = 2n ** 40n + 1n;
  }),
  withIngredients("size of p - 1", "Num2Bits", (i) => {
    i.new[1]!.size = MINUS_ONE;
  }),
  withIngredients("entry past the end of its stretch", "Num2Bits", (i) => {
    i.new[3]!.lo = 2n ** 45n - 31n;
  }),
  withIngredients("first stretch of 2^216", "Num2Bits", (i) => {
    i.old = [];
    i.new = [{ ...i.new[1]!, hi: 2n ** 216n }];
  }),
  withIngredients("last stretch of 2^216", "Num2Bits", (i) => i.new.push({ ...i.new[1]!, hi: 2n ** 216n })),
  withIngredients("stretch of p - 1, one before slot 0", "Num2Bits", (i) =>
    i.new.push({ ...i.new[1]!, hi: MINUS_ONE }),
  ),
  withIngredients("kept mark of 2", "NewLayoutEntry", (i) => {
    i.new[0]!.keep = 2n;
  }),
  withIngredients("kept gap", "NewLayoutEntry", (i) => {
    i.new[3]!.keep = 1n;
  }),
  withSignals("kept padding", "NewLayoutEntry", setAt("newKeep", 5, 1n)),
  withSignals("old gap mark of 2", "LayoutEntryDigest", setAt("oldGap", 0, 2n)),
  withSignals("new gap mark of 2", "LayoutEntryDigest", setAt("newGap", 1, 2n)),
  withSignals("old variable re-read as a gap", "Attest", (s) => {
    s.oldGap![0] = 1n;
    s.newKeep![0] = 0n;
  }),
  withSignals("old gap re-read as a variable", KEPT, setAt("oldGap", 1, 0n)),
  withIngredients(
    "old variable re-read as a gap and overwritten",
    "Attest",
    (i) => {
      i.old[0]!.gap = 1n;
      i.new[0] = { ...i.new[0]!, type: digest(89), keep: 0n };
    },
    ["layoutRoot"],
  ),
  withIngredients(
    "old variable left out",
    "Attest",
    (i) => {
      i.old.shift();
      i.new.shift();
    },
    ["layoutRoot"],
  ),
  withIngredients(
    "old variable moved along with the new one",
    "Attest",
    (i) => {
      i.old[2]!.lo += 32n;
      i.new[4]!.lo += 32n;
    },
    ["layoutRoot"],
  ),
  ...(["oldHi", "oldPacked", "oldType", "oldLabel", "newHi", "newType", "newLabel"] as const).map((signal) =>
    withSignals(`padding with a value in ${signal}`, "ZeroWhereUnused", (s) => {
      s[signal]![s[signal]!.length - 1] = 1n;
    }),
  ),
  withSignals("old padding marked as a gap", "ZeroWhereUnused", setAt("oldGap", 3, 1n)),
  withSignals("new padding marked as a gap", "ZeroWhereUnused", setAt("newGap", 5, 1n)),
  withSignals("new padding with a position", "ZeroWhereUnused", setAt("newLo", 5, 1n)),
  withSignals("new padding with a size", "ZeroWhereUnused", setAt("newSize", 5, 1n)),
  withSignals("old mark of 2", "Prefix", setAt("oldUsed", 2, 2n)),
  withSignals("new mark of 2", "Prefix", setAt("newUsed", 4, 2n)),
  withSignals("hole in the old marks", "Prefix", setAt("oldUsed", 1, 0n)),
  withSignals("hole in the new marks", "Prefix", setAt("newUsed", 1, 0n)),
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
  ...LAYOUT,
  ...AUDITORS,
];
