import { toBeHex } from "ethers";
import fc from "fast-check";
import { namespaceRoot } from "../../src/layout/index.js";
import type { Upgrade } from "./evm-truth.js";

/** A variable, or a member of a struct. */
interface Variable {
  readonly name: string;
  readonly type: string;
  readonly renamedFrom?: string;
}

interface Namespace {
  /** Name of the struct. */
  readonly struct: "Base" | "Vault";
  readonly id: string;
  /** What the constant in the code is made of: `id`, unless an edit parts the two. */
  readonly codeId: string;
  readonly members: readonly Variable[];
}

interface Contract {
  readonly variables: readonly Variable[];
  readonly namespace?: Namespace;
  /** Whether a function writes what is called like a gap. */
  readonly usesGap: boolean;
}

/** What the Solidity text of a version is written from: structs, two or three bases, and the contract C. */
interface Model {
  readonly structs: Readonly<Record<StructName, readonly Variable[]>>;
  readonly names: readonly string[];
  readonly contracts: Readonly<Record<ContractName, Contract>>;
  /** The bases of C in order; a contract that is not among them does not count. */
  readonly bases: readonly BaseName[];
  /** Whether B is A. */
  readonly stacked: boolean;
}

const STRUCTS = ["Node", "Packed", "Padded"] as const;
const BASES = ["A", "B", "D"] as const;
type StructName = (typeof STRUCTS)[number];
type BaseName = (typeof BASES)[number];
type ContractName = BaseName | "C";

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
const NAMES = ["total", "cap", "owner"];
const GAP = { name: "__gap", type: "uint256[3]" };

const typed = (weights: readonly (readonly [number, readonly string[]])[]) =>
  fc.oneof(...weights.map(([weight, types]) => ({ weight, arbitrary: fc.constantFrom(...types) })));
const anyType = typed([
  [3, SMALL],
  [2, WIDE],
  [4, OF_STRUCTS],
]);
const memberType = typed([
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
      fc.array(anyType, { minLength: max, maxLength: max }),
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

const model: fc.Arbitrary<Model> = fc.record({
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

const KINDS = [
  ...["append", "insert", "delete", "swap", "retype", "rename", "tell rename", "use gap", "grow past gap"],
  ...["grow struct", "grow struct", "fill struct gap", "fill struct gap", "grow struct past gap"],
  ...["insert member", "swap members", "delete member", "append name", "insert name", "delete name"],
  ...[
    "exchange bases",
    "new base first",
    "new base last",
    "drop base",
    "stack bases",
    "equal name",
    "equal name",
  ],
  ...["grow namespace", "insert into namespace", "swap in namespace", "move namespace", "other constant"],
  ...["namespace to base", "gap is used"],
] as const;
const edit = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.nat({ max: 11 }),
  type: anyType,
  small: memberType,
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** Random upgrades of a contract C, weighted to recursion, equal names, namespaces, packed members and gaps. */
export const upgrade: fc.Arbitrary<Upgrade> = fc
  .tuple(model, fc.array(edit, { minLength: 1, maxLength: 2 }))
  .map(([first, edits]) => {
    const last = edits.reduce((current, step, index) => applyEdit(current, step, index), first);
    return { old: solidityOf(first), next: solidityOf(last), renamed: renamesOf(last) };
  });

/** The model after an edit; the same one where the edit finds nothing to change. */
function applyEdit(model: Model, { kind, at, type, small }: Edit, step: number): Model {
  const [contract, struct] = [pick([...model.bases, "C", "C"] as const, at), pick(STRUCTS, at)];
  const own = model.contracts[contract];
  const fresh = { name: `new${step}`, type };
  const member = { name: `new${step}`, type: small };
  const withContract = (changed: Partial<Contract>, name: ContractName = contract): Model => ({
    ...model,
    contracts: { ...model.contracts, [name]: { ...model.contracts[name], ...changed } },
  });
  const withVariables = (variables: readonly Variable[]) => withContract({ variables });
  const withMembers = (list: readonly Variable[]): Model =>
    list.length === 0 ? model : { ...model, structs: { ...model.structs, [struct]: list } };
  const { variables } = own;
  const list = model.structs[struct];
  const [chosen, place] = [pick(variables, at), at % Math.max(variables.length, 1)];
  const home = own.namespace === undefined ? "C" : contract;
  const space = model.contracts[home].namespace;
  const withSpace = (changed: Partial<Namespace>) =>
    space === undefined ? model : withContract({ namespace: { ...space, ...changed } }, home);
  switch (kind) {
    case "append":
      return withVariables([...variables, fresh]);
    case "insert":
      return withVariables(variables.toSpliced(place, 0, fresh));
    case "delete":
      return withVariables(variables.toSpliced(place, 1));
    case "swap":
      return withVariables(swapped(variables, place));
    case "retype":
      return chosen === undefined ? model : withVariables(variables.with(place, { ...chosen, type }));
    case "rename":
      return chosen === undefined
        ? model
        : withVariables(variables.with(place, { ...chosen, name: fresh.name }));
    case "tell rename": {
      if (chosen === undefined || chosen.name.startsWith("__gap") || chosen.name.startsWith("new"))
        return model;
      const told = { ...chosen, name: fresh.name, renamedFrom: chosen.renamedFrom ?? chosen.name };
      return withVariables(variables.with(place, told));
    }
    case "use gap":
      return withVariables(fillGap(variables, { ...fresh, type: "uint256" }));
    case "grow past gap":
      return withVariables(variables.flatMap((one) => (one.name === "__gap" ? [fresh, one] : [one])));
    case "grow struct":
      return withMembers([...list, member]);
    case "fill struct gap":
      return withMembers(fillGap(list, { name: member.name, type: "uint256" }));
    case "grow struct past gap":
      return withMembers(list.flatMap((one) => (one.name === "__gap" ? [member, one] : [one])));
    case "insert member":
      return withMembers([member, ...list]);
    case "swap members":
      return withMembers(swapped(list, at % list.length));
    case "delete member":
      return withMembers(list.toSpliced(at % list.length, 1));
    case "append name":
      return { ...model, names: [...model.names, `New${step}`] };
    case "insert name":
      return { ...model, names: [`New${step}`, ...model.names] };
    case "delete name":
      return model.names.length === 1 ? model : { ...model, names: model.names.slice(0, -1) };
    case "exchange bases":
      return { ...model, bases: model.bases.toReversed() };
    case "new base first":
      return {
        ...model,
        bases: [...BASES.filter((base) => !model.bases.includes(base)).slice(0, 1), ...model.bases],
      };
    case "new base last":
      return {
        ...model,
        bases: [...model.bases, ...BASES.filter((base) => !model.bases.includes(base)).slice(0, 1)],
      };
    case "drop base":
      return { ...model, bases: model.bases.slice(1) };
    case "stack bases":
      return { ...model, stacked: !model.stacked };
    case "equal name": {
      const name = pick(NAMES, at)!;
      if (variables.some((one) => one.name === name)) return model;
      return withVariables(
        at % 2 === 0 ? [...variables, { ...fresh, name }] : [{ ...fresh, name }, ...variables],
      );
    }
    case "grow namespace":
      return space === undefined ? model : withSpace({ members: [...space.members, fresh] });
    case "insert into namespace":
      return space === undefined ? model : withSpace({ members: [fresh, ...space.members] });
    case "swap in namespace":
      return space === undefined
        ? model
        : withSpace({ members: swapped(space.members, at % space.members.length) });
    case "move namespace":
      return withSpace({ id: `acme.moved${step}`, codeId: `acme.moved${step}` });
    case "other constant":
      return withSpace({ codeId: `acme.constant${step}` });
    case "namespace to base": {
      const { namespace, ...rest } = model.contracts.C;
      if (namespace === undefined) return model;
      return {
        ...model,
        contracts: { ...model.contracts, C: rest, B: { ...model.contracts.B, namespace } },
      };
    }
    case "gap is used":
      return withContract({ usesGap: !own.usesGap });
  }
}

function pick<T>(list: readonly T[], at: number): T {
  return list[at % Math.max(list.length, 1)]!;
}

function swapped<T>(list: readonly T[], at: number): T[] {
  if (list.length < 2) return [...list];
  const other = (at + 1) % list.length;
  return list.with(at, list[other]!).with(other, list[at]!);
}

/** A variable in the first slot of the gap, and the rest of the gap, if any, behind it. */
function fillGap(variables: readonly Variable[], fresh: Variable): Variable[] {
  return variables.flatMap((variable) => {
    const length = /^uint256\[(\d+)\]$/.exec(variable.type)?.[1];
    if (variable.name !== "__gap" || length === undefined) return [variable];
    const left = Number(length) - 1;
    return left === 0 ? [fresh] : [fresh, { ...variable, type: `uint256[${left}]` }];
  });
}

function renamesOf({ contracts }: Model): Record<string, string> {
  return Object.fromEntries(
    Object.entries(contracts).flatMap(([contract, { variables }]) =>
      variables.flatMap(({ name, renamedFrom }) =>
        renamedFrom === undefined ? [] : [[`${contract}.${name}`, `${contract}.${renamedFrom}`]],
      ),
    ),
  );
}

function solidityOf({ structs, names, contracts, bases, stacked }: Model): string {
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
  const gapped = usesGap && variables.some((one) => one.name === GAP.name && /\[\d+\]$/.test(one.type));
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
