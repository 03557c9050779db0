import { Command } from "commander";
import { newCommand } from "../command.js";
import { CONFIGURATION_OPTION, collect } from "../options.js";

/** `sealpatch portal ...`: the community's page. What a command does is loaded when it runs. */
export function portalCommand(): Command {
  const build = newCommand("build", {
    description:
      "Writes the page on which everybody sees what is scheduled, what its proof says and does not say, how long there is and who can stop it: " +
      "one HTML file that asks the named nodes alone and verifies proofs in the reader's browser. It opens from disk and from any host. " +
      "The same inputs give the same bytes; their SHA-256 is printed, so that a hosted copy can be told from a changed one.",
    examples: [
      "sealpatch portal build --out portal.html",
      "sealpatch portal build --out portal.html --policy policy.json --name Vault \\",
      "    --node https://node.example.org --node https://other.example.net",
    ],
  })
    .summary("write the community's page")
    .requiredOption("--out <file>", "where the page is written")
    .action(async (options) => (await import("./build.js")).build(options));
  const check = newCommand("check <file>", {
    description:
      "Builds the page again, with the options that it was built with, and compares. Exit code 0 if FILE has the same bytes, 1 if it has others: " +
      "then it says in which data they differ. Without a configuration, FILE is looked at alone: whether this release writes the same bytes for " +
      "the data in it, and whether limits, keys and hashes of code are what they should be. The rest of the data is printed for you to compare, and the exit code is 2.",
    examples: [
      "sealpatch portal check portal.html",
      "sealpatch portal check hosted.html --policy policy.json",
    ],
  })
    .summary("tell a copy of the page from a changed one")
    .action(async (file, options) => (await import("./check.js")).check(file, options));
  const group = new Command("portal").description("The community's page");
  for (const command of [build, check]) group.addCommand(addInputs(command));
  return group;
}

/** What a page depends on. */
function addInputs(command: Command): Command {
  return command
    .option(
      "--policy <file>",
      "a policy whose auditors and vectors it names; several times for several",
      collect,
    )
    .option("--chain <name>", "a chain of the configuration; several times (default: all)", collect)
    .option(
      "--node <url>",
      "a public node that it may ask, CHAIN=URL where there are several chains; several times (default: the configuration's)",
      collect,
    )
    .option(
      "--name <text>",
      "the protocol's name (default: project.name of the configuration, else the names of its proxies)",
    )
    .option("--keys <prefix>", "an installed key package, by the first digits of its setup hash")
    .option("--ptau <file>", "prove the class of --keys: the powers of tau of its ceremony")
    .option(...CONFIGURATION_OPTION);
}
