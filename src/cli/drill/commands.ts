import type { Command } from "commander";
import { newCommand } from "../command.js";

/**
 * `sealpatch drill`: a whole incident on a local chain. What it does is loaded when it runs.
 * @param prepare what is done first, once the options are found to be right.
 * @param out folder that disclosure and reports are written to, unless another one is named.
 */
export function drillCommand(prepare?: (quiet: boolean) => Promise<void>, out = "sealpatch-drill"): Command {
  return newCommand("drill", {
    description:
      "Runs a whole incident on a chain of its own: exploit, sealed patch, attestations, proofs, fast lane, disclosure. " +
      "The chain is anvil, started and stopped by the command; nothing else is needed. The first run makes development keys. It leaves " +
      "the disclosure behind, the post-incident report, and the community's page, which shows the incident while the chain runs: " +
      "with --stay until the command is interrupted.",
    examples: [
      "sealpatch drill",
      "sealpatch drill --list",
      "sealpatch drill --stay",
      "sealpatch drill --proxy uups --json > drill.json",
    ],
  })
    .summary("a whole incident on a local chain, from the exploit to the disclosure")
    .option("--case <name>", "the vulnerability, one of --list (default: the first)")
    .option("--list", "name the cases and end")
    .option(
      "--proxy <kind>",
      "proxy that holds the vulnerable contract: transparent or uups (default: the first that the case has)",
    )
    .option("--out <folder>", "folder that disclosure and reports are written to", out)
    .option("--stay", "let the chain run until the command is interrupted, for portal.html")
    .action(async (options) => (await import("./drill.js")).run(options, prepare));
}
