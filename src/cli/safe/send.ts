import { SealpatchError } from "../../errors.js";
import {
  actionOf,
  assertFolderHolds,
  checkSafeFolder,
  executionCall,
  isExecutedIn,
  nonceUsed,
  readSafeFolder,
  type SafeAction,
  type SafeProgress,
  safeProgress,
} from "../../safe/index.js";
import { print, printJson, withProgress } from "../../terminal/index.js";
import { assertConfirmable, confirm } from "../confirm.js";
import { openAccount, type SendingOptions, timelockOn, withConnection } from "../lane/account.js";
import { assertSendable, openSending, printWay, senderOf, withJournal } from "../lane/sending.js";
import type { Purpose } from "../lane/shown.js";
import type { AskingTerminal } from "../passphrase.js";
import { nextFolder } from "./followers.js";
import { keysFor } from "./place.js";
import { printHashes, printRequest } from "./print.js";
import { isVoid } from "./status.js";

/** What the public mempool shows of a transaction, by what it does. */
const PURPOSES: Partial<Record<SafeAction["name"], Purpose>> = {
  schedule: "schedule",
  disclose: "disclose",
  veto: "veto",
  halt: "halt",
};

/** `safe send`. @param terminal where a person is asked, the process's own unless given. */
export async function send(
  path: string,
  options: SendingOptions & { readonly keys?: string },
  terminal?: AskingTerminal,
): Promise<void> {
  assertConfirmable(options, terminal);
  const folder = await readSafeFolder(path);
  const { request } = folder;
  await withConnection(options, async (connection) => {
    const { chain, chainId, provider } = connection;
    const timelock = await timelockOn(connection);
    const action = await actionOf(request, request.transaction);
    const purpose = PURPOSES[action?.name ?? "void"] ?? "safe";
    const since = await assertSendable(options, connection, purpose);
    const progress = await safeProgress(provider, folder);
    if (progress.use?.isOwn && !progress.use.hasFailed) {
      const { transaction, block } = progress.use;
      // What an earlier run of this account signed for it is settled.
      await withJournal(connection, async () => {});
      printSent({ path, transaction, block, isEarlier: true }, options.json);
      return;
    }
    if (isVoid(progress, action)) throw otherUse(await nextFolder(provider, folder), progress);
    if (progress.nonce > request.transaction.nonce) throw nonceUsed(request.transaction.nonce, progress);
    assertFolderHolds(
      await withProgress("check", options.json, async () =>
        checkSafeFolder(folder, {
          timelock: { chainId, address: timelock.address },
          client: timelock,
          manifest: await keysFor(folder, options),
        }),
      ),
    );
    const call = await executionCall(provider, folder);
    const { to, data } = request.transaction;
    await timelock.tryCall({ target: to, data }, request.safe);
    const account = await openAccount(options, connection, terminal);
    const sending = await openSending(options, connection, terminal);
    if (!options.json) {
      printRequest(folder, action);
      printHashes(request.hashes);
      print("", `sent from     ${account.address}, which pays the gas`);
      printWay(sending, purpose, connection);
    }
    await confirm(`Type the chain's name, ${chain}, to send: `, chain, options, terminal);
    const mined = await withJournal(connection, (journal) =>
      withProgress("send", options.json, () =>
        senderOf(
          account,
          { journal, purpose, since },
          connection,
          sending,
        )({ to: call.target, data: call.data }),
      ),
    );
    // Its own receipt says it: the node need not have all logs of the Safe.
    if (!isExecutedIn(mined.receipt.logs, request))
      throw nonceUsed(request.transaction.nonce, await safeProgress(provider, folder));
    printSent(
      { path, transaction: mined.hash, block: mined.receipt.blockNumber, isEarlier: false },
      options.json,
    );
  });
}

/** Another transaction used the nonce, and a folder with the next one was written. */
function otherUse(next: string, { nonce, use }: SafeProgress): SealpatchError {
  return new SealpatchError("safe/nonce-used", "another transaction used the nonce", {
    details: { next: nonce, transaction: use!.transaction, isOwn: false, folder: next },
    why: `it is ${use!.transaction}${use!.action === undefined ? "" : ` (${use!.action.title})`}; the signatures are void`,
    remedy: `let the owners sign ${next}, which was written`,
  });
}

function printSent(
  sent: {
    readonly path: string;
    readonly transaction: string;
    readonly block: number;
    readonly isEarlier: boolean;
  },
  json: boolean | undefined,
): void {
  const { path, transaction, block, isEarlier } = sent;
  if (json) printJson({ folder: path, transaction, block, isEarlier });
  else
    print(
      `executed      block ${block}${isEarlier ? ", by an earlier run or somebody else" : ""}`,
      `transaction   ${transaction}`,
    );
}
