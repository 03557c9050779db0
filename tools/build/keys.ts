import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CompiledCircuit } from "../../soundness/index.js";
import { readR1cs, readSymbols, unconstrainedPublicSignals } from "../../soundness/index.js";
import {
  checkVerifyingKey,
  DEVELOPMENT_SEED,
  exportVerifierContract,
  exportVerifyingKey,
  keyFingerprint,
  makeDevelopmentKey,
  type OnProgress,
} from "../../src/proof/keys/index.js";
import { ToolError } from "../tool-error.js";
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
 * these very constraints. A circuit that ignores a public signal gets no key, and a key that fails the checks of T07 is
 * not kept.
 * @throws ToolError where a public signal is ignored, and as `checkVerifyingKey`.
 */
export async function buildDevelopmentKey(
  circuit: string,
  { r1csFile, symFile }: CompiledCircuit,
  verifierName: string,
  onProgress: OnProgress,
): Promise<BuiltKey> {
  // The compiler is deterministic, and the name of the circuit's folder stands for its input: hashing 160 MB of
  // constraints at every start would take longer than everything else.
  const compiled = basename(dirname(r1csFile));
  const key = contentKey([compiled, DEVELOPMENT_SEED, verifierName, "key format 1"]);
  const { folder } = await cached(`keys/${circuit}.dev`, key, async (scratch) => {
    await assertPublicSignalsConstrained(circuit, r1csFile, symFile);
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

async function assertPublicSignalsConstrained(
  circuit: string,
  r1csFile: string,
  symFile: string,
): Promise<void> {
  const free = unconstrainedPublicSignals(await readR1cs(r1csFile), await readSymbols(symFile));
  if (free.length === 0) return;
  throw new ToolError(
    `${circuit} ignores public signals, so that a proof would hold for every value of them: ${free.join(", ")}\n` +
      "constrain or remove them",
  );
}
