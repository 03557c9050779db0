import { cancelUnderWay } from "../../lane/index.js";
import { withState } from "../../state/index.js";
import { print, printJson, withProgress, wrap } from "../../terminal/index.js";
import { confirm } from "../confirm.js";
import { openAccount, type SendingOptions, withConnection } from "../lane/account.js";
import { sendingLimits } from "../lane/sending.js";
import { usageError } from "../options.js";
import type { AskingTerminal } from "../passphrase.js";
import { EXIT } from "../run.js";

/** `execute --cancel`. @param terminal where a person is asked, the process's own unless given. */
export async function cancel(options: SendingOptions, terminal?: AskingTerminal): Promise<void> {
  if (options.relay !== undefined)
    throw usageError("--cancel takes no relay", "an empty transaction shows nothing: leave --relay out");
  await withConnection(options, async (connection) => {
    const { project, chain, chainId } = connection;
    const account = await openAccount(options, connection, terminal);
    await withState(project.folder, async ({ journal }) => {
      if (!options.json)
        print(
          wrap(
            `ends what is under way from ${account.address} on ${chain}, chain ${chainId}, by an empty transaction with its nonce. By the public ` +
              "mempool, which shows that something is cancelled and nothing of it.",
          ),
        );
      await confirm(`Type the chain's name, ${chain}, to cancel: `, chain, options, terminal);
      const cancelled = await withProgress("cancel", options.json, () =>
        cancelUnderWay(account, { journal, chainId }, sendingLimits(options)),
      );
      const { nonce, what, isCancelled, transaction } = cancelled;
      if (!isCancelled) process.exitCode = EXIT.refused;
      if (options.json) printJson(cancelled);
      else
        print(
          isCancelled
            ? `cancelled    nonce ${nonce} is used up: no transaction of \`${what}\` with it can be mined`
            : `too late     \`${what}\` was mined after all, with nonce ${nonce}`,
          `transaction  ${transaction}`,
        );
    });
  });
}
