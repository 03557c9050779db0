import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { addKeys, openKeyPackage, PRODUCT_CIRCUITS } from "../../src/ceremony/index.js";
import type { Manifest } from "../../src/manifest.js";
import { buildCircuit } from "../../src/proof/index.js";
import { makeKeyFromSecrets } from "../../src/proof/keys/key-from-secrets.js";
import { POWERS_SECRETS } from "../../tools/ceremony/rehearsal.js";
import { writePackage } from "../ceremony/made-package.js";

/** Of an initial key: a hash of the circuit, and no contribution. */
const NO_CONTRIBUTIONS = Buffer.alloc(64 + 4);

/**
 * Installs a key package of both circuits at full size, of secrets that are not those of development keys: of the class `test`.
 * @param home `SEALPATCH_HOME` of the commands that use it, from now on that of this process; the package itself lies there, too.
 * @returns its keys, and how the command line names them.
 */
export async function installKeys(home: string): Promise<{ manifest: Manifest; prefix: string }> {
  await mkdir(home, { recursive: true });
  const keys: string[] = [];
  for (const { name, source } of PRODUCT_CIRCUITS) {
    const { r1csFile } = await buildCircuit({ source });
    const zkeyFile = join(home, `${name}.zkey`);
    const secrets = { ...POWERS_SECRETS, delta: 20_029n ** 12n };
    await makeKeyFromSecrets({ r1csFile, zkeyFile, secrets, contributions: () => NO_CONTRIBUTIONS });
    keys.push(zkeyFile);
  }
  const packaged = join(home, "package");
  const { setupHash } = await writePackage(packaged, { keys, circuits: PRODUCT_CIRCUITS });
  process.env.SEALPATCH_HOME = home;
  await addKeys(packaged);
  return { manifest: await openKeyPackage(packaged), prefix: setupHash.slice(0, 10) };
}
