import type { TransactionRequest } from "ethers";

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
