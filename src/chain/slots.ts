import { dataSlice, getAddress, getBytes, type Provider, toBeHex, ZeroAddress } from "ethers";
import { codeDigest } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { ADMIN_SLOT, IMPLEMENTATION_SLOT } from "../vectors/index.js";
import type { ProxyKind } from "./types.js";

/** Where proxies keep their implementation and their admin (ERC-1967). */
export const PROXY_SLOTS = {
  implementation: toBeHex(IMPLEMENTATION_SLOT, 32),
  admin: toBeHex(ADMIN_SLOT, 32),
} as const;

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
  const actual = codeDigest(getBytes(await provider.getCode(implementation)));
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

/**
 * Checks that a proxy runs what an execution installed. A beacon is asked by the timelock itself.
 * @param installed.block where the execution was mined.
 * @throws SealpatchError `chain/not-installed`.
 */
export async function assertInstalled(
  provider: Provider,
  installed: { proxy: string; kind: ProxyKind; implementation: string; block: number },
): Promise<void> {
  const { proxy, kind, implementation, block } = installed;
  if (kind === "beacon") return;
  const running = await addressIn(provider, proxy, PROXY_SLOTS.implementation, block);
  if (running === getAddress(implementation)) return;
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
  return getAddress(dataSlice(await provider.getStorage(proxy, slot, block), 12));
}
