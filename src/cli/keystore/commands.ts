import { Command } from "commander";
import type { Keystore } from "../../keystore/index.js";
import { newCommand } from "../command.js";

const PASSPHRASE_FILE = [
  "--passphrase-file <file>",
  "file that holds the passphrase, on one line (default: ask)",
] as const;

/** `sealpatch auditor ...`: an auditor's keys. What a command does is loaded when it runs. */
export function auditorCommand(): Command {
  return keystoreCommands("auditor", {
    group: "An auditor's keys",
    holds: "the key that signs attestations, and the identity that opens sealed bundles",
    shows:
      "key and recipient, with a signature over both by that key, which whoever builds the policy checks. " +
      "Compare the key with the auditor by another channel",
  });
}

/** `sealpatch council ...`: the keys of a member of the council. */
export function councilCommand(): Command {
  return keystoreCommands("council", {
    group: "The keys of a member of the council",
    holds: "the identity that opens sealed bundles and executions",
    shows: "the recipient. Nothing in it vouches for it: compare it with the member by another channel",
  });
}

function keystoreCommands(
  role: Keystore["role"],
  { group, holds, shows }: Readonly<Record<"group" | "holds" | "shows", string>>,
): Command {
  const fresh = newCommand("new", {
    description:
      `Makes fresh keys and keeps them in an encrypted keystore: ${holds}. The passphrase is asked for twice. ` +
      "A file that is there is never replaced. Keep a copy: nobody can restore it.",
    examples: [
      `sealpatch ${role} new --out ${role}.age --label 'first ${role === "council" ? "member" : role}'`,
      `sealpatch ${role} new --out ${role}.age --passphrase-file pass.txt`,
    ],
  })
    .requiredOption("--out <file>", "the keystore to make")
    .option("--label <name>", "who it is, for people (default: the name of the file)")
    .option(...PASSPHRASE_FILE)
    .action(async (options) => (await import("./keystore.js")).makeKeystore(role, options));
  const show = newCommand("show <keystore>", {
    description: `Prints what others need of a keystore, all of it public: ${shows}.`,
    examples: [
      `sealpatch ${role} show ${role}.age --out ${role}.json`,
      `sealpatch ${role} show ${role}.age --passphrase-file pass.txt > ${role}.json`,
    ],
  })
    .option("--out <file>", "write it to a new file (default: standard output)")
    .option(...PASSPHRASE_FILE)
    .action(async (file, options) => (await import("./keystore.js")).showKeystore(role, file, options));
  return new Command(role).description(group).addCommand(fresh).addCommand(show);
}
