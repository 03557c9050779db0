import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "../../at-exit.js";
import { SealpatchError } from "../../errors.js";
import { developmentContribution } from "./development-contribution.js";
import { DEVELOPMENT_SEED, developmentSecrets } from "./development-secrets.js";
import { keyFingerprint } from "./fingerprint.js";
import { type KeyFromSecrets, makeKeyFromSecrets } from "./key-from-secrets.js";
import type { OnProgress } from "./progress.js";

/**
 * Makes a Groth16 proving key with secrets derived from a published seed: no ceremony and no download, and **worthless as
 * security**, which the contribution inside the key states. The same constraints and seed give the same bytes.
 * @throws SealpatchError as `makeKeyFromSecrets`.
 */
export async function makeDevelopmentKey(options: {
  r1csFile: string;
  zkeyFile: string;
  seed?: string;
  onProgress?: OnProgress;
}): Promise<void> {
  const { r1csFile, zkeyFile, seed = DEVELOPMENT_SEED, onProgress } = options;
  const secrets = developmentSecrets(seed);
  const contributions: KeyFromSecrets["contributions"] = (curve, circuitHash) =>
    developmentContribution(curve, secrets, circuitHash);
  await makeKeyFromSecrets({ r1csFile, zkeyFile, secrets, contributions, onProgress });
}

/**
 * Checks that a development key belongs to a circuit: makes the key again and compares.
 * @throws SealpatchError `key/other-circuit` where the key has other bytes.
 */
export async function verifyDevelopmentKey(options: {
  r1csFile: string;
  zkeyFile: string;
  seed?: string;
  onProgress?: OnProgress;
}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-key-"));
  const done = atExit(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const again = join(folder, "again.zkey");
    await makeDevelopmentKey({ ...options, zkeyFile: again });
    const [expected, actual] = await Promise.all([keyFingerprint(again), keyFingerprint(options.zkeyFile)]);
    if (expected === actual) return;
    throw new SealpatchError("key/other-circuit", "the development key does not belong to this circuit", {
      details: { zkeyFile: options.zkeyFile, r1csFile: options.r1csFile, expected, actual },
      why: "a key made again from the circuit has other bytes",
      remedy: "delete the key and make it again",
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
    done();
  }
}
