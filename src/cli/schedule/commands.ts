import type { Command } from "commander";
import { newCommand } from "../command.js";
import { addSendingOptions } from "../lane/options.js";
import { addSafeOptions } from "../safe/options.js";

/** `sealpatch schedule`. What it does is loaded when it runs. */
export function scheduleCommand(): Command {
  const command = newCommand("schedule <file>", {
    description:
      "Schedules what was proven, by an account that holds COUNCIL_ROLE: a group as a whole. FILE is the schedule.json of prove. " +
      "Everything is tried first, and a refusal of the contract explained; then it shows what becomes public, and asks. What an " +
      "earlier run had scheduled is left out, and named with its transaction; what an earlier run had signed and no block has is gone on with.",
    examples: [
      "sealpatch schedule schedule.json --account council.json",
      "sealpatch schedule schedule.json --account council.json \\",
      "    --account-passphrase-file pass.txt --yes",
      "sealpatch schedule schedule.json --safe",
    ],
  }).summary("schedule what was proven");
  return addSafeOptions(addSendingOptions(command, "schedule")).action(async (file, options) =>
    options.safe === undefined
      ? (await import("./schedule.js")).schedule(file, options)
      : (await import("../safe/requests.js")).requestSchedule(file, options),
  );
}
