import { Command } from "commander";
import { newCommand } from "../command.js";

const SOLC_OPTION = [
  "--solc <package>",
  "npm package (or path) of the solc that compiles .sol files, for example solc-0.8.20",
] as const;

/** `sealpatch layout ...`: storage layouts and what an upgrade does to them. What a command does is loaded when it runs. */
export function layoutCommand(): Command {
  const show = newCommand("show <contract>", {
    description:
      "Shows the canonical storage layout of a contract and its root. CONTRACT is FILE:NAME; FILE is an artifact of " +
      "Foundry or Hardhat, a build-info file, solc's output, a deployment of hardhat-deploy, or a Solidity file.",
    examples: [
      "sealpatch layout show contracts/Vault.sol:Vault",
      "sealpatch layout show out/Vault.sol/Vault.json",
    ],
  })
    .option(...SOLC_OPTION)
    .action(async (contract, options) => (await import("./layout.js")).show(contract, options));
  const diff = newCommand("diff <old> <new>", {
    description:
      "Says whether a new contract keeps the storage layout of an old one, by three judges: OpenZeppelin's upgrades-core " +
      "(its check of layouts alone), the rule of the proof, and the circuit with its sizes. The strictest decides: exit code " +
      "0 if preserved, 1 if broken, 2 if it could not be judged or is preserved and does not fit the circuit. OLD and NEW are " +
      "as in `layout show`, and are implementations, not the proxy.",
    examples: [
      "sealpatch layout diff VaultV1.sol:Vault VaultV2.sol:Vault",
      "sealpatch layout diff build-info/old.json build-info/new.json:Vault --json",
      "sealpatch layout diff V1.sol:Vault V2.sol:Vault --old-solc solc-0.7.6",
    ],
  })
    .option(...SOLC_OPTION)
    .option("--old-solc <package>", "the same for OLD alone")
    .option("--new-solc <package>", "the same for NEW alone")
    .action(async (old, next, options) => (await import("./layout.js")).diff(old, next, options));
  return new Command("layout")
    .description("Storage layouts, and whether an upgrade keeps them")
    .addCommand(show)
    .addCommand(diff);
}
