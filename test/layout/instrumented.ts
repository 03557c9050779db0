import { keptJson } from "../../src/cached.js";
import {
  type CompiledContracts,
  compileInProcess,
  SOLC_VERSION,
  type StandardInput,
} from "../../src/solc/index.js";
import { compileSolidity, type SolcOutput } from "../../tools/solc.js";
import { type Leaf, leavesOf, type TypeTable } from "./leaves.js";

/** Code in which every value of a contract's storage has a setter and a getter: `set0`, `get0`, `set1`, ... */
export interface Instrumented {
  /** Runtime code as hex. */
  readonly code: string;
  readonly leaves: readonly NamedLeaf[];
}

export interface NamedLeaf extends Leaf {
  /** After the contract that declares it, or the namespace's struct, which may be in any of them: `A.total`, `Vault.m[7]`. */
  readonly name: string;
}

interface Node {
  readonly id: number;
  readonly name: string;
  readonly nodeType: string;
  readonly src: string;
  readonly nodes?: readonly Node[];
  readonly documentation?: { readonly text: string };
  readonly linearizedBaseContracts?: readonly number[];
  readonly returnParameters?: { readonly parameters: readonly Returned[] };
}

interface Returned {
  readonly storageLocation: string;
  readonly typeName: { readonly referencedDeclaration?: number };
}

/** A variable, or a namespace's struct behind the function that gives a pointer to it. */
interface Root {
  readonly contract: Node;
  /** Solidity that reaches it, and what it is called. */
  readonly path: string;
  readonly name: string;
  readonly type: string;
}

/** solc-js never gives memory back: so many files in one run. */
const BATCH = 60;
const PROBE = "NamespaceProbe";

/**
 * Adds to each contract a setter and a getter of every leaf that it declares, so private ones are reached too, and those of
 * namespaces: annotated structs with a function in the same contract that returns a storage pointer to them.
 * @param sources files that import nothing, each with the contract.
 */
export function instrument(sources: readonly string[], contractName: string): Instrumented[] {
  const batches = Array.from({ length: Math.ceil(sources.length / BATCH) }, (_, index) =>
    sources.slice(index * BATCH, (index + 1) * BATCH),
  );
  return batches.flatMap((batch) => {
    const plain = layoutsOf(batch);
    const probed = layoutsOf(
      batch.map((source, index) => source + probeOf(unitOf(plain, index), contractName)),
    );
    const prepared = batch.map((source, index) => addFunctions(source, index, probed, contractName));
    const codes = codesOf(
      prepared.map(({ text }) => text),
      contractName,
    );
    return prepared.map(({ leaves }, index) => ({ code: codes[index]!, leaves }));
  });
}

function layoutsOf(sources: readonly string[]): SolcOutput {
  return compileSolidity({
    code: false,
    sources: Object.fromEntries(sources.map((source, index) => [fileName(index), source])),
  });
}

/** Code of this contract alone, and nothing else: code generation is most of the compiler's work. */
function codesOf(sources: readonly string[], contractName: string): string[] {
  const outputSelection = { "*": { [contractName]: ["evm.deployedBytecode.object"] } };
  const input: StandardInput = {
    language: "Solidity",
    sources: Object.fromEntries(sources.map((content, index) => [fileName(index), { content }])),
    settings: { outputSelection },
  };
  const kept = keptJson<CompiledContracts>("solc", [SOLC_VERSION, JSON.stringify(input)]);
  const { contracts } = kept.read() ?? kept.keep(compileInProcess(input) as unknown as CompiledContracts);
  return sources.map((_, index) => contracts[fileName(index)]![contractName]!.evm.deployedBytecode.object);
}

const fileName = (index: number) => `${index}.sol`;
const unitOf = (output: SolcOutput, index: number) => output.sources[fileName(index)]!.ast as Node;

/** solc lists no types of structs that no variable has: a contract with such variables shows them. */
function probeOf(unit: Node, contractName: string): string {
  const variables = namespacesOf(unit, contractName).map(
    ({ contract, struct }, index) => `${contract.name}.${struct.name} s${index};`,
  );
  return `\ncontract ${PROBE} { ${variables.join(" ")} }`;
}

/** The annotated structs of a contract and its bases, with the function that reaches each. */
function namespacesOf(unit: Node, contractName: string) {
  const contracts = unit.nodes!.filter(({ nodeType }) => nodeType === "ContractDefinition");
  const { linearizedBaseContracts = [] } = contracts.find(({ name }) => name === contractName)!;
  return contracts
    .filter(({ id }) => linearizedBaseContracts.includes(id))
    .flatMap((contract) =>
      (contract.nodes ?? []).flatMap((struct) => {
        const annotated = struct.documentation?.text.includes("@custom:storage-location") ?? false;
        if (struct.nodeType !== "StructDefinition" || !annotated) return [];
        const reaches = ({ storageLocation, typeName }: Returned) =>
          storageLocation === "storage" && typeName.referencedDeclaration === struct.id;
        const accessor = contract.nodes!.find((node) => node.returnParameters?.parameters.some(reaches));
        return accessor === undefined ? [] : [{ contract, struct, accessor: accessor.name }];
      }),
    );
}

function addFunctions(source: string, index: number, output: SolcOutput, contractName: string) {
  const file = fileName(index);
  const unit = unitOf(output, index);
  const layoutOf = (name: string) => output.contracts[file]![name]!.storageLayout;
  const [own, probe] = [layoutOf(contractName), layoutOf(PROBE)];
  const types = { ...own.types, ...probe.types } as unknown as TypeTable;
  const roots: Root[] = [
    ...(own.storage as ((typeof own.storage)[number] & { astId: number })[]).map(({ label, type, astId }) => {
      const contract = unit.nodes!.find((node) => node.nodes?.some(({ id }) => id === astId))!;
      return { contract, path: label, name: `${contract.name}.${label}`, type };
    }),
    ...namespacesOf(unit, contractName).map(({ contract, struct, accessor }, place) => ({
      contract,
      path: `${accessor}()`,
      name: struct.name,
      type: probe.storage[place]!.type,
    })),
  ];
  const leaves: NamedLeaf[] = [];
  const added = new Map<number, string[]>();
  for (const { contract, path, name, type } of roots) {
    const [start, length] = contract.src.split(":").map(Number) as [number, number];
    const text = Buffer.from(source).toString("utf8", start, start + length);
    // A state variable of the contract that an assignment names; gaps of structs are left alone.
    const isUsed = (gap: string) =>
      !gap.includes(".") && new RegExp(`(?<![.\\w])${gap}\\[[^\\]]*\\] =`).test(text);
    const functions = leavesOf(path, type, types, isUsed).map((leaf) => {
      const number = leaves.push({ ...leaf, name: `${name}${leaf.path.slice(path.length)}` }) - 1;
      const setter = `function set${number}(uint256 seed) external { ${leaf.before} ${leaf.path} = ${leaf.value}; }`;
      return `
        ${leaf.value === undefined ? "" : setter}
        function get${number}() external view returns (bytes memory) { return abi.encode(${leaf.path}); }`;
    });
    const end = start + length - 1;
    added.set(end, [...(added.get(end) ?? []), ...functions]);
  }
  return { text: insertAt(source, added), leaves };
}

/** Inserts at byte positions of a source: those of the compiler. */
function insertAt(source: string, added: ReadonlyMap<number, readonly string[]>): string {
  const bytes = Buffer.from(source);
  const ends = [...added.keys()].toSorted((a, b) => a - b);
  const pieces = ends.map(
    (end, index) => bytes.toString("utf8", ends[index - 1] ?? 0, end) + added.get(end)!.join(""),
  );
  return pieces.join("") + bytes.toString("utf8", ends.at(-1) ?? 0);
}
