import { createRequire } from "node:module";

const PLATFORMS: Readonly<Record<string, string>> = {
  "linux-x64": "linux-amd64",
  "linux-arm64": "linux-arm64",
  "darwin-x64": "darwin-amd64",
  "darwin-arm64": "darwin-arm64",
};

/**
 * Path of a Foundry program from npm. The program itself, not npm's launcher: the launcher hides exit codes and leaves
 * the program behind when it is killed.
 */
export function foundryBinary(program: "anvil" | "forge"): string {
  const platform = PLATFORMS[`${process.platform}-${process.arch}`];
  if (platform === undefined)
    throw new Error(`${program} has no binary for ${process.platform} on ${process.arch}`);
  // The platform's package is a dependency of the launcher's, not of ours.
  const launcher = createRequire(import.meta.url).resolve(`@foundry-rs/${program}/package.json`);
  return createRequire(launcher).resolve(`@foundry-rs/${program}-${platform}/bin/${program}`);
}
