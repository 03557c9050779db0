import { checkVerifierOnChain, providerOf, setupHash } from "../../chain/index.js";
import { print, printJson } from "../../terminal/index.js";
import { exitCodeOf, printChecks } from "../checks.js";
import { chosenKeys } from "../keys/chosen.js";
import { checkNodeUrl } from "../options.js";

/** What names a verifier and the keys that it has to be made of. */
export interface VerifierOptions {
  readonly rpc: string;
  readonly timelock: string;
  readonly keys?: string;
  readonly ptau?: string;
  readonly json?: boolean;
}

/** Prints the checks of a deployed verifier, those of the keys' ceremony before them where powers of tau are given. */
export async function verifier(options: VerifierOptions): Promise<void> {
  const { rpc, timelock, json } = options;
  checkNodeUrl(rpc);
  const { manifest, keyClass, checks: ofCeremony } = await chosenKeys(options);
  const provider = providerOf(rpc);
  try {
    const checks = [...ofCeremony, ...(await checkVerifierOnChain(provider, timelock, manifest))];
    if (json === true) printJson({ timelock, setupHash: setupHash(manifest), keyClass, checks });
    else {
      print(`keys ${setupHash(manifest)}, class ${keyClass}`);
      printChecks(checks);
    }
    process.exitCode = exitCodeOf(checks);
  } finally {
    provider.destroy();
  }
}
