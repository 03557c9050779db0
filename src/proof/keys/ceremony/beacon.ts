import { createHash } from "node:crypto";
import { hexToBytes } from "@noble/curves/utils.js";
import { SealpatchError } from "../../../errors.js";
import { parseForm } from "../../../file-form.js";
import { lazily } from "../../../lazily.js";
import { zod } from "../../../zod.js";

/**
 * A chain of drand whose rounds are signed one by one (scheme `bls-unchained-g1-rfc9380`: signatures in G1, public key in G2): what a
 * ceremony announces before its first contribution.
 */
export interface BeaconChain {
  readonly name: string;
  /** Compressed point of G2, hex without 0x. */
  readonly publicKey: string;
  /** Seconds since the epoch: time of round 1. */
  readonly genesis: number;
  /** Seconds between rounds. */
  readonly period: number;
}

/** drand's quicknet, as its chain information says: https://api.drand.sh/52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971/info. */
export const QUICKNET: BeaconChain = {
  name: "quicknet",
  publicKey:
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
  genesis: 1_692_803_367,
  period: 3,
};

/** RFC 9380's suite for signatures in G1, which quicknet signs under. */
const DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** A saved answer of drand: signature (compressed point of G1) of a round. */
export interface BeaconAnswer {
  readonly round: number;
  /** 48 bytes as hex, without 0x. */
  readonly signature: string;
  /** SHA-256 of the signature, as hex, where the answer says it. */
  readonly randomness?: string | undefined;
}

const answerForm = lazily(() =>
  zod.object({
    round: zod.int().positive(),
    signature: zod.string().regex(/^[0-9a-f]{96}$/),
    randomness: zod
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  }),
);

const ANSWER_FORM = { code: "ceremony/bad-beacon-answer", what: "a saved answer of drand" } as const;

/**
 * Reads a saved answer of drand (`/public/ROUND`).
 * @throws SealpatchError `ceremony/bad-beacon-answer`.
 */
export function parseBeaconAnswer(file: unknown): BeaconAnswer {
  return parseForm(answerForm(), file, ANSWER_FORM);
}

/** Seconds since the epoch at which a round is signed: nobody knows its randomness before. @param round from 1. */
export function beaconTime(round: number, { genesis, period }: BeaconChain): number {
  return genesis + (round - 1) * period;
}

/**
 * The randomness of a round, once its signature is verified: SHA-256 of the signature.
 * @param announced round and chain that the ceremony named before its first contribution.
 * @returns 32 bytes.
 * @throws SealpatchError `ceremony/other-round`, `ceremony/bad-beacon-signature`.
 * @example
 * ```ts
 * import { beaconRandomness, parseBeaconAnswer, QUICKNET } from "sealpatch/proof";
 * const answer = parseBeaconAnswer(text);
 * const randomness = await beaconRandomness(answer, { round: 657_413, chain: QUICKNET });
 * ```
 */
export async function beaconRandomness(
  answer: BeaconAnswer,
  announced: { readonly round: number; readonly chain: BeaconChain },
): Promise<Uint8Array> {
  const { round, chain } = announced;
  if (answer.round !== round) {
    throw new SealpatchError("ceremony/other-round", "the beacon is of another round", {
      details: { announced: round, actual: answer.round },
      why: `round ${round} was announced, and this is round ${answer.round}`,
      remedy: `save drand's answer for round ${round} of ${chain.name}`,
    });
  }
  const randomness = createHash("sha256").update(hexToBytes(answer.signature)).digest();
  const says = answer.randomness ?? randomness.toString("hex");
  if (says !== randomness.toString("hex") || !(await isSigned(answer, chain))) {
    throw new SealpatchError("ceremony/bad-beacon-signature", "the beacon is not signed by its chain", {
      details: { round, chain: chain.name, publicKey: chain.publicKey },
      why: "the signature is not that of the announced public key over this round",
      remedy: `save drand's answer for round ${round} of ${chain.name} again`,
    });
  }
  return new Uint8Array(randomness);
}

async function isSigned({ round, signature }: BeaconAnswer, { publicKey }: BeaconChain): Promise<boolean> {
  const { bls12_381 } = await import("@noble/curves/bls12-381.js");
  const { shortSignatures } = bls12_381;
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(round));
  const message = createHash("sha256").update(number).digest();
  try {
    const hashed = shortSignatures.hash(new Uint8Array(message), DOMAIN);
    return shortSignatures.verify(hexToBytes(signature), hashed, hexToBytes(publicKey));
  } catch {
    // Bytes that are no point of the curve or of its subgroup.
    return false;
  }
}
