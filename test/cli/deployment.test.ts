import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileSolidity } from "../../tools/solc.js";
import { sealpatch } from "./sealpatch.js";

const HASH = "0123456789abcdef0123456789abcdef";
const LIBRARY =
  "library Fees { function cut(uint256 x) external pure returns (uint256) { return x / 100; } }";
const source = (body: string) => `pragma solidity ^0.7.0; ${LIBRARY}
  contract Vault { enum State { Idle, Open } uint256 total; State state;
  function add(uint256 x) external { ${body} } }`;
const OLD = source("total += x - Fees.cut(x);");

let folder: string;
const path = (name: string) => join(folder, name);
const put = (name: string, content: string | object) => {
  mkdirSync(dirname(path(name)), { recursive: true });
  writeFileSync(path(name), typeof content === "string" ? content : JSON.stringify(content));
};

/** What hardhat-deploy keeps of a deployment of the vault. */
function deploy(network: string, deployed: string, kept: string): void {
  const output = compileSolidity({ sources: { "contracts/Vault.sol": deployed }, compiler: "0.7.6" });
  const { abi, evm, metadata } = output.contracts["contracts/Vault.sol"]!.Vault!;
  const linked = evm.bytecode.object.replace(/__.{36}__/g, "5fbdb2315678afecb367f032d93f642f64180aa3");
  const deployment = { abi, bytecode: `0x${linked}`, deployedBytecode: "0x", solcInputHash: HASH, metadata };
  put(`deployments/${network}/Vault.json`, deployment);
  put(`deployments/${network}/solcInputs/${HASH}.json`, {
    language: "Solidity",
    sources: { "contracts/Vault.sol": { content: kept } },
    settings: {},
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sealpatch-deployment-"));
  deploy("mainnet", OLD, OLD);
  deploy("edited", OLD, OLD.replace("uint256 total; State state;", "State state; uint256 total;"));
  deploy("lost", OLD, OLD);
  rmSync(path("deployments/lost/solcInputs"), { recursive: true });
  put(
    "New.sol",
    source("total += x;").replace("^0.7.0", "^0.8.0").replace("State state;", "State state; uint256 fee;"),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a deployment of hardhat-deploy", () => {
  const diff = (network: string) =>
    sealpatch("layout", "diff", path(`deployments/${network}/Vault.json`), path("New.sol:Vault"), "--json");

  it("is read with the sources beside it, compiled by the compiler that it names", async () => {
    const { code, stdout } = await diff("mainnet");
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { verdict: "preserved", findings: [] }]);
    const shown = await sealpatch("layout", "show", path("deployments/mainnet/Vault.json"), "--json");
    const labels = JSON.parse(shown.stdout).entries.map(({ label }: { label: string }) => label);
    expect(labels).toEqual(expect.arrayContaining(["total", "state", ".Open"]));
  });

  it("is refused where its sources are of other code, or are not there", async () => {
    const edited = await diff("edited");
    expect([edited.code, JSON.parse(edited.stdout).error.code]).toEqual([2, "code/stale-build-info"]);
    const lost = await diff("lost");
    expect([lost.code, JSON.parse(lost.stdout).error]).toMatchObject([
      2,
      {
        code: "code/unreadable-file",
        remedy: expect.stringContaining("`solcInputs` beside the deployments"),
      },
    ]);
  });
});
