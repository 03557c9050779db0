import { Base8 } from "@zk-kit/baby-jubjub";
import { reduce } from "../../soundness/modular.js";
import { SUBGROUP_ORDER } from "../../src/audit/curve.js";
import { attestedMessage, type Point } from "../../src/audit/index.js";
import { MerkleTree, poseidon, TAGS } from "../../src/field/index.js";
import { reportDigest } from "../../src/vectors/index.js";
import { type Assembled, type Change, SMALL_PARAMETERS } from "../../tools/circuits/statements.js";
import { auditor, multiple, pointOfOrder, SECRET, signAs, sum } from "./key-statements.js";
import {
  type FalseStatement,
  type Signals,
  set,
  setAt,
  withIngredients,
  withSettledSignals,
  withSignals,
} from "./lies.js";

// Lies that one constraint alone refuses, because the prover makes everything else fit: where it is missing, nothing
// notices them.

/** Empties these signals at one place. */
const empty = (names: readonly string[], place: number) => (signals: Signals) => {
  for (const name of names) signals[name]![place] = 0n;
};

const MARKS: readonly FalseStatement[] = [
  withSettledSignals(
    "baseline mark of 2 that the vector root covers",
    "Prefix",
    setAt("baselineUsed", 3, 2n),
  ),
  withSettledSignals(
    "hole in the baseline marks that the vector root covers",
    "Prefix",
    empty(["baselineUsed", "baselineInput", "baselineExpectation", "baselineRuns", "baselineOutcome"], 1),
  ),
  withSettledSignals(
    "hole in the old marks that the layout root covers",
    "Prefix",
    empty(["oldUsed", "oldGap", "oldHi", "oldPacked", "oldType", "oldLabel"], 1),
  ),
  withSignals("one signer, behind an empty slot", "Prefix", (signals) => {
    set("threshold", 1n)(signals);
    empty(["signerUsed", "signerIndex", "signatureScalar"], 0)(signals);
    for (const name of ["signerKey", "signatureNonce", "signerSiblings"]) {
      const rows = signals[name] as unknown as bigint[][];
      rows[0] = rows[0]!.map(() => 0n);
    }
  }),
  withIngredients("old declared mark of 2 that the layout root covers", "DeclaredLabel", (i) => {
    const [{ old }] = i.changes as [Change];
    old.declared = 2n;
    const told = poseidon([TAGS.layoutChanged, old.name, old.formerName, old.formerType]);
    i.old[3]!.label = reduce(2n * told - old.name);
  }),
];

/**
 * A point off the curve whose double's double has y = 0, so that eight times it has x = 0, as the neutral point: after
 * the formulas of circomlib's verifier, any nonce point signs anything for it.
 */
const OFF_CURVE: Point = [
  39222119382910701434746489823779537690875150231780532877757254532152535846n,
  117666358148732104304239469471338613072625450695341598633271763596457607538n,
];

/** Registers this key at every place of the set, and names a place that the set does not have. */
function placeBeyond(signals: Signals): void {
  const rows = (name: string) => signals[name] as unknown as bigint[][];
  const { auditorDepth } = SMALL_PARAMETERS;
  const places = 2 ** auditorDepth;
  const tree = new MerkleTree(
    auditorDepth,
    Array<bigint>(places).fill(poseidon([TAGS.auditor, ...rows("signerKey")[0]!])),
  );
  set("auditorRoot", tree.root)(signals);
  set("threshold", 1n)(signals);
  empty(["signerUsed", "signerIndex", "signatureScalar"], 1)(signals);
  for (const name of ["signerKey", "signatureNonce", "signerSiblings"]) {
    rows(name)[1] = rows(name)[1]!.map(() => 0n);
  }
  rows("signerSiblings")[0] = tree.path(0);
  signals.signerIndex![0] = BigInt(places);
}

/** Negates the signature of auditor 0: with its nonce point shifted by nothing, or by the point of order 2, one coordinate fits. */
function halfRight(nonceShift: Point) {
  return (signals: Signals, truth: Assembled): void => {
    signAs([auditor(), auditor(SECRET + 1n)])(signals, truth);
    const { statement, witness } = truth;
    const message = attestedMessage({ ...statement, reportDigest: reportDigest(witness) });
    const nonce = 77n;
    const R8 = sum(multiple(Base8, nonce), nonceShift);
    const challenge = poseidon([...R8, ...auditor().key, message]);
    (signals.signatureNonce as unknown as bigint[][])[0] = [...R8];
    signals.signatureScalar![0] = SUBGROUP_ORDER - ((nonce + 8n * challenge * SECRET) % SUBGROUP_ORDER);
  };
}

const KEYS: readonly FalseStatement[] = [
  withSignals("index of 2^depth where one key has every place", "Num2Bits", placeBeyond),
  withSignals(
    "registered key of order 4, for which any nonce point signs",
    "EdDSAPoseidonVerifier",
    signAs([{ key: pointOfOrder(4n), secret: 0n }, auditor()]),
  ),
  withSignals(
    "registered key off the curve, for which any nonce point signs",
    "BabyCheck",
    signAs([{ key: OFF_CURVE, secret: 0n }, auditor()]),
  ),
  // -(x, y) = (-x, y), and (x, y) plus the point of order 2 is (-x, -y).
  withSignals("signature that is right in y alone", "ForceEqualIfEnabled", halfRight([0n, 1n])),
  withSignals("signature that is right in x alone", "ForceEqualIfEnabled", halfRight(pointOfOrder(2n))),
];

/** Each is refused by one constraint alone. */
export const LONE_STATEMENTS: readonly FalseStatement[] = [...MARKS, ...KEYS];
