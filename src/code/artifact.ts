import type { JsonFragment } from "ethers";
import { SealpatchError } from "../errors.js";

/** A run of bytes in code: where the compiler leaves room for an immutable or a library address. */
export interface CodeReference {
  readonly start: number;
  readonly length: number;
}

/** A library that the code calls by DELEGATECALL at an address written into the code. */
export interface LinkReference {
  /** Fully qualified name, `contracts/Lib.sol:Lib`; the placeholder itself where the artifact does not name it. */
  readonly library: string;
  /** Checksummed address; undefined until linked. */
  readonly address: string | undefined;
  /**
   * Byte offsets of the address in the creation code and in the runtime code. Empty for a library that the compiler
   * linked itself: only its metadata tells.
   */
  readonly creation: readonly number[];
  readonly runtime: readonly number[];
}

/** What a compiler's output says about one contract. */
export interface ArtifactFields {
  readonly contractName: string;
  /** Path of the source file as the compiler was given it. */
  readonly sourceName?: string;
  readonly abi: readonly JsonFragment[];
  /** Code as compiled, with zeros in place of library addresses that are not known yet. */
  readonly template: { readonly creation: Uint8Array; readonly runtime: Uint8Array };
  /** Per immutable, by AST id: where its value stands in the runtime code. */
  readonly immutableReferences: Readonly<Record<string, readonly CodeReference[]>>;
  readonly linkReferences: readonly LinkReference[];
  /** solc's `storageLayout`, unread: `src/layout` validates it. Foundry leaves out empty ones. */
  readonly storageLayout?: unknown;
  /** Syntax trees (`SourceUnit`) from the same compiler run, unread. */
  readonly asts: readonly unknown[];
  /** Texts of the sources by the paths that the compiler was given, where the file holds its input. */
  readonly sources?: Readonly<Record<string, string>>;
  /** solc version, where the artifact tells it. */
  readonly compiler?: string;
}

/** One compiled contract. The code can be read only when every library has an address. */
export interface Artifact extends ArtifactFields {
  /**
   * Creation code, without constructor arguments.
   * @throws SealpatchError `code/unlinked-library` where a library has no address yet.
   */
  readonly creationCode: Uint8Array;
  /**
   * Runtime code with zeros in place of immutables: not what a chain holds, unless there are none. `deployCode` gives
   * the deployed bytes.
   * @throws SealpatchError `code/unlinked-library` where a library has no address yet.
   */
  readonly runtimeTemplate: Uint8Array;
}

/** Completes the fields with the two code properties, so that code with a hole in it cannot be used by mistake. */
export function createArtifact(fields: ArtifactFields): Artifact {
  const guarded = (code: Uint8Array) => ({
    get() {
      assertLinked(fields);
      return code;
    },
    // Copies of an unlinked artifact must not trip over the guard.
    enumerable: false,
  });
  return Object.defineProperties(
    { ...fields },
    { creationCode: guarded(fields.template.creation), runtimeTemplate: guarded(fields.template.runtime) },
  ) as Artifact;
}

function assertLinked({ contractName, linkReferences }: ArtifactFields): void {
  const missing = linkReferences.filter(({ address }) => address === undefined).map(({ library }) => library);
  if (missing.length > 0) {
    throw new SealpatchError(
      "code/unlinked-library",
      `${contractName} is not linked: no address for ${missing.join(", ")}`,
      {
        details: { contract: contractName, libraries: missing.join(", ") },
        why: "the code of a contract that uses external libraries is complete only with their addresses",
        remedy: "deploy each library first and give its address to the linking step",
      },
    );
  }
}
