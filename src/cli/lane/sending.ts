import type { Wallet } from "ethers";
import {
  assertRoute,
  MAX_FEE,
  newestBlock,
  type SendOptions,
  type SendTransaction,
  shownGwei,
} from "../../chain/index.js";
import { sendJournaled, settleJournal } from "../../lane/index.js";
import { LOCAL_CHAIN_IDS } from "../../networks.js";
import { type Journal, withState } from "../../state/index.js";
import { print, wrap } from "../../terminal/index.js";
import { usageError } from "../options.js";
import type { AskingTerminal } from "../passphrase.js";
import type { Connection, SendingOptions } from "./account.js";
import { chosenRelay, openRelay } from "./relay.js";
import { type Purpose, SHOWN } from "./shown.js";

/**
 * Checks, before anybody is asked for anything, that the options say how a transaction reaches a chain that is not local.
 * @returns the newest block, from which on the command looks at the chain.
 * @throws SealpatchError `cli/usage`, `chain/public-mempool`, and as `chosenRelay` and `newestBlock`.
 */
export async function assertSendable(
  options: SendingOptions,
  { provider }: Pick<Connection, "provider">,
  purpose: Purpose,
): Promise<number> {
  assertOneRoute(options);
  // What the route is does not matter yet.
  const isChosen = chosenRelay(options) !== undefined || options.public === true;
  await assertRoute(provider, isChosen ? { public: true } : undefined, SHOWN[purpose]);
  return (await newestBlock(provider)).number;
}

/** Checks the options alone. @throws SealpatchError `cli/usage`, and as `chosenRelay`. */
export function assertOneRoute(options: SendingOptions): void {
  if (options.confirmations === 0)
    throw usageError("--confirmations is 0", "give the blocks that have to have the transaction, 1 at least");
  if (chosenRelay(options) !== undefined && options.public)
    throw usageError("--relay and --public contradict each other", "choose one of the two");
}

/** What the options say of how transactions are sent, with the relay opened. @throws SealpatchError as `openRelay`. */
export async function openSending(
  options: SendingOptions,
  connection: Pick<Connection, "provider">,
  terminal?: AskingTerminal,
): Promise<SendOptions> {
  const outlet = await openRelay(options, connection, terminal);
  return { outlet, ...sendingLimits(options) };
}

/** Price, gas and confirmations that the options name. */
export function sendingLimits({ gas, maxFee, confirmations }: SendingOptions): Omit<SendOptions, "outlet"> {
  return { gasLimit: gas, maxFee, confirmations };
}

/**
 * Works with the project's journal, and writes down afterwards what is mined by then of all that it has: what the work found done may have been
 * sent by a run that ended before it could.
 * @throws SealpatchError as `withState` and `settleJournal`.
 */
export function withJournal<T>(
  { project, provider, chainId }: Connection,
  work: (journal: Journal) => Promise<T>,
): Promise<T> {
  return withState(project.folder, async ({ journal }) => {
    const result = await work(journal);
    await settleJournal(provider, { journal, chainId });
    return result;
  });
}

/** A sender that writes into the journal. What the same command sent before, and was mined after block `since`, counts as sent. */
export function senderOf(
  account: Wallet,
  entry: { readonly journal: Journal; readonly purpose: Purpose; readonly since: number },
  { chainId }: Pick<Connection, "chainId">,
  sending: SendOptions,
): SendTransaction {
  const { journal, purpose, since } = entry;
  return sendJournaled(account, { journal, what: purpose, chainId, since }, sending);
}

/** Says which way the transactions take, and who sees them on it. */
export function printWay(
  { outlet, maxFee }: SendOptions,
  purpose: Purpose,
  { chainId }: Pick<Connection, "chainId">,
): void {
  const shown = SHOWN[purpose];
  const way =
    outlet === undefined
      ? `By the public mempool, which shows everybody ${shown}.`
      : `Through ${outlet.host}: it alone sees the transaction before it is mined. What it does not keep to itself is public: ${shown}.`;
  print("", wrap(way));
  if (maxFee !== undefined || !LOCAL_CHAIN_IDS.has(chainId))
    print(`gas          at most ${shownGwei(maxFee ?? MAX_FEE)} a unit`);
}
