import {
  parseSchedule,
  type ScheduledStatement,
  type ScheduledTarget,
  scheduleGroup,
  schedulingOn,
  trySchedule,
} from "../../lane/index.js";
import { NO_GROUP } from "../../patch/index.js";
import { fullHex, print, printJson, withProgress } from "../../terminal/index.js";
import { assertConfirmable, confirm } from "../confirm.js";
import { readInputText } from "../input-file.js";
import {
  type Connection,
  openAccount,
  proxyName,
  type SendingOptions,
  shownTime,
  timelockOn,
  withConnection,
} from "../lane/account.js";
import { assertSendable, openSending, printWay, senderOf, withJournal } from "../lane/sending.js";
import type { AskingTerminal } from "../passphrase.js";

/** `schedule`. @param terminal where a person is asked, the process's own unless given. */
export async function schedule(
  file: string,
  options: SendingOptions,
  terminal?: AskingTerminal,
): Promise<void> {
  assertConfirmable(options, terminal);
  const members = parseSchedule(await readInputText(file));
  await withConnection(options, async (connection) => {
    const { project, chain, chainId } = connection;
    const since = await assertSendable(options, connection, "schedule");
    const reader = await timelockOn(connection);
    const statements = schedulingOn(members, { chainId, timelock: reader.address });
    const account = await openAccount(options, connection, terminal);
    const sending = await openSending(options, connection, terminal);
    const timelock = reader.as(account);
    const left = await trySchedule(timelock, statements);
    if (!options.json) {
      print(`schedules on ${chain}, chain ${chainId}, timelock ${reader.address}`, `from ${account.address}`);
      for (const statement of statements)
        await printStatement(statement, left.includes(statement), connection);
      if (left.length > 0) printWay(sending, "schedule", connection);
    }
    if (left.length > 0) {
      const question = `All of this becomes public. Type the chain's name, ${chain}, to schedule: `;
      await confirm(question, chain, options, terminal);
    }
    const scheduled = await withJournal(connection, (journal) =>
      withProgress("schedule", options.json, () =>
        scheduleGroup(
          timelock,
          statements,
          senderOf(account, { journal, purpose: "schedule", since }, connection, sending),
          { fromBlock: project.configuration.chains[chain]!.block },
        ),
      ),
    );
    printScheduled(scheduled, options.json);
  });
}

async function printStatement(
  { target, parts }: ScheduledTarget,
  isLeft: boolean,
  connection: Connection,
): Promise<void> {
  const timelock = await timelockOn(connection);
  const { delay = 0 } = (await timelock.policy(target.proxy)) ?? {};
  const now = await timelock.now();
  print(
    "",
    proxyName(connection, target.proxy),
    `  commitment   ${fullHex(parts.commitment)}`,
    `  valid until  ${shownTime(target.validUntil)}`,
    isLeft
      ? `  executable   from about ${shownTime(now + BigInt(delay))}`
      : "  scheduled    already, by an earlier run",
    ...(target.group === NO_GROUP ? [] : [`  group        ${target.group}`]),
  );
}

function printScheduled(scheduled: readonly ScheduledStatement[], json: boolean | undefined): void {
  const told = scheduled.map(({ commitment, id, transaction }) => ({
    commitment: fullHex(commitment),
    id,
    transaction,
  }));
  if (json) printJson({ scheduled: told });
  else for (const { id, transaction } of told) print("", `scheduled    ${id}`, `transaction  ${transaction}`);
}
