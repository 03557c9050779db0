import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { prepareHashing } from "../../field/index.js";
import { prepareDisclosure, type RevealedFile, revealGroup, targetOn, tryReveal } from "../../lane/index.js";
import { decryptBundle } from "../../patch/index.js";
import { proxyOf, readPolicy } from "../../project/index.js";
import { readReport } from "../../report/index.js";
import { print, printJson, withProgress } from "../../terminal/index.js";
import { codeOf } from "../../whole-file.js";
import { assertConfirmable, confirm } from "../confirm.js";
import { readInputText } from "../input-file.js";
import { openAccount, type SendingOptions, timelockOn, withConnection } from "../lane/account.js";
import { assertSendable, openSending, printWay, senderOf, withJournal } from "../lane/sending.js";
import { usageError } from "../options.js";
import type { AskingTerminal } from "../passphrase.js";
import { auditorLabels, type MemberOptions, openMember } from "../prove/member.js";
import { type TimeOptions, toldTimes } from "../report/options.js";
import { writeReports } from "../report/write.js";
import { revealingFiles } from "./files.js";
import { printPrepared, printRevealed, revealedAsJson } from "./print.js";

interface RevealOptions extends SendingOptions, MemberOptions, TimeOptions {
  readonly uri: readonly string[];
  readonly out: string;
  readonly solc?: readonly string[];
}

/** `reveal`. @param terminal where a person is asked, the process's own unless given. */
export async function reveal(
  files: readonly string[],
  options: RevealOptions,
  terminal?: AskingTerminal,
): Promise<void> {
  assertConfirmable(options, terminal);
  const told = toldTimes(options);
  const { out, uri: uris, json, solc = [] } = options;
  const { bundles, schedule, attestations } = await revealingFiles(files);
  if (uris.length !== schedule.length)
    throw usageError(
      `there are ${schedule.length} statements, and ${uris.length} places of their files`,
      "give one --uri for each statement, in the order of the schedule",
    );
  await withConnection(options, async (connection) => {
    const { project, chain, chainId } = connection;
    await assertSendable(options, connection, "disclose");
    const reader = await timelockOn(connection);
    const place = { chainId, timelock: reader.address };
    const targets = schedule.map(({ targets }) => targetOn(targets, place));
    const { identity } = await openMember(project, options, terminal);
    const account = await openAccount(options, connection, terminal);
    const sending = await openSending(options, connection, terminal);
    await prepareHashing();
    const fromBlock = project.configuration.chains[chain]!.block;
    const revealed: (RevealedFile & { readonly labels: readonly string[] })[] = [];
    for (const [index, scheduled] of schedule.entries()) {
      const file = join(out, schedule.length === 1 ? "disclosure.json" : `disclosure-${index + 1}.json`);
      const policy = await readPolicy(project, proxyOf(project, targets[index]!));
      const bundle = await decryptBundle(bundles[index]!, identity);
      const executed = { bundle, scheduled, policy, uri: uris[index]!, kept: await keptText(file) };
      const prepared = await withProgress("check", json, (onProgress) =>
        prepareDisclosure(reader, executed, attestations, { fromBlock, compilers: solc, onProgress }),
      );
      revealed.push({ prepared, file, labels: await auditorLabels(project, policy.auditors) });
    }
    const timelock = reader.as(account);
    await tryReveal(timelock, revealed);
    const isLeft = revealed.some(({ prepared }) => !prepared.isPublished);
    if (!json) {
      print(`discloses on ${chain}, chain ${chainId}, timelock ${reader.address}`, `from ${account.address}`);
      for (const [index, one] of revealed.entries())
        printPrepared({ ...one, proxy: targets[index]!.proxy, connection });
      if (isLeft) printWay(sending, "disclose", connection);
    }
    if (isLeft) {
      const question = `All of this becomes public. Type the chain's name, ${chain}, to disclose: `;
      await confirm(question, chain, options, terminal);
    }
    const transactions = await withJournal(connection, (journal) =>
      withProgress("disclose", json, () =>
        revealGroup(
          timelock,
          revealed,
          senderOf(account, { journal, purpose: "disclose" }, connection, sending),
          { fromBlock },
        ),
      ),
    );
    if (!json) printRevealed(revealed, transactions);
    const reports: string[] = [];
    for (const { prepared, file, labels } of revealed) {
      const { text, parts, rerun } = prepared;
      const reading = { commitment: parts.commitment, fromBlock, told, labels, rerun, compilers: solc };
      const incident = await withProgress("report", json, () =>
        readReport(reader, text, { ...reading, file: basename(file) }),
      );
      reports.push(...(await writeReports(file, incident)));
    }
    if (json) printJson({ disclosed: revealedAsJson(revealed, transactions), reports });
    else print("", ...reports);
  });
}

/** The text that an earlier run wrote. @throws SealpatchError `cli/unreadable-file`. */
async function keptText(file: string): Promise<string | undefined> {
  const there = await readFile(file).catch(codeOf);
  return there === "ENOENT" ? undefined : readInputText(file);
}
