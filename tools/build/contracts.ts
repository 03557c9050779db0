import { copyFile, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { cached, contentKey } from "../../src/cached.js";
import { ROOT } from "../../src/places.js";
import { verifierInput } from "../../src/proof/keys/index.js";
import {
  collectSources,
  compileStandardJson,
  SOLC_VERSION,
  type StandardInput,
} from "../../src/solc/index.js";

const require = createRequire(import.meta.url);
const SAFE = require("@safe-global/safe-smart-account/package.json") as { name: string; version: string };

const OUTPUTS = ["abi", "evm.bytecode", "evm.deployedBytecode", "storageLayout", "metadata"];

/** A group of contracts that compile with the same settings. */
interface Group {
  /** Contracts to keep, by source. */
  contracts: Record<string, readonly string[]>;
  settings: object;
}

const PROXIES = "@openzeppelin/contracts/proxy";

/**
 * The settings of foundry.toml, so that forge and the build agree: the timelock goes through the IR, everything else
 * through the legacy pipeline.
 */
export async function contractSettings(): Promise<{ timelock: object; others: object }> {
  const toml = await readFile(join(ROOT, "foundry.toml"), "utf8");
  const read = (pattern: RegExp): string => {
    const value = pattern.exec(toml)?.[1];
    if (value === undefined) throw new Error(`foundry.toml lacks ${pattern}`);
    return value;
  };
  const evmVersion = read(/^evm_version = "(\w+)"/m);
  const runs = Number(read(/^optimizer_runs = ([\d_]+)/m).replaceAll("_", ""));
  const timelockRuns = Number(read(/additional_compiler_profiles = .*optimizer_runs = (\d+)/));
  return {
    timelock: { evmVersion, viaIR: true, optimizer: { enabled: true, runs: timelockRuns } },
    others: { evmVersion, optimizer: { enabled: true, runs } },
  };
}

/** Folder with an artifact `<Contract>.json` for each contract of the product and each proxy that the tests deploy. */
export async function buildContracts(): Promise<string[]> {
  const { timelock, others } = await contractSettings();
  return Promise.all([
    compileGroup("timelock", {
      contracts: {
        "contracts/FastTrackTimelock.sol": ["FastTrackTimelock"],
        "contracts/libraries/DisclosureMerger.sol": ["DisclosureMerger"],
        "contracts/libraries/Policies.sol": ["Policies"],
      },
      settings: timelock,
    }),
    compileGroup("support", {
      contracts: {
        "contracts/PatchVerifier.sol": ["PatchVerifier"],
        "poseidon-solidity/PoseidonT4.sol": ["PoseidonT4"],
        "poseidon-solidity/PoseidonT5.sol": ["PoseidonT5"],
        [`${PROXIES}/ERC1967/ERC1967Proxy.sol`]: ["ERC1967Proxy"],
        [`${PROXIES}/transparent/TransparentUpgradeableProxy.sol`]: ["TransparentUpgradeableProxy"],
        [`${PROXIES}/transparent/ProxyAdmin.sol`]: ["ProxyAdmin"],
      },
      settings: others,
    }),
  ]);
}

/** Folder with the artifacts of the Safe contracts that the drill deploys, as Safe publishes them. */
export async function copySafes(): Promise<string> {
  const { folder } = await cached("contracts/safe", contentKey([SAFE.version]), async (scratch) => {
    for (const name of ["Safe.sol/Safe", "proxies/SafeProxyFactory.sol/SafeProxyFactory"]) {
      const artifact = require.resolve(`${SAFE.name}/build/artifacts/contracts/${name}.json`);
      await copyFile(artifact, join(scratch, basename(artifact)));
    }
  });
  return folder;
}

/** Folder with the artifacts of the Groth16 verifiers, compiled as deployment does it. @param sources by the contracts' names. */
export function buildVerifiers(sources: Readonly<Record<string, string>>): Promise<string> {
  return compileInput("verifiers", verifierInput(sources));
}

function compileGroup(name: string, group: Group): Promise<string> {
  return compileInput(name, {
    language: "Solidity",
    sources: collectSources(Object.keys(group.contracts), { base: ROOT }),
    settings: {
      ...group.settings,
      outputSelection: Object.fromEntries(
        Object.entries(group.contracts).map(([source, contracts]) => [
          source,
          Object.fromEntries(contracts.map((contract) => [contract, OUTPUTS])),
        ]),
      ),
    },
  });
}

/** Compiles, and keeps an artifact `<Contract>.json` of each contract that comes out. */
async function compileInput(name: string, input: StandardInput): Promise<string> {
  const { folder } = await cached(
    `contracts/${name}`,
    contentKey([SOLC_VERSION, JSON.stringify(input)]),
    async (scratch) => {
      const output = await compileStandardJson(input);
      for (const [source, contracts] of Object.entries(output.contracts)) {
        for (const [contract, compiled] of Object.entries(contracts)) {
          const kept = { contracts: { [source]: { [contract]: compiled } } };
          await writeFile(join(scratch, `${contract}.json`), JSON.stringify(kept));
        }
      }
    },
  );
  return folder;
}
