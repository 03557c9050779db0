import { SealpatchError } from "../../errors.js";
import { LOCAL_CHAIN_IDS } from "../../networks.js";
import { singleThreadCurve } from "../curve/index.js";
import { DEVELOPMENT_MARKER, readContributions } from "./contributions.js";
import { DEVELOPMENT_SEED, developmentSecrets } from "./development-secrets.js";
import { pointBytes } from "./transcript.js";
import { readZkeyHeader } from "./zkey-format.js";

/** What a proving key is worth: secrets published, or made by a ceremony. */
export type KeyMarker = "development" | "ceremony";

/**
 * Whether a proving key is a development key: one of its contributions says so, whatever was contributed after it, or
 * its alpha is the published one, whatever its contributions say.
 * @throws SealpatchError `key/unreadable` where the file is not a Groth16 .zkey.
 */
export async function isDevelopmentKey(zkeyFile: string): Promise<boolean> {
  const header = await readZkeyHeader(zkeyFile);
  const { entries } = await readContributions(zkeyFile);
  if (entries.some(({ name }) => name.startsWith(DEVELOPMENT_MARKER))) return true;
  const { G1 } = await singleThreadCurve();
  const published = G1.timesScalar(G1.g, developmentSecrets(DEVELOPMENT_SEED).alpha);
  return Buffer.from(header.alpha1).equals(pointBytes(G1, published));
}

/** The marker of a proving key, for files that describe keys. Errors as `isDevelopmentKey`. */
export async function readKeyMarker(zkeyFile: string): Promise<KeyMarker> {
  return (await isDevelopmentKey(zkeyFile)) ? "development" : "ceremony";
}

/**
 * Refuses development keys on every chain that is not local. Call it before any transaction that deploys a verifier.
 * @throws SealpatchError `key/development-key` where the key is one and the chain is not local.
 * @throws SealpatchError `key/unreadable` where `zkeyFile` is not a Groth16 .zkey.
 */
export async function assertDeployable(
  options: { chainId: bigint } & ({ zkeyFile: string } | { marker: KeyMarker }),
): Promise<void> {
  const marker = "marker" in options ? options.marker : await readKeyMarker(options.zkeyFile);
  if (marker === "ceremony" || LOCAL_CHAIN_IDS.has(options.chainId)) return;
  throw new SealpatchError("key/development-key", "a development key must not be deployed on this chain", {
    details: { chainId: options.chainId },
    why: "its secrets are published: anybody can make a proof of any false statement",
    remedy:
      "run a ceremony and deploy the verifier of its key, or deploy to a local chain; a rehearsal on a fork runs as one: `anvil --chain-id 31337`",
  });
}
