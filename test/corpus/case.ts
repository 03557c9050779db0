import type { Provider } from "ethers";
import type { Compilation } from "../../scripts/corpus/compile.js";
import type { ExpectedCall, Hex } from "../../src/vectors/index.js";

/** Kinds of proxy that a case is deployed behind. */
export type Variant = "transparent" | "uups";
export const VARIANTS: readonly Variant[] = ["transparent", "uups"];

/** One call of a scripted sequence, with what a person says it must do. */
export interface ScriptedCall {
  readonly from: Hex;
  /** null creates a contract. */
  readonly to: Hex | null;
  readonly data: Hex;
  readonly value?: bigint;
  /** Seconds between the start of the sequence and this call; 0 by default. */
  readonly after?: bigint;
  readonly expect: ExpectedCall;
}

/** A sequence of calls from the state right after deployment. */
export interface Scenario {
  readonly name: string;
  readonly kind: "regression" | "invariant" | "incident";
  readonly calls: readonly ScriptedCall[];
}

/** A transaction of an exploit on a live chain. */
export interface ExploitTransaction {
  readonly from: Hex;
  readonly to: Hex | null;
  readonly data: Hex;
  readonly value?: bigint;
}

/** A deployed case. */
export interface CaseContext<Actor extends string = string> {
  readonly variant: Variant;
  /** The proxy. */
  readonly subject: Hex;
  /** Accounts by the part they play, lower case. */
  readonly actors: Readonly<Record<Actor, Hex>>;
  /** Nonces of the same accounts at `timestamp`. */
  readonly nonces: Readonly<Record<Actor, number>>;
  /** Time of the block from which sequences start. */
  readonly timestamp: bigint;
}

/** How a variant is deployed. */
export interface CaseVariant<Actor extends string = string> {
  /** Contract of the compilations that becomes the implementation; its constructor takes no arguments. */
  readonly contract: string;
  /** Calldata of the initializer, sent by the proxy's constructor. */
  initializer(actors: Readonly<Record<Actor, Hex>>): Hex;
}

/** A real vulnerability, from published sources, that can be deployed, exploited and fixed. */
export interface CorpusCase<Actor extends string = string> {
  /** Name of the case's folder. */
  readonly name: string;
  readonly title: string;
  readonly advisories: readonly string[];
  /** Parts that accounts play; the first one deploys. */
  readonly actors: readonly Actor[];
  readonly variants: Readonly<Record<Variant, CaseVariant<Actor>>>;
  /** ETH that the subject holds after deployment, in wei. */
  readonly funds: bigint;
  /** Compiles the code before and after the published fix, and the exploit. */
  compile(): { readonly vulnerable: Compilation; readonly fixed: Compilation; readonly exploit: Compilation };
  /** What both codes do alike. */
  baseline(context: CaseContext<Actor>): Scenario[];
  /** What only the vulnerable code allows; the expectations are the fixed code's. */
  incidents(context: CaseContext<Actor>): Scenario[];
  /** The exploit as transactions, each to be mined before the next. */
  exploit(context: CaseContext<Actor>): ExploitTransaction[];
  /** Whether the exploit has succeeded, judged by the chain's state alone. */
  exploited(context: CaseContext<Actor>, provider: Provider): Promise<boolean>;
}
