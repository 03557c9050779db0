import { hexlify, keccak256 } from "ethers";
import type { Artifact } from "../code/index.js";
import type { PortalData } from "./model.js";

/** Bytes of an address. */
const ADDRESS = 20;

/** Hash of a contract's runtime code with zeros where a deployment writes into it: immutables, and addresses of libraries. */
export function codeHashes(
  artifacts: readonly Artifact[],
): Pick<PortalData["key"], "codehashes"> & Required<Pick<PortalData["key"], "holes">> {
  const of = <T>(value: (artifact: Artifact) => T): Record<string, T> =>
    Object.fromEntries(artifacts.map((artifact) => [artifact.contractName, value(artifact)]));
  return {
    codehashes: of((artifact) => {
      const code = artifact.template.runtime.slice();
      for (const [start, length] of holesOf(artifact)) code.fill(0, start, start + length);
      return keccak256(hexlify(code));
    }),
    holes: of(holesOf),
  };
}

function holesOf({ immutableReferences, linkReferences }: Artifact): [number, number][] {
  const immutables = Object.values(immutableReferences).flat();
  return [
    ...immutables.map(({ start, length }): [number, number] => [start, length]),
    ...linkReferences.flatMap(({ runtime }) => runtime.map((start): [number, number] => [start, ADDRESS])),
  ];
}
