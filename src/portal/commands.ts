import type { KnownProxy } from "../chain/index.js";
import type { PortalChain, PortalData } from "./model.js";

// Command lines by which a reader checks what a page says, without it.

/** Where a command looks, and by which release and keys. */
interface CommandPlace {
  readonly chain: PortalChain;
  readonly timelock: { readonly address: string };
  readonly data: PortalData;
}

/** What a person runs to check the same, with a node of his own and, unless they are those of the release, the keys that he installed. */
export function commandOf(what: string, { chain, timelock, data }: CommandPlace): string {
  const { release, key } = data;
  const from = what === "doctor" ? "" : ` --from-block ${chain.fromBlock}`;
  return `npx sealpatch@${release} ${what} --rpc NODE --timelock ${timelock.address}${from}${what === "status" ? "" : keysOption(key)}`;
}

/** What a person runs to see what a proxy runs, by Foundry. */
export function implementationCommand({ proxy, kind }: KnownProxy): string {
  const what = kind === "beacon" ? `call ${proxy} "implementation()(address)"` : `implementation ${proxy}`;
  return `cast ${what} --rpc-url NODE`;
}

/** Names the keys, unless they are those of the release. */
export function keysOption({ keyClass, setupHash }: PortalData["key"]): string {
  return keyClass === "development" ? "" : ` --keys ${setupHash.slice(0, 10)}`;
}
