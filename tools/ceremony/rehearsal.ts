import { createHash } from "node:crypto";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bytesToHex } from "@noble/curves/utils.js";
import type { BeaconChain } from "../../src/proof/index.js";
import type { PowersSecrets } from "../../src/proof/keys/ceremony/rehearsal/index.js";

const { shortSignatures } = bls12_381;
const BEACON_SECRET = createHash("sha256").update("a beacon of tests").digest();
const DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** A beacon like quicknet whose rounds are signed here; round 1 came at the epoch, and one comes each second. */
export const TEST_BEACON: BeaconChain = {
  name: "testnet",
  publicKey: bytesToHex(shortSignatures.getPublicKey(new Uint8Array(BEACON_SECRET)).toBytes(true)),
  genesis: 1,
  period: 1,
};

/** What the rehearsals' beacon answers for a round. */
export function beaconAnswer(round: number): { round: number; signature: string } {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(round));
  const message = shortSignatures.hash(new Uint8Array(createHash("sha256").update(number).digest()), DOMAIN);
  const signature = shortSignatures.sign(message, new Uint8Array(BEACON_SECRET));
  return { round, signature: bytesToHex(signature.toBytes(true)) };
}

/** Secrets of the rehearsals' powers of tau. */
export const POWERS_SECRETS: PowersSecrets = {
  tau: 20_011n ** 15n,
  alpha: 20_021n ** 14n,
  beta: 20_023n ** 13n,
};
