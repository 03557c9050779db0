import { hexlify } from "ethers";
import type { Check } from "../checks.js";
import type { StandardInput } from "../solc/index.js";
import type { ContractSource } from "./bundle.js";
import { type DisclosureFacts, LINES } from "./disclosure.js";
import type { Disclosure } from "./disclosure-file.js";

/** What a source verifier (Sourcify, Etherscan) takes to show the source of a deployed contract. */
export interface Publication {
  /** Which of the two contracts of a disclosure it is. */
  readonly of: "patch" | "replaced";
  readonly address: string;
  /** Fully qualified name, `contracts/Vault.sol:Vault`. */
  readonly contract: string;
  /** Release and commit, `v0.8.30+commit.73712a01`. */
  readonly compilerVersion: string;
  /** ABI-encoded, as hex; null of the replaced contract, whose deployment the disclosure does not have. */
  readonly constructorArguments: string | null;
  /**
   * Addresses of libraries by fully qualified names, linked after the compilation: in the input they would change the metadata, and so the
   * code.
   */
  readonly libraries: Readonly<Record<string, string>>;
  /** The very input of the compiler, unused sources too: they may change the code. */
  readonly input: StandardInput;
}

/** What a verifier needs of the compiler, where the input selects nothing. It is in no metadata. */
const OUTPUTS = { "*": { "*": ["abi", "evm.bytecode", "evm.deployedBytecode", "metadata"] } };

/**
 * The contracts of a disclosure for source verifiers: the patch and what it replaced, each where its line of the verification holds.
 * @param checks of `verifyDisclosure` for the same disclosure and facts.
 * @example
 * ```ts
 * const checks = await verifyDisclosure(text, facts);
 * for (const { of, input } of publicationsOf(parseDisclosure(text), facts, checks))
 *   await writeFile(`${of}.input.json`, JSON.stringify(input));
 * ```
 */
export function publicationsOf(
  { bundle }: Pick<Disclosure, "bundle">,
  { executed, replaced }: Pick<DisclosureFacts, "executed" | "replaced">,
  checks: readonly Check[],
): Publication[] {
  const holds = (line: string) => checks.some(({ name, outcome }) => name === line && outcome === "holds");
  const { libraries, constructorArguments } = bundle;
  return [
    ...(holds(LINES.deployed)
      ? [
          {
            ...published("patch", bundle, executed.implementation),
            ...{ libraries, constructorArguments: hexlify(constructorArguments) },
          },
        ]
      : []),
    ...(holds(LINES.current) ? [published("replaced", bundle.current, replaced.implementation)] : []),
  ];
}

function published(of: Publication["of"], source: ContractSource, address: string): Publication {
  const { contract, compiler } = source;
  const { input, version } = compiler;
  const { outputSelection = OUTPUTS } = input.settings;
  return {
    ...{ of, address, contract, compilerVersion: `v${version}` },
    ...{ constructorArguments: null, libraries: {} },
    input: { ...input, settings: { ...input.settings, outputSelection } },
  };
}
