import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CompiledCircuit } from "../../../soundness/index.js";
import { cached, contentKey } from "../../cached.js";
import { SealpatchError } from "../../errors.js";
import type { CircuitName } from "../../manifest.js";
import { checkVerifyingKey } from "./check-verifying-key.js";
import { makeDevelopmentKey } from "./development-key.js";
import { DEVELOPMENT_SEED } from "./development-secrets.js";
import { keyFingerprint } from "./fingerprint.js";
import type { OnProgress } from "./progress.js";
import { VERIFIERS } from "./verifier-contract.js";
import { exportVerifyingKey } from "./verifying-key.js";

/** A proving key with what is derived from it. */
export interface BuiltKey {
  zkeyFile: string;
  verifyingKeyFile: string;
  fingerprint: string;
}

/**
 * The development key of a circuit and its verifying key, made where they are missing for these very constraints. A circuit that ignores a public signal gets no key, and a key that fails the checks of T07 is
 * not kept.
 * @param options.home folder below which the key is kept; the repository's build unless given.
 * @throws SealpatchError `key/free-signal`, or as `checkVerifyingKey`.
 */
export async function buildDevelopmentKey(
  circuit: CircuitName,
  { r1csFile, symFile }: CompiledCircuit,
  options: { readonly home?: string; readonly onProgress?: OnProgress } = {},
): Promise<BuiltKey> {
  // The compiler is deterministic, and the name of the circuit's folder stands for its input: hashing 160 MB of
  // constraints at every start would take longer than everything else.
  const compiled = basename(dirname(r1csFile));
  const key = contentKey([compiled, DEVELOPMENT_SEED, VERIFIERS[circuit], "key format 1"]);
  const { folder } = await cached(
    `keys/${circuit}.dev`,
    key,
    async (scratch) => {
      await assertPublicSignalsConstrained(circuit, r1csFile, symFile);
      const zkeyFile = join(scratch, `${circuit}.dev.zkey`);
      await makeDevelopmentKey({ ...options, r1csFile, zkeyFile });
      const verifyingKey = await exportVerifyingKey(zkeyFile);
      await checkVerifyingKey(verifyingKey);
      await writeFile(join(scratch, "verifying-key.json"), JSON.stringify(verifyingKey, null, 1));
      await writeFile(join(scratch, "fingerprint"), await keyFingerprint(zkeyFile));
    },
    options.home,
  );
  return {
    zkeyFile: join(folder, `${circuit}.dev.zkey`),
    verifyingKeyFile: join(folder, "verifying-key.json"),
    fingerprint: await readFile(join(folder, "fingerprint"), "utf8"),
  };
}

async function assertPublicSignalsConstrained(
  circuit: string,
  r1csFile: string,
  symFile: string,
): Promise<void> {
  const { readR1cs, readSymbols, unconstrainedPublicSignals } = await import("../../../soundness/index.js");
  const free = unconstrainedPublicSignals(await readR1cs(r1csFile), await readSymbols(symFile));
  if (free.length === 0) return;
  throw new SealpatchError("key/free-signal", `${circuit} ignores the public signal ${free[0]}`, {
    details: { circuit, signals: free.join(", ") },
    why: "a proof would hold for every value of it",
    remedy: "constrain the signal or remove it",
  });
}
