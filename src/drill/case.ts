import type { Provider } from "ethers";
import type { SafetyCheck } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import type { Compilation } from "../solc/index.js";
import type { ExpectedCall, Hardfork, Hex } from "../vectors/index.js";

/** Kinds of proxy that a case is deployed behind. */
export type Variant = "transparent" | "uups";
const VARIANTS: readonly Variant[] = ["transparent", "uups"];

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
  /** Rules under which it runs; `cancun` by default. */
  readonly hardfork?: Hardfork;
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
  readonly chainId: bigint;
  /** The proxy. */
  readonly subject: Hex;
  /** Contracts that stand around the subject, by name. */
  readonly surroundings: Readonly<Record<string, Hex>>;
  /** Accounts by the part they play, lower case. */
  readonly actors: Readonly<Record<Actor, Hex>>;
  /** Nonces of the same accounts at `timestamp`. */
  readonly nonces: Readonly<Record<Actor, number>>;
  /** Time of the block from which sequences start. */
  readonly timestamp: bigint;
  /** The exploit's contracts, as `CaseCompilations` has them. */
  readonly exploit: Compilation;
}

/** How a variant is deployed. */
export interface CaseVariant<Actor extends string = string> {
  /** Contract of the compilations that becomes the implementation; its constructor takes no arguments. */
  readonly contract: string;
  /** Name of the account that may upgrade, where the implementation itself decides that (UUPS): in a drill the timelock. */
  readonly upgrader?: Actor;
  /** Calldata of the initializer, sent by the proxy's constructor. */
  initializer(actors: Readonly<Record<Actor, Hex>>, surroundings: Readonly<Record<string, Hex>>): Hex;
}

/** A case's code before and after the published fix, and whatever else it needs. */
export interface CaseCompilations {
  readonly vulnerable: Compilation;
  readonly fixed: Compilation;
  /** The exploit's contracts, and those that stand around the subject. */
  readonly exploit: Compilation;
}

/** A real vulnerability, from published sources, that can be deployed, exploited and fixed. */
export interface CorpusCase<Actor extends string = string> {
  /** Name of the case's folder. */
  readonly name: string;
  readonly title: string;
  /** Identifiers of the published advisories. */
  readonly advisories: readonly string[];
  /** Parts that accounts play; the first one deploys. */
  readonly actors: readonly Actor[];
  /** The kinds of proxy behind which the flaw exists. */
  readonly variants: Readonly<Partial<Record<Variant, CaseVariant<Actor>>>>;
  /** ETH that the subject holds after deployment, in wei. */
  readonly funds: bigint;
  /** What is true again once the exploit fails, in a few words. */
  readonly repelled: string;
  compile(): Promise<CaseCompilations>;
  /** Init code of the contracts that stand around the subject, by name, created before it in this order. */
  surroundings?(actors: Readonly<Record<Actor, Hex>>, exploit: Compilation): Readonly<Record<string, Hex>>;
  /** What governance has checked at every fast upgrade. */
  safetyChecks(context: CaseContext<Actor>): SafetyCheck[];
  /** What both codes do alike. */
  baseline(context: CaseContext<Actor>): Scenario[];
  /** What only the vulnerable code allows; the expectations are the fixed code's. */
  incidents(context: CaseContext<Actor>): Scenario[];
  /** The exploit as transactions, each to be mined before the next. */
  exploit(context: CaseContext<Actor>): ExploitTransaction[];
  /** Whether the exploit has succeeded, judged by the chain's state alone. */
  exploited(context: CaseContext<Actor>, provider: Provider): Promise<boolean>;
}

/** The kinds of proxy that a case has, the usual one first. */
export function variantsOf({ variants }: CorpusCase): Variant[] {
  return VARIANTS.filter((variant) => variants[variant] !== undefined);
}

/**
 * How a case is deployed behind a kind of proxy.
 * @throws SealpatchError `corpus/no-variant`.
 */
export function variantOf<Actor extends string>(
  { name, variants }: CorpusCase<Actor>,
  variant: Variant,
): CaseVariant<Actor> {
  const found = variants[variant];
  if (found !== undefined) return found;
  throw new SealpatchError("corpus/no-variant", `${name} does not exist behind a ${variant} proxy`, {
    details: { case: name, variant },
    remedy: `choose one of: ${Object.keys(variants).join(", ")}`,
  });
}
