import type { z } from "zod";
import { SealpatchError } from "../../errors.js";
import { lazily } from "../../lazily.js";
import { zod } from "../../zod.js";
import type { Hardfork, Hex, VectorSet } from "../format/index.js";
import { refusalOf, stateBefore, tracingNeeded } from "./block-state.js";
import {
  changesOf,
  PRESTATE_DIFF_TRACER,
  PRESTATE_TRACER,
  prestateDiffSchema,
  prestateSchema,
  withPrestate,
} from "./prestate.js";
import { recordOver, type Surroundings, type VectorRequest } from "./record.js";
import { assertAsOnChain, type ChainOutcome, callTraceSchema, receiptSchema } from "./record-check.js";
import { readBlock, readBlockHash } from "./record-node.js";
import { address, bytes, hash, quantity, RpcClient } from "./rpc.js";
import { rulesOf } from "./rules.js";

/** Which transaction to record, and as what. */
export interface TransactionToRecord extends VectorRequest {
  /** JSON-RPC endpoint of a node. */
  readonly rpcUrl: string;
  readonly hash: Hex;
  /** The contract whose code is to be judged: by default the one that the transaction calls. */
  readonly subject?: Hex;
  /** The rules; by default those of the block, which are refused where nobody names them (`rulesOf`). */
  readonly hardfork?: Hardfork;
  /** False asks the node for no traces: then only the first transaction of a block can be recorded. */
  readonly trace?: boolean;
}

const transactionSchema = lazily(() =>
  zod.object({
    hash: hash(),
    from: address(),
    to: address().nullable(),
    input: bytes(),
    value: quantity(),
    type: quantity().optional(),
    blockHash: hash().nullable(),
  }),
);

type Transaction = z.output<ReturnType<typeof transactionSchema>>;

/**
 * Records a mined transaction as a vector: from the state right before it, which is the one after the transactions
 * that stand before it in its block. Where the node traces, that state and the outcome on the chain come from the prestate and
 * the call tracer; else the state is that of the block before, which holds for the first transaction of a block only.
 * What the current code does here must be what it did there, fees apart.
 * @returns a set with this one vector and the codes it needs.
 * @throws SealpatchError `vectors/transaction-unknown`, `vectors/transaction-pending`,
 * `vectors/transaction-unsupported`, `vectors/subject-missing`, `vectors/tracing-needed`,
 * `vectors/differs-from-chain`, and those of `recordVector`.
 * @example
 * ```ts
 * const incident = await recordTransaction({ rpcUrl, hash, kind: "incident", name: "the attack" });
 * await writeVectorSet("incidents.json", incident);
 * ```
 */
export async function recordTransaction(options: TransactionToRecord): Promise<VectorSet> {
  const rpc = new RpcClient(options.rpcUrl);
  const { transaction, receipt } = await readTransaction(rpc, options.hash);
  const subject = options.subject ?? transaction.to;
  if (subject === null) {
    throw new SealpatchError("vectors/subject-missing", "the transaction creates a contract and calls none", {
      why: "without a call, the contract to be judged is unknown",
      remedy: "give the address of the contract to judge as the subject",
    });
  }
  const block = await readBlock(rpc, receipt.blockHash);
  const index = Number(receipt.transactionIndex);
  const trace = options.trace === false ? NO_TRACE : await readTrace(rpc, transaction.hash);
  if ("refusal" in trace && index > 0) throw tracingNeeded(trace.refusal);

  const rules = await rulesOf(rpc, block, options.hardfork);
  const behind = stateBefore(rpc, block, rules, index);
  const state = "refusal" in trace ? behind : withPrestate(trace.prestate, behind);
  const surroundings: Surroundings = {
    state,
    rules,
    environment: block.environment,
    blockHash: (number) => readBlockHash(rpc, number),
  };
  const { from, to, input: data, value } = transaction;
  const gasPrice = receipt.effectiveGasPrice;
  const { set, current, currentCode } = await recordOver(surroundings, {
    ...options,
    subject,
    calls: [{ from, to, data, value, environment: { gasPrice } }],
  });
  const onChain: ChainOutcome = {
    receipt,
    ...("refusal" in trace ? {} : { returnData: trace.call.output, changes: changesOf(trace.diff) }),
  };
  await assertAsOnChain(current, onChain, state, {
    vector: set.vectors[0]!,
    ownCode: currentCode.address,
    // Without fees in the vector, these two balances are others than on the chain.
    feesMove: gasPrice === 0n ? [] : [from, block.environment(from).coinbase],
  });
  return set;
}

async function readTransaction(rpc: RpcClient, wanted: Hex) {
  const [transaction] = await rpc.ask({
    method: "eth_getTransactionByHash",
    params: [wanted],
    answer: transactionSchema().nullable(),
  });
  if (transaction === null) {
    throw new SealpatchError("vectors/transaction-unknown", "the node does not know that transaction", {
      details: { hash: wanted },
      why: "the hash is wrong, the node serves another chain, or it has dropped transactions that old",
      remedy: "check the hash and the node's chain; use an archive node where the transaction is old",
    });
  }
  assertSupported(transaction);
  const [receipt] = await rpc.ask({
    method: "eth_getTransactionReceipt",
    params: [wanted],
    answer: receiptSchema().nullable(),
  });
  if (receipt === null || transaction.blockHash === null) {
    throw new SealpatchError("vectors/transaction-pending", "the transaction is not in a block yet", {
      details: { hash: wanted },
      why: "its pre-state is known only once its place in a block is fixed",
      remedy: "wait until it is mined, or record it as a call",
    });
  }
  return { transaction, receipt };
}

/** Legacy, EIP-2930 and EIP-1559 transactions are calls and nothing else. */
function assertSupported({ type = 0n }: Transaction): void {
  if (type <= 2n) return;
  const reasons: Readonly<Record<string, string>> = {
    3: "it carries blobs (EIP-4844), and a vector has no blob hashes",
    4: "it sets the code of accounts before its call (EIP-7702), and a vector has no authorizations",
  };
  throw new SealpatchError(
    "vectors/transaction-unsupported",
    "a transaction of this type cannot become a vector",
    {
      details: { type },
      why:
        reasons[type.toString()] ??
        "the type is not one of Ethereum's: what it does besides its call is unknown",
      remedy: "record its call, from the state of a block in which the rest has happened",
    },
  );
}

const NO_TRACE = { refusal: "it was told to do without" };

/** The traces of a transaction, or why the node gives none. */
async function readTrace(rpc: RpcClient, transaction: Hex) {
  const question = <T extends z.ZodType>(tracer: object, answer: T) => ({
    method: "debug_traceTransaction",
    params: [transaction, tracer],
    answer,
  });
  try {
    const [prestate, diff, call] = await rpc.ask(
      question(PRESTATE_TRACER, prestateSchema()),
      question(PRESTATE_DIFF_TRACER, prestateDiffSchema()),
      question({ tracer: "callTracer", timeout: PRESTATE_TRACER.timeout }, callTraceSchema()),
    );
    return { prestate, diff, call };
  } catch (error) {
    return { refusal: refusalOf(error) };
  }
}
