import type { Curve } from "ffjavascript";
import { CONTRIBUTION_BY_PERSON, DEVELOPMENT_MARKER, NAME_PARAMETER } from "./contributions.js";
import type { DevelopmentSecrets } from "./development-secrets.js";
import { uint32 } from "./section-file.js";
import { blake2b, hashToG2, pointBytes } from "./transcript.js";

// snarkjs takes 64 characters at most.
const DEVELOPMENT_NAME = `${DEVELOPMENT_MARKER}: published secrets, worthless as security`;

/**
 * Section 10 of a development key: one contribution that takes delta from the generator to the key's delta, with the
 * public key and transcript that snarkjs' verification of contributions expects.
 */
export async function developmentContribution(
  curve: Curve,
  secrets: DevelopmentSecrets,
  circuitHash: Buffer,
): Promise<Buffer> {
  const { G1, G2 } = curve;
  const deltaAfter = G1.timesScalar(G1.g, secrets.delta);
  const base = G1.timesScalar(G1.g, secrets.contribution);
  const shifted = G1.timesScalar(base, secrets.delta);
  const transcript = blake2b(circuitHash, G1.toUncompressed(base), G1.toUncompressed(shifted));
  const proofOfKnowledge = G2.timesScalar(await hashToG2(curve, transcript), secrets.delta);
  const name = Buffer.from(DEVELOPMENT_NAME, "utf8");
  return Buffer.concat([
    circuitHash,
    uint32(1),
    ...[deltaAfter, base, shifted].map((point) => pointBytes(G1, point)),
    pointBytes(G2, proofOfKnowledge),
    transcript,
    uint32(CONTRIBUTION_BY_PERSON, 2 + name.length),
    Buffer.from([NAME_PARAMETER, name.length]),
    name,
  ]);
}
