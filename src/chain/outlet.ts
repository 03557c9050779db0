import type { Provider, TransactionRequest } from "ethers";
import { SealpatchError } from "../errors.js";
import { nodeErrorOf, rebuiltError } from "./errors.js";
import { asked } from "./node.js";

/** Where a signed transaction is handed in, other than the own node's public mempool. */
export interface Outlet {
  /** Host of the endpoint, for what people read. */
  readonly host: string;
  /** Gas that the transaction takes, as the endpoint tells. @throws SealpatchError `chain/unsupported-method` where it does not offer that. */
  estimateGas(request: TransactionRequest): Promise<bigint>;
  /**
   * Hands a signed transaction in. From the moment this is called the endpoint may have seen it.
   * @param raw the signed transaction, hex.
   * @returns the last block that it is offered for; undefined where the endpoint keeps it without such an end.
   */
  submit(raw: string): Promise<number | undefined>;
}

/** What a node says that has the very same transaction already: geth and reth, Besu, Erigon, Nethermind, anvil. */
export const HAS_IT_ALREADY = /already ?(known|imported|exists)|known transaction/i;

/** Where nobody took the connection. */
const NOT_CONNECTED: ReadonlySet<string> = new Set(["ECONNREFUSED", "ENOTFOUND"]);

/** Whether an endpoint may have taken a transaction although handing it in failed: the answer was lost, and it was there. */
export function isLost({ code, details }: SealpatchError): boolean {
  return code === "chain/unreachable" && !NOT_CONNECTED.has(String(details.cause));
}

/** The node itself, by whose mempool everybody sees the transaction. */
export function ownNode(provider: Provider): Omit<Outlet, "host"> {
  return {
    estimateGas: (request) => asked("trying the transaction", () => provider.estimateGas(request)),
    submit: async (raw) => {
      await asked("sending", () => provider.broadcastTransaction(raw).catch(refusedOrLost));
      return undefined;
    },
  };
}

/**
 * What an endpoint answered to a transaction: a refusal where it says so as JSON-RPC has it, nothing where it has the transaction
 * already, and else an answer that was lost: then it may have taken it.
 */
function refusedOrLost(error: unknown): void {
  const answer = nodeErrorOf(error);
  if (HAS_IT_ALREADY.test(String(answer?.message))) return;
  const rebuilt = rebuiltError(error, "sending");
  if (answer !== undefined || rebuilt.code === "chain/unreachable") throw rebuilt;
  throw new SealpatchError("chain/unreachable", "sending: the answer cannot be read", {
    details: { cause: "BAD_DATA", host: null },
    why: "it is no answer of JSON-RPC; the transaction may have been taken",
    remedy: "check the RPC URL and the node",
  });
}
