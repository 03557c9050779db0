import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll } from "vitest";
import { newRecipient } from "../../src/age.js";
import { auditorRegistrationToJson, newAuditorKey, registerAuditor } from "../../src/audit/index.js";
import { configurationText } from "../../src/cli/init/template.js";
import { FOUNDRY_LINES } from "../../src/compiler-settings.js";
import { foundryBinary } from "../../src/foundry.js";
import { writeVectorSet } from "../../src/vectors/index.js";
import { sampleSet, sampleVector } from "../vectors/sample.js";

/** A contract whose layout needs the syntax tree of another file, an interface and a library; `DIR` is the folder of the sources. */
export const SOURCES = {
  "DIR/Types.sol": "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\nenum Color { Red, Green }\n",
  "DIR/Vault.sol": `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import "./Types.sol";
interface IVault { function total() external view returns (uint256); }
struct Account { uint256 a; uint256 b; }
library Sums { function add(uint256 a, uint256 b) internal pure returns (uint256) { return a + b; } }
contract Vault is IVault { uint256 public total; Color color; Account account; function add(uint256 x) external { total = Sums.add(total, x); } }
`,
};

/** A folder that is gone when the tests of the file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sealpatch-project-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function put(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}

export const inFolder = (sources: string) =>
  Object.fromEntries(Object.entries(SOURCES).map(([name, text]) => [name.replace("DIR", sources), text]));

/**
 * A Foundry project, built with forge and solc from npm.
 * @param lines more of its `foundry.toml`.
 */
export function foundryProject(folder: string, lines: string, ...options: readonly string[]): void {
  const shim = resolve("tools/solc-shim.cjs");
  put(folder, {
    "foundry.toml": `[profile.default]\noffline = true\nsolc = "${shim}"\n${lines}\n`,
    ...inFolder("src"),
  });
  forgeBuild(folder, ...options);
}

export function forgeBuild(folder: string, ...options: readonly string[]): void {
  execFileSync(foundryBinary("forge"), ["build", "--root", folder, ...options], { stdio: "pipe" });
}

/** What `init` writes of the auditors, and what stands there in projects of tests: keys are what takes the time. */
export const THREE_AUDITORS =
  'auditors = ["auditors/first.json", "auditors/second.json", "auditors/third.json"]\nthreshold = 2';
export const ONE_AUDITOR = 'auditors = ["auditors/first.json"]\nthreshold = 1';

/**
 * A Foundry project with everything that a policy is built from, three auditors and two vectors, and the configuration that `init` writes,
 * its addresses filled in and with the first auditor alone.
 */
export async function policyProject(
  folder: string,
  addresses: { readonly timelock: string; readonly proxy: string; readonly rpc?: string },
): Promise<void> {
  foundryProject(folder, FOUNDRY_LINES);
  for (const name of ["first", "second", "third"]) {
    const { recipient } = await newRecipient();
    const registration = registerAuditor(newAuditorKey().privateKey, { label: `${name} auditor`, recipient });
    put(folder, { [`auditors/${name}.json`]: auditorRegistrationToJson(registration) });
  }
  mkdirSync(join(folder, "vectors"), { recursive: true });
  await writeVectorSet(
    join(folder, "vectors/baseline.json"),
    sampleSet([callVector("0x01"), callVector("0x02")]),
  );
  const facts = { tool: "foundry", artifacts: "out", sources: "src" } as const;
  const text = configurationText({ facts, chainId: 31337, kind: "uups", contracts: ["src/Vault.sol:Vault"] });
  put(folder, {
    "sealpatch.toml": text
      .replace(THREE_AUDITORS, ONE_AUDITOR)
      .replace('# timelock = "0x.."', `timelock = "${addresses.timelock}"`)
      .replace('address = ""', `address = "${addresses.proxy}"`)
      .replace("env:RPC_URL", addresses.rpc ?? "env:RPC_URL"),
  });
}

/** A baseline vector that calls with these bytes. */
export function callVector(data: `0x${string}`) {
  return sampleVector({ name: data, calls: [{ ...sampleVector().calls[0]!, data }] });
}
