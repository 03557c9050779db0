#!/usr/bin/env node
// Lets forge use solc from npm: answers the two calls forge makes of a native solc binary, `--version` and
// `--standard-json` with the input on stdin. Nothing is downloaded.
const solc = require("solc");

if (process.argv.includes("--version")) {
  // forge parses the platform out of the version string and knows only native ones.
  const version = solc.version().replace("Emscripten.clang", "Linux.g++");
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else {
  let input = "";
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (chunk) => {
    input += chunk;
  });
  process.stdin.on("end", () => process.stdout.write(solc.compile(input)));
}
