import type { PageProblem, PageState, PageStatement, PortalChain, PortalData } from "../model.js";
import { say } from "./text.js";
import type { Sentence } from "./tree.js";

/** Largest disclosure file of which the page makes the hash, in bytes: it has the sources of two projects and the baseline vectors. */
export const LARGEST_FILE = 2 ** 24;

/** What came of a file that a reader chose. */
export interface ChosenFile {
  readonly statement: string;
  readonly found: { readonly hash: string } | "too-large" | "unreadable";
}

/** All that a page shows. */
export interface ShownPage {
  readonly data: PortalData;
  readonly chain: PortalChain | undefined;
  /** URLs of nodes that the reader chose. */
  readonly nodes: readonly string[];
  readonly theme: Theme;
  /** The last good reading. */
  readonly state: PageState | undefined;
  /** Why there is no newer one. */
  readonly problem: PageProblem | undefined;
  /** Id or commitment that the link names; empty where it names none. */
  readonly wanted: string;
  /** The reader's clock, Unix time in seconds. */
  readonly now: number;
  readonly file: ChosenFile | undefined;
  readonly copied: string | undefined;
}

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** What a reader can do. */
export interface Actions {
  readonly read: () => void;
  readonly chooseTheme: (theme: Theme) => void;
  readonly chooseNode: (url: string, chosen: boolean) => void;
  readonly chooseFile: (statement: string, file: Blob) => void;
  readonly copy: (text: string, key: string) => void;
  /** Calldata of a veto, as hex. */
  readonly vetoData: (commitment: bigint) => string;
}

/** The chain's time now, by its newest block and the time that passed since it was read: seconds since the epoch. */
export function chainTime({ lane, readAt }: PageState, now: number): bigint {
  return lane.block.timestamp + BigInt(Math.max(0, Math.floor(now - readAt)));
}

/** How a proxy is called: by the configuration, else its address. */
export function proxyName({ proxies }: PortalChain, address: string): string {
  const found = Object.entries(proxies).find(([, each]) => each.toLowerCase() === address.toLowerCase());
  return found?.[0] ?? address;
}

/** How a patch is called: by its number and its proxy. */
export function patchName(chain: PortalChain, proxy: string, nonce: bigint): Sentence {
  return say("statementHeading", { proxy: proxyName(chain, proxy), nonce: String(nonce) });
}

/** The statement that the link names, by its id or commitment; the newest where it names none, undefined where there is no such. */
export function chosenStatement({ statements }: PageState, wanted: string): PageStatement | undefined {
  if (wanted === "") return statements[0];
  return statements.find(
    ({ report }) => report.id.toLowerCase() === wanted.toLowerCase() || sameNumber(wanted, report.commitment),
  );
}

function sameNumber(text: string, number: bigint): boolean {
  return isNumber(text) && BigInt(text) === number;
}

/** Whether a text names a statement by a number: decimal, or hex. */
export function isNumber(text: string): boolean {
  return /^(0x[0-9a-fA-F]{1,64}|[0-9]{1,78})$/.test(text);
}
