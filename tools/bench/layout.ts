// `sealpatch layout diff` on two contracts of 60 variables, from Solidity, in a process of its own.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const TYPES = ["uint256", "address", "mapping(address => uint256)", "bool", "bytes32", "uint128", "string"];

const contract = (variables: number) => {
  const lines = Array.from({ length: variables }, (_, i) => `  ${TYPES[i % TYPES.length]} variable${i};`);
  return `pragma solidity ^0.8.20;\ncontract Vault {\n${lines.join("\n")}\n}\n`;
};

const folder = await mkdtemp(join(tmpdir(), "sealpatch-bench-"));
try {
  const files = [join(folder, "Old.sol"), join(folder, "New.sol")];
  for (const [index, file] of files.entries()) await writeFile(file, contract(60 + index));
  const since = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...["dist/cli/main.js", "layout", "diff", ...files, "--json"],
  ]);
  const ms = performance.now() - since;
  if (JSON.parse(stdout).verdicts?.canonical !== "preserved")
    throw new Error(`another verdict than expected: ${stdout}`);
  console.log(JSON.stringify({ ms }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
