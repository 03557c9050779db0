import { revealGroup, tryReveal } from "../../lane/index.js";
import { print, printJson, withProgress } from "../../terminal/index.js";
import { assertConfirmable, confirm } from "../confirm.js";
import { openAccount, timelockOn, withConnection } from "../lane/account.js";
import { assertSendable, openSending, printWay, senderOf, withJournal } from "../lane/sending.js";
import type { AskingTerminal } from "../passphrase.js";
import { openMember } from "../prove/member.js";
import {
  filesToReveal,
  prepareToReveal,
  printAllPrepared,
  type RevealOptions,
  reportRevealed,
  targetsToReveal,
} from "./prepare.js";
import { printRevealed, revealedAsJson } from "./print.js";

/** `reveal`. @param terminal where a person is asked, the process's own unless given. */
export async function reveal(
  files: readonly string[],
  options: RevealOptions,
  terminal?: AskingTerminal,
): Promise<void> {
  assertConfirmable(options, terminal);
  const { json } = options;
  const named = await filesToReveal(files, options);
  await withConnection(options, async (connection) => {
    const { project, chain, chainId } = connection;
    const since = await assertSendable(options, connection, "disclose");
    const reader = await timelockOn(connection);
    targetsToReveal(named.schedule, chainId, reader);
    const { identity } = await openMember(project, options, terminal);
    const account = await openAccount(options, connection, terminal);
    const sending = await openSending(options, connection, terminal);
    const revealed = await prepareToReveal(named, identity, options, connection, reader);
    const timelock = reader.as(account);
    await tryReveal(timelock, revealed);
    const isLeft = revealed.some(({ prepared }) => !prepared.isPublished);
    if (!json) {
      print(`discloses on ${chain}, chain ${chainId}, timelock ${reader.address}`, `from ${account.address}`);
      printAllPrepared(revealed, connection);
      if (isLeft) printWay(sending, "disclose", connection);
    }
    if (isLeft) {
      const question = `All of this becomes public. Type the chain's name, ${chain}, to disclose: `;
      await confirm(question, chain, options, terminal);
    }
    const fromBlock = project.configuration.chains[chain]!.block;
    const transactions = await withJournal(connection, (journal) =>
      withProgress("disclose", json, () =>
        revealGroup(
          timelock,
          revealed,
          senderOf(account, { journal, purpose: "disclose", since }, connection, sending),
          { fromBlock },
        ),
      ),
    );
    if (!json) printRevealed(revealed, transactions);
    const reports = await reportRevealed(revealed, options, connection, reader);
    if (json) printJson({ disclosed: revealedAsJson(revealed, transactions), reports });
    else print("", ...reports);
  });
}
