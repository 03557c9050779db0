import { createEVM } from "@ethereumjs/evm";
import { createAddressFromString, hexToBytes } from "@ethereumjs/util";
import { Interface, id, toBigInt } from "ethers";
import { compileSolidity, type SolcOutput } from "../../tools/solc.js";
import { leavesOf, type TypeTable } from "./leaves.js";

/** A value of the old contract that the new one does not read any more. */
export interface LostValue {
  /** Where it stood, `A.total` or `C.m[7].kids[1].v`: the declaring contract comes first. */
  readonly leaf: string;
  /** Both ABI-encoded; nothing is read where the new code has no such leaf, or reverts. */
  readonly written: string;
  readonly read?: string;
}

export interface TruthOptions {
  /** `C` if not given. */
  readonly contractName?: string;
  /** Former path of a leaf by its new beginning, for what the new source calls otherwise: `{ "B.sum": "B.total" }`. */
  readonly renamed?: Readonly<Record<string, string>>;
}

/** Booleans and small numbers meet by chance: each round writes other values. */
const ROUNDS = 4;
const ACCOUNT = createAddressFromString(`0x${"11".repeat(20)}`);
const FILE = "C.sol";

/**
 * What an upgrade does to an account's storage, in truth: the old code writes every leaf of its state variables, the code
 * is exchanged, and the new code reads every leaf. Setters and getters are added to the contracts that declare
 * the variables, so private ones are reached too. Namespaces are not: no variable names them.
 * @returns the values that were lost; none exactly if the state was kept.
 */
export async function lostValues(
  old: string,
  next: string,
  { contractName = "C", renamed = {} }: TruthOptions = {},
): Promise<LostValue[]> {
  const [before, after] = [instrument(old, contractName), instrument(next, contractName)];
  const former = (leaf: string) => {
    const told = Object.keys(renamed).find(
      (start) => leaf === start || leaf.startsWith(`${start}.`) || leaf.startsWith(`${start}[`),
    );
    return told === undefined ? leaf : renamed[told]! + leaf.slice(told.length);
  };
  const getters = new Map(after.leaves.map((leaf, index) => [former(leaf), index]));
  const lost = new Map<string, LostValue>();
  for (let round = 0; round < ROUNDS; round++) {
    const account = await emptyAccount();
    await account.install(before.code);
    const seed = (leaf: string) => toBigInt(id(`${leaf} ${round}`)) >> 128n;
    for (const [index, leaf] of before.leaves.entries()) {
      if ((await account.call("set", index, seed(leaf))) === undefined)
        throw new Error(`${leaf} is not written`);
    }
    const written = await Promise.all(before.leaves.map((_, index) => account.call("get", index)));
    await account.install(after.code);
    for (const [index, leaf] of before.leaves.entries()) {
      const getter = getters.get(leaf);
      const read = getter === undefined ? undefined : await account.call("get", getter);
      if (read !== written[index]) {
        lost.set(leaf, { leaf, written: written[index]!, ...(read === undefined ? {} : { read }) });
      }
    }
  }
  return [...lost.values()];
}

interface Instrumented {
  readonly code: string;
  /** The leaf that `set0`, `get0`, `set1`, ... write and read. */
  readonly leaves: readonly string[];
}

/** Adds to each contract a setter and a getter of every leaf that it declares. */
function instrument(source: string, contractName: string): Instrumented {
  const plain = compileSolidity({ code: false, sources: { [FILE]: source } });
  const { storage, types } = plain.contracts[FILE]![contractName]!.storageLayout;
  const leaves: string[] = [];
  const added = new Map<number, string[]>();
  for (const variable of storage as ((typeof storage)[number] & { astId: number })[]) {
    const contract = declarer(plain, variable.astId);
    const functions = leavesOf(variable.label, variable.type, (types ?? {}) as unknown as TypeTable).map(
      (leaf) => {
        const index = leaves.push(`${contract.name}.${leaf.path}`) - 1;
        return `
        function set${index}(uint256 seed) external { ${leaf.before} ${leaf.path} = ${leaf.value}; }
        function get${index}() external view returns (bytes memory) { return abi.encode(${leaf.path}); }`;
      },
    );
    added.set(contract.end, [...(added.get(contract.end) ?? []), ...functions]);
  }
  const bytes = Buffer.from(source);
  const ends = [...added.keys()].toSorted((a, b) => a - b);
  const pieces = ends.map(
    (end, index) => bytes.toString("utf8", ends[index - 1] ?? 0, end) + added.get(end)!.join(""),
  );
  const whole = pieces.join("") + bytes.toString("utf8", ends.at(-1) ?? 0);
  const output = compileSolidity({ sources: { [FILE]: whole } });
  return { code: output.contracts[FILE]![contractName]!.evm.deployedBytecode.object, leaves };
}

/** The contract that declares a variable, and the byte of the source before its closing brace. */
function declarer(output: SolcOutput, variable: number): { name: string; end: number } {
  type Node = { id: number; name: string; src: string; nodes?: Node[] };
  const { nodes = [] } = output.sources[FILE]!.ast as Node;
  const contract = nodes.find((node) => node.nodes?.some(({ id }) => id === variable))!;
  const [start, length] = contract.src.split(":").map(Number) as [number, number];
  return { name: contract.name, end: start + length - 1 };
}

/** An account whose code can be exchanged. */
async function emptyAccount() {
  const evm = await createEVM();
  return {
    install: (code: string) => evm.stateManager.putCode(ACCOUNT, hexToBytes(`0x${code}`)),
    /** @returns what the call returns, as hex; undefined where it reverts. */
    async call(kind: "set" | "get", index: number, seed?: bigint): Promise<string | undefined> {
      const name = `${kind}${index}`;
      const face = new Interface([
        `function ${name}(${seed === undefined ? "" : "uint256"}) returns (bytes)`,
      ]);
      const data = face.encodeFunctionData(name, seed === undefined ? [] : [seed]) as `0x${string}`;
      const call = { to: ACCOUNT, data: hexToBytes(data), gasLimit: 100_000_000n };
      const { execResult } = await evm.runCall(call);
      if (execResult.exceptionError !== undefined) return undefined;
      return Buffer.from(execResult.returnValue).toString("hex");
    },
  };
}
