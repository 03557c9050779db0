import { resolve } from "node:path";
import type { Wallet } from "ethers";
import type { Mined, Route, SendOptions, SendTransaction } from "../../chain/index.js";
import type { ErrorCode } from "../../error-codes/index.js";
import { SealpatchError } from "../../errors.js";
import { readKeystore, wipeKeystore } from "../../keystore/index.js";
import {
  assertReadyToExecute,
  type ExecutionMember,
  executeGroup,
  openExecution,
  readExecuted,
} from "../../lane/index.js";
import { fullHex, print, printJson, thousands, withProgress } from "../../terminal/index.js";
import { assertConfirmable, confirm } from "../confirm.js";
import { readInput } from "../input-file.js";
import { chosenKeys } from "../keys/chosen.js";
import {
  type Connection,
  openAccount,
  proxyName,
  type SendingOptions,
  timelockOn,
  withConnection,
} from "../lane/account.js";
import {
  assertOneRoute,
  assertSendable,
  openSending,
  printWay,
  senderOf,
  withJournal,
} from "../lane/sending.js";
import { usageError } from "../options.js";
import { type AskingTerminal, passphraseOf } from "../passphrase.js";
import { cancel } from "./cancel.js";

interface ExecuteOptions extends SendingOptions {
  readonly keystore?: string;
  readonly passphraseFile?: string;
  readonly keys?: string;
  readonly cancel?: boolean;
}

/**
 * `execute`.
 * @param file undefined with `--cancel` alone.
 * @param terminal where a person is asked, the process's own unless given.
 */
export async function execute(
  file: string | undefined,
  options: ExecuteOptions,
  terminal?: AskingTerminal,
): Promise<void> {
  assertConfirmable(options, terminal);
  if (options.cancel) {
    if (file === undefined) return cancel(options, terminal);
    throw usageError(
      "--cancel takes no file",
      "it ends whatever is under way from the account: leave FILE out",
    );
  }
  if (file === undefined) throw usageError("no file is named", "give the execution.age of prove");
  assertOneRoute(options);
  const sealed = await readInput(file);
  await withConnection(options, async (connection) => {
    const { chain, chainId, project } = connection;
    // Before anybody types a passphrase.
    const since = await assertSendable(options, connection, "execute");
    const reader = await timelockOn(connection);
    const { manifest } = await chosenKeys(options);
    const members = await openFile(sealed, options, connection, terminal);
    const logs = { fromBlock: project.configuration.chains[chain]!.block };
    const done = await withProgress("look", options.json, () => readExecuted(reader, members, logs));
    if (done !== undefined) {
      await withJournal(connection, async () => {});
      return printMined(members, done, options.json);
    }
    const account = await openAccount(options, connection, terminal);
    const sending = await openSending(options, connection, terminal);
    const check = { chainId, account: account.address, manifest };
    await withProgress("check", options.json, () => assertReadyToExecute(reader, members, check));
    if (!options.json) {
      printExecution(members, { connection, account, timelock: reader.address });
      printWay(sending, "execute", connection);
    }
    await confirm(`Type the chain's name, ${chain}, to execute: `, chain, options, terminal);
    const mined = await withJournal(connection, (journal) =>
      withProgress("execute", options.json, async () => {
        const send = senderOf(account, { journal, purpose: "execute", since }, connection, sending);
        const route = routeOf(send, sending, options);
        try {
          return await executeGroup(reader.as(account).through(send), members, route);
        } catch (error) {
          // Somebody else may have executed it meanwhile.
          const executed = isRefusal(error) ? await readExecuted(reader, members, logs) : undefined;
          if (executed === undefined) throw error;
          return executed;
        }
      }),
    );
    printMined(members, mined, options.json);
  });
}

/** The route that was chosen; none where the chain is local and nobody chose. */
function routeOf(
  relay: SendTransaction,
  { outlet }: SendOptions,
  { public: isPublic }: ExecuteOptions,
): Route | undefined {
  if (outlet !== undefined) return { relay };
  return isPublic ? { public: true } : undefined;
}

/** Whether the chain did not take an execution, which it takes once. */
function isRefusal(error: unknown): boolean {
  const refusals: readonly ErrorCode[] = ["chain/reverted", "chain/failed", "chain/replaced"];
  return error instanceof SealpatchError && refusals.includes(error.code);
}

async function openFile(
  sealed: Uint8Array,
  { keystore: file, passphraseFile }: ExecuteOptions,
  { project }: Connection,
  terminal?: AskingTerminal,
): Promise<ExecutionMember[]> {
  const named = project.configuration.keystores?.council;
  const path = file ?? (named === undefined ? undefined : resolve(project.folder, named));
  if (path === undefined) throw usageError("nobody opens the file", "name your keystore with --keystore");
  const passphrase = await passphraseOf({ file: passphraseFile, isNew: false }, terminal);
  const keystore = await readKeystore(path, passphrase);
  try {
    return await openExecution(sealed, keystore.identity);
  } finally {
    wipeKeystore(keystore);
  }
}

function printExecution(
  members: readonly ExecutionMember[],
  shown: {
    readonly connection: Connection;
    readonly account: Wallet;
    readonly timelock: string;
  },
): void {
  const { connection, account, timelock } = shown;
  print(
    `executes on ${connection.chain}, chain ${connection.chainId}, timelock ${timelock}`,
    `from ${account.address}, in one transaction`,
  );
  for (const { targets, bind, initCode, migration } of members)
    print(
      "",
      proxyName(connection, targets[0]!.proxy),
      `  commitment   ${fullHex(bind.statement.commitment)}`,
      `  code         ${thousands(initCode.length)} bytes of init code`,
      `  migration    ${migration.length === 0 ? "none" : `${thousands(migration.length)} bytes`}`,
    );
}

function printMined(
  members: readonly ExecutionMember[],
  { hash, gasUsed, receipt }: Mined,
  json: boolean | undefined,
): void {
  const commitments = members.map(({ bind }) => fullHex(bind.statement.commitment));
  if (json) printJson({ executed: commitments, transaction: hash, block: receipt.blockNumber, gasUsed });
  else
    print(
      `executed     ${thousands(Number(gasUsed))} gas, block ${receipt.blockNumber}`,
      `transaction  ${hash}`,
      "Each proxy was read: it runs the patch. Disclose within the policy's deadline.",
    );
}
