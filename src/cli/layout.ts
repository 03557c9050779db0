import { Command } from "commander";
import { printJson } from "../terminal/index.js";
import { newCommand } from "./command.js";
import { loadLayout } from "./layout-argument.js";
import { EXIT } from "./run.js";

const SOLC_OPTION = "--solc <package>";
const SOLC_HELP = "npm package (or path) of the solc that compiles .sol files, for example solc-0.8.20";

// Digests take a second to load: the rest is loaded while the compiler works.

/** `sealpatch layout ...`: storage layouts and what an upgrade does to them. */
export function layoutCommand(): Command {
  const group = new Command("layout").description("storage layouts, and whether an upgrade keeps them");
  const show = newCommand("show <contract>", {
    description:
      "Shows the canonical storage layout of a contract and its root. CONTRACT is FILE:NAME; FILE is an artifact of " +
      "Foundry or Hardhat, a build-info file, solc's output, or a Solidity file.",
    examples: [
      "sealpatch layout show contracts/Vault.sol:Vault",
      "sealpatch layout show out/Vault.sol/Vault.json",
    ],
  })
    .option(SOLC_OPTION, SOLC_HELP)
    .action(async (contract: string, { json, solc }: { json?: boolean; solc?: string }) => {
      const loaded = await loadLayout(contract, solc);
      const { showAsJson, showLayout } = await import("./layout-print.js");
      if (json) printJson(showAsJson(loaded));
      else showLayout(loaded);
    });
  const diff = newCommand("diff <old> <new>", {
    description:
      "Says whether a new contract keeps the storage layout of an old one, by three judges: OpenZeppelin's upgrades-core, " +
      "the rule of the proof, and the circuit with its sizes. The strictest decides: exit code 0 if preserved, 1 if broken. " +
      "OLD and NEW are as in `layout show`.",
    examples: [
      "sealpatch layout diff VaultV1.sol:Vault VaultV2.sol:Vault",
      "sealpatch layout diff out/build-info/old.json:Vault out/build-info/new.json:Vault --json",
    ],
  })
    .option(SOLC_OPTION, SOLC_HELP)
    .action(async (old: string, next: string, { json, solc }: { json?: boolean; solc?: string }) => {
      const [before, after] = await Promise.all([loadLayout(old, solc), loadLayout(next, solc)]);
      const [{ diffLayouts }, { diffAsJson, showDiff }] = await Promise.all([
        import("../layout/index.js"),
        import("./layout-print.js"),
      ]);
      const result = diffLayouts(before, after);
      if (json) printJson(diffAsJson(result));
      else showDiff(before, after, result);
      if (result.verdict === "broken") process.exitCode = EXIT.refused;
    });
  return group.addCommand(show).addCommand(diff);
}
