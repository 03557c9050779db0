import fc from "fast-check";
import {
  anyType,
  BASES,
  type Contract,
  type ContractName,
  type Model,
  memberType,
  NAMES,
  type Namespace,
  STRUCTS,
  type Variable,
} from "./random-contracts.js";

const BASE_KINDS = [
  ...[
    "exchange bases",
    "new base first",
    "new base last",
    "drop base",
    "stack bases",
    "rename",
    "tell rename",
  ],
] as const;
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
/** One step; the numbers are taken modulo what is there. */
export const edit = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.nat({ max: 11 }),
  type: anyType,
  small: memberType,
});
export type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** A step that changes which contract comes where. */
export const baseEdit: fc.Arbitrary<Edit> = edit.chain((step) =>
  fc.constantFrom(...BASE_KINDS).map((kind) => ({ ...step, kind })),
);

/** The model after an edit; the same one where the edit finds nothing to change. */
export function applyEdit(model: Model, { kind, at, type, small }: Edit, step: number): Model {
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
      const added = { name, type: at % 3 === 0 ? type : "uint256" };
      return withVariables(at % 2 === 0 ? [...variables, added] : [added, ...variables]);
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

/** Former paths of what a version says that it renamed. */
export function renamesOf({ contracts }: Model): Record<string, string> {
  return Object.fromEntries(
    Object.entries(contracts).flatMap(([contract, { variables }]) =>
      variables.flatMap(({ name, renamedFrom }) =>
        renamedFrom === undefined ? [] : [[`${contract}.${name}`, `${contract}.${renamedFrom}`]],
      ),
    ),
  );
}
