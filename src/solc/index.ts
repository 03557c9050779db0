export {
  type Compilation,
  type CompiledBytecode,
  type CompiledContract,
  type CompiledContracts,
  contractOf,
  initCodeOf,
} from "./compilation.js";
export {
  askVersion,
  compileInProcess,
  compileStandardJson,
  type OutputSelection,
  type StandardInput,
  type StandardOutput,
  standardInputSchema,
} from "./compile.js";
export {
  type Compiler,
  type CompilerChoice,
  findCompiler,
  INSTALLED_COMPILER,
  resolveCompiler,
  SOLC_VERSION,
} from "./compiler.js";
export { findUpwards } from "./find-upwards.js";
export { type CollectedSources, collectFile, collectSources, type SourceLookup } from "./sources.js";
export {
  BUGS_KNOWN_TO,
  isBeyondKnownBugs,
  STORAGE_BUGS,
  type StorageBug,
  storageBugs,
} from "./storage-bugs.js";
