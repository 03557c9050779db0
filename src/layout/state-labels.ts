import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";
import type { ContractCode } from "./contract-code.js";
import { declaredChange } from "./declared-changes.js";
import { isGap, type StorageTypes, type StorageVariable } from "./storage-layout.js";
import { assertSameName, contractDefinition, type SyntaxTree } from "./syntax-tree.js";

const stateVariable = lazily(() =>
  zod.object({ nodeType: zod.literal("VariableDeclaration"), name: zod.string(), scope: zod.int() }),
);

/** What a state variable is called in a layout. */
export interface StateLabel {
  readonly label: string;
  /** What it was called in the layout before, where the declaration tells a former name. */
  readonly renamedFrom?: string;
  /** Name of the contract that declares it; absent where no tree holds the declaration. */
  readonly contract?: string;
}

/** One contract's state variables, and what tells who declares them. */
export interface StateVariables {
  /** In order of position. */
  readonly storage: readonly StorageVariable[];
  readonly types: StorageTypes;
  readonly code: ContractCode;
}

/**
 * The labels of a contract's state variables, in their order. Private names are not unique: the first of equal names
 * keeps it plain, each later one is `Contract.name` after the contract that declares it, or `.name` where that is the
 * contract itself. Former names likewise, among the names that the declarations say the variables had. Gaps keep their
 * names, which nothing compares.
 * @throws SealpatchError `layout/equal-names` where two contracts of one name declare variables of one name;
 * `layout/missing-syntax-tree`, `layout/syntax-tree-mismatch` where names are equal and no tree tells who declares them.
 */
export function stateLabels({ storage, types, code }: StateVariables): StateLabel[] {
  const { tree } = code;
  const contract = () => code.contracts()[0]!.id;
  const variables = storage.map((variable) => ({
    variable,
    name: variable.label,
    formerName: declaredChange(variable, tree).renamedFrom,
    gap: isGap(variable, types, code),
  }));
  type Variable = (typeof variables)[number];
  const compared = variables.filter(({ gap }) => !gap);
  const distinct = (nameOf: (variable: Variable) => string) => (one: Variable) => {
    const name = nameOf(one);
    const alike = compared.filter((other) => nameOf(other) === name);
    if (one.gap || alike.length < 2) return name;
    const declarers = alike.map(({ variable }) => declaringContract(variable, tree));
    assertToldApart(name, declarers, contract());
    const index = alike.indexOf(one);
    const { id, name: declarer } = declarers[index]!;
    return index === 0 ? name : `${id === contract() ? "" : declarer}.${name}`;
  };
  const label = distinct(({ name }) => name);
  const formerLabel = distinct(({ name, formerName }) => formerName ?? name);
  return variables.map((one) => {
    const declared = tree.find(one.variable.astId ?? 0) !== undefined;
    return {
      label: label(one),
      ...(one.formerName === undefined ? {} : { renamedFrom: formerLabel(one) }),
      ...(declared ? { contract: declaringContract(one.variable, tree).name } : {}),
    };
  });
}

/** solc's own field `contract` is the contract that was compiled, not the one that declares the variable. */
function declaringContract(
  { label, astId }: StorageVariable,
  tree: SyntaxTree,
): { id: number; name: string } {
  const { name, scope } = tree.declaration(astId ?? 0, stateVariable(), label);
  assertSameName(name, label);
  return tree.declaration(scope, contractDefinition(), `the contract that declares ${label}`);
}

function assertToldApart(
  label: string,
  declarers: readonly { readonly id: number; readonly name: string }[],
  own: number,
): void {
  const bases = new Map(declarers.filter(({ id }) => id !== own).map(({ id, name }) => [id, name]));
  const names = [...bases.values()];
  const contract = names.find((name, index) => names.indexOf(name) !== index);
  if (contract === undefined) return;
  throw new SealpatchError(
    "layout/equal-names",
    `two contracts called ${contract} both declare a variable called ${label}`,
    {
      details: { label, contract },
      why: "an upgrade could exchange the two variables, and the layout would not show it",
      remedy:
        "give one of the contracts another name; a contract that is deployed so takes the slow path for it",
    },
  );
}
