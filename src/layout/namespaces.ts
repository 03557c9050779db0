import { AbiCoder, keccak256, id as keccakOfText } from "ethers";
import { SealpatchError } from "../errors.js";
import { type StructDefinition, structDefinition } from "./declarations.js";
import { layOutStruct } from "./struct-layout.js";
import { type ContractDefinition, parseNode, type SyntaxTree } from "./syntax-tree.js";

const ANNOTATION = /@custom:storage-location[ \t]+(\S+)/;
const FORMULA = "erc7201:";

/** A struct that a contract keeps at a place of its own, outside of its state variables. */
export interface Namespace {
  /** Prefix of its members' labels: the annotation, `erc7201:<id>`. */
  readonly location: string;
  readonly root: bigint;
  readonly members: ReturnType<typeof layOutStruct>["members"];
  readonly types: ReturnType<typeof layOutStruct>["types"];
}

/**
 * Root slot of a namespace: keccak256(abi.encode(uint256(keccak256(id)) - 1)) & ~0xff (ERC-7201).
 */
export function namespaceRoot(id: string): bigint {
  const hash = BigInt(keccakOfText(id));
  const encoded = AbiCoder.defaultAbiCoder().encode(["uint256"], [hash - 1n]);
  return BigInt(keccak256(encoded)) & ~0xffn;
}

/**
 * The namespaces of a contract: structs annotated `@custom:storage-location erc7201:<id>` (ERC-7201) in the contract
 * and its bases, and beyond the standard those in libraries and at file level that its code refers to, since such code
 * reads and writes the contract's own storage.
 * @param contracts the contract and its bases.
 * @throws SealpatchError `layout/unknown-namespace-formula`, `layout/missing-syntax-tree`, `layout/invalid-syntax-tree`.
 */
export function findNamespaces(contracts: readonly ContractDefinition[], tree: SyntaxTree): Namespace[] {
  return tree
    .reachable(contracts)
    .filter(({ nodeType }) => nodeType === "StructDefinition")
    .flatMap((node) => {
      const struct = parseNode(structDefinition(), node);
      const location = ANNOTATION.exec(struct.documentation)?.[1];
      return location === undefined ? [] : [readNamespace(struct, location, tree)];
    });
}

function readNamespace(struct: StructDefinition, location: string, tree: SyntaxTree): Namespace {
  if (!location.startsWith(FORMULA) || location === FORMULA) {
    throw new SealpatchError(
      "layout/unknown-namespace-formula",
      `the storage location ${location} of ${struct.canonicalName} is not understood`,
      {
        details: { struct: struct.canonicalName, location },
        why: "only the formula of ERC-7201 is known, so the place of this struct is unknown",
        remedy: "annotate the struct with `@custom:storage-location erc7201:<id>` if that is where it lies",
      },
    );
  }
  return { location, root: namespaceRoot(location.slice(FORMULA.length)), ...layOutStruct(struct, tree) };
}
