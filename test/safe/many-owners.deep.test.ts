import { expect, it } from "vitest";
import {
  addSignature,
  executionCall,
  nestedHashes,
  readSafeFolder,
  safeProgress,
} from "../../src/safe/index.js";
import { writtenFolder } from "./folders.js";
import { key, signTyped, startRealSafes } from "./real-safes.js";

it("a Safe of a hundred owners, one of them a Safe, takes what they all signed", async () => {
  const safes = await startRealSafes();
  try {
    const inner = [key(1), key(2), key(3)];
    const owners = inner.map(({ address }) => address);
    const nested = await safes.deploy({ version: "1.4.1", owners, threshold: 3 });
    const wallets = Array.from({ length: 99 }, (_, place) => key(100 + place));
    const safe = await safes.deploy({
      version: "1.4.1",
      owners: [...wallets.map(({ address }) => address), nested],
      threshold: 100,
    });
    const folder = await writtenFolder(await safes.request(safe));
    for (const wallet of wallets) await addSignature(folder, signTyped(wallet, folder.request));
    const { safeTxHash } = nestedHashes(folder.request, nested);
    for (const wallet of inner)
      await addSignature(folder, wallet.signingKey.sign(safeTxHash).serialized, { for: nested });
    const { target, data } = await executionCall(safes.provider, await readSafeFolder(folder.folder));
    await safes.send({ to: target, data });
    expect((await safeProgress(safes.provider, folder)).use?.isOwn).toBe(true);
  } finally {
    await safes.stop();
  }
});
