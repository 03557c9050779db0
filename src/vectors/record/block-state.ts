import { SealpatchError } from "../../errors.js";
import { HARDFORKS } from "../../networks.js";
import type { Hex } from "../format/index.js";
import type { StateSource } from "../run/index.js";
import {
  type AccountChange,
  blockDiffsSchema,
  changesOf,
  PRESTATE_DIFF_TRACER,
  type PrestateDiff,
  withChanges,
} from "./prestate.js";
import { type Block, NodeState } from "./record-node.js";
import { bytes, type RpcClient, toQuantity } from "./rpc.js";
import type { Rules } from "./rules.js";

/** Where EIP-4788 and EIP-2935 keep their rings, and how long those are. */
const BEACON_ROOTS: Hex = "0x000f3df6d732807ef1319fb7b8bb8522d0beac02";
const BLOCK_HASHES: Hex = "0x0000f90827f1c53a10cb7a02335b175320002935";
const RING = 8191n;

/** Why a node gives no trace. A node that does not answer at all is not such a reason. */
export function refusalOf(error: unknown): string {
  if (error instanceof SealpatchError) {
    if (error.code === "vectors/node-refuses") return error.why ?? error.message;
    // Nodes that do not know a tracer answer with that of their own choice.
    if (error.code === "vectors/node-answer") return "its answer is not a trace of that kind";
  }
  throw error;
}

/**
 * The state before a transaction, as far as its own pre-state trace leaves it open: that of the block before, then what
 * the block itself writes at its start, then what the earlier transactions changed.
 */
export function stateBefore(rpc: RpcClient, block: Block, rules: Rules, index: number): StateSource {
  let before: Promise<StateSource> | undefined;
  const load = async (): Promise<StateSource> => {
    const earlier = index === 0 ? [] : await earlierChanges(rpc, block, index);
    return withChanges(new NodeState(rpc, block.number - 1n), [blockStart(block, rules), ...earlier]);
  };
  const loaded = () => {
    before ??= load();
    return before;
  };
  return {
    account: async (address) => (await loaded()).account(address),
    slot: async (address, slot) => (await loaded()).slot(address, slot),
  };
}

async function earlierChanges(rpc: RpcClient, block: Block, index: number) {
  let diffs: readonly PrestateDiff[];
  try {
    const [answer] = await rpc.ask({
      method: "debug_traceBlockByHash",
      params: [block.hash, PRESTATE_DIFF_TRACER],
      answer: blockDiffsSchema().min(index),
    });
    diffs = answer.map(({ result }) => result);
  } catch (error) {
    throw tracingNeeded(refusalOf(error));
  }
  return Promise.all(
    diffs.slice(0, index).map(async (diff, place) => {
      const changes = changesOf(diff);
      for (const [address, delegation] of openDelegations(diff)) {
        const left = await codeAfter(rpc, block, address, diffs.slice(place + 1));
        if (left === delegation) continue;
        if (left !== "0x") throw tracingNeeded(`its trace does not tell what code ${address} was left with`);
        changes.set(address, { ...changes.get(address)!, code: left });
      }
      return changes;
    }),
  );
}

/** First bytes of the code of an account that lends another one's (EIP-7702). */
const DELEGATION = "0xef0100";

/**
 * Accounts with a delegation before a transaction that it changes without saying what code they have afterwards: as tracers
 * leave out what is empty, it may be the same, or none.
 */
function openDelegations({ pre, post }: PrestateDiff): [Hex, Hex][] {
  return (Object.entries(pre) as [Hex, PrestateDiff["pre"][Hex]][]).flatMap(([address, { code }]) =>
    code?.startsWith(DELEGATION) && post[address] !== undefined && post[address].code === undefined
      ? [[address, code]]
      : [],
  );
}

/** Code of an account after a transaction: what the next one that changes the account finds, else what the block leaves. */
async function codeAfter(
  rpc: RpcClient,
  block: Block,
  address: Hex,
  later: readonly PrestateDiff[],
): Promise<Hex> {
  const next = later.find(({ pre, post }) => pre[address] !== undefined || post[address] !== undefined);
  if (next !== undefined) return next.pre[address]?.code ?? "0x";
  const [code] = await rpc.ask({
    method: "eth_getCode",
    params: [address, toQuantity(block.number)],
    answer: bytes(),
  });
  return code;
}

/**
 * What a block writes before its first transaction: the beacon root (EIP-4788, since Cancun) and the hash of the block
 * before (EIP-2935, since Prague), each into a ring of 8191 slots.
 */
function blockStart(block: Block, { hardfork }: Rules): Map<Hex, AccountChange> {
  const unchanged = { destroyed: false, balance: undefined, nonce: undefined, code: undefined };
  const changes = new Map<Hex, AccountChange>();
  const { parentBeaconBlockRoot: root, timestamp } = block;
  if (root !== undefined) {
    const slots = new Map([
      [timestamp % RING, timestamp],
      [(timestamp % RING) + RING, BigInt(root)],
    ]);
    changes.set(BEACON_ROOTS, { ...unchanged, slots });
  }
  if (HARDFORKS[hardfork] >= HARDFORKS.prague) {
    const slots = new Map([[(block.number - 1n) % RING, BigInt(block.parentHash)]]);
    changes.set(BLOCK_HASHES, { ...unchanged, slots });
  }
  return changes;
}

export function tracingNeeded(refusal: string): SealpatchError {
  return new SealpatchError(
    "vectors/tracing-needed",
    "the transaction's pre-state needs a node that traces",
    {
      why: `other transactions precede it in its block, and the node gives no trace: ${refusal}`,
      remedy: "use a node with debug_traceTransaction and debug_traceBlockByHash (Geth, Reth, Erigon, anvil)",
    },
  );
}
