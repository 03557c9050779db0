/** solc's type table, as far as it says what a variable holds. */
export type TypeTable = Readonly<
  Record<
    string,
    {
      readonly label: string;
      readonly encoding: string;
      readonly base?: string;
      readonly key?: string;
      readonly value?: string;
      readonly members?: readonly { readonly label: string; readonly type: string }[];
    }
  >
>;

/** A value inside of a variable that Solidity can read by itself. */
export interface Leaf {
  /** As Solidity writes it: `m[7].kids[1].v`. */
  readonly path: string;
  /** Statements that make room for it: elements of dynamic arrays. */
  readonly before: string;
  /** A Solidity expression of its type, made of a `uint256 seed` below 2^128; a length is not written by itself. */
  readonly value?: string;
}

/** A struct inside of itself is followed so often. */
const MAX_DEPTH = 2;

/**
 * The leaves of a variable: all members of structs, the first and the last element of arrays (dynamic ones get two), and two
 * values of each mapping. Functions are left out, and gaps that no code uses.
 * @param isUsed whether code uses what is called like a gap.
 */
export function leavesOf(
  path: string,
  type: string,
  types: TypeTable,
  isUsed: (gap: string) => boolean = () => false,
): Leaf[] {
  return walk(path, type, { types, isUsed, before: "", around: [] });
}

interface Walk {
  readonly types: TypeTable;
  readonly isUsed: (gap: string) => boolean;
  readonly before: string;
  readonly around: readonly string[];
}

function walk(path: string, id: string, at: Walk): Leaf[] {
  const { types, around } = at;
  const type = types[id]!;
  const inner = (step: string, inside: string, before = at.before) =>
    walk(path + step, inside, { ...at, before });
  if (type.encoding === "mapping") {
    const key = types[type.key!]!;
    return ["7", "8"].flatMap((seed) => inner(`[${valueFor(type.key!, key.label, seed)}]`, type.value!));
  }
  if (type.encoding === "dynamic_array") {
    const room = `${at.before} while (${path}.length < 2) ${path}.push();`;
    const length = { path: `${path}.length`, before: at.before };
    return [length, ...["0", "1"].flatMap((index) => inner(`[${index}]`, type.base!, room))];
  }
  if (type.base !== undefined) {
    const gap = /(?:^|\.)__gap(?:_\w*)?$/.test(path);
    if (gap && !at.isUsed(path)) return [];
    const last = Number(/\[(\d+)\]$/.exec(type.label)![1]) - 1;
    return [...new Set([0, last])].flatMap((index) => inner(`[${index}]`, type.base!));
  }
  if (type.members !== undefined) {
    if (around.filter((other) => other === id).length === MAX_DEPTH) return [];
    return type.members.flatMap((member) =>
      walk(`${path}.${member.label}`, member.type, { ...at, around: [...around, id] }),
    );
  }
  if (id.startsWith("t_function")) return [];
  return [{ path, before: at.before, value: valueFor(id, type.label, "seed") }];
}

/** A Solidity expression of a type without parts. */
function valueFor(id: string, label: string, seed: string): string {
  const name = label.replace(/^(enum|contract) /, "");
  if (id.startsWith("t_userDefinedValueType")) throw new Error(`values of ${label} are not written`);
  if (id.startsWith("t_enum")) return `${name}(${seed} % (uint256(type(${name}).max) + 1))`;
  if (id.startsWith("t_contract")) return `${name}(address(uint160(${seed})))`;
  if (label === "bool") return `(${seed} % 2 == 1)`;
  if (label === "address payable") return `payable(address(uint160(${seed})))`;
  if (label === "address") return `address(uint160(${seed}))`;
  if (label === "string") return `string(abi.encode(${seed}))`;
  if (label === "bytes") return `abi.encode(${seed})`;
  const [, kind, digits] = /^(uint|int|bytes)(\d+)$/.exec(label)!;
  if (kind === "uint") return `uint${digits}(uint256(${seed}))`;
  if (kind === "int") return `int${digits}(uint${digits}(uint256(${seed})))`;
  return `bytes${digits}(uint${Number(digits) * 8}(uint256(${seed})))`;
}
