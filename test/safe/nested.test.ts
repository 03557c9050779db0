import { id, zeroPadValue } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TimelockClient } from "../../src/chain/index.js";
import { addSignature, executionCall, ownerStates, safeRequest } from "../../src/safe/index.js";
import { linesThat, writtenFolder } from "./folders.js";
import { nestedSafes, signNested } from "./nested-safes.js";
import { key, type RealSafes, startRealSafes } from "./real-safes.js";

// Every other pair of releases: nested.deep.test.ts.
nestedSafes([
  ["1.3.0", "1.3.0"],
  ["1.4.1", "1.5.0"],
  ["1.5.0", "1.4.1"],
]);

/** keccak256("fallback_manager.handler.address"). */
const HANDLER_SLOT = id("fallback_manager.handler.address");
const [alice, bob, carol] = [key(1), key(2), key(3)];
const owners = [alice, bob, carol].map(({ address }) => address);

let safes: RealSafes;
beforeAll(async () => {
  safes = await startRealSafes();
});
afterAll(() => safes?.stop());

describe("an owner of an owner", () => {
  it.each([
    ["another chain", { chainId: 1n }],
    ["another nonce", { nonce: 3n }],
  ])("who signed for %s is named", async (_, change: { chainId?: bigint; nonce?: bigint }) => {
    const nested = await safes.deploy({ version: "1.4.1", owners, threshold: 2 });
    const safe = await safes.deploy({ version: "1.4.1", owners: [nested], threshold: 1 });
    const one = await safes.request(safe);
    const { chainId = one.chainId, nonce = 0n } = change;
    const other = await writtenFolder(safeRequest({ ...one, chainId }, { ...one.transaction, nonce }));
    const text = await signNested(other, nested, bob);
    await expect(addSignature(await writtenFolder(one), text, { for: nested })).rejects.toMatchObject({
      code: "safe/other-transaction",
      details: { owner: bob.address, ...change },
    });
  });

  it("whose Safe has no handler cannot sign, and the check says so", async () => {
    const nested = await safes.deploy({ version: "1.4.1", owners, threshold: 1, handler: null });
    const safe = await safes.deploy({ version: "1.4.1", owners: [nested], threshold: 1 });
    const folder = await writtenFolder(await safes.request(safe));
    await addSignature(folder, await signNested(folder, nested, bob), { for: nested });
    const [state] = await ownerStates(folder, safes.provider);
    expect(state).toMatchObject({ signature: undefined, denied: { owner: nested, kind: "contract" } });
    await expect(executionCall(safes.provider, folder)).rejects.toMatchObject({
      code: "safe/too-few-signatures",
      details: { missing: nested },
    });
  });

  it("is a line of the check: it computes the same hash, another one, or none", async () => {
    const LINE = (owner: string) => `owner ${owner}, a Safe, computes the same hash of its message`;
    const client = await TimelockClient.at(safes.relay.address, safes.relay);
    const [sound, mute, lying] = await Promise.all(
      ([undefined, null, undefined] as const).map((handler) =>
        safes.deploy({ version: "1.4.1", owners, threshold: 1, ...(handler === null ? { handler } : {}) }),
      ),
    );
    // Code that answers every question with 42, as the handler of the third one.
    const odd = `0x${"42".repeat(20)}`;
    await safes.provider.send("anvil_setCode", [odd, "0x602a60005260206000f3"]);
    await safes.provider.send("anvil_setStorageAt", [lying, HANDLER_SLOT, zeroPadValue(odd, 32)]);
    const safe = await safes.deploy({ version: "1.4.1", owners: [sound!, mute!, lying!], threshold: 1 });
    const folder = await writtenFolder(await safes.request(safe));
    expect(await linesThat("holds", folder, { client })).toContain(LINE(sound!));
    expect(await linesThat("not checked", folder, { client })).toEqual([LINE(mute!)]);
    expect(await linesThat("fails", folder, { client })).toEqual([LINE(lying!)]);
  });
});
