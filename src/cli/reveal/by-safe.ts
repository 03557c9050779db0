import { keepDisclosures, tryReveal } from "../../lane/index.js";
import { fullHex, print, printJson } from "../../terminal/index.js";
import { timelockOn, withConnection } from "../lane/account.js";
import type { AskingTerminal } from "../passphrase.js";
import { openMember } from "../prove/member.js";
import type { SafeOptions } from "../safe/options.js";
import { chosenSafe, writeForSafe } from "../safe/write.js";
import {
  filesToReveal,
  prepareToReveal,
  printAllPrepared,
  type RevealOptions,
  reportRevealed,
  targetsToReveal,
} from "./prepare.js";

/**
 * `reveal --safe`: every disclosure on disk, and a folder for the Safe's owners for each that is not published; once all are, the reports.
 * @param terminal where a person is asked, the process's own unless given.
 */
export async function revealBySafe(
  files: readonly string[],
  options: RevealOptions & SafeOptions,
  terminal?: AskingTerminal,
): Promise<void> {
  const { json } = options;
  const named = await filesToReveal(files, options);
  await withConnection(options, async (connection) => {
    const { project, chainId } = connection;
    const reader = await timelockOn(connection);
    targetsToReveal(named.schedule, chainId, reader);
    const { account, timelock } = await chosenSafe(options, "council", connection, reader);
    const { identity } = await openMember(project, options, terminal);
    const revealed = await prepareToReveal(named, identity, options, connection, reader);
    await tryReveal(timelock, revealed);
    if (!json) printAllPrepared(revealed, connection);
    const left = revealed.filter(({ prepared }) => !prepared.isPublished);
    if (left.length > 0) {
      await keepDisclosures(left);
      const calls = left.map(({ prepared }) => reader.parts.discloseCall(prepared.parts));
      const disclosures = left.map(({ prepared, file }) => ({
        commitment: fullHex(prepared.parts.commitment),
        file,
        bundleHash: prepared.parts.bundleHash,
      }));
      if (!json) print("");
      await writeForSafe(account, { calls }, options, { disclosures });
      return;
    }
    const reports = await reportRevealed(revealed, options, connection, reader);
    if (json) printJson({ folders: [], reports });
    else print("", "all of it is disclosed already: nothing is left to be signed", ...reports);
  });
}
