import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { inFolder, put } from "./projects.js";

/**
 * Hardhat's configuration: solc from npm in place of the one that it would download.
 * @param settings of the compiler, as they stand in the file.
 */
const configuration = (settings: string) => `const { subtask } = require("hardhat/config");
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require("hardhat/builtin-tasks/task-names");

subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async ({ solcVersion }) => ({
  version: solcVersion,
  longVersion: "0.8.30+commit.73712a01",
  compilerPath: ${JSON.stringify(resolve("node_modules/solc/soljson.js"))},
  isSolcJs: true,
}));

module.exports = {
  solidity: {
    version: "0.8.30",
    settings: {
      ${settings}
    },
  },
};
`;

/** Writes a Hardhat project, without sources; its Hardhat is the one from npm. */
export function newHardhatProject(folder: string, settings: string): void {
  put(folder, {
    "package.json": { name: "hardhat-project", private: true },
    "hardhat.config.js": configuration(settings),
  });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  rmSync(join(folder, "node_modules/hardhat"), { force: true });
  symlinkSync(resolve("node_modules/hardhat"), join(folder, "node_modules/hardhat"));
}

/** Compiles a Hardhat project, as `npx hardhat compile` does. */
export function hardhatCompile(folder: string, ...options: readonly string[]): void {
  const program = join(folder, "node_modules/hardhat/internal/cli/bootstrap.js");
  execFileSync(process.execPath, [program, "compile", ...options], {
    cwd: folder,
    stdio: "pipe",
    // What it keeps of its user, and would ask and send, has no place in a test.
    env: { PATH: process.env.PATH, HOME: join(folder, "cache/home"), CI: "true" },
  });
}

/**
 * A Hardhat project with the same contracts as `foundryProject`, compiled.
 * @param settings more of the compiler's settings.
 */
export function hardhatProject(folder: string, settings: string): void {
  newHardhatProject(folder, settings);
  put(folder, inFolder("contracts"));
  hardhatCompile(folder);
}
