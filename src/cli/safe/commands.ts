import { Command } from "commander";
import { newCommand } from "../command.js";
import { addSendingOptions } from "../lane/options.js";
import { CONFIGURATION_OPTION, checkAddress } from "../options.js";

/** What names chain and timelock of a folder, for commands that work without a node, too. */
function addPlaceOptions(command: Command): Command {
  return command
    .option(...CONFIGURATION_OPTION)
    .option("--rpc <url>", "JSON-RPC endpoint of a node (default: the configuration's)")
    .option("--timelock <address>", "the protocol's timelock (default: the configuration's)", checkAddress)
    .option("--offline", "ask no node: what needs one is not checked");
}

/** The proving keys that the proof of what is scheduled was made with. */
const KEYS_OPTION = [
  "--keys <prefix>",
  "an installed key package, by the first digits of its setup hash",
] as const;

/** What opens a key that signs. */
function addKeyOptions(command: Command): Command {
  return command
    .option("--account <file>", "keystore of the owner's key (default: the configuration's)")
    .option("--account-passphrase-file <file>", "file that holds its passphrase (default: ask)")
    .option("--yes", "sign without asking");
}

const FOR_OPTION = [
  "--for <safe>",
  "an owner that is a Safe: the signature is one of its owners'",
  checkAddress,
] as const;

/** `sealpatch safe ...`: what owners of a Safe sign. What a command does is loaded when it runs. */
export function safeCommand(): Command {
  const check = newCommand("check <folder>", {
    description:
      "Computes again all that a folder says: hashes, every file, what the calldata does, each public signal of what is scheduled, and " +
      "every signature; compares it with the configuration's timelock, and by a node with the Safe itself. Signs and sends nothing. " +
      "Exit code 1 if a line fails, 2 if one could not be checked.",
    examples: [
      "sealpatch safe check safe-schedule-7",
      "sealpatch safe check safe-schedule-7 --policy policy.json --bundle patch.age \\",
      "    --keystore member.age",
      "sealpatch safe check safe-veto-12 --offline --timelock 0x5f..19",
    ],
  })
    .summary("compute all of a folder again, before it is signed")
    .option("--policy <file>", "policy.json: compares the roots that it has")
    .option("--bundle <file>", "the sealed patch: rebuilds it, and compares its commitment")
    .option("--keystore <file>", "the member's keystore, for --bundle (default: the configuration's)")
    .option("--passphrase-file <file>", "file that holds the keystore's passphrase (default: ask)");
  const sign = newCommand("sign <folder>", {
    description:
      "Signs a folder's transaction as an owner, by a key in a keystore: typed data (EIP-712). It checks the folder first, as safe check " +
      "does, shows what the transaction does and all its hashes, and asks. It needs no node. The signature is written into the folder.",
    examples: [
      "sealpatch safe sign safe-schedule-7 --account owner.json",
      "sealpatch safe sign safe-schedule-7 --account owner.json --for 0x8a..f1 --offline",
    ],
  })
    .summary("sign a folder's transaction as an owner")
    .option(...FOR_OPTION);
  const add = newCommand("add <folder> <signature>", {
    description:
      "Takes a signature from any device into a folder. SIGNATURE is hex, or a file that holds it. It counts as what its last byte says " +
      "(typed data, eth_sign, approved hash, contract) and as nothing else. Of nobody but an owner, for this chain and nonce, and once.",
    examples: [
      "sealpatch safe add safe-schedule-7 0x4c1f..1b",
      "sealpatch safe add safe-schedule-7 signature.txt --for 0x8a..f1",
    ],
  })
    .summary("take a signature from any device into a folder")
    .option(...FOR_OPTION);
  const status = newCommand("status <folder>", {
    description:
      "Shows who signed and who is missing, where the Safe's nonce is, until when the signatures can be used, and what to do next. Where " +
      "another transaction used the nonce it says which, and writes the folder for the next nonce.",
    examples: ["sealpatch safe status safe-schedule-7", "sealpatch safe status safe-schedule-7 --json"],
  }).summary("show who signed, and whether the nonce is free");
  const send = newCommand("send <folder>", {
    description:
      "Executes a folder's transaction, once enough owners signed, by any account: it pays the gas and needs no role. The call is tried " +
      "as the Safe first, and a refusal of the timelock explained. Given again it sends nothing twice.",
    examples: [
      "sealpatch safe send safe-schedule-7 --account anybody.json --relay env:RELAY_URL",
      "sealpatch safe send safe-veto-12 --account anybody.json --public --yes",
    ],
  }).summary("execute a folder's transaction, by any account");
  const voidCommand = newCommand("void <folder>", {
    description:
      "Writes the folder of a transaction with the same nonce that does nothing: once it is executed, the signatures in FOLDER are of no " +
      "use any more. A signature cannot be taken back otherwise.",
    examples: ["sealpatch safe void safe-schedule-7"],
  })
    .summary("write a transaction that uses up the nonce")
    .option("--out <folder>", "folder that is written (default: FOLDER-void)");
  const approve = newCommand("approve <folder>", {
    description:
      "Writes the folder by which an owner that is a Safe itself approves FOLDER's transaction on chain (approveHash), with the nonce of " +
      "that Safe. It checks FOLDER first, as safe check does.",
    examples: ["sealpatch safe approve safe-schedule-7 --safe 0x8a..f1"],
  })
    .summary("write the approval by an owner that is a Safe itself")
    .requiredOption("--safe <address>", "the owner that is a Safe", checkAddress)
    .option("--safe-nonce <number>", "its nonce (default: its next one)")
    .option("--out <folder>", "folder that is written (default: FOLDER-approve-NONCE)");
  addPlaceOptions(check.option(...KEYS_OPTION)).action(async (folder, options) =>
    (await import("./check.js")).check(folder, options),
  );
  addPlaceOptions(addKeyOptions(sign.option(...KEYS_OPTION))).action(async (folder, options) =>
    (await import("./sign.js")).sign(folder, options),
  );
  addPlaceOptions(add).action(async (folder, signature, options) =>
    (await import("./add.js")).add(folder, signature, options),
  );
  addPlaceOptions(status).action(async (folder, options) =>
    (await import("./status.js")).status(folder, options),
  );
  addSendingOptions(send.option(...KEYS_OPTION), "safe").action(async (folder, options) =>
    (await import("./send.js")).send(folder, options),
  );
  addPlaceOptions(voidCommand).action(async (folder, options) =>
    (await import("./followers.js")).voidFolder(folder, options),
  );
  addPlaceOptions(approve.option(...KEYS_OPTION)).action(async (folder, options) =>
    (await import("./followers.js")).approve(folder, options),
  );
  const group = new Command("safe").description(
    "Transactions of a Safe: what its owners check, sign and send",
  );
  for (const command of [check, sign, add, status, send, voidCommand, approve]) group.addCommand(command);
  return group;
}
