import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
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
