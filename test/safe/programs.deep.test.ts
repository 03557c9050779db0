import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import KitModule, { EthSafeSignature } from "@safe-global/protocol-kit";
import { getAddress, hexlify, randomBytes, toQuantity } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundryBinary } from "../../src/foundry.js";
import {
  addSignature,
  executionCall,
  nestedHashes,
  readSafe,
  readSignature,
  SAFE_VERSIONS,
  type SafeFolder,
  type SafeVersion,
} from "../../src/safe/index.js";
import { blocksOf } from "../document-blocks.js";
import { writtenFolder } from "./folders.js";
import { key, type RealSafes, startRealSafes } from "./real-safes.js";

// Other programs by which owners sign and compare: Foundry's cast, and Safe's own kit.

// Its types are of CommonJS, what is loaded is not.
const Kit = KitModule as unknown as typeof KitModule.default;
const run = promisify(execFile);
const [alice, bob, carol] = [key(1), key(2), key(3)];
const owners = [alice, bob, carol].map(({ address }) => address);
const CAST = foundryBinary("cast");

let safes: RealSafes;
beforeAll(async () => {
  safes = await startRealSafes();
  for (const owner of owners) await safes.provider.send("anvil_setBalance", [owner, toQuantity(10n ** 20n)]);
});
afterAll(() => safes?.stop());

const made = async (version: SafeVersion, data = "0x"): Promise<SafeFolder> => {
  const safe = await safes.deploy({ version, owners, threshold: 2 });
  return writtenFolder(await safes.request(safe, { data, to: data === "0x" ? safe : owners[0]! }));
};
const executed = async (folder: SafeFolder): Promise<void> => {
  const { target, data } = await executionCall(safes.provider, folder);
  await safes.send({ to: target, data });
  expect((await readSafe(safes.provider, target)).nonce).toBe(1n);
};

describe.each(SAFE_VERSIONS)("cast, and a Safe %s", (version) => {
  const sign = async (file: string, wallet: typeof alice): Promise<string> => {
    const options = ["wallet", "sign", "--data", "--from-file", file, "--private-key", wallet.privateKey];
    return (await run(CAST, options)).stdout;
  };

  it("signs the typed data that are written, and the Safe takes it", async () => {
    const folder = await made(version);
    for (const one of [alice, bob]) {
      const added = await addSignature(folder, await sign(join(folder.folder, "typed-data.json"), one));
      expect(added).toMatchObject({ owner: one.address, kind: "typed data" });
    }
    await executed(folder);
  });

  it("signs for an owner that is a Safe", async () => {
    const nested = await safes.deploy({ version, owners, threshold: 1 });
    const safe = await safes.deploy({ version, owners: [nested], threshold: 1 });
    const folder = await writtenFolder(await safes.request(safe));
    const text = await sign(join(folder.folder, `typed-data-for-${nested}.json`), carol);
    expect(readSignature(text, nestedHashes(folder.request, nested).safeTxHash).owner).toBe(carol.address);
    await addSignature(folder, text, { for: nested });
    await executed(folder);
  });

  it("signs the hash as a message, which counts once v is raised, and is nobody's before", async () => {
    const folder = await made(version);
    const { safeTxHash } = folder.request.hashes;
    const signed = await run(CAST, ["wallet", "sign", safeTxHash, "--private-key", alice.privateKey]);
    const text = signed.stdout.trim();
    await expect(addSignature(folder, text)).rejects.toMatchObject({
      code: "safe/other-signer",
      details: { signer: expect.not.stringContaining(alice.address) },
      remedy: expect.not.stringMatching(/eth_sign|raise/),
    });
    const v = Number(`0x${text.slice(-2)}`) + 4;
    const raised = `${text.slice(0, -2)}${v.toString(16)}`;
    expect(await addSignature(folder, raised)).toMatchObject({ owner: alice.address, kind: "eth_sign" });
  });

  it.each([
    ["no data", "0x"],
    ["data", hexlify(randomBytes(333))],
  ])("gives the hashes of the document by the commands in it, as they stand: %s", async (_, data) => {
    const { folder, request } = await made(version, data);
    const blocks = blocksOf(join(folder, "VALIDATION.md")).filter(({ language }) => language === "sh");
    expect(blocks).toHaveLength(2);
    const env = { PATH: `${dirname(CAST)}:${process.env.PATH}`, RPC_URL: safes.url };
    const output = [];
    for (const { text } of blocks)
      output.push(...(await run("sh", ["-e", "-c", text], { env })).stdout.trim().split("\n"));
    const { domainHash, messageHash, safeTxHash } = request.hashes;
    expect(output).toEqual([domainHash, messageHash, safeTxHash, safeTxHash]);
  });
});

describe.each(SAFE_VERSIONS)("Safe's own kit, and a Safe %s", (version) => {
  /** The kit as an owner, and the folder's transaction made of its fields. */
  async function kitOf({ request }: SafeFolder, wallet: typeof alice) {
    const { singleton, factory, handler, multiSend } = safes.contracts[version];
    const kit = await Kit.init({
      provider: safes.url,
      signer: wallet.privateKey,
      safeAddress: request.safe,
      contractNetworks: {
        "31337": {
          safeSingletonAddress: singleton,
          safeProxyFactoryAddress: factory,
          fallbackHandlerAddress: handler,
          multiSendAddress: multiSend,
          multiSendCallOnlyAddress: multiSend,
        },
      },
    });
    const { to, value, data, operation, nonce } = request.transaction;
    const transaction = await kit.createTransaction({
      transactions: [{ to, value: value.toString(), data, operation }],
      options: { nonce: Number(nonce) },
    });
    return { kit, transaction };
  }

  it("signs typed data and messages, which are read as what they are, and executed", async () => {
    const folder = await made(version);
    const ways = [
      [alice, "eth_signTypedData_v4", "typed data"],
      [bob, "eth_sign", "eth_sign"],
    ] as const;
    for (const [wallet, method, kind] of ways) {
      const { kit, transaction } = await kitOf(folder, wallet);
      expect(await kit.getTransactionHash(transaction)).toBe(folder.request.hashes.safeTxHash);
      const { signatures } = await kit.signTransaction(transaction, method);
      const [signature] = [...signatures.values()];
      expect(await addSignature(folder, signature!.data)).toMatchObject({ owner: wallet.address, kind });
    }
    await executed(folder);
  });

  it("executes what owners signed here", async () => {
    const folder = await made(version);
    const { kit, transaction } = await kitOf(folder, carol);
    const file = JSON.parse(readFileSync(join(folder.folder, "typed-data.json"), "utf8"));
    const { EIP712Domain: _, ...types } = file.types;
    for (const one of [alice, bob]) {
      const { owner, data } = await addSignature(
        folder,
        await one.signTypedData(file.domain, types, file.message),
      );
      transaction.addSignature(new EthSafeSignature(owner, data));
    }
    const { hash } = await kit.executeTransaction(transaction);
    // Who waits looks again at the next block.
    await safes.provider.send("anvil_mine", []);
    expect((await safes.provider.waitForTransaction(hash, 1, 20_000))?.status).toBe(1);
    const { nonce } = await readSafe(safes.provider, getAddress(folder.request.safe));
    expect(nonce).toBe(1n);
  });
});
