import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addSignature,
  executionCall,
  ownerStates,
  packSignatures,
  readSignature,
  SAFE,
  type SafeFolder,
  type SafeVersion,
} from "../../src/safe/index.js";
import { writtenFolder } from "./folders.js";
import { executionData, key, type RealSafes, signTyped, startRealSafes } from "./real-safes.js";

const [alice, bob, carol, stranger] = [key(1), key(2), key(3), key(9)];
const owners = [alice, bob, carol].map(({ address }) => address);

/** Signs what is written for the owners of an owner, as a wallet does. */
export function signNested({ folder }: SafeFolder, owner: string, wallet: Wallet): Promise<string> {
  const { domain, types, message } = JSON.parse(
    readFileSync(join(folder, `typed-data-for-${owner}.json`), "utf8"),
  );
  const { EIP712Domain: _, ...own } = types;
  return wallet.signTypedData(domain, own, message);
}

/** That owners which are Safes agree, by pairs of the releases of the Safe and of its owner. */
export function nestedSafes(pairs: readonly (readonly [SafeVersion, SafeVersion])[]): void {
  let safes: RealSafes;
  beforeAll(async () => {
    safes = await startRealSafes();
  });
  afterAll(() => safes?.stop());

  describe.each(pairs)("an owner of a Safe %s that is a Safe %s", (outer, inner) => {
    // Releases before 1.5.0 ask in a form that the handler of 1.5.0 does not answer any more.
    const signs = outer === "1.5.0" || inner !== "1.5.0";

    it(signs ? "signs by its owners, and the Safe takes it" : "cannot sign, and can approve", async () => {
      const nested = await safes.deploy({ version: inner, owners, threshold: 2 });
      const safe = await safes.deploy({ version: outer, owners: [nested, alice.address], threshold: 2 });
      const folder = await writtenFolder(await safes.request(safe));
      const { provider } = safes;
      const sign = (wallet: Wallet) => signNested(folder, nested, wallet);

      await addSignature(folder, signTyped(alice, folder.request));
      await addSignature(folder, await sign(alice), { for: nested });
      const stateOf = async (asked?: typeof provider) =>
        (await ownerStates(folder, asked)).find(({ owner }) => owner === nested);
      expect(await stateOf(provider)).toMatchObject({
        signature: undefined,
        isChecked: false,
        nested: { signed: [alice.address], threshold: 2 },
      });
      await expect(addSignature(folder, await sign(stranger), { for: nested })).rejects.toMatchObject({
        code: "safe/other-signer",
        details: { signer: stranger.address, safe: nested },
      });
      await expect(addSignature(folder, await sign(alice), { for: nested })).rejects.toMatchObject({
        code: "safe/already-signed",
      });
      // What an owner of the Safe signs is nothing that an owner of its owner signs.
      await expect(
        addSignature(folder, signTyped(bob, folder.request), { for: nested }),
      ).rejects.toMatchObject({
        code: "safe/other-signer",
      });
      await addSignature(folder, await sign(carol), { for: nested });
      expect(await stateOf()).toMatchObject({ signature: { kind: "contract" }, isChecked: false });

      if (!signs) {
        expect(await stateOf(provider)).toMatchObject({ signature: undefined, denied: { owner: nested } });
        const data = SAFE.encodeFunctionData("approveHash", [folder.request.hashes.safeTxHash]);
        const approval = await safes.request(nested, { to: safe, data });
        const both = [alice, bob].map((one) =>
          readSignature(signTyped(one, approval), approval.hashes.safeTxHash),
        );
        await safes.send({ to: nested, data: executionData(approval, packSignatures(both)) });
      }
      expect(await stateOf(provider)).toMatchObject({ isChecked: true });
      const { target, data } = await executionCall(provider, folder);
      await safes.send({ to: target, data });
      expect((await safes.request(safe)).transaction.nonce).toBe(1n);
    });
  });
}
