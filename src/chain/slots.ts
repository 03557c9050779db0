import {
  dataLength,
  dataSlice,
  getAddress,
  getBytes,
  Interface,
  type Provider,
  toBeHex,
  ZeroAddress,
} from "ethers";
import { codeDigest } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { ADMIN_SLOT, type CodeUnderTest, type Hex, IMPLEMENTATION_SLOT } from "../vectors/index.js";
import { type LogPlace, LogReader } from "./logs.js";
import { asked } from "./node.js";
import type { ProxyKind } from "./types.js";

/** Where proxies keep their implementation and their admin (ERC-1967). */
export const PROXY_SLOTS = {
  implementation: toBeHex(IMPLEMENTATION_SLOT, 32),
  admin: toBeHex(ADMIN_SLOT, 32),
} as const;

const UPGRADEABLE = new Interface([
  "function implementation() view returns (address)",
  "event Upgraded(address indexed implementation)",
]);

/** Code of an account at the end of a block, of the newest one unless given. @throws SealpatchError as `asked` does. */
export async function codeAt(provider: Provider, account: string, block?: number): Promise<Uint8Array> {
  return getBytes(await asked("reading code", () => provider.getCode(account, block)));
}

/**
 * Checks a proxy against its registration. No contract can read another's slots, so the timelock takes these for granted.
 * A beacon has none: the timelock asks it itself.
 * @throws SealpatchError `chain/other-implementation`, `chain/other-admin`.
 */
export async function assertProxySlots(
  provider: Provider,
  registered: {
    timelock: string;
    proxy: string;
    kind: ProxyKind;
    admin: string;
    implementation: string;
  },
): Promise<void> {
  const { timelock, proxy, kind, admin, implementation } = registered;
  if (kind === "beacon" || implementation === ZeroAddress) return;
  const running = await addressIn(provider, proxy, PROXY_SLOTS.implementation);
  if (running !== getAddress(implementation)) {
    throw new SealpatchError("chain/other-implementation", "the proxy runs another implementation", {
      details: { proxy, registered: implementation, running },
      why: "it was upgraded without the timelock, or governance registered a wrong baseline",
      remedy: "find out who can upgrade the proxy, then set the baseline again",
    });
  }
  const owner = await addressIn(provider, proxy, PROXY_SLOTS.admin);
  if (owner === getAddress(timelock)) {
    throw new SealpatchError("chain/other-admin", "the timelock itself is the proxy's admin", {
      details: { proxy, kind, registered: admin, admin: owner },
      why: "a transparent proxy answers its admin nothing but upgrades: no safety check can be measured through it",
      remedy: "give the proxy a ProxyAdmin that the timelock owns, and register that",
    });
  }
  if (owner !== getAddress(admin)) {
    throw new SealpatchError("chain/other-admin", "the proxy's admin is not the one that its policy names", {
      details: { proxy, kind, registered: admin, admin: owner },
      why: "the kind or the admin of the policy is wrong: an upgrade through it would change nothing",
      remedy: "set a policy with the proxy's kind and ProxyAdmin",
    });
  }
}

/**
 * Checks the code digest of a baseline against the code itself: the contract takes what governance said for granted.
 * @throws SealpatchError `chain/other-code-digest`.
 */
export async function assertCurrentCode(
  provider: Provider,
  { implementation, currentCode }: { implementation: string; currentCode: bigint },
): Promise<void> {
  if (implementation === ZeroAddress) return;
  const actual = codeDigest(await codeAt(provider, implementation));
  if (actual === currentCode) return;
  throw new SealpatchError(
    "chain/other-code-digest",
    "the baseline has another code digest than its implementation",
    {
      details: { implementation, registered: currentCode, actual },
      why: "governance registered a wrong digest, or the code is not what it was",
      remedy: "set the baseline again with the digest of the deployed code",
    },
  );
}

/** A proxy and its kind. */
export interface KnownProxy {
  readonly proxy: string;
  readonly kind: ProxyKind;
}

/**
 * What a proxy runs at the end of a block: by its own slot; a beacon is asked, for it has none.
 * @throws SealpatchError as `asked` does, in particular where the node does not have the state of that block.
 */
export async function implementationAt(
  provider: Provider,
  { proxy, kind }: KnownProxy,
  block: number,
): Promise<string> {
  if (kind !== "beacon") return addressIn(provider, proxy, PROXY_SLOTS.implementation, block);
  const call = { to: proxy, data: UPGRADEABLE.encodeFunctionData("implementation"), blockTag: block };
  const answer = await asked("asking the beacon", () => provider.call(call));
  return dataLength(answer) === 32 ? getAddress(dataSlice(answer, 12)) : ZeroAddress;
}

/**
 * What a proxy runs at the newest block, with its code.
 * @throws SealpatchError as `implementationAt`.
 */
export async function runningCode(provider: Provider, known: KnownProxy): Promise<CodeUnderTest> {
  const block = await asked("reading the newest block", () => provider.getBlockNumber());
  const address = (await implementationAt(provider, known, block)) as Hex;
  return { address, code: await codeAt(provider, address, block) };
}

/** An upgrade that a proxy or a beacon told of by its event `Upgraded` (ERC-1967). */
export interface Upgraded extends LogPlace {
  readonly implementation: string;
  /** Hash of the transaction. */
  readonly transaction: string;
}

/** Upgrades that a proxy told of from a block on to another, both included, the oldest first. */
export async function upgradesOf(
  logs: LogReader,
  proxy: string,
  fromBlock: number,
  toBlock: number,
): Promise<Upgraded[]> {
  const topics = UPGRADEABLE.encodeFilterTopics("Upgraded", []);
  const found = await logs.read({ address: proxy, topics }, fromBlock, toBlock);
  return found
    .filter((log) => log.topics.length === 2)
    .map(({ topics, blockNumber, index, transactionHash }) => ({
      implementation: getAddress(dataSlice(topics[1]!, 12)),
      transaction: transactionHash,
      blockNumber,
      index,
    }));
}

/**
 * Checks that a proxy runs what an execution installed.
 * @param installed.transaction hash of the execution, and the block where it was mined.
 * @throws SealpatchError `chain/not-installed`; `chain/not-checked` where a later upgrade of the same block hides it; as `asked` does.
 */
export async function assertInstalled(
  provider: Provider,
  installed: KnownProxy & { implementation: string; transaction: string; block: number },
): Promise<void> {
  const { proxy, implementation, transaction, block } = installed;
  const running = await implementationAt(provider, installed, block);
  if (running === getAddress(implementation)) return;
  const last = (await upgradesOf(new LogReader(provider), proxy, block, block)).at(-1);
  if (last !== undefined && last.transaction !== transaction && last.implementation === running)
    throw new SealpatchError("chain/not-checked", "the proxy was upgraded again later in the same block");
  throw new SealpatchError(
    "chain/not-installed",
    "the patch was executed, and the proxy runs something else",
    {
      details: { proxy, executed: implementation, running, block },
      why: "the migration upgraded the proxy again, or its upgrade function does not do what it says",
      remedy: "halt the lane, and look at the transaction's trace",
    },
  );
}

async function addressIn(provider: Provider, proxy: string, slot: string, block?: number): Promise<string> {
  const word = await asked("reading the proxy's slots", () => provider.getStorage(proxy, slot, block));
  return getAddress(dataSlice(word, 12));
}
