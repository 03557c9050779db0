import { createHash } from "node:crypto";
import type { Curve, Point } from "ffjavascript";
import type { SetupSecrets } from "./development-secrets.js";
import { SectionFile, uint32, unreadable } from "./section-file.js";
import { G1_BYTES, G2_BYTES, ZKEY_SECTIONS } from "./zkey-format.js";

/*
 * Section 10 of a .zkey: hash of the circuit (64 bytes), number of contributions (32 bits), and each contribution: delta
 * after it (G1), public key (two points of G1, one of G2), transcript hash (64 bytes), type (32 bits), length of the
 * parameters (32 bits), parameters. A parameter is a type byte and its value; a name (type 1) is a length byte and UTF-8.
 */

const HASH_BYTES = 64;
const FIXED_BYTES = 3 * G1_BYTES + G2_BYTES + HASH_BYTES + 8;
const CONTRIBUTION_BY_PERSON = 0;
const NAME_PARAMETER = 1;
const EXPONENT_PARAMETER = 2;

/** A contribution of a development key has a name that starts so, in every release. */
export const DEVELOPMENT_MARKER = "sealpatch-dev";

// snarkjs takes 64 characters at most.
const DEVELOPMENT_NAME = `${DEVELOPMENT_MARKER}: published secrets, worthless as security`;

/**
 * Section 10 of a development key: one contribution that takes delta from the generator to the key's delta, with the
 * public key and transcript that snarkjs' verification of contributions expects.
 */
export async function developmentContribution(
  curve: Curve,
  secrets: SetupSecrets,
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

/**
 * Names of the contributions of a proving key, in order; "" for a contribution without a name.
 * @throws SealpatchError `key/unreadable` where section 10 is malformed.
 */
export async function readContributionNames(zkeyFile: string): Promise<readonly string[]> {
  const file = await SectionFile.open(zkeyFile, "zkey");
  try {
    return parseNames(await file.read(ZKEY_SECTIONS.contributions));
  } catch (error) {
    if (error instanceof RangeError) throw unreadable(zkeyFile, "its contributions are malformed", error);
    throw error;
  } finally {
    await file.close();
  }
}

// Reads past the end throw RangeError.
function parseNames(section: Buffer): string[] {
  const names: string[] = [];
  let position = HASH_BYTES + 4;
  for (let left = section.readUInt32LE(HASH_BYTES); left > 0; left--) {
    const length = section.readUInt32LE(position + FIXED_BYTES - 4);
    const parameters = section.subarray(position + FIXED_BYTES, position + FIXED_BYTES + length);
    if (parameters.length < length) throw new RangeError("parameters are cut off");
    names.push(parseName(parameters));
    position += FIXED_BYTES + length;
  }
  return names;
}

function parseName(parameters: Buffer): string {
  for (let position = 0; position < parameters.length; ) {
    const type = parameters.readUInt8(position);
    if (type === EXPONENT_PARAMETER) {
      position += 2;
      continue;
    }
    const end = position + 2 + parameters.readUInt8(position + 1);
    if (type === NAME_PARAMETER) return parameters.toString("utf8", position + 2, end);
    position = end;
  }
  return "";
}

/** The hash of snarkjs' transcripts, 64 bytes. */
function blake2b(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("blake2b512");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** snarkjs' way from a transcript hash to a point of G2 whose logarithm nobody knows. */
async function hashToG2(curve: Curve, hash: Buffer): Promise<Point> {
  const { ChaCha } = await import("ffjavascript");
  const seed = Array.from({ length: 8 }, (_, index) => hash.readUInt32BE(4 * index));
  return curve.G2.fromRng(new ChaCha(seed));
}

/** The affine Montgomery form of a point, as key files hold it. */
export function pointBytes(group: Curve["G1"], point: Point): Uint8Array {
  const bytes = new Uint8Array(2 * group.F.n8);
  group.toRprLEM(bytes, 0, point);
  return bytes;
}
