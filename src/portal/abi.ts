import { Interface } from "ethers";
import { contractArtifact } from "../chain/index.js";
import type { Manifest } from "../manifest.js";

/** Fragments of a timelock's interface, in ethers' form with all names. */
export type PortalAbi = readonly string[];

/** What a page decodes and encodes: all events and errors, and the functions that it calls, or looks for in a transaction. */
export async function portalAbi(manifest: Manifest): Promise<PortalAbi> {
  const { abi } = await contractArtifact("FastTrackTimelock", manifest);
  return new Interface(abi).format().filter((fragment) => !fragment.startsWith("constructor"));
}
