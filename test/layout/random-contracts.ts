import { toBeHex } from "ethers";
import fc from "fast-check";
import { namespaceRoot } from "../../src/layout/index.js";

/** A variable, or a member of a struct. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly renamedFrom?: string;
}

export interface Namespace {
  /** Name of the struct. */
  readonly struct: "Base" | "Vault";
  readonly id: string;
  /** What the constant in the code is made of: `id`, unless an edit parts the two. */
  readonly codeId: string;
  readonly members: readonly Variable[];
}

export interface Contract {
  readonly variables: readonly Variable[];
  readonly namespace?: Namespace;
  /** Whether a function writes what is called like a gap. */
  readonly usesGap: boolean;
}

/** What the Solidity text of a version is written from: structs, two or three bases, and the contract C. */
export interface Model {
  readonly structs: Readonly<Record<StructName, readonly Variable[]>>;
  readonly names: readonly string[];
  readonly contracts: Readonly<Record<ContractName, Contract>>;
  /** The bases of C in order; a contract that is not among them does not count. */
  readonly bases: readonly BaseName[];
  /** Whether B is A. */
  readonly stacked: boolean;
}

export const STRUCTS = ["Node", "Packed", "Padded"] as const;
export const BASES = ["A", "B", "D"] as const;
type StructName = (typeof STRUCTS)[number];
export type BaseName = (typeof BASES)[number];
export type ContractName = BaseName | "C";

const SMALL = ["uint8", "uint16", "uint64", "uint128", "bool", "address", "bytes4", "E"];
const WIDE = ["uint256", "bytes32", "string", "uint16[3]", "uint256[]"];
const OF_STRUCTS = [
  ...[
    "Node",
    "Node[]",
    "mapping(uint256 => Node)",
    "mapping(uint256 => Node[])",
    "mapping(address => Node[2])",
  ],
  ...[
    "Packed",
    "Packed[2]",
    "mapping(address => Packed)",
    "Padded",
    "Padded[2]",
    "mapping(uint256 => Padded)",
  ],
];
const RECURSIVE = ["Node[]", "Node[2][]", "mapping(uint256 => Node)", "mapping(uint256 => Node[])"];
/** Few, so that bases meet. */
export const NAMES = ["total", "cap", "owner"];
const GAP = { name: "__gap", type: "uint256[3]" };

const typed = (weights: readonly (readonly [number, readonly string[]])[]) =>
  fc.oneof(...weights.map(([weight, types]) => ({ weight, arbitrary: fc.constantFrom(...types) })));
export const anyType = typed([
  [3, SMALL],
  [2, WIDE],
  [4, OF_STRUCTS],
]);
/** Equal names pass for each other where their types are equal too. */
const stateType = typed([
  [4, ["uint256"]],
  [3, SMALL],
  [2, WIDE],
  [4, OF_STRUCTS],
]);
export const memberType = typed([
  [4, SMALL],
  [2, WIDE],
]);
const members = (types: fc.Arbitrary<string>, max: number, prefix: string) =>
  fc
    .array(types, { minLength: 1, maxLength: max })
    .map((drawn) => drawn.map((type, index): Variable => ({ name: `${prefix}${index}`, type })));
const state = (max: number) =>
  fc
    .tuple(
      fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: max }),
      fc.array(stateType, { minLength: max, maxLength: max }),
      fc.nat({ max: 5 }),
    )
    .map(([names, types, gap]): Contract => {
      const variables = names.map((name, index): Variable => ({ name, type: types[index]! }));
      return { variables: gap < 3 ? variables.toSpliced(gap, 0, GAP) : variables, usesGap: gap === 0 };
    });
const namespaced = (
  contract: fc.Arbitrary<Contract>,
  struct: Namespace["struct"],
  spaces: fc.Arbitrary<readonly Variable[]>,
) =>
  fc
    .tuple(contract, spaces, fc.boolean())
    .map(
      ([one, list, has]): Contract =>
        has
          ? { ...one, namespace: { struct, id: `acme.${struct}`, codeId: `acme.${struct}`, members: list } }
          : one,
    );
const spaceMembers = members(
  typed([
    [4, SMALL],
    [1, WIDE],
    [2, OF_STRUCTS],
  ]),
  3,
  "s",
);

/** A random version. */
export const model: fc.Arbitrary<Model> = fc.record({
  structs: fc.record({
    Node: fc
      .tuple(members(memberType, 2, "v"), fc.constantFrom(...RECURSIVE), fc.boolean(), fc.boolean())
      .map(([list, type, first, padded]) => {
        const kids = { name: "kids", type };
        return [...(first ? [kids, ...list] : [...list, kids]), ...(padded ? [GAP] : [])];
      }),
    Packed: members(memberType, 4, "p"),
    Padded: members(memberType, 2, "g").map((list) => [...list, GAP]),
  }),
  names: fc.integer({ min: 1, max: 3 }).map((count) => Array.from({ length: count }, (_, i) => `N${i}`)),
  contracts: fc.record({
    A: namespaced(state(2), "Base", spaceMembers),
    B: state(2),
    D: state(1),
    C: namespaced(state(2), "Vault", spaceMembers),
  }),
  bases: fc.shuffledSubarray([...BASES], { minLength: 1, maxLength: 2 }),
  stacked: fc.boolean(),
});

const sole = fc.constant<Contract>({ variables: [{ name: NAMES[0]!, type: "uint256" }], usesGap: false });

/** A random version whose bases each hold one variable, all of one name and type: they pass for each other. */
export const equalNames: fc.Arbitrary<Model> = model.chain(({ contracts: { C }, ...rest }) =>
  fc.record({ A: sole, B: sole, D: sole }).map((bases) => ({
    ...rest,
    contracts: { ...bases, C: { ...C, variables: [] } },
  })),
);

/** The version as one file. */
export function solidityOf({ structs, names, contracts, bases, stacked }: Model): string {
  const counted: readonly BaseName[] = BASES.filter((base) => bases.includes(base));
  const under = stacked && bases.indexOf("A") >= 0 && bases.indexOf("A") < bases.indexOf("B");
  const line = ({ name, type }: Variable) => `${type} ${name};`;
  return [
    `enum E { ${names.join(", ")} }`,
    ...STRUCTS.map((name) => `struct ${name} { ${structs[name].map(line).join(" ")} }`),
    ...counted.map((name) => contractOf(name, contracts[name], name === "B" && under ? ["A"] : [])),
    contractOf("C", contracts.C, bases),
  ].join("\n");
}

function contractOf(
  name: ContractName,
  { variables, namespace, usesGap }: Contract,
  bases: readonly BaseName[],
): string {
  const line = ({ name, type, renamedFrom }: Variable) =>
    `${renamedFrom === undefined ? "" : `/// @custom:oz-renamed-from ${renamedFrom}\n`}${type} private ${name};`;
  const gapped = usesGap && variables.some((one) => one.name === GAP.name && /^uint256\[/.test(one.type));
  return `contract ${name} ${bases.length === 0 ? "" : `is ${bases.join(", ")}`} {
    ${variables.map(line).join("\n")}
    ${gapped ? `function useGap${name}(uint256 x) external { __gap[0] = x; }` : ""}
    ${namespace === undefined ? "" : namespaceOf(namespace)}
  }`;
}

function namespaceOf({ struct, id, codeId, members }: Namespace): string {
  return `/// @custom:storage-location erc7201:${id}
    struct ${struct} { ${members.map(({ name, type }) => `${type} ${name};`).join(" ")} }
    function at${struct}() private pure returns (${struct} storage s) { assembly { s.slot := ${toBeHex(namespaceRoot(codeId), 32)} } }`;
}
