#!/usr/bin/env node
// Forge starts its compiler as a program of its own, so there has to be a file that it can start. It asks it two things,
// `--version` and `--standard-json` with the input on stdin; solc from npm answers, run as everywhere else: the one in the folder
// that the variable SOLC names, else this package's own.
const { serve } = require("../src/solc/program.cjs");

const solc = require.resolve(process.env.SOLC ?? "solc");
if (process.argv.includes("--version")) {
  // forge parses the platform out of the version string and knows only native ones.
  const version = require(solc).version().replace("Emscripten.clang", "Linux.g++");
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else {
  serve(solc);
}
