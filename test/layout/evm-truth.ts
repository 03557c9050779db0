import { createEVM } from "@ethereumjs/evm";
import { createAddressFromString, hexToBytes } from "@ethereumjs/util";
import { AbiCoder, id, toBeHex, toBigInt } from "ethers";
import { type Instrumented, instrument, type NamedLeaf } from "./instrumented.js";

/** A value that the new contract does not read as it should: as the old one left it, or zero where it is new. */
export interface LostValue {
  /** Where it stands, `A.total` or `C.m[7].kids[1].v`: the declaring contract comes first. */
  readonly leaf: string;
  /** What the old code wrote, ABI-encoded; nothing for a value that only the new contract has. */
  readonly written?: string;
  /** Nothing is read where the new code has no such leaf, or reverts. */
  readonly read?: string;
}

export interface TruthOptions {
  /** `C` if not given. */
  readonly contractName?: string;
  /** Booleans and small numbers meet by chance: each round writes other values. 4 if not given. */
  readonly rounds?: number;
}

/** Two versions of a contract, each as one file that imports nothing. */
export interface Upgrade {
  readonly old: string;
  readonly next: string;
  /** Former path of a leaf by its new beginning, for what the new source calls otherwise: `{ "B.sum": "B.total" }`. */
  readonly renamed?: Readonly<Record<string, string>>;
}

const ACCOUNT = createAddressFromString(`0x${"11".repeat(20)}`);

/**
 * What an upgrade does to an account's storage, in truth: the old code writes every leaf of its state variables and
 * namespaces, the code is exchanged, and the new code reads every leaf.
 * @returns the values that were lost, and those that are new and not zero; none exactly if the state was kept.
 */
export async function lostValues(
  old: string,
  next: string,
  { renamed, ...options }: TruthOptions & Pick<Upgrade, "renamed"> = {},
): Promise<LostValue[]> {
  const [lost] = await lostInUpgrades(
    [{ old, next, ...(renamed === undefined ? {} : { renamed }) }],
    options,
  );
  return lost!;
}

/** As `lostValues`, for many upgrades, which are compiled together. */
export async function lostInUpgrades(
  upgrades: readonly Upgrade[],
  { contractName = "C", rounds = 4 }: TruthOptions = {},
): Promise<LostValue[][]> {
  const codes = instrument(
    upgrades.flatMap(({ old, next }) => [old, next]),
    contractName,
  );
  const all: LostValue[][] = [];
  for (const [index, { renamed = {} }] of upgrades.entries()) {
    const lost = new Map<string, LostValue>();
    for (let round = 0; round < rounds && lost.size === 0; round++) {
      const found = await upgradeOnce(codes[2 * index]!, codes[2 * index + 1]!, renamed, round);
      for (const value of found) lost.set(value.leaf, value);
    }
    all.push([...lost.values()]);
  }
  return all;
}

async function upgradeOnce(
  before: Instrumented,
  after: Instrumented,
  renamed: Readonly<Record<string, string>>,
  round: number,
): Promise<LostValue[]> {
  const getters = new Map(after.leaves.map(({ name }, index) => [formerName(name, renamed), index]));
  const account = await emptyAccount();
  await account.install(before.code);
  for (const [index, { name, value }] of before.leaves.entries()) {
    if (value === undefined) continue;
    const seed = toBigInt(id(`${name} ${round}`)) >> 128n;
    if ((await account.call(`set${index}`, seed)) === undefined) throw new Error(`${name} is not written`);
  }
  const written: (string | undefined)[] = [];
  for (const index of before.leaves.keys()) written.push(await account.call(`get${index}`));
  await account.install(after.code);
  const lost: LostValue[] = [];
  for (const [index, { name }] of before.leaves.entries()) {
    const getter = getters.get(name);
    getters.delete(name);
    const read = getter === undefined ? undefined : await account.call(`get${getter}`);
    if (read === written[index]) continue;
    lost.push({ leaf: name, ...optional("written", written[index]), ...optional("read", read) });
  }
  for (const [name, index] of getters) {
    const read = await account.call(`get${index}`);
    if (!isZero(read, after.leaves[index]!)) lost.push({ leaf: name, ...optional("read", read) });
  }
  return lost;
}

function formerName(leaf: string, renamed: Readonly<Record<string, string>>): string {
  const told = Object.keys(renamed).find(
    (start) => leaf === start || leaf.startsWith(`${start}.`) || leaf.startsWith(`${start}[`),
  );
  return told === undefined ? leaf : renamed[told]! + leaf.slice(told.length);
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
}

/** Whether a new leaf is as it is in an empty storage: elements of arrays that have none cannot be read. */
function isZero(read: string | undefined, { before }: NamedLeaf): boolean {
  if (read === undefined) return before !== "";
  const [encoded] = AbiCoder.defaultAbiCoder().decode(["bytes"], `0x${read}`) as unknown as [string];
  // A word, or the offset and the length of a text.
  return encoded === toBeHex(0, 32) || encoded === `${toBeHex(32, 32)}${"00".repeat(32)}`;
}

/** An account whose code can be exchanged. */
async function emptyAccount() {
  const evm = await createEVM();
  return {
    install: (code: string) => evm.stateManager.putCode(ACCOUNT, hexToBytes(`0x${code}`)),
    /** @returns what the call returns, as hex; undefined where it reverts. */
    async call(name: string, seed?: bigint): Promise<string | undefined> {
      const selector = id(`${name}(${seed === undefined ? "" : "uint256"})`).slice(0, 10);
      const data = `${selector}${seed === undefined ? "" : toBeHex(seed, 32).slice(2)}` as `0x${string}`;
      const call = { to: ACCOUNT, data: hexToBytes(data), gasLimit: 100_000_000n };
      const { execResult } = await evm.runCall(call);
      if (execResult.exceptionError !== undefined) return undefined;
      return Buffer.from(execResult.returnValue).toString("hex");
    },
  };
}
