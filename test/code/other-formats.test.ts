import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readArtifact } from "../../src/code/index.js";
import { upgradesCoreLayout } from "../../src/layout/upgrades-core.js";
import { compileSolidity } from "../../tools/solc.js";
import { layoutSource } from "../layout/compile.js";
import { buildWithForge } from "./forge.js";

const SOURCE = "contract Vault { enum State { Idle, Open } uint256 total; State state; }";

let directory: string;
const put = (name: string, content: string | object) => {
  const file = join(directory, name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
};

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "sealpatch-formats-"));
  buildWithForge(directory, { "src/Vault.sol": SOURCE }, []);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** What `forge inspect` prints of the contract's layout. */
function inspect(...options: string[]): string {
  const forge = createRequire(import.meta.url).resolve("@foundry-rs/forge/bin.mjs");
  const words = ["inspect", "Vault", "storageLayout", "--root", directory, ...options];
  return execFileSync(process.execPath, [forge, ...words], { encoding: "utf8", stdio: "pipe" });
}

it.each([
  [
    "forge inspect",
    "as JSON",
    () => put("inspect.json", inspect("--json")),
    "--ast --extra-output storageLayout",
  ],
  ["forge inspect", "as a table", () => put("inspect.txt", inspect()), "--ast --extra-output storageLayout"],
  [
    "openzeppelin",
    "the manifest of its plugins",
    () => {
      const layout = upgradesCoreLayout(
        layoutSource(compileSolidity({ code: false, sources: { "C.sol": SOURCE } }), "Vault"),
      );
      const address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
      return put("sepolia.json", {
        manifestVersion: "3.2",
        proxies: [],
        impls: { "1f": { address, layout } },
      });
    },
    "build-info file of the implementation",
  ],
  [
    "vyper",
    "a layout",
    () => put("layout.json", { storage_layout: { total: { type: "uint256", n_slots: 1, slot: 0 } } }),
    "slow path",
  ],
  [
    "vyper",
    "standard JSON output",
    () => put("output.json", { compiler: "vyper-0.4.0", contracts: { "a.vy": { a: { abi: [] } } } }),
    "slow path",
  ],
  ["vyper", "a source", () => put("Vault.vy", "total: public(uint256)\n"), "slow path"],
  [
    "hardhat-deploy",
    "a deployment",
    () =>
      put("Vault.json", {
        abi: [],
        bytecode: "0x",
        deployedBytecode: "0x",
        solcInputHash: "00",
        metadata: "{}",
      }),
    "build-info file of the compilation",
  ],
])("a file of %s is refused by its name, with what to give: %s", async (format, _, file, remedy) => {
  await expect(readArtifact(file())).rejects.toMatchObject({
    code: "code/unknown-artifact-format",
    details: { format },
    why: expect.stringMatching(/^it is /),
    remedy: expect.stringContaining(remedy),
  });
});
