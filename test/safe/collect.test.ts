import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getAddress, type Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TimelockClient } from "../../src/chain/index.js";
import {
  addSignature,
  executionCall,
  ownerStates,
  SAFE,
  type SafeFolder,
  type SafeRequest,
  type SafeTransaction,
  safeHashes,
  safeRequest,
  signatureText,
} from "../../src/safe/index.js";
import { approvedHash, byContract } from "../../src/safe/signature.js";
import { linesThat, writtenFolder } from "./folders.js";
import { key, type RealSafes, signMessage, signTyped, startRealSafes } from "./real-safes.js";

const [alice, bob, carol, stranger] = [key(1), key(2), key(3), key(9)];
const owners = [alice, bob, carol].map(({ address }) => address);

let safes: RealSafes;
let request: SafeRequest;

beforeAll(async () => {
  safes = await startRealSafes();
  const safe = await safes.deploy({ version: "1.4.1", owners, threshold: 2 });
  request = await safes.request(safe, { nonce: 0n });
});

afterAll(() => safes?.stop());

const added = (folder: SafeFolder) => readdirSync(join(folder.folder, "signatures")).sort();
const signing = (wallet: Wallet, change: Partial<SafeTransaction> & { chainId?: bigint }) => {
  const { chainId = request.chainId, ...fields } = change;
  return signTyped(wallet, safeRequest({ ...request, chainId }, { ...request.transaction, ...fields }));
};

describe("a signature that is added", () => {
  it("is an owner's, and counts once", async () => {
    const folder = await writtenFolder(request);
    const text = signTyped(alice, request);
    expect(await addSignature(folder, `${text}\n`)).toMatchObject({
      owner: alice.address,
      kind: "typed data",
    });
    expect(readFileSync(join(folder.folder, "signatures", `${alice.address}.txt`), "utf8")).toBe(`${text}\n`);
    const again = { code: "safe/already-signed", details: { owner: alice.address } };
    await expect(addSignature(folder, text)).rejects.toMatchObject(again);
    // The same owner by another kind is the same owner.
    const other = signMessage(alice, request.hashes.safeTxHash);
    await expect(addSignature(folder, other)).rejects.toMatchObject(again);
    expect(added(folder)).toEqual([`${alice.address}.txt`]);
    expect((await ownerStates(folder)).filter(({ signature }) => signature !== undefined)).toHaveLength(1);
  });

  it.each([
    ["a stranger's", () => signTyped(stranger, request), stranger.address],
    ["a stranger's message", () => signMessage(stranger, request.hashes.safeTxHash), stranger.address],
  ])("is refused with its address: %s", async (_, text, signer) => {
    const folder = await writtenFolder(request);
    const refused = { code: "safe/other-signer", details: { signer, safe: request.safe } };
    await expect(addSignature(folder, text())).rejects.toMatchObject(refused);
    expect(added(folder)).toEqual([]);
  });

  it.each([
    ["another chain", { chainId: 1n }, { chainId: 1n }],
    ["the nonce after it", { nonce: 1n }, { nonce: 1n }],
    ["a nonce far ahead", { nonce: 32n }, { nonce: 32n }],
  ] as [string, { chainId?: bigint; nonce?: bigint }, object][])(
    "is refused with the owner's address where it is for %s",
    async (_, change, details) => {
      const folder = await writtenFolder(request);
      for (const text of [
        signing(bob, change),
        signMessage(
          bob,
          safeHashes(
            { ...request, chainId: change.chainId ?? request.chainId },
            { ...request.transaction, nonce: change.nonce ?? request.transaction.nonce },
          ).safeTxHash,
        ),
      ])
        await expect(addSignature(folder, text)).rejects.toMatchObject({
          code: "safe/other-transaction",
          details: { owner: bob.address, ...details },
        });
      expect(added(folder)).toEqual([]);
    },
  );

  it("is refused where it is for other fields, as somebody's whom it does not name an owner", async () => {
    const folder = await writtenFolder(request);
    for (const change of [{ data: "0x00" }, { value: 1n }, { operation: 1 }, { nonce: 1000n }])
      await expect(addSignature(folder, signing(bob, change))).rejects.toMatchObject({
        code: "safe/other-signer",
        details: { signer: expect.not.stringContaining(bob.address) },
      });
  });

  it("as an approval counts where the chain says so, and is not taken without asking", async () => {
    const folder = await writtenFolder(await safes.request(request.safe, { nonce: 0n, data: "0x" }));
    const text = approvedHash(carol.address).data;
    const { provider } = safes;
    await expect(addSignature(folder, text)).rejects.toMatchObject({
      code: "safe/needs-node",
      details: { owner: carol.address },
    });
    await expect(addSignature(folder, text, { provider })).rejects.toMatchObject({
      code: "safe/not-approved",
      details: { owner: carol.address, kind: "approved hash" },
    });
    expect(added(folder)).toEqual([]);

    // Put there by hand it counts for nothing, with a node and without.
    const file = join(folder.folder, "signatures", `${carol.address}.txt`);
    writeFileSync(file, `${text}\n`);
    const stateOf = async (asked?: typeof provider) =>
      (await ownerStates(folder, asked)).find(({ owner }) => owner === carol.address);
    expect(await stateOf()).toMatchObject({ isChecked: false });
    expect(await stateOf(provider)).toMatchObject({ signature: undefined, denied: { owner: carol.address } });
    const line = "every signature is an owner's, of this transaction";
    expect(await linesThat("not checked", folder)).toContain(line);
    const client = await TimelockClient.at(safes.relay.address, safes.relay);
    expect(await linesThat("fails", folder, { client })).toEqual([line]);
    await addSignature(folder, signTyped(alice, folder.request));
    await expect(executionCall(provider, folder)).rejects.toMatchObject({
      code: "safe/too-few-signatures",
      details: { signed: 1, threshold: 2 },
    });

    const data = SAFE.encodeFunctionData("approveHash", [folder.request.hashes.safeTxHash]);
    await safes.send({ from: carol.address, to: request.safe, data });
    expect(await stateOf(provider)).toMatchObject({ signature: { kind: "approved hash" }, isChecked: true });
    const { target } = await executionCall(provider, folder);
    expect(target).toBe(request.safe);
    expect(await linesThat("fails", folder, { client })).toEqual([]);
  });

  it("of a contract is asked of the contract, and of no account without code", async () => {
    const folder = await writtenFolder(request);
    const text = signatureText(byContract(bob.address, "0x1234"));
    await expect(addSignature(folder, text)).rejects.toMatchObject({ code: "safe/needs-node" });
    await expect(addSignature(folder, text, { provider: safes.provider })).rejects.toMatchObject({
      code: "safe/not-approved",
      details: { owner: bob.address, kind: "contract" },
    });
  });

  it.each([
    ["1.4.1", "20c13b0b"],
    ["1.5.0", "1626ba7e"],
  ] as const)(
    "of a contract that is no Safe counts where that says so, as a Safe %s asks",
    async (version, magic) => {
      const { provider } = safes;
      // Code that answers every question with four bytes.
      const answering = (bytes: string) => `0x63${bytes}60e01b60005260206000f3`;
      const owner = getAddress(`0x${version.replaceAll(".", "0")}${"7e".repeat(17)}0`.slice(0, 42));
      await provider.send("anvil_setCode", [owner, answering("12345678")]);
      const safe = await safes.deploy({ version, owners: [owner], threshold: 1 });
      const folder = await writtenFolder(await safes.request(safe));
      expect(folder.request.nested).toEqual({});
      const text = signatureText(byContract(owner, "0x1234"));
      await expect(addSignature(folder, text, { provider })).rejects.toMatchObject({
        code: "safe/not-approved",
        details: { owner, kind: "contract" },
      });
      await provider.send("anvil_setCode", [owner, answering(magic)]);
      await addSignature(folder, text, { provider });
      const { target, data } = await executionCall(provider, folder);
      await safes.send({ to: target, data });
      await provider.send("anvil_setCode", [owner, answering("12345678")]);
      expect(await ownerStates(folder, provider)).toMatchObject([
        { denied: { owner }, signature: undefined },
      ]);
    },
  );

  it("for an owner that is no Safe is refused", async () => {
    const folder = await writtenFolder(request);
    for (const owner of [bob.address, stranger.address, "bob", ""])
      await expect(addSignature(folder, signTyped(alice, request), { for: owner })).rejects.toMatchObject({
        code: "safe/not-a-nested-safe",
      });
  });
});

describe("files that somebody puts among the signatures", () => {
  it.each([
    ["garbage", `${alice.address}.txt`, () => "hello", "safe/malformed-signature"],
    ["nothing", `${alice.address}.txt`, () => "", "safe/malformed-signature"],
    ["a stranger's", `${stranger.address}.txt`, () => signTyped(stranger, request), "safe/other-signer"],
    [
      "an owner's under another's name",
      `${bob.address}.txt`,
      () => signTyped(alice, request),
      "safe/other-signer",
    ],
    ["an owner's under no name", "signature.txt", () => signTyped(alice, request), "safe/other-signer"],
    [
      "an owner's under its name in small letters",
      `${alice.address.toLowerCase()}.txt`,
      () => signTyped(alice, request),
      "safe/other-signer",
    ],
    [
      "an owner's of another nonce",
      `${bob.address}.txt`,
      () => signing(bob, { nonce: 1n }),
      "safe/other-signer",
    ],
    [
      "a message whose v was not raised",
      `${bob.address}.txt`,
      () => unraised(signMessage(bob, request.hashes.safeTxHash)),
      "safe/other-signer",
    ],
  ])("are errors, and a line that fails: %s", async (_, name, content, code) => {
    const folder = await writtenFolder(request);
    writeFileSync(join(folder.folder, "signatures", name), content());
    await expect(ownerStates(folder)).rejects.toMatchObject({ code });
    await expect(executionCall(safes.provider, folder)).rejects.toMatchObject({ code });
    await expect(addSignature(folder, signTyped(carol, request))).rejects.toMatchObject({ code });
    expect(await linesThat("fails", folder)).toEqual(["every signature is an owner's, of this transaction"]);
  });

  it("do not count for another owner when they are renamed", async () => {
    const folder = await writtenFolder(request);
    await addSignature(folder, signTyped(alice, request));
    const at = (name: string) => join(folder.folder, "signatures", name);
    renameSync(at(`${alice.address}.txt`), at(`${bob.address}.txt`));
    await expect(ownerStates(folder)).rejects.toMatchObject({
      code: "safe/other-signer",
      details: { signer: alice.address },
    });
  });
});

const unraised = (signature: string): string => {
  const v = Number(`0x${signature.slice(-2)}`);
  return `${signature.slice(0, -2)}${(v - 4).toString(16)}`;
};
