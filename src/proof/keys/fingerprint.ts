import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { SealpatchError } from "../../errors.js";
import type { CircuitArtifacts, CircuitName } from "../../manifest.js";
import { unreadable } from "./section-file.js";

/**
 * SHA-256 of a proving key's file as `0x` and 64 hex digits: the setup transcript hash that goes on chain.
 * @throws SealpatchError `key/unreadable` where the file cannot be read.
 */
export async function keyFingerprint(zkeyFile: string): Promise<`0x${string}`> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(zkeyFile), hash).catch((cause: unknown) => {
    throw unreadable(zkeyFile, "it cannot be opened", cause);
  });
  return `0x${hash.digest("hex")}`;
}

/** Fingerprints of this process by path, each of the file as it was when it was hashed. */
const known = new Map<string, { readonly identity: string; readonly fingerprint: string }>();

/**
 * Refuses a proving key that is not the manifest's. A key is found by its name: what it holds is looked at here, before
 * each use. A file is hashed once in a process (0.7 s for `attest`), and again when its number, its size or one of its
 * times has changed: that trusts the file system to move a file's times when its bytes change.
 * @throws SealpatchError `key/changed`, also where there is no such file; `key/unreadable`.
 */
export async function assertFingerprint(
  circuit: CircuitName,
  { zkey, fingerprint }: Pick<CircuitArtifacts, "zkey" | "fingerprint">,
): Promise<void> {
  const actual = await fingerprintOf(resolve(zkey));
  if (actual === fingerprint) return;
  throw new SealpatchError("key/changed", `the key of ${circuit} is not the one of the build`, {
    details: { circuit, zkeyFile: zkey, expected: fingerprint, actual: actual ?? "none" },
    remedy:
      "delete the folder of the key and make it again; install the package with its own exact dependencies",
  });
}

/** SHA-256 of a file as `0x` and 64 hex digits, hashed when it was last changed; undefined where there is none. @param file absolute. */
export async function fingerprintOf(file: string): Promise<string | undefined> {
  const identity = await identityOf(file);
  if (identity === undefined) return undefined;
  const kept = known.get(file);
  if (kept?.identity === identity) return kept.fingerprint;
  const fingerprint = await keyFingerprint(file);
  // Of a file that changed meanwhile the next look finds another identity.
  known.set(file, { identity, fingerprint });
  return fingerprint;
}

async function identityOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join();
}
