import { type JsonRpcSigner, keccak256, type Signer, Transaction, type TransactionRequest } from "ethers";
import type { Fees } from "./fees.js";
import { asked } from "./node.js";
import type { SignedTransaction } from "./send-options.js";

/** A signed transaction, and its bytes. */
export interface Signed {
  readonly raw: string;
  readonly signed: SignedTransaction;
}

/** Signs a request at a price, and sends nothing. @param request with nonce, gas and chain. */
export async function sign(signer: Signer, request: TransactionRequest, fees: Fees): Promise<Signed> {
  const raw = await signer.signTransaction(await filled(signer, request, fees));
  const { hash, from, nonce, to, data, gasLimit } = Transaction.from(raw);
  const signed: SignedTransaction = {
    ...{ hash: hash!, from: from!, nonce, ...(to === null ? {} : { to }) },
    ...{ dataHash: keccak256(data), gasLimit, ...fees },
  };
  return { raw, signed };
}

/** Prepares what the node signs and sends, which keeps the account. @returns what has it do so, and gives the hash. */
export async function sendingByNode(
  signer: JsonRpcSigner,
  request: TransactionRequest,
  fees: Fees,
): Promise<() => Promise<string>> {
  const transaction = await filled(signer, request, fees);
  return () => asked("sending", () => signer.sendUncheckedTransaction(transaction));
}

/** Whether the node keeps the account's key. */
export function isKeptByNode(signer: Signer): signer is JsonRpcSigner {
  return "sendUncheckedTransaction" in signer;
}

async function filled(
  signer: Signer,
  { gasPrice: _, maxFeePerGas: __, maxPriorityFeePerGas: ___, ...request }: TransactionRequest,
  fees: Fees,
): Promise<TransactionRequest> {
  const priced = { ...request, ...fees, type: "gasPrice" in fees ? 0 : 2 };
  // Nothing is on its way yet: a node that is silent here has taken nothing.
  const { from, ...rest } = await asked("preparing the transaction", () =>
    signer.populateTransaction(priced),
  );
  return rest;
}
