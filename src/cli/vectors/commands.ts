import { Command, Option } from "commander";
import { HARDFORKS } from "../../networks.js";
import { newCommand } from "../command.js";
import { addCodeOptions, SHOW_INCIDENTS, wholeNumber } from "../options.js";
import { recordCommand } from "./record-commands.js";

/** `sealpatch vectors ...`: test and audit vectors. What a command does is loaded when it runs. */
export function vectorsCommand(): Command {
  return new Command("vectors")
    .description("Test and audit vectors: run, check and collect them")
    .addCommand(recordCommand())
    .addCommand(runCommand())
    .addCommand(rootCommand())
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand())
    .addCommand(lintCommand())
    .addCommand(coverageCommand());
}

function runCommand(): Command {
  return addCodeOptions(
    newCommand("run <set>", {
      description:
        "Runs a set on code. A baseline vector must pass on every code; an incident vector must pass on the last, and " +
        "fail on the first of several",
      examples: [
        "sealpatch vectors run baseline.json --code out/Vault.sol/Vault.json",
        "sealpatch vectors run incidents.json --code old.hex --code out.json:Vault",
      ],
    }),
  )
    .addOption(
      new Option("--hardfork <name>", "run under these rules instead of the vectors' own").choices(
        Object.keys(HARDFORKS),
      ),
    )
    .option("--migration <hex>", "calldata that the upgrade to the last code sends first, or @FILE of hex")
    .option("--migration-caller <address>", "who sends it: normally the timelock")
    .option("--waivers <number>", "baseline vectors that may fail on the last code", wholeNumber, 0)
    .option("--workers <number>", "worker processes (default: as many as are worth it)", wholeNumber)
    .option(...SHOW_INCIDENTS)
    .action(async (file, options) => (await import("./run.js")).run(file, options));
}

function rootCommand(): Command {
  return newCommand("root <set>", {
    description: "The Merkle root of a set: what governance registers, or a sealed patch commits to",
    examples: ["sealpatch vectors root baseline.json"],
  }).action(async (file, options) => (await import("./sets.js")).root(file, options));
}

function listCommand(): Command {
  return newCommand("list <set>", {
    description: "The vectors of a set in leaf order, and its root",
    examples: [
      "sealpatch vectors list baseline.json",
      "sealpatch vectors list incidents.json --show-incidents",
    ],
  })
    .option(...SHOW_INCIDENTS)
    .action(async (file, options) => (await import("./sets.js")).list(file, options));
}

function addCommand(): Command {
  return newCommand("add <set> <others...>", {
    description: "Adds the vectors of other files behind those of a set; prints the old and the new root",
    examples: ["sealpatch vectors add baseline.json recorded.json"],
  }).action(async (file, others, options) => (await import("./sets.js")).add(file, others, options));
}

function removeCommand(): Command {
  return newCommand("remove <set> <vectors...>", {
    description: "Removes vectors from a set, by name or by # and index; prints the old and the new root",
    examples: [
      "sealpatch vectors remove baseline.json 'roles stay with whom they were given'",
      "sealpatch vectors remove incidents.json '#3'",
    ],
  }).action(async (file, chosen, options) => (await import("./sets.js")).remove(file, chosen, options));
}

function lintCommand(): Command {
  return addCodeOptions(
    newCommand("lint <set>", {
      description:
        "Finds vectors that do not do their job: duplicates; with --code (the current code, then the patch) also those " +
        "that are not deterministic, read state they do not list, never reach the code, or show no bug",
      examples: [
        "sealpatch vectors lint baseline.json --code old.hex",
        "sealpatch vectors lint incidents.json --code old.hex --code new.hex",
      ],
    }),
  ).action(async (file, options) => (await import("./lint.js")).lint(file, options));
}

function coverageCommand(): Command {
  return addCodeOptions(
    newCommand("coverage <set>", {
      description:
        "What a set reaches of the code under test: functions of its ABI, both ways of every branch, opcodes",
      examples: [
        "sealpatch vectors coverage baseline.json --code out/Vault.sol/Vault.json",
        "sealpatch vectors coverage baseline.json --code Vault.json \\",
        "    --minimum branches=80,functions=100",
      ],
    }),
  )
    .option("--minimum <list>", "percentages that must be reached: kind=number, by commas")
    .action(async (file, options) => (await import("./coverage.js")).coverage(file, options));
}
