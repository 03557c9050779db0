import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  checkVerifyingKey,
  DEVELOPMENT_SEED,
  exportVerifierContract,
  exportVerifyingKey,
  keyFingerprint,
  makeDevelopmentKey,
  type OnProgress,
} from "../../src/proof/keys/index.js";
import { cached, contentKey } from "./cache.js";

/** A proving key with what is derived from it. */
export interface BuiltKey {
  zkeyFile: string;
  verifyingKeyFile: string;
  /** Source of the Groth16 verifier contract. */
  verifierFile: string;
  fingerprint: string;
}

/**
 * The development key of a circuit, its verifying key and its verifier contract, made where they are missing for
 * these very constraints. Refuses a key that fails the checks of T07 before anything is kept.
 */
export async function buildDevelopmentKey(
  circuit: string,
  r1csFile: string,
  verifierName: string,
  onProgress: OnProgress,
): Promise<BuiltKey> {
  const key = contentKey([await readFile(r1csFile), DEVELOPMENT_SEED, verifierName, "key format 1"]);
  const { folder } = await cached(`keys/${circuit}.dev`, key, async (scratch) => {
    const zkeyFile = join(scratch, `${circuit}.dev.zkey`);
    await makeDevelopmentKey({ r1csFile, zkeyFile, onProgress });
    const verifyingKey = await exportVerifyingKey(zkeyFile);
    await checkVerifyingKey(verifyingKey);
    await writeFile(join(scratch, "verifying-key.json"), JSON.stringify(verifyingKey, null, 1));
    await writeFile(
      join(scratch, `${verifierName}.sol`),
      await exportVerifierContract({ zkeyFile, contractName: verifierName }),
    );
    await writeFile(join(scratch, "fingerprint"), await keyFingerprint(zkeyFile));
  });
  return {
    zkeyFile: join(folder, `${circuit}.dev.zkey`),
    verifyingKeyFile: join(folder, "verifying-key.json"),
    verifierFile: join(folder, `${verifierName}.sol`),
    fingerprint: await readFile(join(folder, "fingerprint"), "utf8"),
  };
}
