import { dataSlice, getAddress, type Provider, ZeroAddress } from "ethers";
import { SealpatchError } from "../errors.js";
import type { ProxyKind } from "./types.js";

/** Where proxies keep their implementation and their admin (ERC-1967). */
export const PROXY_SLOTS = {
  implementation: "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc",
  admin: "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103",
} as const;

/**
 * Checks a proxy against its registration. No contract can read another's slots, so the timelock takes these for granted.
 * A beacon has none: the timelock asks it itself.
 * @throws SealpatchError `chain/other-implementation`, `chain/other-admin`.
 */
export async function assertProxySlots(
  provider: Provider,
  registered: { proxy: string; kind: ProxyKind; admin: string; implementation: string },
): Promise<void> {
  const { proxy, kind, admin, implementation } = registered;
  if (kind === "beacon" || implementation === ZeroAddress) return;
  const read = async (slot: string) => getAddress(dataSlice(await provider.getStorage(proxy, slot), 12));
  const running = await read(PROXY_SLOTS.implementation);
  if (running !== getAddress(implementation)) {
    throw new SealpatchError("chain/other-implementation", "the proxy runs another implementation", {
      details: { proxy, registered: implementation, running },
      why: "it was upgraded without the timelock, or governance registered a wrong baseline",
      remedy: "find out who can upgrade the proxy, then set the baseline again",
    });
  }
  const owner = await read(PROXY_SLOTS.admin);
  if (owner !== getAddress(admin)) {
    throw new SealpatchError("chain/other-admin", "the proxy's admin is not the one that its policy names", {
      details: { proxy, kind, registered: admin, admin: owner },
      why: "the kind or the admin of the policy is wrong: an upgrade through it would change nothing",
      remedy: "set a policy with the proxy's kind and ProxyAdmin",
    });
  }
}
