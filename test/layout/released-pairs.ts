import type { LayoutDiff } from "../../src/layout/index.js";

/** One release of a publisher, as an npm alias in node_modules. */
export interface Release {
  /** Folder below node_modules that holds the Solidity files. */
  readonly folder: string;
  /** Prefix under which the files import each other, where they do not use relative paths. */
  readonly prefix?: string;
  /** Imports of other packages, and the installed aliases that stand for them. */
  readonly imports?: Readonly<Record<string, string>>;
}

/** Two successive releases of one contract, and what is expected of them. */
export interface ReleasedPair {
  readonly publisher: string;
  readonly contract: string;
  readonly old: string;
  readonly next: string;
  /** Path of the file without `.sol`; the contract has the file's name. Two where the file was renamed. */
  readonly files: readonly [old: string, next?: string];
  readonly expected: "preserved" | "broken";
  /** For broken pairs: findings that must be among those reported, `code label`. */
  readonly named?: readonly string[];
}

const OPENZEPPELIN = "@openzeppelin/contracts-upgradeable/";
const openZeppelin = (version: string): Release => ({
  folder: `@openzeppelin/contracts-upgradeable-${version}/`,
  prefix: OPENZEPPELIN,
});
const upgradeExecutor = (version: string): Release => ({
  folder: `@offchainlabs/upgrade-executor-${version}/src/`,
  imports: {
    [OPENZEPPELIN]: "@openzeppelin/contracts-upgradeable-4.7.3/",
    "@openzeppelin/contracts/": "@openzeppelin/contracts-4.9.6/",
  },
});
const aave = (version: string): Release => ({ folder: `@aave/core-v3-${version}/contracts/` });
const axelar = (version: string): Release => ({
  folder: `@axelar-network/axelar-gmp-sdk-solidity-${version}/contracts/`,
});
const zkSync = (version: string): Release => ({
  folder: `@matterlabs/zksync-contracts-${version}/contracts/l1-contracts/state-transition/chain-deps/`,
});

export const RELEASES: Readonly<Record<string, Release>> = {
  "OpenZeppelin 4.3.0": openZeppelin("4.3.0"),
  "OpenZeppelin 4.3.1": openZeppelin("4.3.1"),
  "OpenZeppelin 4.3.2": openZeppelin("4.3.2"),
  "OpenZeppelin 4.7.2": openZeppelin("4.7.2"),
  "OpenZeppelin 4.7.3": openZeppelin("4.7.3"),
  "OpenZeppelin 4.9.6": openZeppelin("4.9.6"),
  "OpenZeppelin 5.0.2": openZeppelin("5.0.2"),
  "OpenZeppelin 5.7.0": openZeppelin("5.7.0"),
  "Safe 1.3.0": { folder: "@gnosis.pm/safe-contracts-1.3.0/contracts/" },
  "Safe 1.4.1": { folder: "@safe-global/safe-contracts-1.4.1/contracts/" },
  "Safe 1.5.0": { folder: "@safe-global/safe-smart-account/contracts/" },
  "Aave 1.17.2": aave("1.17.2"),
  "Aave 1.19.3": aave("1.19.3"),
  "Axelar 5.10.0": axelar("5.10.0"),
  "Axelar 6.2.0": axelar("6.2.0"),
  "Arbitrum 1.1.0-beta.0": upgradeExecutor("1.1.0-beta.0"),
  "Arbitrum 1.1.1": upgradeExecutor("1.1.1"),
  "zkSync 28.0.1": zkSync("28.0.1"),
  "zkSync 29.0.0": zkSync("29.0.0"),
};

/**
 * Structs that are the whole storage of a contract whose code the package leaves out: every facet of a zkSync chain's
 * diamond holds one `ZKChainStorage`, at slot 0.
 */
export const STRUCT_ONLY: ReadonlySet<string> = new Set(["ZKChainStorage"]);

const pair = (
  publisher: string,
  versions: readonly [string, string],
  files: ReleasedPair["files"],
  named?: readonly string[],
): ReleasedPair => {
  const [old, next] = versions.map((version) => `${publisher} ${version}`) as [string, string];
  const contract = (files[1] ?? files[0]).split("/").at(-1)!;
  const expected = named === undefined ? "preserved" : "broken";
  return { publisher, contract, old, next, files, expected, ...(named && { named }) };
};

const OZ = "OpenZeppelin";

/** Every pair is preserved, or broken with what is named. */
export const RELEASED_PAIRS: readonly ReleasedPair[] = [
  pair(OZ, ["4.3.0", "4.3.1"], ["governance/TimelockControllerUpgradeable"]),
  // 4.6 made `_initialized` a uint8 and said so with oz-retyped-from bool.
  pair(OZ, ["4.3.2", "4.7.2"], ["token/ERC721/extensions/ERC721EnumerableUpgradeable"]),
  pair(OZ, ["4.3.2", "4.7.2"], ["access/AccessControlUpgradeable"]),
  pair(OZ, ["4.7.2", "4.7.3"], ["governance/extensions/GovernorVotesQuorumFractionUpgradeable"]),
  // 4.9 packs the proposer into the words of two deadlines, inside of a struct in a mapping.
  pair(
    OZ,
    ["4.7.3", "4.9.6"],
    ["governance/GovernorUpgradeable"],
    [
      "layout/resized _proposals[].voteStart",
      "layout/resized _proposals[].voteEnd",
      "layout/inserted-in-used-space _proposals[].proposer",
    ],
  ),
  pair(OZ, ["4.7.3", "4.9.6"], ["token/ERC20/ERC20Upgradeable"]),
  // 5.0 moved everything into namespaces: no proxy of 4.x may be upgraded to it.
  pair(
    OZ,
    ["4.9.6", "5.0.2"],
    ["access/OwnableUpgradeable"],
    ["layout/deleted _initialized", "layout/deleted _initializing", "layout/deleted _owner"],
  ),
  pair(
    OZ,
    ["4.9.6", "5.0.2"],
    ["token/ERC20/ERC20Upgradeable"],
    [
      "layout/deleted _balances",
      "layout/deleted _allowances",
      "layout/deleted _totalSupply",
      "layout/deleted _name",
      "layout/deleted _symbol",
    ],
  ),
  pair(OZ, ["5.0.2", "5.7.0"], ["access/OwnableUpgradeable"]),
  pair(OZ, ["5.0.2", "5.7.0"], ["token/ERC20/ERC20Upgradeable"]),
  pair("Safe", ["1.3.0", "1.4.1"], ["GnosisSafe", "Safe"]),
  pair("Safe", ["1.4.1", "1.5.0"], ["Safe"]),
  pair("Aave", ["1.17.2", "1.19.3"], ["protocol/pool/Pool"]),
  pair("Aave", ["1.17.2", "1.19.3"], ["protocol/tokenization/AToken"]),
  pair("Axelar", ["5.10.0", "6.2.0"], ["governance/InterchainGovernance"]),
  pair(
    "Axelar",
    ["5.10.0", "6.2.0"],
    ["governance/AxelarServiceGovernance"],
    ["layout/renamed multisig", "layout/renamed multisigApprovals"],
  ),
  pair("Arbitrum", ["1.1.0-beta.0", "1.1.1"], ["UpgradeExecutor"]),
  // The queue is given up, and its type with it.
  pair(
    "zkSync",
    ["28.0.1", "29.0.0"],
    ["ZKChainStorage"],
    ["layout/resized s", "layout/deleted s.priorityQueue.data[].canonicalTxHash"],
  ),
];

/** The three verdicts where all agree, as they do on every pair here. */
export function agreedVerdicts(expected: ReleasedPair["expected"]): LayoutDiff["verdicts"] {
  return expected === "preserved"
    ? { upgradesCore: "safe", canonical: "preserved", circuit: "provable" }
    : { upgradesCore: "unsafe", canonical: "broken", circuit: "refused" };
}
