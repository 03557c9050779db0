import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SealpatchError } from "../../errors.js";
import type { CircuitName } from "../../manifest.js";
import { LOCAL_CHAIN_IDS } from "../../networks.js";
import type { StandardInput } from "../../solc/index.js";
import { withCurve } from "../curve/index.js";
import { checkVerifyingKey } from "./check-verifying-key.js";
import { isDevelopmentKey } from "./marker.js";
import { exportVerifyingKey } from "./verifying-key.js";

/** Names of the verifier contracts. */
export const VERIFIERS: Readonly<Record<CircuitName, string>> = {
  attest: "AttestVerifier",
  bind: "BindVerifier",
};

/** Where things stand in snarkjs' template, each once. */
const PRAGMA = "pragma solidity >=0.7.0 <0.9.0;";
const CONTRACT = "contract Groth16Verifier {";
const SIGNATURE_END = "public view returns (bool) {";

/**
 * Solidity source of the verifier of a proving key, from snarkjs' template, with the contract renamed. Its function is
 * `verifyProof(uint[2] a, uint[2][2] b, uint[2] c, uint[n] publicSignals) view returns (bool)`. The verifier of a development
 * key reverts on every chain that is not local (`LOCAL_CHAIN_IDS`), when it is deployed and when it is asked.
 *
 * The same key gives the same text.
 * @throws SealpatchError as `checkVerifyingKey` where the key is not safe; `key/unreadable`; `key/unknown-template`;
 * `key/bad-contract-name` where the name is not a Solidity identifier that starts with a capital letter.
 */
export async function exportVerifierContract(options: {
  zkeyFile: string;
  contractName: string;
}): Promise<string> {
  const { zkeyFile, contractName } = options;
  if (!/^[A-Z][A-Za-z0-9_]*$/.test(contractName)) {
    throw new SealpatchError("key/bad-contract-name", `${contractName} cannot be the name of a contract`, {
      details: { contractName },
      remedy: "use letters, digits and underscores, beginning with a capital letter",
    });
  }
  await checkVerifyingKey(await exportVerifyingKey(zkeyFile));
  const template = await readFile(templatePath(), "utf8");
  const named = replaceOnce(template, CONTRACT, `contract ${contractName} {`);
  const groth16 = (await isDevelopmentKey(zkeyFile)) ? onLocalChains(named, contractName) : named;
  const { zKey } = await import("snarkjs");
  return withCurve(() => zKey.exportSolidityVerifier(zkeyFile, { groth16 }));
}

/** The template with a guard: what is deployed by hand, past every check of this package, refuses by itself. */
function onLocalChains(template: string, contractName: string): string {
  const elsewhere = [...LOCAL_CHAIN_IDS].map((id) => `block.chainid != ${id}`).join(" && ");
  const contract = `contract ${contractName} {`;
  const guard = `/// @notice Verifier of a development key: its secrets are published, it proves nothing. It refuses off local chains.
${contract}
    /// @dev The chain \`chainId\` is not a local one.
    error DevelopmentVerifierOffLocalChain(uint256 chainId);

    modifier onLocalChain() {
        if (${elsewhere}) revert DevelopmentVerifierOffLocalChain(block.chainid);
        _;
    }

    constructor() onLocalChain {}
`;
  const guarded = replaceOnce(template, SIGNATURE_END, "public view onLocalChain returns (bool) {");
  // Errors came with 0.8.4.
  return replaceOnce(
    replaceOnce(guarded, PRAGMA, "pragma solidity >=0.8.4 <0.9.0;"),
    contract,
    guard.trimEnd(),
  );
}

function replaceOnce(text: string, part: string, replacement: string): string {
  const [before, after, ...more] = text.split(part);
  if (after !== undefined && more.length === 0) return `${before}${replacement}${after}`;
  throw new SealpatchError(
    "key/unknown-template",
    "snarkjs' template of verifiers is not the one that is known",
    {
      details: { part },
      why: `"${part}" does not stand in it exactly once`,
      remedy: "install the package with its own exact dependencies",
    },
  );
}

function templatePath(): string {
  const entry = createRequire(import.meta.url).resolve("snarkjs");
  return join(dirname(entry), "..", "templates", "verifier_groth16.sol.ejs");
}

/**
 * What compiles verifiers, with settings that are always the same: equal sources give equal code.
 * @param sources of contracts, by their names. A contract's code does not depend on the others.
 */
export function verifierInput(sources: Readonly<Record<string, string>>): StandardInput {
  const names = Object.keys(sources);
  const outputs = ["abi", "evm.bytecode", "evm.deployedBytecode", "storageLayout", "metadata"];
  return {
    language: "Solidity",
    sources: Object.fromEntries(names.map((name) => [`${name}.sol`, { content: sources[name]! }])),
    settings: {
      evmVersion: "cancun",
      optimizer: { enabled: true, runs: 1_000_000 },
      outputSelection: Object.fromEntries(names.map((name) => [`${name}.sol`, { [name]: outputs }])),
    },
  };
}
