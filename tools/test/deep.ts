// `npm run test:deep`.
import { Command, InvalidArgumentError } from "commander";
import { buildWithProgress } from "../build/progress.js";
import { runDeep } from "./deep-run.js";
import { DEEP, type DeepGroup } from "./groups.js";
import { close } from "./suites.js";

const program = new Command("npm run test:deep --")
  .description("Runs the tests that `npm test` leaves out: all groups, or those that are named.")
  .argument("[group...]", "names of groups", collectGroup)
  .option("--list", "name the groups and end")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run test:deep -- --list\n  npm run test:deep -- soundness layouts",
  )
  .showHelpAfterError()
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2));
program.parse();
// Commander gives an empty list where nothing is named.
const [named = []] = program.processedArgs as [DeepGroup[] | undefined];

if (program.opts<{ list?: boolean }>().list) {
  for (const { name, what } of DEEP) console.log(`${name.padEnd(12)}${what}`);
} else {
  await buildWithProgress();
  process.exitCode = close(await runDeep(named.length > 0 ? named : DEEP));
}

function collectGroup(name: string, before: readonly DeepGroup[] = []): DeepGroup[] {
  const group = DEEP.find((one) => one.name === name);
  if (group === undefined) {
    throw new InvalidArgumentError(`The groups are ${DEEP.map((one) => one.name).join(", ")}.`);
  }
  return before.includes(group) ? [...before] : [...before, group];
}
