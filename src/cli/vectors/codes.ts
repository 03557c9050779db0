import { readFile } from "node:fs/promises";
import { concat, getBytes } from "ethers";
import { type Artifact, assertCodeSize, deployCode, parseArtifact, readArtifact } from "../../code/index.js";
import { SealpatchError } from "../../errors.js";
import { canonicalLayout } from "../../layout/index.js";
import { collectFile, compileStandardJson } from "../../solc/index.js";
import type { Hardfork, Hex, KnownCode, KnownVariable, VectorSet } from "../../vectors/index.js";
import { splitArgument, unreadable } from "../file-argument.js";
import { hexArgument } from "../hex-argument.js";
import { type CodeOptions, checkAddress, usageError } from "../options.js";

/** Where code stands unless the command line says otherwise: an account that no recorded chain could have. */
const DEFAULT_ADDRESS: Hex = "0x5ea1c0de5ea1c0de5ea1c0de5ea1c0de5ea1c0de";

/** Code that a command line names, with what its compiler tells about it. */
export interface LoadedCode extends KnownCode {
  /** Whether the command line says where it stands. */
  readonly placed: boolean;
}

/**
 * Loads the codes of a command line.
 * @param set what they will be run on: it tells the chain id, and the address where its subject is itself under test.
 * @throws SealpatchError `cli/usage`, `cli/unreadable-code`, and those of `readArtifact` and `deployCode`.
 */
export async function loadCodes(options: CodeOptions, set: VectorSet): Promise<LoadedCode[]> {
  const { code = [], address = [], constructorArgs = [] } = options;
  if (address.length > code.length || constructorArgs.length > code.length) {
    throw usageError(
      "there are more addresses or constructor arguments than codes",
      "give each of them once for every --code, in the same order",
    );
  }
  return Promise.all(
    code.map((argument, index) => loadCode(argument, set, address[index], constructorArgs[index])),
  );
}

async function loadCode(
  argument: string,
  { vectors }: VectorSet,
  chosen: string | undefined,
  constructorArgs: string | undefined,
): Promise<LoadedCode> {
  const placed = chosen === undefined ? undefined : checkAddress(chosen);
  const [first] = vectors;
  const address = placed ?? (first?.pointer === null ? first.subject : DEFAULT_ADDRESS);
  const { file, contract } = splitArgument(argument);
  const hex = contract === undefined && !isSolidity(file) ? await readHex(file) : undefined;
  if (hex !== undefined) {
    assertCodeSize(hex);
    return {
      under: { code: hex, address },
      placed: placed !== undefined,
      abi: undefined,
      storageLayout: undefined,
      namespaces: [],
    };
  }
  const artifact = isSolidity(file)
    ? await compileContract(file, contract, first?.hardfork)
    : await readArtifact(file, contract);
  const hasImmutables = Object.keys(artifact.immutableReferences).length > 0;
  if (hasImmutables && placed === undefined) {
    throw usageError(
      `${artifact.contractName} has immutables: its code depends on where it stands`,
      "add --address with the address at which it is, or will be, deployed",
    );
  }
  const code = hasImmutables
    ? await deployCode({
        initCode: getBytes(concat([artifact.creationCode, await hexArgument(constructorArgs ?? "0x")])),
        address,
        chainId: first?.calls[0]?.environment.chainId ?? 1n,
      })
    : artifact.runtimeTemplate;
  // An abstract contract has none.
  assertCodeSize(code);
  return {
    under: { code, address },
    placed: placed !== undefined,
    abi: artifact.abi,
    storageLayout: artifact.storageLayout,
    namespaces: namespacesOf(artifact),
  };
}

function isSolidity(file: string): boolean {
  return file.endsWith(".sol");
}

/** Compiles a contract with the compiler's own settings, for the rules that the set runs under. */
async function compileContract(
  file: string,
  contract: string | undefined,
  evmVersion: Hardfork | undefined,
): Promise<Artifact> {
  const { sourceName, sources, remappings } = collectFile(file);
  const { contracts } = await compileStandardJson({
    language: "Solidity",
    sources,
    settings: {
      remappings,
      ...(evmVersion === undefined ? {} : { evmVersion }),
      outputSelection: { [sourceName]: OUTPUTS },
    },
  });
  return parseArtifact({ contracts: { [sourceName]: contracts[sourceName] ?? {} } }, contract);
}

/** What is needed of a compiled contract: its code, and the names in it. */
const OUTPUTS = { "*": ["abi", "evm.bytecode", "evm.deployedBytecode", "storageLayout"] };

/** The bytes of a file of hex, undefined where it holds something else. */
async function readHex(file: string): Promise<Uint8Array | undefined> {
  const text = await readFile(file, "utf8").then(
    (content) => content.trim(),
    () => {
      throw unreadable(file, "the file cannot be opened", "check the path; a folder is not code");
    },
  );
  if (text.startsWith("{")) return undefined;
  if (/^(0x)?([0-9a-fA-F]{2})+$/.test(text)) return getBytes(text.startsWith("0x") ? text : `0x${text}`);
  throw unreadable(
    file,
    "it is neither JSON nor hex of whole bytes",
    "give a compiler's artifact, or runtime code as hex with every library linked",
  );
}

/** Only names are taken from them, so a compiler's output that lacks what the layout needs is not an error here. */
function namespacesOf(artifact: Artifact): readonly KnownVariable[] {
  try {
    return canonicalLayout(artifact).entries.filter(({ label }) => label.startsWith("erc7201:"));
  } catch (error) {
    if (error instanceof SealpatchError) return [];
    throw error;
  }
}
