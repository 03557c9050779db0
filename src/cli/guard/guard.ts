import { type GuardianStep, type Mined, readGuardianStep, type TimelockClient } from "../../chain/index.js";
import { quoted } from "../../foreign-text.js";
import { commitmentOf } from "../../lane/index.js";
import { fullHex, print, printJson, withProgress } from "../../terminal/index.js";
import { assertConfirmable, confirm } from "../confirm.js";
import { openAccount, type SendingOptions, timelockOn, withConnection } from "../lane/account.js";
import { assertSendable, openSending, printWay, senderOf, withJournal } from "../lane/sending.js";
import { integerOf, usageError } from "../options.js";
import type { AskingTerminal } from "../passphrase.js";

interface GuardOptions extends SendingOptions {
  readonly reason: string;
}

/** `veto`. @param terminal where a person is asked, the process's own unless given. */
export async function veto(id: string, options: GuardOptions, terminal?: AskingTerminal): Promise<void> {
  const number = integerOf(id);
  await guard(
    options,
    {
      what: "veto",
      prepare: async (timelock, fromBlock) => {
        const commitment = await commitmentOf(timelock, number, { fromBlock });
        const state = await timelock.state(commitment);
        const { group } = await timelock.statement(commitment);
        const whole = BigInt(group) === 0n ? "" : ", with its whole group";
        return {
          shown: [`ends the statement of ${fullHex(commitment)} for ever${whole}`, `it is ${state} now`],
          act: (guardian) => guardian.veto({ commitment, reason: options.reason }),
          told: { vetoed: fullHex(commitment) },
          done: state === "vetoed" ? await readGuardianStep(timelock, { commitment, fromBlock }) : undefined,
        };
      },
    },
    terminal,
  );
}

/** `halt`. @param terminal where a person is asked, the process's own unless given. */
export async function halt(options: GuardOptions, terminal?: AskingTerminal): Promise<void> {
  await guard(
    options,
    {
      what: "halt",
      prepare: async (timelock, fromBlock) => ({
        shown: [
          `closes the fast lane of every proxy of ${timelock.address}`,
          "governance alone opens it again",
        ],
        act: (guardian) => guardian.halt(options.reason),
        told: { halted: timelock.address },
        done: (await timelock.halted()) ? await readGuardianStep(timelock, { fromBlock }) : undefined,
      }),
    },
    terminal,
  );
}

/** Something that a guardian does. */
interface Act {
  readonly what: "veto" | "halt";
  readonly prepare: (
    timelock: TimelockClient,
    fromBlock: number,
  ) => Promise<{
    readonly shown: readonly string[];
    readonly act: (guardian: TimelockClient) => Promise<Mined>;
    readonly told: Readonly<Record<string, string>>;
    /** Where the chain has it already, whoever did it. */
    readonly done: GuardianStep | undefined;
  }>;
}

async function guard(
  options: GuardOptions,
  { what, prepare }: Act,
  terminal?: AskingTerminal,
): Promise<void> {
  const { reason, json } = options;
  assertConfirmable(options, terminal);
  if (reason.trim() === "")
    throw usageError("the reason is empty", "say in a few words why, for everybody to read");
  await withConnection(options, async (connection) => {
    const { project, chain, chainId } = connection;
    const since = await assertSendable(options, connection, what);
    const timelock = await timelockOn(connection);
    const { shown, act, told, done } = await prepare(
      timelock,
      project.configuration.chains[chain]!.block ?? 0,
    );
    if (done !== undefined) {
      await withJournal(connection, async () => {});
      const { transaction, block, reason: given } = done;
      if (json) printJson({ ...told, reason: given, transaction, block });
      else
        print(
          ...shown,
          `done         already, in block ${block}: ${quoted(given)}`,
          `transaction  ${transaction}`,
        );
      return;
    }
    const account = await openAccount(options, connection, terminal);
    const sending = await openSending(options, connection, terminal);
    if (!json) {
      print(
        ...shown,
        `on ${chain}, chain ${chainId}, from ${account.address}`,
        `reason, which becomes public: ${quoted(reason)}`,
      );
      printWay(sending, what, connection);
    }
    await confirm(`Type ${what} to do it: `, what, options, terminal);
    const mined = await withJournal(connection, (journal) =>
      withProgress(what, json, () =>
        act(
          timelock
            .as(account)
            .through(senderOf(account, { journal, purpose: what, since }, connection, sending)),
        ),
      ),
    );
    if (json) printJson({ ...told, reason, transaction: mined.hash, block: mined.receipt.blockNumber });
    else print(`done         block ${mined.receipt.blockNumber}`, `transaction  ${mined.hash}`);
  });
}
