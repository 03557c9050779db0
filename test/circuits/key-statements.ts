import { addPoint, Base8, mulPointEscalar } from "@zk-kit/baby-jubjub";
import { SUBGROUP_ORDER } from "../../src/audit/curve.js";
import type { Point } from "../../src/audit/index.js";
import { MerkleTree, poseidon, TAGS } from "../../src/field/index.js";
import { reportDigest } from "../../src/vectors/index.js";
import { type Assembled, SMALL_PARAMETERS } from "../../tools/circuits/statements.js";
import { type FalseStatement, type Signals, withSignals } from "./lies.js";

/** Generator of the whole group, of order 8 times a prime (EIP-2494). */
const GENERATOR: Point = [
  995203441582195749578291179787384436505546430278305826713579947235728471134n,
  5472060717959818805561601436314318772137091100104008585924551046643952123905n,
];
export const SECRET = 0x5ea1n;
const OTHER_SECRET = 0x5ea2n;

export const multiple = ([x, y]: Point, scalar: bigint): Point => mulPointEscalar([x, y], scalar);
export const sum = (a: Point, b: Point): Point => addPoint([...a], [...b]);
/** A point of order 8, 4, 2 or, the neutral one, 1. */
export const pointOfOrder = (order: bigint): Point =>
  multiple(multiple(GENERATOR, SUBGROUP_ORDER), 8n / order);

/** An auditor's key as the circuit gets it, with the secret that signs for it: 8 * key = 8 * secret * Base8. */
interface SigningKey {
  readonly key: Point;
  readonly secret: bigint;
}

export const auditor = (secret = SECRET): SigningKey => ({ key: multiple(Base8, secret), secret });

/** The auditor A as A + T, T of this order. */
function shifted(order: bigint): SigningKey {
  const { key, secret } = auditor();
  return { key: sum(key, pointOfOrder(order)), secret };
}

/** The auditor A as -A. */
export function negated(): SigningKey {
  const { key, secret } = auditor();
  return { key: multiple(key, SUBGROUP_ORDER - 1n), secret: SUBGROUP_ORDER - secret };
}

/**
 * Puts these keys into the signer slots, each valid in every other respect: registered as auditors 0, 1 and so on, and with
 * signatures that circomlib's verifier accepts.
 * @param tag first input of what is signed.
 */
export function signAs(keys: readonly SigningKey[], tag = TAGS.attestation) {
  return (signals: Signals, { statement, witness }: Assembled): void => {
    const { commitment, targetsRoot, vectorRoot } = statement;
    const message = poseidon([tag, commitment, targetsRoot, vectorRoot, reportDigest(witness)]);
    const leaves = keys.map(({ key: [x, y] }) => poseidon([TAGS.auditor, x, y]));
    const tree = new MerkleTree(SMALL_PARAMETERS.auditorDepth, leaves);
    const signatures = keys.map(({ key, secret }, index) => {
      const nonce = 77n + BigInt(index);
      const R8 = multiple(Base8, nonce);
      const challenge = poseidon([...R8, ...key, message]);
      return { R8, S: (nonce + 8n * challenge * secret) % SUBGROUP_ORDER };
    });
    const slots = <T>(used: readonly T[], unused: T): T[] => [
      ...used,
      ...Array<T>(SMALL_PARAMETERS.signers - used.length).fill(unused),
    ];
    Object.assign(signals, {
      auditorRoot: tree.root,
      signerUsed: slots(
        keys.map(() => 1n),
        0n,
      ),
      signerIndex: slots(
        keys.map((_, index) => BigInt(index)),
        0n,
      ),
      signerKey: slots(
        keys.map(({ key }) => [...key]),
        [0n, 0n],
      ),
      signerSiblings: slots(
        keys.map((_, index) => tree.path(index)),
        Array<bigint>(SMALL_PARAMETERS.auditorDepth).fill(0n),
      ),
      signatureNonce: slots(
        signatures.map(({ R8 }) => [...R8]),
        [0n, 0n],
      ),
      signatureScalar: slots(
        signatures.map(({ S }) => S),
        0n,
      ),
    });
  };
}

/** Two slots: A, and another key of the same person. */
export const signTwiceAs = (other: SigningKey) => signAs([auditor(), other]);

/** One auditor who counts twice, and auditors who signed something of another kind. */
export const FALSE_KEYS: readonly FalseStatement[] = [
  withSignals("one key at two places of the set", "Auditors", signTwiceAs(shifted(1n))),
  withSignals(
    "signatures over a message of another tag",
    "ForceEqualIfEnabled",
    signAs([auditor(), auditor(OTHER_SECRET)], TAGS.report),
  ),
  withSignals(
    "one key at two places of the set, with another between them",
    "Auditors",
    signAs([auditor(), auditor(OTHER_SECRET), auditor()]),
  ),
  withSignals(
    "one key at the last two places of the signers",
    "Auditors",
    signAs([auditor(OTHER_SECRET), auditor(), auditor()]),
  ),
  ...[2n, 4n, 8n].map((order) =>
    withSignals(`one key, and it with a point of order ${order}`, "Auditors", signTwiceAs(shifted(order))),
  ),
];
