import type { Command } from "commander";
import { newCommand } from "../command.js";
import { addChainOptions } from "../lane/options.js";
import { addTimeOptions } from "./options.js";

/** `sealpatch report`. What it does is loaded when it runs. */
export function reportCommand(): Command {
  const command = newCommand("report <disclosure>", {
    description:
      "Writes the post-incident report of a disclosure file: one HTML file without scripts that opens offline, and the same as Markdown. " +
      "It reads the chain, verifies the file and runs everything again; whoever has the file can do that.",
    examples: ["sealpatch report disclosure.json --found 2026-03-01T14:05Z"],
  })
    .summary("the post-incident report of a disclosure")
    .option("--out <folder>", "folder that it is written to (default: that of the file)")
    .option("--solc <package...>", "npm packages of solc under other names than solc-RELEASE");
  return addChainOptions(addTimeOptions(command)).action(async (file, options) =>
    (await import("./report.js")).report(file, options),
  );
}
