export { type Compilation, type CompiledContract, contractOf } from "./compilation.js";
export {
  compileStandardJson,
  type OutputSelection,
  SOLC_VERSION,
  type StandardInput,
  type StandardOutput,
  standardInputSchema,
} from "./compile.js";
export { type CollectedSources, collectSources, findUpwards } from "./sources.js";
