import {
  getAddress,
  keccak256,
  type Provider,
  resolveAddress,
  type Signer,
  type TransactionReceipt,
  type TransactionRequest,
  type TransactionResponse,
} from "ethers";
import { asked } from "./node.js";

/** What a transaction does. */
export interface Wanted {
  /** With its checksum; none of a deployment. */
  readonly to?: string | undefined;
  /** keccak256 of its data. */
  readonly dataHash: string;
}

/** What a request does, as its transaction will say it. */
export async function wantedBy(signer: Signer, { to, data }: TransactionRequest): Promise<Wanted> {
  const dataHash = keccak256(data ?? "0x");
  return to == null ? { dataHash } : { to: getAddress(await resolveAddress(to, signer.provider)), dataHash };
}

/** A transaction that was signed for a nonce. */
interface Attempt extends Wanted {
  readonly hash: string;
}

/** A nonce of an account, with all that was signed for it. */
export interface AwaitedNonce {
  readonly from: string;
  readonly nonce: number;
  /** What is wanted there. */
  readonly wanted: Wanted;
  /** What the wanted transaction sends along, in wei. */
  readonly value: bigint;
  readonly attempts: readonly Attempt[];
  /** Blocks that have it, its own included, before it counts. */
  readonly confirmations: number;
  /** Block from which on somebody else's transaction is looked for. */
  readonly fromBlock: number;
}

/** What the node says of a nonce at one moment. */
export interface NonceState {
  readonly head: number;
  /** Whether a transaction of that nonce is mined, confirmed or not. */
  readonly isTaken: boolean;
  /** Once it is confirmed: the wanted one, or another. */
  readonly outcome?: Outcome;
}

/** What took a nonce in the end. */
export type Outcome =
  | { readonly receipt: TransactionReceipt }
  | { readonly receipt?: undefined; readonly by: string; readonly isCancelled: boolean };

/**
 * Looks at the node once. Receipts are looked up by hash, for a node need not know what a relay keeps to itself; where none is there and
 * the nonce is used, the blocks say by what. A receipt that a reorganisation takes away is not there at the next look.
 * @throws SealpatchError as `asked`.
 */
export async function lookAt(provider: Provider, awaited: AwaitedNonce): Promise<NonceState> {
  const { from, nonce, attempts, confirmations } = awaited;
  const head = await asked("reading the newest block", () => provider.getBlockNumber());
  const isDeep = (block: number) => head - block + 1 >= confirmations;
  for (const attempt of attempts.toReversed()) {
    const receipt = await asked("waiting for the transaction", () =>
      provider.getTransactionReceipt(attempt.hash),
    );
    if (receipt === null) continue;
    if (!isDeep(receipt.blockNumber)) return { head, isTaken: true };
    const outcome = isSame(attempt, awaited.wanted)
      ? { receipt }
      : { by: attempt.hash, isCancelled: isEmpty(awaited, attempt) };
    return { head, isTaken: true, outcome };
  }
  const used = await asked("reading the account's nonce", () => provider.getTransactionCount(from, "latest"));
  if (used <= nonce) return { head, isTaken: false };
  const stranger = await transactionAt(provider, awaited, head);
  if (stranger === undefined || !isDeep(stranger.blockNumber!)) return { head, isTaken: true };
  const { hash, to, data } = stranger;
  const found = { hash, ...(to === null ? {} : { to }), dataHash: keccak256(data) };
  if (isSame(found, awaited.wanted) && stranger.value === awaited.value) {
    // Repriced by somebody else who signs for the account, a wallet for example.
    const receipt = await asked("waiting for the transaction", () => provider.getTransactionReceipt(hash));
    return receipt === null ? { head, isTaken: true } : { head, isTaken: true, outcome: { receipt } };
  }
  return { head, isTaken: true, outcome: { by: hash, isCancelled: isEmpty(awaited, found) } };
}

/** The transaction that used a nonce, in the blocks since; undefined where it is in none. */
async function transactionAt(
  provider: Provider,
  { from, nonce, fromBlock }: AwaitedNonce,
  head: number,
): Promise<TransactionResponse | undefined> {
  for (let number = head; number >= fromBlock; number--) {
    const block = await asked("reading a block", () => provider.getBlock(number, true));
    const found = block?.prefetchedTransactions.find((each) => each.from === from && each.nonce === nonce);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether two transactions do the same, at whatever price. */
export function isSame(one: Wanted, other: Wanted): boolean {
  return one.to === other.to && one.dataHash === other.dataHash;
}

/** Whether it is what wallets send to cancel: nothing, to the account itself. */
function isEmpty({ from }: AwaitedNonce, { to, dataHash }: Wanted): boolean {
  return to === from && dataHash === NO_DATA;
}

const NO_DATA = keccak256("0x");
