import fc from "fast-check";

/** A contract of the property tests: what its Solidity text is written from. */
export interface Model {
  readonly variables: readonly Variable[];
  /** Members of struct S. */
  readonly members: readonly Variable[];
  /** Members of enum E. */
  readonly names: readonly string[];
  /** Members of the struct that lies in a namespace, and the namespace's id; none where empty. */
  readonly spaced: readonly Variable[];
  readonly namespace: string;
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly renamedFrom?: string;
  readonly retypedFrom?: string;
}

const TYPES = [
  ...["uint8", "uint128", "uint256", "int256", "bool", "address", "bytes32", "string", "E", "S", "IToken"],
  ...["uint256[3]", "S[]", "S[2]", "E[4]", "mapping(uint256 => S)", "mapping(address => uint256)"],
  ...["mapping(E => mapping(address => S))", "mapping(uint256 => uint256[2])", "function(uint256) external"],
];
const MEMBER_TYPES = ["uint8", "uint128", "uint256", "address", "bool", "E", "bytes32", "uint256[2]"];

const typed = (types: readonly string[]) => fc.constantFrom(...types);
const list = (prefix: string, types: readonly string[], min: number, max: number, gaps: boolean) =>
  fc
    .array(fc.record({ type: typed(types), gap: fc.nat({ max: gaps ? 5 : 0 }) }), {
      minLength: min,
      maxLength: max,
    })
    .map((drawn) => {
      // At most one gap: two of one name would not compile.
      const gap = drawn.findIndex((one) => one.gap === 1);
      return drawn.map(({ type }, index) =>
        index === gap ? { name: "__gap", type: "uint256[4]" } : { name: `${prefix}${index}`, type },
      );
    });

/** A random contract. */
export const model: fc.Arbitrary<Model> = fc.record({
  variables: list("v", TYPES, 1, 5, true),
  members: list("m", MEMBER_TYPES, 1, 3, true),
  names: fc.integer({ min: 1, max: 3 }).map((count) => Array.from({ length: count }, (_, i) => `N${i}`)),
  spaced: list("s", [...MEMBER_TYPES, "mapping(uint256 => S)"], 0, 3, false),
  namespace: fc.constant("example.space"),
});

/** One step of an edit; the numbers are taken modulo what is there. */
export const edit = fc.record({
  kind: fc.constantFrom(
    ...[
      "rename",
      "tell rename",
      "retype",
      "tell retype",
      "move",
      "insert",
      "append",
      "delete",
      "use gap",
      "drop gap",
    ],
    ...["append member", "insert member", "append name", "insert name", "use struct gap"],
    ...["append spaced", "delete spaced", "change namespace"],
  ),
  at: fc.nat({ max: 9 }),
  type: typed(TYPES),
});
export type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** The model after an edit; the same one where the edit finds nothing to change. */
export function applyEdit(model: Model, { kind, at, type }: Edit, step: number): Model {
  const { variables, members, names, spaced } = model;
  const index = at % variables.length;
  const chosen = variables[index]!;
  const fresh = { name: `new${step}`, type };
  const replaced = (variable: Variable) => ({ ...model, variables: variables.with(index, variable) });
  switch (kind) {
    case "rename":
      return replaced({ ...chosen, name: fresh.name });
    case "tell rename":
      return replaced({ ...chosen, name: fresh.name, renamedFrom: chosen.name });
    case "retype":
      return replaced({ ...chosen, type });
    case "tell retype":
      return replaced({ ...chosen, type, retypedFrom: chosen.type });
    case "move":
      return { ...model, variables: [...variables.toSpliced(index, 1), chosen] };
    case "insert":
      return { ...model, variables: variables.toSpliced(index, 0, fresh) };
    case "append":
      return { ...model, variables: [...variables, fresh] };
    case "delete":
      return variables.length === 1 ? model : { ...model, variables: variables.toSpliced(index, 1) };
    case "use gap":
      return { ...model, variables: useGap(variables, { name: fresh.name, type: "uint256" }) };
    case "drop gap":
      return {
        ...model,
        variables: variables.filter(({ name }) => name !== "__gap" || variables.length === 1),
      };
    case "append member":
      return { ...model, members: [...members, { name: fresh.name, type: MEMBER_TYPES[at % 8]! }] };
    case "insert member":
      return { ...model, members: [{ name: fresh.name, type: MEMBER_TYPES[at % 8]! }, ...members] };
    case "use struct gap":
      return { ...model, members: useGap(members, { name: fresh.name, type: "uint256" }) };
    case "append name":
      return { ...model, names: [...names, `New${step}`] };
    case "insert name":
      return { ...model, names: [`New${step}`, ...names] };
    case "append spaced":
      return { ...model, spaced: [...spaced, { name: fresh.name, type: MEMBER_TYPES[at % 8]! }] };
    case "delete spaced":
      return { ...model, spaced: spaced.slice(1) };
    default:
      return { ...model, namespace: `example.other${step}` };
  }
}

/** A variable in the first slot of the gap, and the rest of the gap behind it. */
function useGap(variables: readonly Variable[], fresh: Variable): Variable[] {
  return variables.flatMap((variable) => {
    // An edit before this one may have made something else of the gap.
    const length = /^uint256\[(\d+)\]$/.exec(variable.type)?.[1];
    if (variable.name !== "__gap" || length === undefined) return [variable];
    const left = Number(length) - 1;
    return left === 0 ? [fresh] : [fresh, { ...variable, type: `uint256[${left}]` }];
  });
}

/** A file with the contract C as Solidity. */
export function solidityOf({ variables, members, names, spaced, namespace }: Model): string {
  const line = ({ name, type, renamedFrom, retypedFrom }: Variable) => {
    const told = [
      ...(renamedFrom === undefined ? [] : [`/// @custom:oz-renamed-from ${renamedFrom}`]),
      ...(retypedFrom === undefined ? [] : [`/// @custom:oz-retyped-from ${qualified(retypedFrom)}`]),
    ];
    return [...told, `${type} ${name};`].join("\n");
  };
  // A comment names types as the compiler prints them.
  const qualified = (type: string) => type.replace(/\b[ES]\b/g, (short) => `C.${short}`);
  const space =
    spaced.length === 0
      ? ""
      : `/// @custom:storage-location erc7201:${namespace}\nstruct Space { ${spaced.map(line).join("\n")} }`;
  return `pragma solidity ^0.8.20;
  import {IToken} from "IToken.sol";
  contract C {
    enum E { ${names.join(", ")} }
    struct S { ${members.map(line).join(" ")} }
    ${space}
    ${variables.map(line).join("\n")}
  }`;
}
