import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { AbiCoder, Interface, keccak256, toBeHex, ZeroHash } from "ethers";
import { collectSources, findCompiler, type StandardInput } from "../../src/solc/index.js";
import type { Hex } from "../../src/vectors/index.js";
import type { IncidentSources } from "./incident.js";

// Nomad's Replica as its package has it, which was drained in August 2022: the root of a message that nobody proved is zero, and
// zero was a root that counts.

const FILE = "@nomad-xyz/contracts-core/contracts/Replica.sol";
const REPLICA = new Interface(["function acceptableRoot(bytes32) view returns (bool)"]);
const PUBLISHED = readFileSync(createRequire(import.meta.url).resolve(FILE), "utf8");
const LEGACY = "if (_root == LEGACY_STATUS_PROVEN) return true;";
const LOCAL_DOMAIN = 6_648_936n;
const ONE = toBeHex(1, 32) as Hex;

function inputOf(text: string): StandardInput {
  const sources = collectSources([FILE], {
    base: process.cwd(),
    given: { [FILE]: text },
    compiler: findCompiler("0.7.6"),
  });
  return { language: "Solidity", sources, settings: { optimizer: { enabled: true, runs: 200 } } };
}

/** Slot 153 holds `confirmAt`: what a root of zero was confirmed at, as the contract was initialized. */
const CONFIRMED: Hex = keccak256(
  AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [ZeroHash, 153]),
) as Hex;

/** The incident and its fix, by solc 0.7.6. */
export function replica(): IncidentSources {
  return {
    version: "0.7.6",
    contract: `${FILE}:Replica`,
    vulnerable: inputOf(PUBLISHED),
    fixed: inputOf(PUBLISHED.replace(LEGACY, `${LEGACY}\n        if (_root == bytes32(0)) return false;`)),
    constructorArguments: Buffer.from(toBeHex(LOCAL_DOMAIN, 32).slice(2), "hex"),
    storage: [{ slot: BigInt(CONFIRMED), value: BigInt(ONE) }],
    attack: REPLICA.encodeFunctionData("acceptableRoot", [ZeroHash]) as Hex,
    use: REPLICA.encodeFunctionData("acceptableRoot", [ONE]) as Hex,
  };
}
