import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Group } from "ffjavascript";
import { zKey } from "snarkjs";
import { singleThreadCurve, withCurve } from "../../../src/proof/curve/index.js";
import { writePowersOfTau } from "../../../src/proof/keys/ceremony/rehearsal/index.js";
import {
  CONTRIBUTION_BY_PERSON,
  NAME_PARAMETER,
  readContributions,
} from "../../../src/proof/keys/contributions.js";
import { developmentSecrets } from "../../../src/proof/keys/development-secrets.js";
import { inverse } from "../../../src/proof/keys/modular.js";
import { uint32 } from "../../../src/proof/keys/section-file.js";
import { blake2b, hashToG2, pointBytes } from "../../../src/proof/keys/transcript.js";
import { ZKEY_SECTIONS } from "../../../src/proof/keys/zkey-format.js";

/** Secrets of the powers of tau that these tests make. */
export const SECRETS = developmentSecrets("powers of tau of tests");
const BEACON = "fc1873a13f3545ae".repeat(4);
const curve = await singleThreadCurve();
const { G1, G2 } = curve;

export interface KeySeries {
  readonly ptauFile: string;
  /** After nobody, three people, and a beacon. */
  readonly keys: readonly string[];
}

/** A ceremony by snarkjs over powers of tau of known secrets. @param options.power of the circuit's domain. */
export async function makeKeySeries(
  folder: string,
  { r1csFile, power }: { readonly r1csFile: string; readonly power: number },
): Promise<KeySeries> {
  const ptauFile = join(folder, "powers.ptau");
  const keys = Array.from({ length: 5 }, (_, index) => join(folder, `${index}.zkey`));
  await writePowersOfTau(ptauFile, { power, ...SECRETS });
  await withCurve(async () => {
    await zKey.newZKey(r1csFile, ptauFile, keys[0]!);
    for (const [index, name] of ["first", "second", "third"].entries()) {
      await zKey.contribute(keys[index]!, keys[index + 1]!, name, `entropy of the ${name}`);
    }
    await zKey.beacon(keys[3]!, keys[4]!, "beacon", BEACON, 10);
  });
  return { ptauFile, keys };
}

/** All sections of a key, in order. */
export async function readSections(zkeyFile: string): Promise<Map<number, Buffer>> {
  const bytes = await readFile(zkeyFile);
  const sections = new Map<number, Buffer>();
  for (let position = 12; position < bytes.length; ) {
    const size = Number(bytes.readBigUInt64LE(position + 4));
    sections.set(bytes.readUInt32LE(position), bytes.subarray(position + 12, position + 12 + size));
    position += 12 + size;
  }
  return sections;
}

/** Changes a section in place. */
export function inPlace(change: (section: Buffer) => unknown): (section: Buffer) => Buffer {
  return (section) => {
    change(section);
    return section;
  };
}

/** Writes a key with other sections. @param change gets copies of the sections; what it returns stands in their place. */
export async function rewriteKey(
  zkeyFile: string,
  target: string,
  change: Readonly<Record<number, (section: Buffer) => Uint8Array>>,
): Promise<string> {
  const sections = await readSections(zkeyFile);
  const parts: Uint8Array[] = [Buffer.from("zkey"), uint32(1, sections.size)];
  for (const [id, old] of sections) {
    const copy = Buffer.from(old);
    const content = change[id]?.(copy) ?? copy;
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(content.length));
    parts.push(uint32(id), size, content);
  }
  await writeFile(target, Buffer.concat(parts));
  return target;
}

/** The points of a section. */
export function pointsOf(section: Uint8Array, group: Group): Uint8Array[] {
  const size = 2 * group.F.n8;
  return Array.from({ length: section.length / size }, (_, i) =>
    new Uint8Array(section).slice(i * size, (i + 1) * size),
  );
}

/** A section with each point times a scalar. */
export function timesAll(section: Uint8Array, scalar: bigint): Buffer {
  return Buffer.concat(pointsOf(section, G1).map((point) => pointBytes(G1, G1.timesScalar(point, scalar))));
}

/** Contributes a secret of one's choice, with a public key of one's choice: an honest contribution but for the choice. */
export async function contributeWith(
  zkeyFile: string,
  target: string,
  { secret, base, name = "" }: { readonly secret: bigint; readonly base: bigint; readonly name?: string },
): Promise<string> {
  const { circuitHash, entries } = await readContributions(zkeyFile);
  const before = entries.flatMap(({ deltaAfter, base, shifted, proofOfKnowledge, transcript }) => [
    ...[deltaAfter, base, shifted].map((point) => G1.toUncompressed(point)),
    G2.toUncompressed(proofOfKnowledge),
    transcript,
  ]);
  const publicKey = [base, base * secret].map((scalar) => G1.timesScalar(G1.g, scalar % curve.r));
  const transcript = blake2b(circuitHash, ...before, ...publicKey.map((point) => G1.toUncompressed(point)));
  const proof = G2.timesScalar(await hashToG2(curve, transcript), secret);
  const header = (await readSections(zkeyFile)).get(ZKEY_SECTIONS.header)!;
  const [delta1, delta2] = [header.subarray(-192, -128), header.subarray(-128)];
  const after = [
    pointBytes(G1, G1.timesScalar(new Uint8Array(delta1), secret)),
    pointBytes(G2, G2.timesScalar(new Uint8Array(delta2), secret)),
  ] as const;
  const text = Buffer.from(name);
  const parameters = Buffer.from(name === "" ? [] : [NAME_PARAMETER, text.length, ...text]);
  const entry = Buffer.concat([
    after[0],
    ...publicKey.map((point) => pointBytes(G1, point)),
    pointBytes(G2, proof),
    transcript,
    uint32(CONTRIBUTION_BY_PERSON, parameters.length),
    parameters,
  ]);
  const divide = (section: Buffer) => timesAll(section, inverse(secret));
  return rewriteKey(zkeyFile, target, {
    [ZKEY_SECTIONS.header]: (section) => Buffer.concat([section.subarray(0, -192), ...after]),
    [ZKEY_SECTIONS.c]: divide,
    [ZKEY_SECTIONS.h]: divide,
    [ZKEY_SECTIONS.contributions]: (section) => {
      section.writeUInt32LE(entries.length + 1, 64);
      return Buffer.concat([section, entry]);
    },
  });
}
