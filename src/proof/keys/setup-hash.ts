import { id } from "ethers";

/**
 * Hash of a setup, as the PatchVerifier holds it: keccak256 of the keys' fingerprints, `0x` and 64 hex digits each, with colons between them.
 * @param fingerprints of the proving keys of all circuits, in the order of the list of circuits.
 */
export function setupHashOf(fingerprints: readonly string[]): string {
  return id(fingerprints.join(":"));
}
