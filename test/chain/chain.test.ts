import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getAddress, getBytes, JsonRpcProvider, type JsonRpcSigner, ZeroAddress, ZeroHash } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AuditorSet, newAuditorKey } from "../../src/audit/index.js";
import { explainedError } from "../../src/chain/errors.js";
import {
  contractArtifact,
  deployTimelock,
  deployVerifier,
  type ExecutionParts,
  lanePolicy,
  readDisclosureFacts,
  type SendTransaction,
  sendWith,
  TimelockClient,
} from "../../src/chain/index.js";
import { assertCurrentCode } from "../../src/chain/slots.js";
import { codeDigest } from "../../src/code/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { type Manifest, readManifest } from "../../src/manifest.js";
import { NO_GROUP } from "../../src/patch/index.js";
import { sampleSet, sampleVector } from "../vectors/sample.js";
import { BOUNDS } from "./bounds.js";

const NO_PROOF = {
  a: [0n, 0n],
  b: [
    [0n, 0n],
    [0n, 0n],
  ],
  c: [0n, 0n],
} as const;

const EXECUTION: ExecutionParts = {
  commitment: 1n,
  code: { initCode: new Uint8Array([0]), deploySalt: ZeroHash },
  opening: { layoutRoot: 0n, codeDigest: 0n, migrationGas: 0n, migration: new Uint8Array(0) },
  proof: NO_PROOF,
};

async function connect(
  chainId: number,
  hardfork: "cancun" | "shanghai" = "cancun",
): Promise<{ anvil: Anvil; provider: JsonRpcProvider; signer: JsonRpcSigner }> {
  const anvil = await startAnvil(hardfork, chainId);
  const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  // Blocks come by themselves where two of them have to have a transaction.
  if (chainId !== 31337) await provider.send("evm_setIntervalMining", [1]);
  return { anvil, provider, signer: await provider.getSigner(0) };
}

/** What a timelock takes beside its verifier, all roles in one hand. */
function everythingIsMine(account: string) {
  const all = [account];
  const roles = { proposers: all, executors: all, council: all, guardians: all, admin: ZeroAddress };
  return { minDelay: 10, roles, bounds: BOUNDS };
}

describe("on a chain that is not local", () => {
  let chain: Awaited<ReturnType<typeof connect>>;

  beforeAll(async () => {
    chain = await connect(1);
  });

  afterAll(async () => {
    chain.provider.destroy();
    await chain.anvil.stop();
  });

  it("T07, T18: development keys are refused, before anything is deployed", async () => {
    await expect(deployVerifier(chain.signer)).rejects.toMatchObject({
      code: "key/development-key",
      details: { chainId: 1n },
    });
    expect(await chain.provider.getTransactionCount(chain.signer.address)).toBe(0);
  });

  it("T11: nor is an execution sent openly where the provider only says that the chain is local", async () => {
    const network = { staticNetwork: true, cacheTimeout: -1 };
    const provider = new JsonRpcProvider(chain.anvil.url, 31337, network);
    const timelock = await TimelockClient.at(chain.signer.address, await provider.getSigner(0));
    await expect(timelock.parts.execute(EXECUTION)).rejects.toMatchObject({
      code: "chain/public-mempool",
      details: { chainId: 1n },
    });
    provider.destroy();
  });

  it("T11: an execution does not go through the public mempool", async () => {
    // Whoever is there takes any calldata: what counts is how it is sent.
    const timelock = await TimelockClient.at(chain.signer.address, chain.signer);
    let seen = 0;
    const watched: SendTransaction = (transaction) => {
      seen++;
      return sendWith(chain.signer)(transaction);
    };
    for (const client of [timelock, timelock.through(watched)]) {
      const attempts = [() => client.parts.execute(EXECUTION), () => client.parts.executeBatch([EXECUTION])];
      for (const attempt of attempts)
        await expect(attempt()).rejects.toMatchObject({ code: "chain/public-mempool" });
    }
    expect(seen).toBe(0);
    expect(await chain.provider.getTransactionCount(chain.signer.address)).toBe(0);
    // A route has to be said, and to say yes.
    for (const route of [{}, { public: false }, { public: "yes" }])
      await expect(timelock.parts.execute(EXECUTION, route as never)).rejects.toMatchObject({
        code: "chain/public-mempool",
      });
    for (const route of [{ relay: watched }, { public: true }] as const) {
      const before = await chain.provider.getTransactionCount(chain.signer.address);
      // It is sent; and nobody has executed anything there, which is told too.
      await expect(timelock.parts.execute(EXECUTION, route)).rejects.toMatchObject({
        code: "chain/not-checked",
      });
      expect(await chain.provider.getTransactionCount(chain.signer.address)).toBe(before + 1);
    }
    expect(seen).toBe(1);
  });
});

it("where there is no transient storage, no timelock is deployed", async () => {
  // It would be dead: its slow path looks at the guard before every call.
  const { anvil, provider, signer } = await connect(31337, "shanghai");
  try {
    const verifier = await (await deployVerifier(signer)).getAddress();
    const before = await provider.getTransactionCount(signer.address);
    await expect(
      deployTimelock(signer, { ...everythingIsMine(signer.address), verifier }),
    ).rejects.toMatchObject({
      code: "chain/reverted",
    });
    // What it is linked with is.
    expect(await provider.getTransactionCount(signer.address)).toBe(before + 2);
  } finally {
    provider.destroy();
    await anvil.stop();
  }
});

describe("on a local chain", () => {
  let chain: Awaited<ReturnType<typeof connect>>;
  let timelock: TimelockClient;

  beforeAll(async () => {
    chain = await connect(31337);
    const verifier = await deployVerifier(chain.signer);
    const contract = await deployTimelock(chain.signer, {
      ...everythingIsMine(chain.signer.address),
      verifier: await verifier.getAddress(),
    });
    timelock = await TimelockClient.at(await contract.getAddress(), chain.signer);
  });

  afterAll(async () => {
    chain.provider.destroy();
    await chain.anvil.stop();
  });

  it("T11: an execution may be sent as it is", async () => {
    await expect(timelock.parts.execute(EXECUTION)).rejects.toMatchObject({
      code: "chain/reverted",
      details: { error: "StatementUnexpectedState" },
    });
  });

  it("a refusal carries the contract's own error and its values", async () => {
    const target = { proxy: timelock.address, validUntil: 5n, group: NO_GROUP };
    const scheduling = { commitment: 1n, target, path: [], proof: NO_PROOF };
    await expect(timelock.parts.schedule(scheduling)).rejects.toMatchObject({
      code: "chain/reverted",
      details: { error: "FastTrackLaneClosed", values: expect.stringContaining("reason=3") },
    });
    expect(await timelock.laneStatus(timelock.address)).toBe("no-policy");
    expect(await timelock.state(1n)).toBe("none");
    expect(await timelock.groupState([1n, 2n])).toBe("none");
  });

  it("T03: the code digest of a baseline is compared with the code that stands there", async () => {
    const implementation = timelock.address;
    const currentCode = codeDigest(getBytes(await chain.provider.getCode(implementation)));
    await assertCurrentCode(chain.provider, { implementation, currentCode });
    await assertCurrentCode(chain.provider, { implementation: ZeroAddress, currentCode: 0n });
    for (const wrong of [0n, currentCode + 1n])
      await expect(
        assertCurrentCode(chain.provider, { implementation, currentCode: wrong }),
      ).rejects.toMatchObject({
        code: "chain/other-code-digest",
      });
  });

  it("a halt closes the lane, and only governance may open it", async () => {
    await timelock.halt("test");
    expect(await timelock.laneStatus(timelock.address)).toBe("halted");
    const operation = { calls: [timelock.resumeCall()], salt: ZeroHash };
    await timelock.scheduleSlowPath(operation, 10n);
    await chain.provider.send("evm_increaseTime", [11]);
    await chain.provider.send("evm_mine", []);
    await timelock.executeSlowPath(operation);
    expect(await timelock.laneStatus(timelock.address)).toBe("no-policy");
  });

  it("a refusal by the library of policies carries its own error too", async () => {
    const proxy = `0x${"12".repeat(20)}`;
    const policy = {
      auditors: new AuditorSet([newAuditorKey().publicKey]),
      threshold: 1,
      baseline: sampleSet([sampleVector()]),
      maxWaivers: 0,
      layoutRoot: 1n,
      migrationCaller: timelock.address,
    };
    const terms = { kind: "uups", delay: 1, grace: 1, disclosureDeadline: 1, checks: [] } as const;
    const calls = [timelock.setPolicyCall(proxy, lanePolicy(policy, terms))];
    await timelock.scheduleSlowPath({ calls, salt: ZeroHash }, 10n);
    await chain.provider.send("evm_increaseTime", [11]);
    await chain.provider.send("evm_mine", []);
    await expect(timelock.executeSlowPath({ calls, salt: ZeroHash })).rejects.toMatchObject({
      code: "chain/reverted",
      details: { error: "PolicyProxyWithoutCode", values: `proxy=${getAddress(proxy)}` },
    });
  });

  it("facts of a statement that never was are refused", async () => {
    const statement = { commitment: 1n };
    await expect(readDisclosureFacts(timelock, statement)).rejects.toMatchObject({
      code: "chain/no-event",
      details: { event: "StatementScheduled" },
    });
  });

  it("a node that does not answer is an error of its own", async () => {
    const nowhere = new JsonRpcProvider("http://127.0.0.1:9/key", 31337, { staticNetwork: true });
    const client = await TimelockClient.at(timelock.address, nowhere);
    const error: unknown = await client.state(1n).catch((reason) => reason);
    expect(error).toMatchObject({ code: "chain/unreachable", details: { cause: "ECONNREFUSED" } });
    const reset = Object.assign(new Error("requestUrl=http://node/key"), { code: "SERVER_ERROR" });
    const explained = explainedError(reset, timelock.interface, "reading");
    for (const shown of [error, explained])
      expect(JSON.stringify(shown) + String((shown as Error).stack)).not.toContain("/key");
    nowhere.destroy();
  });

  it("unknown contracts are named", async () => {
    await expect(contractArtifact("Nonsense")).rejects.toMatchObject({ code: "chain/unknown-contract" });
  });

  describe("T07: before a verifier is deployed", () => {
    let scratch: string;
    let manifest: Manifest;

    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), "sealpatch-test-"));
      manifest = await readManifest();
    });

    afterAll(() => rm(scratch, { recursive: true, force: true }));

    /** The build with the files of the attest key replaced. */
    async function withKey(
      change: (files: { key: string; verifier: string }) => Partial<{ key: string; verifier: string }>,
    ) {
      const { attest, bind } = manifest.circuits;
      const files = {
        key: await readFile(attest.verifyingKey, "utf8"),
        verifier: await readFile(attest.verifier, "utf8"),
      };
      const changed = { ...files, ...change(files) };
      const verifyingKey = join(scratch, "verifying-key.json");
      await writeFile(verifyingKey, changed.key);
      const verifier = join(scratch, "AttestVerifier.sol");
      await writeFile(verifier, changed.verifier);
      return { ...manifest, circuits: { attest: { ...attest, verifyingKey, verifier }, bind } };
    }

    it("gamma and delta are compared", async () => {
      const same = await withKey(({ key }) => {
        const json = JSON.parse(key) as { vk_gamma_2: unknown; vk_delta_2: unknown };
        return { key: JSON.stringify({ ...json, vk_delta_2: json.vk_gamma_2 }) };
      });
      await expect(deployVerifier(chain.signer, same)).rejects.toMatchObject({
        code: expect.stringMatching(/^key\//),
      });
    });

    it("the contract's constants are compared with the key", async () => {
      const other = await withKey(({ verifier }) => ({
        verifier: verifier.replace(/(deltax1\s*=\s*)\d+/, "$1" + "12345"),
      }));
      await expect(deployVerifier(chain.signer, other)).rejects.toMatchObject({
        code: "key/verifier-mismatch",
      });
    });

    it("the key file is compared with what was built", async () => {
      const { attest, bind } = manifest.circuits;
      const swapped = { ...manifest, circuits: { attest: { ...attest, zkey: bind.zkey }, bind } };
      await expect(deployVerifier(chain.signer, swapped)).rejects.toMatchObject({ code: "key/changed" });
    });
  });
});
