import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { powersOfTau, zKey } from "snarkjs";
import { withCurve } from "../../../src/proof/curve/index.js";

export interface CeremonyKey {
  readonly ptau: string;
  /** As `zKey.newZKey` leaves it, without contribution. */
  readonly initialZkey: string;
  /** After one contribution. */
  readonly finalZkey: string;
}

/** Of the powers of tau that tests make. */
export const POWER = 5;

/** Powers of tau by snarkjs itself, of one contribution, prepared; once for each folder. */
export async function makePowersOfTau(folder: string): Promise<{ unprepared: string; prepared: string }> {
  const at = (name: string) => join(folder, `ceremony-${name}.ptau`);
  const made = { unprepared: at("1"), prepared: at("2") };
  if (existsSync(made.prepared)) return made;
  await withCurve(async (curve) => {
    await powersOfTau.newAccumulator(curve, POWER, at("0"));
    await powersOfTau.contribute(at("0"), made.unprepared, "first", "some entropy");
    await powersOfTau.preparePhase2(made.unprepared, made.prepared);
  });
  return made;
}

/** A small ceremony by snarkjs itself, once for each folder, for circuits of up to 31 constraints and public signals. */
export async function makeCeremonyKey(folder: string, r1csFile: string): Promise<CeremonyKey> {
  const at = (name: string) => join(folder, `ceremony-${name}`);
  const { prepared: ptau } = await makePowersOfTau(folder);
  const key = { ptau, initialZkey: at("0.zkey"), finalZkey: at("1.zkey") };
  if (existsSync(key.finalZkey)) return key;
  await withCurve(async () => {
    await zKey.newZKey(r1csFile, key.ptau, key.initialZkey);
    await zKey.contribute(key.initialZkey, key.finalZkey, "first", "more entropy");
  });
  return key;
}

/** The content of one section of a .zkey. */
export async function zkeySection(zkeyFile: string, id: number): Promise<Buffer> {
  const bytes = await readFile(zkeyFile);
  for (let position = 12; position < bytes.length; ) {
    const size = Number(bytes.readBigUInt64LE(position + 4));
    if (bytes.readUInt32LE(position) === id) return bytes.subarray(position + 12, position + 12 + size);
    position += 12 + size;
  }
  throw new Error(`no section ${id} in ${zkeyFile}`);
}
