import type { z } from "zod";
import { SealpatchError } from "../../errors.js";
import { lazily } from "../../lazily.js";
import { HARDFORKS } from "../../networks.js";
import { zod } from "../../zod.js";
import type { Hardfork, Hex } from "../format/index.js";
import { isHalt } from "./node-call.js";
import type { Block } from "./record-node.js";
import { address, bytes, quantity, type RpcClient, toQuantity } from "./rpc.js";

/** The rules that a vector is recorded under. */
export interface Rules {
  readonly hardfork: Hardfork;
  /** Who says so, in words: it is written into the vector's description. */
  readonly source: string;
}

const HARDFORK_NAMES = Object.keys(HARDFORKS) as Hardfork[];

const nodeInfoSchema = lazily(() => zod.object({ hardFork: zod.string().max(40) }));
const configSchema = lazily(() =>
  zod.object({
    current: zod.object({
      activationTime: zod.int().min(0),
      chainId: quantity(),
      forkId: bytes(),
      precompiles: zod.record(zod.string(), address()),
      systemContracts: zod.record(zod.string(), address()),
    }),
  }),
);
type Config = z.output<ReturnType<typeof configSchema>>["current"];

/**
 * The rules of a block: those that are chosen, else those that the node itself names (`anvil_nodeInfo`), else those of a public
 * chain's schedule, else those of `eth_config` (EIP-7910). Found ones are held against what the node's EVM can run at that
 * block. They are never guessed.
 * @param chosen by a person; then nobody is asked.
 * @throws SealpatchError `vectors/rules-unknown`, `vectors/rules-contradicted`, `vectors/hardfork-unsupported`, and those of
 * `RpcClient.attempt`.
 */
export async function rulesOf(rpc: RpcClient, block: Block, chosen?: Hardfork): Promise<Rules> {
  if (chosen !== undefined) return { hardfork: chosen, source: "chosen by hand" };
  const [info] = await rpc.attempt({ method: "anvil_nodeInfo", params: [], answer: nodeInfoSchema() });
  const rules =
    info.error === undefined
      ? { hardfork: supported(info.answer.hardFork.toLowerCase(), block), source: "as anvil_nodeInfo says" }
      : await rulesOfChain(rpc, block);
  if (await areExecuted(rpc, block, rules)) return rules;
  return {
    ...rules,
    source: `${rules.source}; its EVM was not asked, it runs no init code in eth_call`,
  };
}

async function rulesOfChain(rpc: RpcClient, block: Block): Promise<Rules> {
  const [reply] = await rpc.attempt({ method: "eth_config", params: [], answer: configSchema() });
  // It describes the rules of today, which are not those of every block.
  const today = reply.error === undefined ? reply.answer.current : undefined;
  const config = today !== undefined && BigInt(today.activationTime) <= block.timestamp ? today : undefined;
  if (config !== undefined && config.chainId !== block.chainId) {
    throw contradicted(block, "eth_config speaks of another chain id than eth_chainId");
  }
  const scheduled = await scheduledRules(block, config?.forkId);
  if (scheduled !== undefined) return { hardfork: scheduled, source: "by the schedule of its chain" };
  if (config !== undefined) return { hardfork: configuredRules(block, config), source: "as eth_config says" };
  throw unknown(
    block,
    today === undefined
      ? "its chain's schedule is not known here, and the node answers neither eth_config nor anvil_nodeInfo"
      : "its chain's schedule is not known here, and eth_config tells the rules of later blocks",
  );
}

/**
 * The rules of a block of Ethereum's public chains.
 * @param forkId by EIP-6122, where the node says that of the block: a fork that this release does not know has another one.
 */
async function scheduledRules(block: Block, forkId: Hex | undefined): Promise<Hardfork | undefined> {
  const { Common, Holesky, Hoodi, Mainnet, Sepolia } = await import("@ethereumjs/common");
  const chain = [Mainnet, Sepolia, Holesky, Hoodi].find(({ chainId }) => BigInt(chainId) === block.chainId);
  if (chain === undefined) return undefined;
  const common = new Common({ chain });
  let name: string;
  try {
    name = common.getHardforkBy({ blockNumber: block.number, timestamp: block.timestamp });
  } catch {
    throw unknown(block, "its number and its time do not fit the schedule of the chain that its id names");
  }
  const known = common.hardforks().find((fork) => fork.name === name)?.forkHash;
  if (forkId !== undefined && known != null && known !== forkId) {
    throw contradicted(
      block,
      `by its chain's schedule it is under ${name}, which has another fork id than the node's`,
    );
  }
  return supported(name, block);
}

/** Addresses of the precompiles that a hardfork adds. */
const PRECOMPILES: readonly (readonly [Hardfork, readonly number[]])[] = [
  ["paris", [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ["cancun", [0x0a]],
  ["prague", [0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11]],
  ["osaka", [0x100]],
];

/** EIP-7910 names no fork: the set of precompiles tells them apart since Cancun, if it is exactly that of one. */
function configuredRules(block: Block, { precompiles }: Config): Hardfork {
  const listed = Object.values(precompiles).map(BigInt);
  const expected: bigint[] = [];
  for (const [hardfork, added] of PRECOMPILES) {
    expected.push(...added.map(BigInt));
    const same = listed.length === expected.length && expected.every((address) => listed.includes(address));
    // Paris and Shanghai have the same ones.
    if (same && hardfork !== "paris") return hardfork;
  }
  throw unknown(block, "eth_config lists precompiles of no rules that are known here");
}

/** Init code that succeeds, and returns something else than 0, from one hardfork on. It names no contract. */
const PROBES: readonly (readonly [Hardfork, Hex])[] = [
  // PUSH0: returns 1.
  ["shanghai", "0x60015f5260205ff3"],
  // TLOAD of a slot that is empty: returns 1 more.
  ["cancun", "0x60015f5c015f5260205ff3"],
  // BLS12_G1ADD of two points at infinity: returns the size of the answer.
  ["prague", "0x5f5f6101005f600b5afa503d5f5260205ff3"],
  // CLZ of 1.
  ["osaka", "0x60011e5f5260205ff3"],
];

/**
 * Holds rules against what the node's EVM runs at a block.
 * @returns false where the node does not run init code in eth_call, so that nothing was held against anything.
 * @throws SealpatchError `vectors/rules-contradicted`.
 */
async function areExecuted(rpc: RpcClient, block: Block, { hardfork, source }: Rules): Promise<boolean> {
  const replies = await rpc.attempt(
    ...PROBES.map(([, data]) => ({
      method: "eth_call",
      params: [{ data }, toQuantity(block.number)],
      answer: bytes(),
    })),
  );
  for (const [index, [since]] of PROBES.entries()) {
    const reply = replies[index]!;
    if (reply.error !== undefined && !isHalt(reply.error)) return false;
    const runs = reply.error === undefined && BigInt(reply.answer === "0x" ? 0 : reply.answer) !== 0n;
    if (runs === HARDFORKS[hardfork] >= HARDFORKS[since]) continue;
    throw contradicted(
      block,
      `the rules are ${hardfork}, ${source}, but its EVM ${runs ? "runs" : "does not run"} what ${since} adds`,
    );
  }
  return true;
}

function supported(name: string, block: Block): Hardfork {
  // Forks after Osaka that change nothing but the number of blobs (EIP-7892).
  const rules = /^bpo\d+$/.test(name) ? "osaka" : name;
  const hardfork = HARDFORK_NAMES.find((known) => known === rules);
  if (hardfork !== undefined) return hardfork;
  throw new SealpatchError(
    "vectors/hardfork-unsupported",
    "the block is under rules that vectors cannot run under",
    {
      details: { block: block.number, hardfork: name.replace(/[^a-z0-9 ]/g, "?") },
      why: `vectors run under the rules of ${HARDFORK_NAMES.join(", ")}`,
      remedy: "record from a block under one of those rules",
    },
  );
}

function unknown(block: Block, why: string): SealpatchError {
  return new SealpatchError("vectors/rules-unknown", `the rules of block ${block.number} are not known`, {
    details: { block: block.number, chainId: block.chainId },
    why,
    remedy: "say under which hardfork's rules the chain was at that block",
  });
}

function contradicted(block: Block, why: string): SealpatchError {
  return new SealpatchError(
    "vectors/rules-contradicted",
    "the node contradicts itself about the block's rules",
    {
      details: { block: block.number, chainId: block.chainId },
      why,
      remedy: "say under which hardfork's rules the chain was at that block, or use another node",
    },
  );
}
