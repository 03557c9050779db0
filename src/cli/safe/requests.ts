import { commitmentOf, parseSchedule, schedulingOn, trySchedule } from "../../lane/index.js";
import { fullHex, print, printJson } from "../../terminal/index.js";
import { readInputText } from "../input-file.js";
import { type Connection, type SendingOptions, timelockOn, withConnection } from "../lane/account.js";
import { integerOf, usageError } from "../options.js";
import type { SafeOptions } from "./options.js";
import { chosenSafe, writeForSafe } from "./write.js";

type Options = SendingOptions & SafeOptions;

/** `schedule --safe`: a folder for each statement that is not scheduled yet. */
export async function requestSchedule(file: string, options: Options): Promise<void> {
  const members = parseSchedule(await readInputText(file));
  await withConnection(options, async (connection) => {
    const reader = await timelockOn(connection);
    const { account, timelock } = await chosenSafe(options, "council", connection, reader);
    const statements = schedulingOn(members, { chainId: connection.chainId, timelock: reader.address });
    const left = await trySchedule(timelock, statements);
    if (left.length === 0) {
      if (options.json) printJson({ folders: [] });
      else print("all of it is scheduled already: nothing is left to be signed");
      return;
    }
    const calls = left.map(({ parts }) => reader.parts.scheduleCall(parts));
    await writeForSafe(account, { calls, schedule: members }, options);
  });
}

/** `veto --safe`. */
export async function requestVeto(id: string, options: Options & { readonly reason: string }): Promise<void> {
  assertReason(options);
  const number = integerOf(id);
  await withConnection(options, async (connection) => {
    const reader = await timelockOn(connection);
    const { account, timelock } = await chosenSafe(options, "guardians", connection, reader);
    const commitment = await commitmentOf(reader, number, { fromBlock: firstBlock(connection) });
    const call = reader.vetoCall({ commitment, reason: options.reason });
    await timelock.tryCall(call, account.safe);
    await writeForSafe(account, { calls: [call] }, options, { commitment: fullHex(commitment) });
  });
}

/** `halt --safe`. */
export async function requestHalt(options: Options & { readonly reason: string }): Promise<void> {
  assertReason(options);
  await withConnection(options, async (connection) => {
    const reader = await timelockOn(connection);
    const { account, timelock } = await chosenSafe(options, "guardians", connection, reader);
    const call = reader.haltCall(options.reason);
    await timelock.tryCall(call, account.safe);
    await writeForSafe(account, { calls: [call] }, options);
  });
}

function assertReason({ reason }: { readonly reason: string }): void {
  if (reason.trim() === "")
    throw usageError("the reason is empty", "say in a few words why, for everybody to read");
}

const firstBlock = ({ project, chain }: Connection): number =>
  project.configuration.chains[chain]!.block ?? 0;
