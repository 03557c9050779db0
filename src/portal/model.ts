import type { GuardianStep, ScheduledFacts, StatementSteps } from "../chain/index.js";
import type { Outcome } from "../checks.js";
import type { VerifyingElements } from "../proof/keys/index.js";
import type { LaneReport, StatementReport } from "../watch/index.js";

// What a page is made of, and what it finds out. Types alone: builder, reader and page share them.

/** A chain of a page. */
export interface PortalChain {
  /** As the configuration calls it. */
  readonly name: string;
  /** Decimal. */
  readonly chainId: string;
  readonly timelock: string;
  /** Where its logs begin. */
  readonly fromBlock: number;
  /** URLs of nodes that the page may ask, at least one. */
  readonly nodes: readonly string[];
  /** Addresses of proxies by the configuration's names. */
  readonly proxies: Readonly<Record<string, string>>;
}

/** A policy of which the page knows the members, so that it computes the roots again. */
export interface PortalPolicy {
  /** Whose it is: chains by the configuration's names, addresses. */
  readonly proxies: readonly { readonly chain: string; readonly proxy: string }[];
  readonly threshold: number;
  readonly maxWaivers: number;
  /** Name and public key, the two coordinates in decimal. */
  readonly auditors: readonly { readonly label: string; readonly publicKey: readonly [string, string] }[];
  /** Name and leaf of each baseline vector; leaves in decimal. */
  readonly vectors: readonly { readonly label: string; readonly leaf: string }[];
}

/** What is built into a page. */
export interface PortalData {
  readonly schema: "sealpatch.portal/1";
  /** Version of the package that wrote the page. */
  readonly release: string;
  readonly protocol: string;
  readonly chains: readonly PortalChain[];
  readonly key: {
    /** 32 bytes as hex. */
    readonly setupHash: string;
    readonly keyClass: "development" | "test" | "production";
    /** Of `attest`. */
    readonly attest: VerifyingElements;
    /** keccak256 of the runtime code of FastTrackTimelock, PatchVerifier and the Groth16 verifiers that are made of this key, by these names. */
    readonly codehashes: Readonly<Record<string, string>>;
    /** Where a deployment writes into such code, [first byte, length] by the contracts' names: zeros stand there when the hash is made. */
    readonly holes?: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  };
  readonly policies: readonly PortalPolicy[];
  /** What a proof does not show (docs/limits.md), each as a plain text. */
  readonly limits: readonly string[];
}

/** One line of what was checked. */
export interface PageCheck {
  /** Names the sentence: `proof`, `signals`, `verifier`, `setup-hash`, `key-class`, `baseline`, `roles`, `code`, `commitment`, `file`. */
  readonly id: string;
  readonly outcome: Outcome;
  /** Whether no node had to be believed. */
  readonly basis: "here" | "nodes";
  /** What was compared, by short names; texts of others are shown as such. */
  readonly values: Readonly<Record<string, string>>;
  /** The command line that checks the same. */
  readonly command: string;
}

/** Events of the timelock that may concern a statement without being its own. */
export type TurnName =
  | "StatementExecuted"
  | "PolicySet"
  | "PolicyRemoved"
  | "BaselineSet"
  | "VerifierSet"
  | "LaneHalted"
  | "LaneResumed"
  | "UpgradeObserved"
  | "FreezeCleared";

/** What somebody did that concerns a statement. Of those that end what was scheduled, the one that superseded it alone. */
export interface PageTurn {
  readonly name: TurnName;
  /** Time of its block, seconds since the epoch. */
  readonly at: bigint;
  /** Who halted the lane. */
  readonly guardian?: string;
}

/** A statement as the page found it. */
export interface PageStatement {
  readonly report: StatementReport;
  readonly facts: ScheduledFacts;
  readonly steps: StatementSteps;
  /** Its veto, where it has one. */
  readonly vetoed?: GuardianStep;
  /** What others did meanwhile, the oldest first. */
  readonly turns: readonly PageTurn[];
  readonly checks: readonly PageCheck[];
}

/** A lane as the page found it. */
export interface PageState {
  readonly chain: PortalChain;
  /** Hosts of the nodes that were asked: all of them everything. */
  readonly nodes: readonly string[];
  /** The reader's clock, Unix time in seconds. */
  readonly readAt: number;
  readonly lane: LaneReport;
  /** The newest first. */
  readonly statements: readonly PageStatement[];
  /** Of the verifier that the timelock asks, of its key, of roles, and of the code that each proxy runs. */
  readonly checks: readonly PageCheck[];
}

/** Why a lane could not be read. */
export interface PageProblem {
  readonly code:
    | "unreachable"
    | "malformed-answer"
    | "other-chain"
    | "no-timelock"
    | "nodes-disagree"
    | "missing-logs"
    | "moving-head"
    | "refused";
  /** Host of the node; of a disagreement both. */
  readonly node: string;
  /** What was asked, and what came: short texts, of others in parts. */
  readonly values: Readonly<Record<string, string>>;
}
