// `sealpatch ceremony ...` with what ceremonies of tests change: `program.ts SETTINGS.json ...words`. The real program has no way to it.
import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { Command } from "commander";
import { ceremonyCommand } from "../../src/cli/ceremony/commands.js";
import type { CeremonySettings } from "../../src/cli/ceremony/settings.js";
import { runProgram } from "../../src/cli/run.js";
import { allowClosedPipe } from "../../src/terminal/index.js";
import { TEST_BEACON } from "./rehearsal.js";

const [file, ...words] = argv.slice(2);
const settings = JSON.parse(readFileSync(file!, "utf8")) as CeremonySettings;
allowClosedPipe();
process.exitCode = await runProgram(
  new Command("sealpatch").addCommand(ceremonyCommand({ beaconChain: TEST_BEACON, ...settings })),
  words,
);
