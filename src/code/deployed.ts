import { concat, dataSlice, getAddress, getBytes, hexlify } from "ethers";
import type { Artifact, CodeReference } from "./artifact.js";

const ADDRESS_BYTES = 20;
/** How the runtime code of a library begins: PUSH20 of its own address, which the constructor fills in, ADDRESS, EQ. */
const LIBRARY_HEAD = concat(["0x73", `0x${"00".repeat(ADDRESS_BYTES)}`, "0x3014"]);

/** What a deployment wrote into an artifact's runtime code. */
export interface DeployedValues {
  /** Of each immutable that the code reads: 32 bytes as hex, in the order of the declarations. */
  readonly immutables: readonly string[];
  /** Checksummed addresses of the libraries, by their fully qualified names. */
  readonly libraries: Readonly<Record<string, string>>;
}

/**
 * Compares code on a chain with an artifact, byte for byte; what only the deployment knew is read from the code: immutables,
 * libraries that were linked, and where the artifact is a library, its own address. One that stands at several places must be
 * the same at all of them.
 * @param code of the account `address`.
 * @returns undefined where it is other code.
 */
export function readDeployed(
  artifact: Artifact,
  code: Uint8Array,
  address: string,
): DeployedValues | undefined {
  const expected = artifact.template.runtime.slice();
  if (expected.length !== code.length) return undefined;
  const fill = (places: readonly CodeReference[]): string => {
    const { start, length } = places[0]!;
    const value = code.slice(start, start + length);
    for (const place of places) expected.set(value, place.start);
    return hexlify(value);
  };
  // The compiler numbers declarations as they stand in the source.
  const immutables = Object.entries(artifact.immutableReferences)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, places]) => fill(places));
  const open = artifact.linkReferences.filter(
    ({ address, runtime }) => address === undefined && runtime.length > 0,
  );
  const libraries = Object.fromEntries(
    open.map(({ library, runtime }) => {
      const places = runtime.map((start) => ({ start, length: ADDRESS_BYTES }));
      return [library, getAddress(fill(places))];
    }),
  );
  if (dataSlice(expected, 0, Math.min(expected.length, LIBRARY_HEAD.length / 2 - 1)) === LIBRARY_HEAD)
    expected.set(getBytes(address), 1);
  return Buffer.compare(expected, code) === 0 ? { immutables, libraries } : undefined;
}
