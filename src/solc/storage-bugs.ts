import type { StandardInput } from "./compile.js";

/** A bug of solc by which storage is written, cleared, read or laid out wrongly. */
export interface StorageBug {
  /** As solc's list calls it; as its release notes do where the list has no name yet. */
  readonly name: string;
  readonly summary: string;
  /** Where solc gives one. */
  readonly severity?: "very low" | "low" | "medium" | "medium/high" | "high";
  /** First release that has it; every one before `fixed` where it is not named. */
  readonly introduced?: string;
  /** First release without it. */
  readonly fixed: string;
  /** Without all of these it does not show. */
  readonly needs: readonly Need[];
  /** A keyword without which no source shows it. */
  readonly word?: string;
  readonly source: string;
}

/** What the settings of a compilation must have. */
type Need = "viaIR" | "legacy" | "optimizer" | "yulOptimizer" | "cancun";

/** The last release whose notes were read for this list. */
export const BUGS_KNOWN_TO = "0.8.39";

const BLOG = "https://www.soliditylang.org/blog";

/**
 * The entries of solc's list of known bugs (docs/bugs.json) that touch storage and are in a release from 0.5.13 on, the first
 * with storage layouts; and those of the release notes that the list had not yet.
 */
export const STORAGE_BUGS: readonly StorageBug[] = [
  {
    name: "storage corruption when overwriting a recursive struct with a struct nested inside it",
    summary: "Copying a struct in storage over one that contains it overwrites what is still to be copied.",
    fixed: "0.8.39",
    needs: [],
    word: "struct",
    source: "https://github.com/argotorg/solidity/releases/tag/v0.8.39",
  },
  {
    name: "Yul Optimizer Knowledge Base Stale Bookkeeping",
    summary:
      "The optimizer may take a storage slot for another: a load is outdated, or a needed store removed.",
    severity: "low",
    introduced: "0.8.19",
    fixed: "0.8.38",
    needs: ["yulOptimizer"],
    source: "https://forum.soliditylang.org/t/solidity-0-8-38-is-out/3773",
  },
  {
    name: "InheritanceOrderReversalOnStorageEndWarning",
    summary: "A storage base close to the end of storage reverses the order of base contracts.",
    severity: "medium",
    introduced: "0.8.29",
    fixed: "0.8.36",
    needs: [],
    word: "layout",
    source: `${BLOG}/2026/07/09/inheritance-order-reversal-on-storage-end-warning-bug/`,
  },
  {
    name: "TransientStorageClearingHelperCollision",
    summary: "Where a contract clears storage and transient storage, only one of the two may be cleared.",
    severity: "high",
    introduced: "0.8.28",
    fixed: "0.8.34",
    needs: ["viaIR", "cancun"],
    word: "transient",
    source: `${BLOG}/2026/02/18/transient-storage-clearing-helper-collision-bug/`,
  },
  {
    name: "LostStorageArrayWriteOnSlotOverflow",
    summary: "Clearing or copying an array that straddles the end of storage may keep old data.",
    severity: "low",
    fixed: "0.8.32",
    needs: [],
    source: `${BLOG}/2025/12/18/lost-storage-array-write-on-slot-overflow-bug/`,
  },
  {
    name: "StorageWriteRemovalBeforeConditionalTermination",
    summary: "A storage write before a call that may end the transaction by assembly may be removed.",
    severity: "medium/high",
    introduced: "0.8.13",
    fixed: "0.8.17",
    needs: ["yulOptimizer"],
    word: "assembly",
    source: `${BLOG}/2022/09/08/storage-write-removal-before-conditional-termination/`,
  },
  {
    name: "DirtyBytesArrayToStorage",
    summary: "Copying bytes from memory or calldata to storage may leave dirty bytes behind their end.",
    severity: "low",
    fixed: "0.8.15",
    needs: ["legacy"],
    source: `${BLOG}/2022/06/15/dirty-bytes-array-to-storage-bug/`,
  },
  {
    name: "UserDefinedValueTypesBug",
    summary:
      "User-defined value types below 32 bytes take a whole slot: another layout than later releases give.",
    severity: "very low",
    introduced: "0.8.8",
    fixed: "0.8.9",
    needs: [],
    word: "type",
    source: `${BLOG}/2021/09/29/user-defined-value-types-bug/`,
  },
  {
    name: "KeccakCaching",
    summary:
      "The optimizer may take hashes of equal content and different length for one: slots that are hashed in assembly collide.",
    severity: "medium",
    fixed: "0.8.3",
    needs: ["optimizer"],
    source: `${BLOG}/2021/03/23/keccak-optimizer-bug/`,
  },
  {
    name: "EmptyByteArrayCopy",
    summary: "Copying empty bytes to storage may leave data that a later push() shows.",
    severity: "medium",
    fixed: "0.7.4",
    needs: [],
    source: `${BLOG}/2020/10/19/empty-byte-array-copy-bug/`,
  },
  {
    name: "DynamicArrayCleanup",
    summary: "An array of packed values that shrinks by an assignment keeps parts of what was deleted.",
    severity: "medium",
    fixed: "0.7.3",
    needs: [],
    source: `${BLOG}/2020/10/07/solidity-dynamic-array-cleanup-bug/`,
  },
];

/**
 * The known storage bugs that a compilation may have, by release, settings and keywords of its sources. What the settings
 * leave open counts as given.
 * @param version of solc, with or without its commit.
 */
export function storageBugs(version: string, input: StandardInput): StorageBug[] {
  const given = needsOf(input.settings);
  const sources = Object.values(input.sources).map(({ content }) => content);
  return STORAGE_BUGS.filter(
    ({ introduced, fixed, needs, word }) =>
      (introduced === undefined || compareReleases(version, introduced) >= 0) &&
      compareReleases(version, fixed) < 0 &&
      needs.every((need) => given[need]) &&
      (word === undefined || sources.some((source) => new RegExp(`\\b${word}\\b`).test(source))),
  );
}

/** Whether a release of solc is later than those that the list knows. So is what cannot be read as one. */
export function isBeyondKnownBugs(version: string): boolean {
  return !(compareReleases(version, BUGS_KNOWN_TO) <= 0);
}

/** EVM versions before Cancun, by which solc knows that there is no transient storage. */
const BEFORE_CANCUN: ReadonlySet<unknown> = new Set([
  ...["homestead", "tangerineWhistle", "spuriousDragon", "byzantium", "constantinople", "petersburg"],
  ...["istanbul", "berlin", "london", "paris", "shanghai"],
]);

function needsOf({ viaIR = false, evmVersion, optimizer }: StandardInput["settings"]): Record<Need, boolean> {
  const { enabled = false, details } = (optimizer ?? {}) as {
    enabled?: unknown;
    details?: { yul?: unknown };
  };
  const optimizes = enabled !== false || details !== undefined;
  return {
    viaIR: viaIR !== false,
    legacy: viaIR !== true,
    optimizer: optimizes,
    yulOptimizer: optimizes && details?.yul !== false,
    cancun: !BEFORE_CANCUN.has(evmVersion),
  };
}

/** Negative where the first release is the earlier one: `0.8.9` and `0.8.30+commit.73712a01`. NaN where one cannot be read. */
function compareReleases(one: string, other: string): number {
  const number = (release: string): number => {
    const [, ...parts] = /^(\d+)\.(\d+)\.(\d+)(?![\d.])/.exec(release) ?? [];
    return parts.length === 0 ? Number.NaN : parts.reduce((value, part) => 1000 * value + Number(part), 0);
  };
  return number(one) - number(other);
}
