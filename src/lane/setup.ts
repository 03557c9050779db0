import { setupHash, type TimelockClient } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import type { Manifest } from "../manifest.js";

/**
 * Checks that the verifier which a timelock asks was made of these keys: it would refuse every proof of others.
 * @throws SealpatchError `lane/other-keys`, and as `TimelockClient` where the node does not answer.
 * @example
 * ```ts
 * await assertKeysOf(timelock, await readManifest());
 * ```
 */
export async function assertKeysOf(timelock: TimelockClient, manifest: Manifest): Promise<void> {
  const deployed = await timelock.setupHash();
  const own = setupHash(manifest);
  if (deployed === own) return;
  throw new SealpatchError("lane/other-keys", "the timelock's verifier was made of other keys", {
    details: { timelock: timelock.address, verifier: deployed, keys: own },
    why: `the verifier has the setup hash ${deployed}, and these keys ${own}`,
    remedy: "prove with the keys that the verifier was made of",
  });
}
