import { SealpatchError } from "../../errors.js";
import type { CallOutcome, Environment, Outcome, Vector, VectorCall } from "../format/index.js";
import { explainDifference } from "../judge/index.js";
import type { Block } from "./record-node.js";
import { bytes, type NodeError, type Question, type Reply, type RpcClient, toQuantity } from "./rpc.js";

/**
 * What nodes call an exceptional halt, or a sender who cannot pay, in the answer to eth_call: Geth and Erigon in words, revm (Reth,
 * anvil) by the names of its kinds, Hardhat, Nethermind and Besu in words of their own. Everything else is no outcome of a call.
 */
const HALTS =
  /^EVM error|out of gas|invalid (?:code|jump|opcode)|bad (?:instruction|jump)|stack (?:underflow|overflow|limit)|write protection|static state change|return data out of bounds|max (?:code|initcode|call) |address collision|insufficient (?:funds|balance)|VM (?:Exception|execution error)/i;

/** Codes that JSON-RPC itself gives a request: a method or parameters that the node does not take. */
const NOT_TAKEN: ReadonlySet<number | undefined> = new Set([-32700, -32600, -32601, -32602]);

/** Whether a node's error says that the call was run, and halted or reverted. */
export function isHalt({ code, message, data }: NodeError): boolean {
  if (NOT_TAKEN.has(code)) return false;
  return code === 3 || bytes().safeParse(data).success || /revert/i.test(message) || HALTS.test(message);
}

/** What eth_call tells of a call: no logs. */
type CallResult = Omit<CallOutcome, "logs">;
type CallReply = Reply<Question<ReturnType<typeof bytes>>>;

/**
 * Holds what a call did here against `eth_call` at the same block: as the node runs it by itself, else in the surroundings of the
 * vector. It shows the call to the node, so that it is for calls that are no secret.
 * @param outcome of a sequence that starts with the call, on the code that stands on the chain.
 * @throws SealpatchError `vectors/differs-from-node`; `vectors/node-refuses` where the node runs no call, and what
 * `RpcClient.attempt` throws.
 */
export async function assertAsAtNode(
  rpc: RpcClient,
  block: Block,
  outcome: Outcome,
  { calls, hardfork }: Pick<Vector, "calls" | "hardfork">,
): Promise<void> {
  const [call] = calls as [VectorCall];
  const plain = outcomeAtNode(await ask(rpc, block, call), call);
  const first = differenceFrom(plain, outcome);
  if (first === null) return;
  const placed = await ask(rpc, block, call, call.environment);
  // A node that knows no other surroundings than its own has answered already.
  if (placed.error === undefined || isHalt(placed.error)) {
    if (differenceFrom(outcomeAtNode(placed, call), outcome) === null) return;
  }
  throw new SealpatchError(
    "vectors/differs-from-node",
    "the call does something else here than at the node",
    {
      details: { block: block.number, hardfork },
      why: `at the node against here, under the rules of ${hardfork}: ${first}`,
      remedy:
        "check the rules and the node; a call that depends on its gas or its fee, or on a chain's own precompiles, cannot become a vector",
    },
  );
}

async function ask(
  rpc: RpcClient,
  { number }: Block,
  { from, to, data, value }: VectorCall,
  environment?: Environment,
): Promise<CallReply> {
  const transaction = { from, ...(to === null ? {} : { to }), data, value: toQuantity(value) };
  const params = [transaction, toQuantity(number)];
  const [reply] = await rpc.attempt({
    method: "eth_call",
    params: environment === undefined ? params : [...params, {}, overridesOf(environment)],
    answer: bytes(),
  });
  return reply;
}

/** Surroundings as the execution APIs name them (`BlockOverrides` of eth_simulateV1), which eth_call takes too. */
function overridesOf({ number, timestamp, gasLimit, coinbase, prevRandao, baseFee }: Environment) {
  return {
    number: toQuantity(number),
    time: toQuantity(timestamp),
    gasLimit: toQuantity(gasLimit),
    feeRecipient: coinbase,
    prevRandao: `0x${prevRandao.toString(16).padStart(64, "0")}`,
    baseFeePerGas: toQuantity(baseFee),
  };
}

function outcomeAtNode(reply: CallReply, { to }: VectorCall): CallResult {
  // What a creation returns is its account's code, which a vector has elsewhere.
  if (reply.error === undefined) return { success: true, returnData: to === null ? "0x" : reply.answer };
  if (!isHalt(reply.error)) throw reply.error.refusal;
  const data = bytes().safeParse(reply.error.data);
  return { success: false, returnData: data.success ? data.data : "0x" };
}

function differenceFrom(node: CallResult, here: Outcome): string | null {
  if (here === "step-limit") return "it hits the step limit here";
  const alone = (call: CallResult) => ({ calls: [{ ...call, logs: [] }], accounts: [], slots: [] });
  return explainDifference(alone(node), alone(here.calls[0]!));
}
