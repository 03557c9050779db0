import { hexlify } from "ethers";
import { SealpatchError } from "../../errors.js";
import type { Hardfork, Hex, VectorSet } from "../format/index.js";
import type { StateSource } from "../run/index.js";
import { assertAsAtNode } from "./node-call.js";
import { PRESTATE_TRACER, type Prestate, prestateSchema } from "./prestate.js";
import { type CallToRecord, recordOver, type Surroundings, type VectorRequest } from "./record.js";
import { type Block, NodeState, readBlock, readBlockHash } from "./record-node.js";
import { RpcClient, toQuantity } from "./rpc.js";
import { rulesOf } from "./rules.js";

/** What to record, and from where. */
export interface RecordOptions extends VectorRequest {
  /** JSON-RPC endpoint of a node. */
  readonly rpcUrl: string;
  /** Block whose post-state the calls start from; the newest one by default. */
  readonly block?: bigint;
  /** The rules; by default those of the block, which are refused where nobody names them (`rulesOf`). */
  readonly hardfork?: Hardfork;
  /** The contract that is called: normally the proxy. */
  readonly subject: Hex;
  readonly calls: readonly CallToRecord[];
  /**
   * False asks the node for single values only. By default a node that traces is asked for the state that a single call
   * touches in one piece; an incident's call is never shown to a node.
   */
  readonly trace?: boolean;
}

/**
 * Records a vector from a live chain: replays the calls here, over the node's state, and keeps exactly the state that
 * they touched. What the first call does here on the current code must be what `eth_call` answers at that block; the calls of an incident
 * are not shown to a node, so that they are held against nothing but its rules.
 * @returns a set with this one vector and the codes it needs. Its description says how the rules were found.
 * @throws SealpatchError `vectors/block-unknown`, `vectors/differs-from-node`, and those of `rulesOf`, `RpcClient` and `recordOver`.
 */
export async function recordVector(options: RecordOptions): Promise<VectorSet> {
  const rpc = new RpcClient(options.rpcUrl);
  const block = await readBlock(rpc, options.block);
  const rules = await rulesOf(rpc, block, options.hardfork);
  const surroundings: Surroundings = {
    state: await stateOfCalls(rpc, block, options),
    rules,
    environment: block.environment,
    blockHash: (number) => readBlockHash(rpc, number),
  };
  const { set, current } = await recordOver(surroundings, options);
  if (options.kind !== "incident") await assertAsAtNode(rpc, block, current, set.vectors[0]!);
  return set;
}

/**
 * The state after a block, from which calls start. Where a node may be shown the call and traces it, what the call touches is read
 * in one request, and the trace must say the same; all else is read value by value.
 * @throws SealpatchError `vectors/trace-contradicted`, and those of `RpcClient.attempt`.
 */
async function stateOfCalls(
  rpc: RpcClient,
  { number }: Block,
  { calls, kind, trace }: Pick<RecordOptions, "calls" | "kind" | "trace">,
): Promise<StateSource> {
  const values = new NodeState(rpc, number);
  const [call, ...more] = calls;
  if (call === undefined || more.length > 0 || kind === "incident" || trace === false) return values;
  const { from, to, data, value = 0n } = call;
  const transaction = { from, ...(to === null ? {} : { to }), data, value: toQuantity(value) };
  try {
    const [prestate] = await rpc.ask({
      method: "debug_traceCall",
      params: [transaction, toQuantity(number), PRESTATE_TRACER],
      answer: prestateSchema(),
    });
    await values.load(
      Object.entries(prestate).map(([address, { storage = {} }]) => ({
        address: address as Hex,
        slots: Object.keys(storage).map(BigInt),
      })),
    );
    await assertTrace(prestate, values);
  } catch (error) {
    // A node need not trace, nor trace this call, nor take so many questions at once: its single values say the same.
    const codes = ["vectors/node-refuses", "vectors/node-answer"];
    if (!(error instanceof SealpatchError && codes.includes(error.code))) throw error;
  }
  return values;
}

async function assertTrace(prestate: Prestate, values: StateSource): Promise<void> {
  for (const [address, traced] of Object.entries(prestate) as [Hex, Prestate[Hex]][]) {
    const account = await values.account(address);
    const { balance, nonce = 0n, code = "0x", storage = {} } = traced;
    const same =
      balance === account.balance && nonce === account.nonce && code === hexlify(account.code.bytes);
    if (!same) throw contradicted(address, "balance, nonce or code");
    for (const [slot, value] of Object.entries(storage)) {
      if ((await values.slot(address, BigInt(slot))) !== value) throw contradicted(address, `slot ${slot}`);
    }
  }
}

function contradicted(address: Hex, what: string): SealpatchError {
  return new SealpatchError("vectors/trace-contradicted", "the node contradicts itself about the state", {
    details: { address },
    why: `its trace of the call and its single values differ in ${what} of ${address}`,
    remedy: "use another node, or ask this one for single values only",
  });
}
