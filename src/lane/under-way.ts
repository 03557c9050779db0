import { getAddress, type Provider, type Signer, type TransactionReceipt } from "ethers";
import { asked } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { LOCAL_CHAIN_IDS } from "../networks.js";
import type { Journal, SignedLine } from "../state/index.js";

/** Whose transactions, and where they are written down. */
export interface Sender {
  readonly journal: Journal;
  /** Of the chain that the account signs for. */
  readonly chainId: bigint;
  readonly from: string;
}

/** A nonce for which something was signed and nothing is mined. */
export interface OpenNonce {
  readonly nonce: number;
  /** All that was signed for it, the oldest first. */
  readonly lines: readonly [SignedLine, ...SignedLine[]];
}

/** What the chain says of a journal. */
export interface Settled {
  /** The account's next nonce, by what is mined. */
  readonly nonce: number;
  /** The lowest nonce first. */
  readonly open: readonly OpenNonce[];
  /** What was found mined, and is written down now. */
  readonly found: readonly { readonly line: SignedLine; readonly receipt: TransactionReceipt }[];
}

/**
 * Holds the journal against the chain, which decides what is done: of each nonce that is used it writes down which transaction was mined. What is
 * left may be on its way.
 * @throws SealpatchError `state/folder-unwritable`, and as `asked`.
 */
export async function settle(signer: Signer, entry: Omit<Sender, "from">): Promise<Settled & Sender> {
  const from = getAddress(await signer.getAddress());
  return settleOf(signer.provider!, { ...entry, from });
}

/**
 * The same for every account of which the journal has something open on a chain. For what is done without that anything was sent: an earlier run
 * may have ended before it wrote down that its transaction was mined.
 * @throws SealpatchError as `settle` does.
 * @example
 * ```ts
 * await withState(".", ({ journal }) => settleJournal(provider, { journal, chainId: 1n }));
 * ```
 */
export async function settleJournal(provider: Provider, entry: Omit<Sender, "from">): Promise<void> {
  for (const from of entry.journal.accounts(entry.chainId)) await settleOf(provider, { ...entry, from });
}

async function settleOf(provider: Provider, { journal, chainId, from }: Sender): Promise<Settled & Sender> {
  const nonce = await asked("reading the account's nonce", () =>
    provider.getTransactionCount(from, "latest"),
  );
  const found: { line: SignedLine; receipt: TransactionReceipt }[] = [];
  const groups = byNonce(journal.open({ chainId, from }));
  for (const { lines } of groups.filter((each) => each.nonce < nonce)) {
    const mined = await minedOf(provider, lines);
    if (mined !== undefined) found.push(mined);
    await writeOutcome(journal, lines, mined?.receipt);
  }
  // A local chain that began anew knows nothing of what was signed for a later nonce.
  const isOpen = (each: OpenNonce) =>
    each.nonce === nonce || (each.nonce > nonce && !LOCAL_CHAIN_IDS.has(chainId));
  return { journal, chainId, from, nonce, open: groups.filter(isOpen), found };
}

function byNonce(lines: readonly SignedLine[]): OpenNonce[] {
  const groups = new Map<number, [SignedLine, ...SignedLine[]]>();
  for (const line of lines) {
    const group = groups.get(line.nonce);
    if (group === undefined) groups.set(line.nonce, [line]);
    else group.push(line);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([nonce, group]) => ({ nonce, lines: group }));
}

async function minedOf(provider: Provider, lines: readonly SignedLine[]) {
  for (const line of lines) {
    const receipt = await asked("looking for an earlier transaction", () =>
      provider.getTransactionReceipt(line.hash),
    );
    if (receipt !== null) return { line, receipt };
  }
  return undefined;
}

/** Writes down which of the transactions of a nonce was mined; none where it is not one of them. */
export async function writeOutcome(
  journal: Journal,
  lines: readonly { readonly hash: string }[],
  receipt: Pick<TransactionReceipt, "hash" | "blockNumber" | "contractAddress"> | undefined,
): Promise<void> {
  if (receipt !== undefined) {
    const { hash, blockNumber: block, contractAddress } = receipt;
    const made = contractAddress === null ? {} : { contract: contractAddress };
    await journal.write({ stage: "mined", hash, block, ...made });
  }
  const by = receipt === undefined ? {} : { by: receipt.hash };
  for (const { hash } of lines)
    if (hash !== receipt?.hash) await journal.write({ stage: "replaced", hash, ...by });
}

/** Something else of the account may still be mined: what is sent now would replace it, or wait behind it. */
export function underWay({ what, nonce, hash }: SignedLine): SealpatchError {
  return new SealpatchError("lane/under-way", "another transaction of the account is under way", {
    details: { what, nonce, hash },
    why: `\`${what}\` was signed with nonce ${nonce} and may still be mined: this one would replace it, or wait behind it`,
    remedy: "do that again, which goes on with it, or use up its nonce by an empty transaction",
  });
}

/** The node has something of the account that the journal does not know. @param nonce the next one that no block has. */
export function sentElsewhere(nonce: number): SealpatchError {
  return new SealpatchError(
    "lane/sent-elsewhere",
    "the account has a transaction pending that was sent elsewhere",
    {
      details: { nonce },
      why: `the node has one with nonce ${nonce}, of which the journal knows nothing: this one would wait behind it`,
      remedy: "wait until it is mined, or end it where it was sent from",
    },
  );
}
