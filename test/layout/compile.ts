import { canonicalLayout, type Layout, type LayoutSource } from "../../src/layout/index.js";
import { compileSolidity, type SolcOutput } from "../../tools/solc.js";

/** What solc says about the storage of one contract. */
export function layoutSource(output: SolcOutput, contractName: string, sourceName = "C.sol") {
  return {
    contractName,
    sourceName,
    storageLayout: output.contracts[sourceName]![contractName]!.storageLayout,
    asts: Object.values(output.sources).map(({ ast }) => ast),
  } satisfies LayoutSource;
}

/** The canonical layout of a contract in one file. */
export function compileLayout(source: string, contractName = "C"): Layout {
  return canonicalLayout(
    layoutSource(compileSolidity({ code: false, sources: { "C.sol": source } }), contractName),
  );
}
