import type { Command } from "commander";
import { newCommand } from "../command.js";
import { addReadingOptions } from "../lane/options.js";
import { collect, wholeNumber } from "../options.js";

/** `sealpatch watch`. What it does is loaded when it runs. */
export function watchCommand(): Command {
  const command = newCommand("watch", {
    description:
      "Follows a timelock: prints one line an event, with --json one JSON object a line. How far it came is kept in a cursor, so that the " +
      "next run goes on from there: no event is left out or repeated. Only where the process was killed with SIGKILL, or the machine " +
      "stopped, the last event may come once more, with the same id. Events that a reorganisation took back come again, marked as taken back. " +
      "The first run begins with the timelock's first block, or with --from-now. A node that does not answer is asked again. " +
      "Keeps no other command from working. --run gets the event as JSON on its standard input, and what it prints goes to standard " +
      "error; where it fails, that is said, and the watch goes on. Exit code 2 with --once where the node is behind what was read before.",
    examples: [
      "sealpatch watch",
      "sealpatch watch --confirmations 2 --json >> events.jsonl",
      "sealpatch watch --on StatementScheduled --on LaneHalted --run ./page-me.sh",
      "sealpatch watch --once --rpc $NODE --timelock 0x5FbD..0aa3 --cursor state/",
    ],
  }).summary("follow the events of a timelock");
  return addReadingOptions(command)
    .option("--once", "end once everything up to the newest block is told")
    .option("--interval <seconds>", "between two looks at the chain", wholeNumber, 12)
    .option("--confirmations <blocks>", "tell an event so many blocks later", wholeNumber, 0)
    .option("--from-now", "where there is no cursor yet: begin with the next block")
    .option("--on <event>", "run the command of --run on this event (several times for several)", collect)
    .option("--run <command>", "a shell command, run on each event, or on those of --on")
    .option("--cursor <folder>", "folder of the cursor (default: in .sealpatch, beside the configuration)")
    .action(async (options) => (await import("./watch.js")).watch(options));
}
