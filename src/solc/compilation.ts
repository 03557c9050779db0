import { SealpatchError } from "../errors.js";
import type { StandardInput } from "./compile.js";

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

/** Contracts that solc compiled, by source unit and name. */
export interface CompiledContracts {
  readonly contracts: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;
}

/** What solc made of its input: contracts of the sources that the input selects, not of what they import. */
export interface Compilation extends CompiledContracts {
  /** With every imported file in it: whoever compiles it again needs no packages. */
  readonly input: StandardInput;
}

/**
 * A contract of a compilation.
 * @throws SealpatchError `corpus/no-contract`.
 */
export function contractOf({ contracts }: CompiledContracts, name: string): CompiledContract {
  for (const file of Object.values(contracts)) if (file[name] !== undefined) return file[name];
  throw new SealpatchError("corpus/no-contract", `the compilation has no contract ${name}`);
}

/**
 * Init code of a contract of a compilation, without constructor arguments.
 * @throws SealpatchError `corpus/no-contract`.
 */
export function initCodeOf(compilation: CompiledContracts, name: string): `0x${string}` {
  return `0x${contractOf(compilation, name).evm.bytecode.object}`;
}
