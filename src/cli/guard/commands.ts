import type { Command } from "commander";
import { newCommand } from "../command.js";
import { addSendingOptions } from "../lane/options.js";
import { addSafeOptions } from "../safe/options.js";

/** `sealpatch veto`. What it does is loaded when it runs. */
export function vetoCommand(): Command {
  const command = newCommand("veto <id>", {
    description:
      "Ends a scheduled statement for ever, and its whole group with it, by an account that holds GUARDIAN_ROLE. ID is the commitment, " +
      "or the id of the event. The reason becomes public.",
    examples: [
      'sealpatch veto 0x1f2e..77aa --reason "not announced to us" --account guardian.json',
      'sealpatch veto 0x1f2e..77aa --reason "not announced to us" --safe',
    ],
  })
    .summary("end a scheduled statement, as a guardian")
    .requiredOption("--reason <text>", "why, for everybody to read");
  return addSafeOptions(addSendingOptions(command, "veto")).action(async (id, options) =>
    options.safe === undefined
      ? (await import("./guard.js")).veto(id, options)
      : (await import("../safe/requests.js")).requestVeto(id, options),
  );
}

/** `sealpatch halt`. What it does is loaded when it runs. */
export function haltCommand(): Command {
  const command = newCommand("halt", {
    description:
      "Closes the fast lane of every proxy, by an account that holds GUARDIAN_ROLE; the slow path goes on. Governance alone opens it " +
      "again. The reason becomes public.",
    examples: [
      'sealpatch halt --reason "an auditor lost a key" --account guardian.json',
      'sealpatch halt --reason "an auditor lost a key" --safe',
    ],
  })
    .summary("close the fast lane of every proxy, as a guardian")
    .requiredOption("--reason <text>", "why, for everybody to read");
  return addSafeOptions(addSendingOptions(command, "halt")).action(async (options) =>
    options.safe === undefined
      ? (await import("./guard.js")).halt(options)
      : (await import("../safe/requests.js")).requestHalt(options),
  );
}
