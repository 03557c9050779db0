import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AbiCoder, JsonRpcProvider } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addSignature,
  checkSafeFolder,
  executionCall,
  nestedHashes,
  ownerStates,
  packSignatures,
  plainCall,
  readSafe,
  readSignature,
  SAFE,
  safeProgress,
  safeRequest,
  safeRequestToJson,
  writeSafeFolder,
} from "../../src/safe/index.js";
import { type Answerer, startOddNode } from "../chain/odd-node.js";
import { linesThat, newPlace, writtenFolder } from "./folders.js";
import { executionData, key, type RealSafes, safeInterface, startRealSafes } from "./real-safes.js";
import { calls, NESTED, OWNERS, SAFE_ADDRESS, sampleRequest, TIMELOCK, TIMELOCK_ABI } from "./samples.js";

// What somebody tries who prepares a folder, changes it on its way, runs the node, or relays.

const alice = key(1);
const ALONE = "nothing else lies in the folder";
const KNOWN = "the calldata is a call that is known";

describe("a folder with more than its own", () => {
  it.each([
    "typed-data-for-0x9000000000000000000000000000000000000001.json",
    "Typed-Data.json",
    "sign this one",
    "schedule.json\u202e",
  ])("fails for what an owner might sign or read instead: %j", async (name) => {
    const folder = await writtenFolder(sampleRequest());
    writeFileSync(join(folder.folder, name), "{}");
    expect(await linesThat("fails", folder)).toEqual([ALONE]);
    const { checks } = await checkSafeFolder(folder);
    expect(checks.find((one) => one.name === ALONE)!.detail).not.toMatch(/\p{C}/u);
  });

  it("holds with hidden files, and with what a writer that was killed left behind", async () => {
    const folder = await writtenFolder(sampleRequest());
    writeFileSync(join(folder.folder, ".DS_Store"), "");
    writeFileSync(join(folder.folder, "signatures", `${alice.address}.txt.1.tmp`), "0x");
    expect(await linesThat("fails", folder)).toEqual([]);
  });
});

describe("signatures that lie elsewhere", () => {
  it("are not written or looked for through a link", async () => {
    for (const name of ["signatures", `signatures/${NESTED}`]) {
      const folder = await writtenFolder(sampleRequest());
      const elsewhere = newPlace();
      const path = join(folder.folder, name);
      spawnSync("rm", ["-rf", path]);
      symlinkSync(elsewhere, path);
      for (const nested of name === "signatures" ? [undefined, NESTED] : [NESTED]) {
        const hash =
          nested === undefined
            ? folder.request.hashes.safeTxHash
            : nestedHashes(folder.request, NESTED).safeTxHash;
        const signature = alice.signingKey.sign(hash).serialized;
        await expect(addSignature(folder, signature, { for: nested })).rejects.toMatchObject({
          code: "safe/unreadable-folder",
          why: "it is not a folder",
        });
        expect(readdirSync(elsewhere)).toEqual([]);
      }
      expect(await linesThat("fails", folder)).toEqual([
        "every signature is an owner's, of this transaction",
      ]);
    }
  });

  it("behind a link or a pipe are an error, and nobody waits for them", async () => {
    for (const command of ["ln -s /dev/zero", "mkfifo"]) {
      const folder = await writtenFolder(sampleRequest());
      const file = join(folder.folder, "signatures", `${alice.address}.txt`);
      expect(spawnSync("sh", ["-c", `${command} '${file}'`]).status).toBe(0);
      await expect(ownerStates(folder)).rejects.toMatchObject({
        code: "safe/unreadable-folder",
        why: "it is not a file",
        details: { file },
      });
    }
  });

  it("that are none are named", async () => {
    const folder = await writtenFolder(sampleRequest());
    const file = join(folder.folder, "signatures", "a\nb.txt");
    writeFileSync(file, "0x12");
    await expect(ownerStates(folder)).rejects.toMatchObject({
      code: "safe/malformed-signature",
      details: { file },
    });
  });

  it("are not taken without end", () => {
    const long = (bytes: number) =>
      packSignatures([{ kind: "contract", owner: SAFE_ADDRESS, data: `0x${"11".repeat(bytes)}` }]);
    expect(readSignature(long(2 ** 17 - 97), `0x${"11".repeat(32)}`).kind).toBe("contract");
    expect(() => readSignature(long(2 ** 17 - 96), `0x${"11".repeat(32)}`)).toThrow(
      expect.objectContaining({ code: "safe/malformed-signature", why: expect.stringContaining("131072") }),
    );
  });
});

it("a pipe where a folder is to be written is waited for by nobody", async () => {
  const folder = mkdtempSync(join(newPlace(), "pipe-"));
  expect(spawnSync("sh", ["-c", `mkfifo '${join(folder, "safe-tx.json")}'`]).status).toBe(0);
  await expect(
    writeSafeFolder(folder, { request: sampleRequest(), schedule: undefined }),
  ).rejects.toMatchObject({
    code: "safe/other-folder",
  });
});

describe("calls that are none of those made here", () => {
  const OWN = safeInterface("1.4.1");
  const grant = TIMELOCK_ABI.encodeFunctionData("grantRole", [`0x${"00".repeat(32)}`, alice.address]);
  const slow = TIMELOCK_ABI.encodeFunctionData("schedule(address,uint256,bytes,bytes32,bytes32,uint256)", [
    ...[TIMELOCK, 0, grant, `0x${"00".repeat(32)}`, `0x${"00".repeat(32)}`, 0],
  ]);
  it.each([
    [
      "an owner of the Safe more",
      SAFE_ADDRESS,
      OWN.encodeFunctionData("addOwnerWithThreshold", [alice.address, 1]),
    ],
    ["a module of the Safe", SAFE_ADDRESS, OWN.encodeFunctionData("enableModule", [alice.address])],
    ["another handler", SAFE_ADDRESS, OWN.encodeFunctionData("setFallbackHandler", [alice.address])],
    ["a transaction within", SAFE_ADDRESS, executionData(sampleRequest(), "0x")],
    ["a grant of a role", TIMELOCK, grant],
    ["the slow path", TIMELOCK, slow],
    ["bytes behind the arguments", TIMELOCK, `${calls().halt}00`],
    ["no calldata to somebody", TIMELOCK, "0x"],
  ])("fail: %s", async (_, to, data) => {
    const folder = await writtenFolder(sampleRequest({ to, data }));
    expect(await linesThat("fails", folder)).toContain(KNOWN);
  });
});

describe("an approval", () => {
  const approving = async (hash: string, place: string) => {
    const call = plainCall({
      to: SAFE_ADDRESS,
      data: SAFE.encodeFunctionData("approveHash", [hash]),
      nonce: 1n,
    });
    const account = {
      chainId: 31_337n,
      safe: NESTED,
      version: "1.3.0" as const,
      owners: OWNERS,
      threshold: 1,
      nested: {},
    };
    return writtenFolder(safeRequest(account, call), undefined, join(place, "approval"));
  };
  const LINE = "the approved hash is that of a folder";

  it("of a hash that no folder has is open, whatever a file says of its own hashes", async () => {
    const place = newPlace();
    const request = sampleRequest();
    await writtenFolder(request, undefined, join(place, "outer"));
    expect(await linesThat("holds", await approving(request.hashes.safeTxHash, place))).toContain(LINE);
    const evil = `0x${"66".repeat(32)}`;
    const other = newPlace();
    await writtenFolder(request, undefined, join(other, "outer"));
    const lying = { ...safeRequestToJson(request), hashes: { ...request.hashes, safeTxHash: evil } };
    writeFileSync(join(other, "outer", "safe-tx.json"), `${JSON.stringify(lying, null, 2)}\n`);
    expect(await linesThat("not checked", await approving(evil, other))).toContain(LINE);
  });
});

it("an owner is no address of another checksum", () => {
  const wrong = `0x${NESTED.slice(2).replace(/[a-f]/i, (digit) => (digit === digit.toLowerCase() ? digit.toUpperCase() : digit.toLowerCase()))}`;
  expect(() => nestedHashes(sampleRequest(), wrong)).toThrow(
    expect.objectContaining({ code: "safe/not-a-nested-safe" }),
  );
});

describe("a node that lies", () => {
  let safes: RealSafes;
  beforeAll(async () => {
    safes = await startRealSafes();
  });
  afterAll(() => safes?.stop());
  const through = async (answer: Answerer, work: (provider: JsonRpcProvider) => Promise<void>) => {
    const node = await startOddNode(answer, { behind: safes.url });
    const provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 });
    try {
      await work(provider);
    } finally {
      provider.destroy();
      await node.stop();
    }
  };

  it("of another chain tells nothing of a Safe of the same address", async () => {
    const safe = await safes.deploy({ version: "1.4.1", owners: OWNERS, threshold: 1 });
    const account = await readSafe(safes.provider, safe);
    const folder = await writtenFolder(
      safeRequest({ ...account, chainId: 1n }, plainCall({ to: safe, data: "0x", nonce: 0n })),
    );
    for (const ask of [safeProgress, executionCall])
      await expect(ask(safes.provider, folder)).rejects.toMatchObject({
        code: "chain/other-chain",
        details: { expected: 1n, actual: 31_337n },
      });
  });

  it("of owners without end is asked for none of them", async () => {
    const safe = await safes.deploy({ version: "1.4.1", owners: OWNERS, threshold: 1 });
    const selector = SAFE.getFunction("getOwners")!.selector;
    const many = AbiCoder.defaultAbiCoder().encode(
      ["address[]"],
      [Array.from({ length: 101 }, (_, place) => key(place).address)],
    );
    let codes = 0;
    const lie: Answerer = ({ method, params }) => {
      if (method === "eth_getCode") codes++;
      return method === "eth_call" && (params[0] as { data: string }).data === selector
        ? { result: many }
        : undefined;
    };
    await through(lie, async (provider) => {
      await expect(readSafe(provider, safe)).rejects.toMatchObject({
        code: "safe/too-many-owners",
        details: { owners: 101, supported: 100 },
      });
    });
    expect(codes).toBe(0);
  });
});
