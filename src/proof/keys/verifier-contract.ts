import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SealpatchError } from "../../errors.js";
import { FIELD_ORDER } from "../../field/index.js";
import type { CircuitName } from "../../manifest.js";
import type { StandardInput } from "../../solc/index.js";
import { BASE_FIELD_ORDER } from "../arithmetic/index.js";
import { withCurve } from "../curve/index.js";
import { checkVerifyingKey } from "./check-verifying-key.js";
import { chainsOf, isDevelopmentKey, type KeyClass } from "./key-class.js";
import { exportVerifyingKey, type VerifyingElements } from "./verifying-key.js";

/** Names of the verifier contracts. */
export const VERIFIERS: Readonly<Record<CircuitName, string>> = {
  attest: "AttestVerifier",
  bind: "BindVerifier",
};

/** What a verifier says of itself where it refuses chains, by the class of its key. */
const GUARDS = {
  development: {
    notice:
      "Verifier of a development key: its secrets are published, it proves nothing. It refuses off local chains.",
    modifier: "onLocalChain",
    error: "DevelopmentVerifierOffLocalChain",
    meaning: "The chain `chainId` is not a local one.",
  },
  test: {
    notice:
      "Verifier of a key that no ceremony was proven for: whoever made it may prove anything. It refuses off test chains.",
    modifier: "onTestChain",
    error: "TestVerifierOffTestChain",
    meaning: "The chain `chainId` is neither a local one nor a public test network.",
  },
} as const;

/** Errors with which a verifier refuses its chain, in ethers' notation: they pass through all that call it. */
export const VERIFIER_ERRORS: readonly string[] = Object.values(GUARDS).map(
  ({ error }) => `error ${error}(uint256 chainId)`,
);

/** Where things stand in snarkjs' template, each once. */
const PRAGMA = "pragma solidity >=0.7.0 <0.9.0;";
const CONTRACT = "contract Groth16Verifier {";
const SIGNATURE_END = "public view returns (bool) {";
const FIRST_OF_A = "mstore(_pPairing, calldataload(pA))";

/** The template negates A modulo q, which would take numbers beyond q that wrap to the same; the precompiles refuse any other coordinate that is not below q. */
const CANONICAL_A = `if iszero(lt(calldataload(add(pA, 32)), q)) { leave }
                ${FIRST_OF_A}`;

/**
 * Solidity source of the verifier of a proving key, from snarkjs' template, with the contract renamed and A taken in one form only. Its function is
 * `verifyProof(uint[2] a, uint[2][2] b, uint[2] c, uint[n] publicSignals) view returns (bool)`. It reverts on every chain that
 * the key's class has no place on (`chainsOf`), when it is deployed and when it is asked.
 *
 * The same key and class give the same text.
 * @param options.keyClass of the key; `test` unless given. A development key stays one, whatever is given.
 * @throws SealpatchError as `checkVerifyingKey` where the key is not safe; `key/unreadable`; `key/unknown-template`;
 * `key/bad-contract-name` where the name is not a Solidity identifier that starts with a capital letter.
 */
export async function exportVerifierContract(options: {
  zkeyFile: string;
  contractName: string;
  keyClass?: KeyClass;
}): Promise<string> {
  const { zkeyFile, contractName, keyClass = "test" } = options;
  if (!/^[A-Z][A-Za-z0-9_]*$/.test(contractName)) {
    throw new SealpatchError("key/bad-contract-name", `${contractName} cannot be the name of a contract`, {
      details: { contractName },
      remedy: "use letters, digits and underscores, beginning with a capital letter",
    });
  }
  await checkVerifyingKey(await exportVerifyingKey(zkeyFile));
  const template = await readFile(templatePath(), "utf8");
  const renamed = replaceOnce(template, CONTRACT, `contract ${contractName} {`);
  const named = replaceOnce(renamed, FIRST_OF_A, CANONICAL_A);
  const guardedAs = (await isDevelopmentKey(zkeyFile)) ? "development" : keyClass;
  const groth16 = guardedAs === "production" ? named : guarded(named, contractName, guardedAs);
  const { zKey } = await import("snarkjs");
  return withCurve(() => zKey.exportSolidityVerifier(zkeyFile, { groth16 }));
}

/**
 * Whether a verifier's source has the constants of a verifying key, in the order of snarkjs' template: the orders of both fields, alpha, beta,
 * gamma and delta, then a point for 1 and for each signal; coordinates of G2 with the imaginary part first.
 */
export function hasConstantsOf(
  source: string,
  { vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC }: VerifyingElements,
): boolean {
  const found = [...source.matchAll(/^ *uint256 constant \w+ *= (\d+);$/gm)].map(([, number]) => number);
  const expected = [
    ...[FIELD_ORDER, BASE_FIELD_ORDER].map(String),
    ...vk_alpha_1.slice(0, 2),
    ...[vk_beta_2, vk_gamma_2, vk_delta_2].flatMap(([x, y]) => [x[1], x[0], y[1], y[0]]),
    ...IC.flatMap((point) => point.slice(0, 2)),
  ];
  return found.join() === expected.join();
}

/** The template with a guard: what is deployed by hand, past every check of this package, refuses by itself. */
function guarded(template: string, contractName: string, keyClass: keyof typeof GUARDS): string {
  const { notice, modifier, error, meaning } = GUARDS[keyClass];
  const elsewhere = [...chainsOf(keyClass)!].map((id) => `block.chainid != ${id}`).join(" && ");
  const contract = `contract ${contractName} {`;
  const guard = `/// @notice ${notice}
${contract}
    /// @dev ${meaning}
    error ${error}(uint256 chainId);

    modifier ${modifier}() {
        if (${elsewhere}) revert ${error}(block.chainid);
        _;
    }

    constructor() ${modifier} {}
`;
  const asked = replaceOnce(template, SIGNATURE_END, `public view ${modifier} returns (bool) {`);
  // Errors came with 0.8.4.
  return replaceOnce(
    replaceOnce(asked, PRAGMA, "pragma solidity >=0.8.4 <0.9.0;"),
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
