import { id, type Provider, ZeroAddress, ZeroHash, zeroPadValue } from "ethers";
import { describe, expect, it } from "vitest";
import { PROXY_SLOTS } from "../../src/chain/index.js";
import { assertInstalled, assertProxySlots } from "../../src/chain/slots.js";

const PROXY = `0x${"01".repeat(20)}`;
const TIMELOCK = `0x${"02".repeat(20)}`;
const PATCH = `0x${"03".repeat(20)}`;
const OTHER = `0x${"04".repeat(20)}`;

/** A node that knows the slots of the proxy, of the block 7 alone, its answer as a beacon, and these logs. */
function node(
  slots: { implementation?: string | undefined; admin?: string },
  logs: readonly object[] = [],
): Provider {
  const getStorage = async (_: string, slot: string, block?: number) => {
    if (block !== undefined && block !== 7) throw new Error("another block");
    const name = slot === PROXY_SLOTS.admin ? "admin" : "implementation";
    const address = slots[name];
    return address === undefined ? ZeroHash : zeroPadValue(address, 32);
  };
  const call = async () => zeroPadValue(slots.implementation!, 32);
  return { getStorage, call, getLogs: async () => logs } as unknown as Provider;
}

describe("what a proxy runs after an execution", () => {
  const installed = {
    proxy: PROXY,
    kind: "uups",
    implementation: PATCH,
    transaction: ZeroHash,
    block: 7,
  } as const;

  it("is read from its own slot, in the block of the execution", async () => {
    await expect(assertInstalled(node({ implementation: PATCH }), installed)).resolves.toBeUndefined();
  });

  it.each([OTHER, undefined])("is refused where the slot holds %s", async (implementation) => {
    await expect(assertInstalled(node({ implementation }), installed)).rejects.toMatchObject({
      code: "chain/not-installed",
      details: { proxy: PROXY },
    });
  });

  it("is asked of a beacon itself, which has no such slot", async () => {
    const beacon = { ...installed, kind: "beacon" } as const;
    await expect(assertInstalled(node({ implementation: PATCH }), beacon)).resolves.toBeUndefined();
    await expect(assertInstalled(node({ implementation: OTHER }), beacon)).rejects.toMatchObject({
      code: "chain/not-installed",
    });
  });

  it("is not known where the proxy was upgraded again later in the same block", async () => {
    const transactionHash = `0x${"09".repeat(32)}`;
    const topics = [id("Upgraded(address)"), zeroPadValue(OTHER, 32)];
    const later = { topics, transactionHash, blockNumber: 7, index: 5 };
    const provider = node({ implementation: OTHER }, [later]);
    await expect(assertInstalled(provider, installed)).rejects.toMatchObject({ code: "chain/not-checked" });
    const own = node({ implementation: OTHER }, [{ ...later, transactionHash: ZeroHash }]);
    await expect(assertInstalled(own, installed)).rejects.toMatchObject({ code: "chain/not-installed" });
  });
});

describe("the admin of a proxy", () => {
  const registered = {
    timelock: TIMELOCK,
    proxy: PROXY,
    kind: "uups-legacy",
    admin: ZeroAddress,
    implementation: PATCH,
  } as const;

  it("is not the timelock itself, and the error says why", async () => {
    const proxy = node({ implementation: PATCH, admin: TIMELOCK });
    for (const admin of [ZeroAddress, TIMELOCK])
      await expect(assertProxySlots(proxy, { ...registered, admin })).rejects.toMatchObject({
        code: "chain/other-admin",
        message: expect.stringContaining("the timelock itself"),
      });
  });

  it("is the registered one", async () => {
    const proxy = node({ implementation: PATCH, admin: OTHER });
    await expect(assertProxySlots(proxy, { ...registered, admin: OTHER })).resolves.toBeUndefined();
    await expect(assertProxySlots(proxy, registered)).rejects.toMatchObject({ code: "chain/other-admin" });
  });
});
