import type { Curve } from "ffjavascript";
import { LOCAL_CHAIN_IDS, TEST_CHAIN_IDS } from "../../networks.js";
import { singleThreadCurve } from "../curve/index.js";
import { DEVELOPMENT_MARKER, readContributions } from "./contributions.js";
import { DEVELOPMENT_SEED, developmentSecrets } from "./development-secrets.js";
import { pointBytes } from "./transcript.js";
import type { VerifyingElements } from "./verifying-key.js";
import { readZkeyHeader } from "./zkey-format.js";

/**
 * What a proving key is worth. `development`: its secrets are published. `production`: a ceremony was proven in which one honest contributor is
 * enough. `test`: everything else, as nobody can tell of a key alone who made it.
 */
export type KeyClass = "development" | "test" | "production";

/** Chains on which verifiers of a class may stand; undefined where on all. */
export function chainsOf(keyClass: KeyClass): ReadonlySet<bigint> | undefined {
  if (keyClass === "production") return undefined;
  return keyClass === "test" ? new Set([...LOCAL_CHAIN_IDS, ...TEST_CHAIN_IDS]) : LOCAL_CHAIN_IDS;
}

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
  return Buffer.from(header.alpha1).equals(pointBytes(G1, publishedAlpha(G1)));
}

/** The same of a verifying key, which has no contributions: whether its alpha is the published one. */
export async function hasPublishedAlpha({ vk_alpha_1 }: VerifyingElements): Promise<boolean> {
  const { G1 } = await singleThreadCurve();
  const published = G1.toObject(G1.toAffine(publishedAlpha(G1))) as readonly bigint[];
  return published.join() === vk_alpha_1.join();
}

function publishedAlpha(G1: Curve["G1"]): Uint8Array {
  return G1.timesScalar(G1.g, developmentSecrets(DEVELOPMENT_SEED).alpha);
}
