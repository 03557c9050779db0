import { createRequire } from "node:module";
import { SealpatchError } from "./errors.js";

const PLATFORMS: Readonly<Record<string, string>> = {
  "linux-x64": "linux-amd64",
  "linux-arm64": "linux-arm64",
  "darwin-x64": "darwin-amd64",
  "darwin-arm64": "darwin-arm64",
};

/**
 * Path of a Foundry program from npm. The program itself, not npm's launcher: the launcher hides exit codes and leaves
 * the program behind when it is killed.
 * @throws SealpatchError `corpus/no-foundry`.
 */
export function foundryBinary(program: "anvil" | "cast" | "forge"): string {
  const platform = PLATFORMS[`${process.platform}-${process.arch}`];
  try {
    // The platform's package is a dependency of the launcher's, not of ours.
    const launcher = createRequire(import.meta.url).resolve(`@foundry-rs/${program}/package.json`);
    return createRequire(launcher).resolve(`@foundry-rs/${program}-${platform}/bin/${program}`);
  } catch (cause) {
    throw new SealpatchError("corpus/no-foundry", `${program} is not installed for this machine`, {
      details: { program, platform: process.platform, architecture: process.arch },
      why:
        platform === undefined
          ? "Foundry has no release for it"
          : `npm did not install its package for ${platform}`,
      remedy:
        "install again without leaving out optional dependencies; Linux and macOS, x64 and arm64, are supported",
      cause,
    });
  }
}
