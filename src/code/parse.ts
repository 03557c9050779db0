import { getBytes } from "ethers";
import { SealpatchError } from "../errors.js";
import { type Artifact, type CodeReference, createArtifact, type LinkReference } from "./artifact.js";
import { type CompiledContract, type ContractFile, parseContractFile, readMetadata } from "./formats.js";

/** solc's placeholder for a library address: 40 characters in place of 20 bytes of hex. */
const PLACEHOLDER = /__.{36}__/g;
const ADDRESS_BYTES = 20;

/**
 * Reads one contract from a Foundry artifact, a Hardhat artifact, a build-info file of either, or solc's standard-JSON
 * output; the format is told by the content.
 * @param contractName bare (`Vault`) or fully qualified (`contracts/Vault.sol:Vault`); needed where the file holds
 * several contracts.
 * @throws SealpatchError `code/unknown-artifact-format`, `code/invalid-artifact`, `code/compilation-failed`,
 * `code/contract-not-found`, `code/ambiguous-contract`.
 */
export function parseArtifact(json: unknown, contractName?: string): Artifact {
  const contract = selectContract(parseContractFile(json), contractName).read();
  const creation = readCode(contract.bytecode, contract.contractName);
  const runtime = readCode(contract.deployedBytecode, contract.contractName);
  const metadata = readMetadata(contract.metadata);
  const compiler = contract.compiler ?? metadata?.compiler.version;
  return createArtifact({
    contractName: contract.contractName,
    abi: contract.abi,
    template: { creation: creation.bytes, runtime: runtime.bytes },
    immutableReferences: contract.deployedBytecode.immutableReferences,
    linkReferences: [
      ...mergeReferences(creation.libraries, runtime.libraries),
      ...Object.entries(metadata?.settings.libraries ?? {}).map(([library, address]) => ({
        library,
        address,
        creation: [],
        runtime: [],
      })),
    ],
    asts: contract.asts,
    ...(contract.sourceName === undefined ? {} : { sourceName: contract.sourceName }),
    ...(contract.sources === undefined ? {} : { sources: contract.sources }),
    ...(contract.storageLayout === undefined ? {} : { storageLayout: contract.storageLayout }),
    ...(compiler === undefined ? {} : { compiler }),
  });
}

/**
 * Fully qualified names of the contracts in a file that `parseArtifact` reads.
 * @throws SealpatchError `code/unknown-artifact-format`, `code/invalid-artifact`, `code/compilation-failed`.
 */
export function contractNames(json: unknown): string[] {
  return parseContractFile(json).contracts.map(nameOf);
}

function nameOf({ contractName, sourceName }: ContractFile["contracts"][number]): string {
  return `${sourceName}:${contractName}`;
}

function selectContract({ contracts }: ContractFile, wanted: string | undefined) {
  const found = contracts.filter(
    ({ contractName, sourceName }) =>
      wanted === undefined || wanted === contractName || wanted === `${sourceName}:${contractName}`,
  );
  const names = (list: typeof contracts) => list.map(nameOf).join(", ");
  const [contract] = found;
  if (contract === undefined) {
    throw new SealpatchError(
      "code/contract-not-found",
      `the file holds no contract ${wanted ?? ""}`.trimEnd(),
      {
        details: { wanted: wanted ?? null, contracts: names(contracts) },
        remedy: contracts.length > 0 ? `choose one of: ${names(contracts)}` : "compile the contracts first",
      },
    );
  }
  if (found.length > 1) {
    throw new SealpatchError(
      "code/ambiguous-contract",
      wanted === undefined
        ? `the file holds ${found.length} contracts`
        : `the file holds ${found.length} contracts called ${wanted}`,
      {
        details: { wanted: wanted ?? null, candidates: names(found) },
        remedy: `name one of: ${names(found)}`,
      },
    );
  }
  return contract;
}

type LibraryOffsets = Map<string, number[]>;

function readCode(
  { object, linkReferences }: CompiledContract["bytecode"],
  contractName: string,
): { bytes: Uint8Array; libraries: LibraryOffsets } {
  const hex = object.replace(/^0x/, "");
  const names = namesByOffset(linkReferences);
  const libraries: LibraryOffsets = new Map();
  const filled = hex.replace(PLACEHOLDER, (placeholder, position: number) => {
    const library = names.get(position / 2) ?? placeholder;
    libraries.set(library, [...(libraries.get(library) ?? []), position / 2]);
    return "0".repeat(2 * ADDRESS_BYTES);
  });
  try {
    return { bytes: getBytes(`0x${filled}`), libraries };
  } catch {
    // No cause: the message of the library would quote the code.
    throw new SealpatchError("code/invalid-artifact", `the code of ${contractName} is not hex`, {
      details: { contract: contractName },
      why: "code must be whole bytes of hex, apart from solc's placeholders for library addresses",
      remedy: "compile again; do not edit the artifact",
    });
  }
}

function namesByOffset(linkReferences: CompiledContract["bytecode"]["linkReferences"]): Map<number, string> {
  return new Map(
    Object.entries(linkReferences).flatMap(([source, byName]) =>
      Object.entries(byName).flatMap(([name, places]: [string, readonly CodeReference[]]) =>
        places.map(({ start }) => [start, `${source}:${name}`] as const),
      ),
    ),
  );
}

function mergeReferences(creation: LibraryOffsets, runtime: LibraryOffsets): LinkReference[] {
  return [...new Set([...creation.keys(), ...runtime.keys()])].sort().map((library) => ({
    library,
    address: undefined,
    creation: creation.get(library) ?? [],
    runtime: runtime.get(library) ?? [],
  }));
}
