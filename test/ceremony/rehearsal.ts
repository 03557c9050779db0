import { createHash } from "node:crypto";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bytesToHex } from "@noble/curves/utils.js";
import type { CeremonyCircuit } from "../../src/ceremony/index.js";
import type { BeaconChain } from "../../src/proof/index.js";
import { makeKeyFromSecrets } from "../../src/proof/keys/key-from-secrets.js";
import { uint32 } from "../../src/proof/keys/section-file.js";
import { INSTANCES } from "../../tools/circuits/instances.js";

/** Small instances of the product's circuits, in their places. */
export const SMALL_CIRCUITS: readonly CeremonyCircuit[] = [
  { name: "attest", source: INSTANCES["attest-small"], verifier: "AttestVerifier" },
  { name: "bind", source: INSTANCES["bind-small"], verifier: "BindVerifier" },
];

/** Circuits of a few constraints, for what every circuit has in common; 2^5 powers of tau are enough. */
export const TINY_CIRCUITS: readonly CeremonyCircuit[] = [
  { name: "multiplier", source: "test/proof/circuits/multiplier.circom", verifier: "MultiplierVerifier" },
  { name: "guarded", source: "test/proof/circuits/guarded.circom", verifier: "GuardedVerifier" },
];

const { shortSignatures } = bls12_381;
const BEACON_SECRET = createHash("sha256").update("a beacon of tests").digest();
const DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** A beacon like quicknet whose rounds the tests sign; round 1 came at the epoch, and one comes each second. */
export const TEST_BEACON: BeaconChain = {
  name: "testnet",
  publicKey: bytesToHex(shortSignatures.getPublicKey(new Uint8Array(BEACON_SECRET)).toBytes(true)),
  genesis: 1,
  period: 1,
};

/** What the tests' beacon answers for a round. */
export function beaconAnswer(round: number): { round: number; signature: string } {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(round));
  const message = shortSignatures.hash(new Uint8Array(createHash("sha256").update(number).digest()), DOMAIN);
  const signature = shortSignatures.sign(message, new Uint8Array(BEACON_SECRET));
  return { round, signature: bytesToHex(signature.toBytes(true)) };
}

/** Secrets of the tests' powers of tau: with delta 1 those of an initial key over them. */
export const POWERS_SECRETS = { tau: 20_011n ** 15n, alpha: 20_021n ** 14n, beta: 20_023n ** 13n };

/** The initial key that a circuit has over the tests' powers, in seconds; snarkjs needs minutes to make it of the powers alone. */
export function writeInitialKey(r1csFile: string, zkeyFile: string): Promise<void> {
  return makeKeyFromSecrets({
    r1csFile,
    zkeyFile,
    secrets: { ...POWERS_SECRETS, delta: 1n },
    contributions: (_, circuitHash) => Buffer.concat([circuitHash, uint32(0)]),
  });
}
