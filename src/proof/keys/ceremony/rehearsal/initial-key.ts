import { open } from "node:fs/promises";
import { withCurve } from "../../../curve/index.js";
import { makeKeyFromSecrets } from "../../key-from-secrets.js";
import { R1csFile } from "../../r1cs.js";
import { SectionFile, uint32 } from "../../section-file.js";
import { domainPower } from "../../zkey-format.js";
import { circuitHashOf } from "../circuit-hash.js";
import type { PowersSecrets } from "./powers-from-secrets.js";

const HASH_BYTES = 64;
/** The circuit's hash and the number of contributions, none, end an initial key. */
const END_BYTES = HASH_BYTES + 4;

/**
 * Writes the initial key that snarkjs' `zKey.newZKey` makes of a circuit and powers of tau, in seconds instead of minutes.
 * @param options.secrets of the powers, which have to be twice as many as the circuit's rows: of the last of its double domains a file of
 *   powers lacks the highest one, and this key does not.
 */
export async function writeInitialKey(options: {
  readonly r1csFile: string;
  readonly ptauFile: string;
  readonly zkeyFile: string;
  readonly secrets: PowersSecrets;
}): Promise<void> {
  const { r1csFile, ptauFile, zkeyFile, secrets } = options;
  await makeKeyFromSecrets({
    r1csFile,
    zkeyFile,
    secrets: { ...secrets, delta: 1n },
    contributions: () => Buffer.concat([Buffer.alloc(HASH_BYTES), uint32(0)]),
  });
  const r1cs = await R1csFile.open(r1csFile);
  const rows = 2 ** domainPower(r1cs.header);
  await r1cs.close();
  const [zkey, ptau] = [await SectionFile.open(zkeyFile, "zkey"), await SectionFile.open(ptauFile, "ptau")];
  const hash = await withCurve((curve) => circuitHashOf(curve, { zkey, ptau }, rows));
  await Promise.all([zkey.close(), ptau.close()]);
  const file = await open(zkeyFile, "r+");
  const { size } = await file.stat();
  await file.write(hash, 0, HASH_BYTES, size - END_BYTES);
  await file.close();
}
