import { getBytes, id } from "ethers";
import { SealpatchError } from "../errors.js";
import { checkAddress } from "./address.js";
import { type Artifact, createArtifact, type LinkReference } from "./artifact.js";

/**
 * The artifact with library addresses written into its code. Libraries may be linked in several steps.
 * @param libraries addresses by name: fully qualified (`contracts/Lib.sol:Lib`), or the bare name where it is unique.
 * @throws SealpatchError `code/unknown-library` where the code uses no library of that name, or none that still needs
 * an address; `code/ambiguous-library` where a bare name stands for several; `code/invalid-address`.
 */
export function linkArtifact(artifact: Artifact, libraries: Readonly<Record<string, string>>): Artifact {
  const creation = artifact.template.creation.slice();
  const runtime = artifact.template.runtime.slice();
  const linked = new Map<LinkReference, string>();
  for (const [name, given] of Object.entries(libraries)) {
    const reference = findLibrary(artifact, name);
    const address = checkAddress(given, name);
    const bytes = getBytes(address);
    for (const offset of reference.creation) creation.set(bytes, offset);
    for (const offset of reference.runtime) runtime.set(bytes, offset);
    linked.set(reference, address);
  }
  return createArtifact({
    ...artifact,
    template: { creation, runtime },
    linkReferences: artifact.linkReferences.map((reference) => ({
      ...reference,
      address: linked.get(reference) ?? reference.address,
    })),
  });
}

/** What solc writes for the address of a library: 17 bytes of the hash of its fully qualified name. */
function libraryPlaceholder(library: string): string {
  return `__$${id(library).slice(2, 36)}$__`;
}

function findLibrary(artifact: Artifact, name: string): LinkReference {
  const open = artifact.linkReferences.filter(({ address }) => address === undefined);
  const exact = open.filter(({ library }) => library === name || library === libraryPlaceholder(name));
  const found = exact.length > 0 ? exact : open.filter(({ library }) => library.split(":").at(-1) === name);
  const [reference] = found;
  if (reference === undefined) {
    const names = open.map(({ library }) => library).join(", ");
    throw new SealpatchError(
      "code/unknown-library",
      `${artifact.contractName} has no unlinked library ${name}`,
      {
        details: { contract: artifact.contractName, library: name, unlinked: names },
        remedy: names === "" ? "give no address for it: nothing is left to link" : `use one of: ${names}`,
      },
    );
  }
  if (found.length > 1) {
    const names = found.map(({ library }) => library).join(", ");
    throw new SealpatchError(
      "code/ambiguous-library",
      `${artifact.contractName} uses several libraries called ${name}`,
      {
        details: { contract: artifact.contractName, library: name, candidates: names },
        remedy: `use the fully qualified name, one of: ${names}`,
      },
    );
  }
  return reference;
}
