import { SealpatchError } from "../errors.js";

/** Bytecode of one contract as solc gives it. */
export interface CompiledBytecode {
  /** Hex without 0x. */
  readonly object: string;
  readonly linkReferences: unknown;
}

/** One contract of solc's standard JSON output. */
export interface CompiledContract {
  readonly abi: readonly object[];
  readonly metadata: string;
  readonly storageLayout: unknown;
  readonly evm: {
    readonly bytecode: CompiledBytecode;
    readonly deployedBytecode: CompiledBytecode & { readonly immutableReferences: unknown };
  };
}

/** What solc made of its input. */
export interface Compilation {
  /** Standard JSON input with every imported file in it: compiling it again needs no packages. */
  readonly input: { readonly sources: Readonly<Record<string, { readonly content: string }>> };
  /** Contracts of the sources given (not of imported files), by source unit and name. */
  readonly contracts: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;
}

/**
 * A contract of a compilation.
 * @throws SealpatchError `corpus/no-contract`.
 */
export function contractOf({ contracts }: Compilation, name: string): CompiledContract {
  for (const file of Object.values(contracts)) if (file[name] !== undefined) return file[name];
  throw new SealpatchError("corpus/no-contract", `the compilation has no contract ${name}`);
}
