import { EventFragment, FunctionFragment, Interface } from "ethers";
import { contractArtifact } from "../chain/index.js";
import type { Manifest } from "../manifest.js";

/** Fragments of a timelock's interface, in ethers' form with all names. */
export type PortalAbi = readonly string[];

/** Functions that a page asks the timelock. */
const ASKED = [
  ...["baselineOf", "halted", "hasRole", "laneStatus", "nextDisclosureDueAt", "nonceOf", "policyOf"],
  ...["statementOf", "verifier"],
];
/** Functions that a page looks for in a transaction, or makes calldata of. */
const SENT = ["schedule", "execute", "disclose", "veto", "setPolicy"];

/** What a page decodes and encodes: all events, the functions that it asks, and those that others send. */
export async function portalAbi(manifest: Manifest): Promise<PortalAbi> {
  const { abi } = await contractArtifact("FastTrackTimelock", manifest);
  const used = new Interface(abi).fragments.filter(
    (fragment) =>
      fragment instanceof EventFragment ||
      (fragment instanceof FunctionFragment && [...ASKED, ...SENT].includes(fragment.name)),
  );
  return used.map((fragment) => fragment.format("full"));
}
