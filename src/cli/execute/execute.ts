import { resolve } from "node:path";
import type { JsonRpcProvider, Wallet } from "ethers";
import { assertRoute, connectTo, type Mined, type Route } from "../../chain/index.js";
import { readKeystore, wipeKeystore } from "../../keystore/index.js";
import {
  assertReadyToExecute,
  type ExecutionMember,
  executeGroup,
  openExecution,
  sendJournaled,
} from "../../lane/index.js";
import { type Journal, withState } from "../../state/index.js";
import { fullHex, print, printJson, thousands, withProgress, wrap } from "../../terminal/index.js";
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
import { urlOfRelay } from "../lane/relay.js";
import { usageError } from "../options.js";
import { type AskingTerminal, passphraseOf } from "../passphrase.js";

interface ExecuteOptions extends SendingOptions {
  readonly keystore?: string;
  readonly passphraseFile?: string;
  readonly relay?: string;
  readonly public?: boolean;
  readonly keys?: string;
}

/** `execute`. @param terminal where a person is asked, the process's own unless given. */
export async function execute(
  file: string,
  options: ExecuteOptions,
  terminal?: AskingTerminal,
): Promise<void> {
  assertConfirmable(options, terminal);
  const { relay, public: isPublic } = options;
  if (relay !== undefined && isPublic)
    throw usageError("--relay and --public contradict each other", "choose one of the two");
  const relayUrl = relay === undefined ? undefined : urlOfRelay(relay);
  const sealed = await readInput(file);
  await withConnection(options, async (connection) => {
    const { chain, chainId, provider, project } = connection;
    // Before anybody types a passphrase. What the route is does not matter yet.
    await assertRoute(provider, isPublic || relay !== undefined ? { public: true } : undefined);
    const timelock = await timelockOn(connection);
    const { manifest } = await chosenKeys(options);
    const members = await openFile(sealed, options, connection, terminal);
    const account = await openAccount(options, connection, terminal);
    const check = { chainId, account: account.address, manifest };
    await withProgress("check", options.json, () => assertReadyToExecute(timelock, members, check));
    if (!options.json) printExecution(members, { connection, account, timelock: timelock.address, relayUrl });
    await confirm(`Type the chain's name, ${chain}, to execute: `, chain, options, terminal);
    const mined = await withState(project.folder, ({ journal }) =>
      withRoute({ account, relayUrl, isPublic, chainId, journal }, (route) =>
        withProgress("execute", options.json, () =>
          executeGroup(
            timelock.as(account).through(sendJournaled(account, { journal, what: "execute", chainId })),
            members,
            route,
          ),
        ),
      ),
    );
    printMined(members, mined, options.json);
  });
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

/** Works with the route that was chosen; none where the chain is local and nobody chose. */
async function withRoute<T>(
  chosen: {
    readonly account: Wallet;
    readonly relayUrl: string | undefined;
    readonly isPublic: boolean | undefined;
    readonly chainId: bigint;
    readonly journal: Journal;
  },
  work: (route: Route | undefined) => Promise<T>,
): Promise<T> {
  const { account, relayUrl, isPublic, chainId, journal } = chosen;
  if (relayUrl === undefined) return work(isPublic ? { public: true } : undefined);
  const relay: JsonRpcProvider = await connectTo(relayUrl, chainId);
  try {
    const sender = sendJournaled(account.connect(relay), { journal, what: "execute", chainId });
    return await work({ relay: sender });
  } finally {
    relay.destroy();
  }
}

function printExecution(
  members: readonly ExecutionMember[],
  shown: {
    readonly connection: Connection;
    readonly account: Wallet;
    readonly timelock: string;
    readonly relayUrl: string | undefined;
  },
): void {
  const { connection, account, timelock, relayUrl } = shown;
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
  const route =
    relayUrl === undefined
      ? "By the public mempool: everybody sees init code, migration and layout before they are mined, and so, by comparison with the running code, the bug."
      : `Through ${new URL(relayUrl).host}: it alone sees the patch before it is mined. What it does not keep to itself is public.`;
  print("", wrap(route));
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
