import { Command, Option } from "commander";
import { HARDFORKS } from "../../networks.js";
import { newCommand } from "../command.js";
import { addCodeOptions, checkAddress, hashOf, integerOf, pointerOf } from "../options.js";

/** `sealpatch vectors record ...`: three ways to a vector, each with the options that mean something to it. */
export function recordCommand(): Command {
  return new Command("record")
    .description(
      "Makes vectors of a mined transaction, of a call on a node's state, or of a Foundry test's calls",
    )
    .addCommand(txCommand())
    .addCommand(callCommand())
    .addCommand(foundryCommand());
}

function txCommand(): Command {
  const command = newCommand("tx <hashes...>", {
    description: "Makes a vector of each mined transaction, from the state right before it",
    examples: [
      "sealpatch vectors record tx 0x5c50..e2 0x77ab..19 --rpc $NODE --out set.json",
      "sealpatch vectors record tx 0x9a1c..07 --rpc $NODE --subject 0xe7f1..0512 \\",
      "    --kind incident --in-clear --code out/Vault.json --out attack.json",
    ],
  });
  return withOutput(withRecording(withSubject(withNode(command)))).action(async (hashes: string[], options) =>
    (await import("./record.js")).recordTransactions(hashes.map(hashOf), options),
  );
}

function callCommand(): Command {
  const command = newCommand("call", {
    description: "Makes a vector of a call on the state of a node after a block",
    examples: [
      "sealpatch vectors record call --rpc $NODE --from 0xf39F..66 --to 0xe7f1..12 \\",
      "    --data 0x6ed28ed0.. --block 19000000 --expect revert --out refused.json",
    ],
  })
    .requiredOption("--from <address>", "sender of the call", checkAddress)
    .requiredOption("--to <address>", "contract that is called", checkAddress)
    .option("--data <hex>", "calldata, or @FILE of hex; an incident's only so (default: none)")
    .option("--value <wei>", "wei sent along, decimal or 0x-hex (default: 0)", integerOf)
    .option("--block <number>", "start from the state after this block (default: latest)", integerOf);
  return withOutput(withRecording(withSubject(withNode(command)))).action(async (options) =>
    (await import("./record.js")).recordCall(options),
  );
}

function foundryCommand(): Command {
  const command = newCommand("foundry <project>", {
    description:
      "Makes vectors of what tests of a Foundry project call through `recorded(...)` (RecordedCalls.sol)",
    examples: ["sealpatch vectors record foundry . --match-test test_deposit --out set.json"],
  })
    .requiredOption("--match-test <regex>", "the tests, as forge's option of that name takes them")
    .option("--target <name>", "only calls of the contract with this label or address")
    .option("--forge <program>", "the forge to run (default: the one on the PATH)");
  return withOutput(withRecording(command)).action(async (project, options) =>
    (await import("./record.js")).recordTests(project, options),
  );
}

/** Where the state comes from. */
function withNode(command: Command): Command {
  return command
    .addOption(new Option("--rpc <url>", "JSON-RPC endpoint of a node").env("SEALPATCH_RPC"))
    .option("--no-trace", "ask the node for single values only, not for traces");
}

/** What is judged, and what must come out. */
function withSubject(command: Command): Command {
  return command
    .option("--name <text>", "the vector's name (default: says what was recorded)")
    .option(
      "--subject <address>",
      "the contract to judge, where another one is called (default: that one)",
      checkAddress,
    )
    .addOption(new Option("--expect <outcome>", "refuse any other outcome").choices(["success", "revert"]));
}

/** How it is recorded. */
function withRecording(command: Command): Command {
  return addCodeOptions(command)
    .addOption(
      new Option("--kind <kind>", "what the vector is for")
        .choices(["regression", "invariant", "incident"])
        .default("regression"),
    )
    .option(
      "--pointer <account:slot>",
      "where the address of its code is stored, or `none` (default: found by ERC-1967)",
      pointerOf,
    )
    .addOption(
      new Option("--hardfork <name>", "rules (default: the block's)").choices(Object.keys(HARDFORKS)),
    )
    .option("--step-limit <number>", "instructions that the vector may execute", integerOf);
}

/** Where it is written. */
function withOutput(command: Command): Command {
  return command
    .requiredOption(
      "--out <file>",
      "vector file to write; what is recorded goes behind the vectors of one that exists",
    )
    .option("--force", "replace the file if it exists")
    .option("--in-clear", "write an incident vector although the file is not encrypted");
}
