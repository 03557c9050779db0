import { id } from "ethers";

/**
 * Hash of a setup, as the PatchVerifier holds it: keccak256 of the proving keys' fingerprints (`0x` and 64 hex digits each), with colons between them.
 * @param fingerprints in the order of the circuits.
 */
export function setupHashOf(fingerprints: readonly string[]): string {
  return id(fingerprints.join(":"));
}
