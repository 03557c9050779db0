export {
  type Compilation,
  type CompiledContract,
  type CompiledContracts,
  contractOf,
  initCodeOf,
} from "./compilation.js";
export {
  compileInProcess,
  compileStandardJson,
  type OutputSelection,
  SOLC_VERSION,
  type StandardInput,
  type StandardOutput,
  standardInputSchema,
} from "./compile.js";
export {
  type CollectedSources,
  collectFile,
  collectSources,
  findUpwards,
} from "./sources.js";
export {
  BUGS_KNOWN_TO,
  isBeyondKnownBugs,
  STORAGE_BUGS,
  type StorageBug,
  storageBugs,
} from "./storage-bugs.js";
