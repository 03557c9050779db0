import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { getAddress, JsonRpcProvider, type JsonRpcSigner, ZeroAddress, ZeroHash } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  contractArtifact,
  deployTimelock,
  deployVerifier,
  executionSender,
  readDisclosureFacts,
  TimelockClient,
} from "../../src/chain/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { type Manifest, readManifest } from "../../src/manifest.js";
import { BOUNDS } from "./bounds.js";

const NO_PROOF = {
  a: [0n, 0n],
  b: [
    [0n, 0n],
    [0n, 0n],
  ],
  c: [0n, 0n],
} as const;

async function connect(
  chainId: number,
  hardfork: "cancun" | "shanghai" = "cancun",
): Promise<{ anvil: Anvil; provider: JsonRpcProvider; signer: JsonRpcSigner }> {
  const anvil = await startAnvil(hardfork, chainId);
  const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
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

  it("T11: an execution does not go through the public mempool", async () => {
    await expect(executionSender(chain.signer)).rejects.toMatchObject({ code: "chain/public-mempool" });
    const relay = await executionSender(chain.signer, chain.signer);
    const { receipt } = await relay({ to: chain.signer.address });
    expect(receipt.status).toBe(1);
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
      code: "CALL_EXCEPTION",
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
    const send = await executionSender(chain.signer);
    expect((await send({ to: chain.signer.address })).receipt.status).toBe(1);
  });

  it("a refusal carries the contract's own error and its values", async () => {
    const statement = { proxy: timelock.address, validUntil: 5n };
    await expect(timelock.schedule(1n, statement, [], NO_PROOF)).rejects.toMatchObject({
      code: "chain/reverted",
      details: { error: "FastTrackLaneClosed", values: expect.stringContaining("reason=3") },
    });
    expect(await timelock.laneStatus(timelock.address)).toBe("no-policy");
    expect(await timelock.state(ZeroHash)).toBe("none");
  });

  it("a halt closes the lane, and only governance may open it", async () => {
    await timelock.halt("test");
    expect(await timelock.laneStatus(timelock.address)).toBe("halted");
    const calls = [timelock.resumeCall()];
    await timelock.scheduleSlowPath(calls, ZeroHash, 10n);
    await chain.provider.send("evm_increaseTime", [11]);
    await chain.provider.send("evm_mine", []);
    await timelock.executeSlowPath(calls, ZeroHash);
    expect(await timelock.laneStatus(timelock.address)).toBe("no-policy");
  });

  it("a refusal by the library of policies carries its own error too", async () => {
    const proxy = `0x${"12".repeat(20)}`;
    const calls = [
      timelock.setPolicyCall(proxy, {
        kind: "uups",
        admin: ZeroAddress,
        disclosureDeadline: 1,
        threshold: 1,
        maxWaivers: 0,
        delay: 1,
        grace: 1,
        auditorRoot: 1n,
        vectorRoot: 1n,
        checks: [],
      }),
    ];
    await timelock.scheduleSlowPath(calls, ZeroHash, 10n);
    await chain.provider.send("evm_increaseTime", [11]);
    await chain.provider.send("evm_mine", []);
    await expect(timelock.executeSlowPath(calls, ZeroHash)).rejects.toMatchObject({
      code: "chain/reverted",
      details: { error: "PolicyProxyWithoutCode", values: `proxy=${getAddress(proxy)}` },
    });
  });

  it("facts of a statement that never was are refused", async () => {
    await expect(readDisclosureFacts(timelock, ZeroHash, timelock.address)).rejects.toMatchObject({
      code: "chain/no-event",
      details: { event: "StatementScheduled" },
    });
  });

  it("a node that does not answer is an error of its own", async () => {
    const nowhere = new JsonRpcProvider("http://127.0.0.1:9", 31337, { staticNetwork: true });
    const client = await TimelockClient.at(timelock.address, nowhere);
    await expect(client.state(ZeroHash)).rejects.toMatchObject({ code: "chain/unreachable" });
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
        verifier: await readFile(join(dirname(attest.verifyingKey), "AttestVerifier.sol"), "utf8"),
      };
      const changed = { ...files, ...change(files) };
      const verifyingKey = join(scratch, "verifying-key.json");
      await writeFile(verifyingKey, changed.key);
      await writeFile(join(scratch, "AttestVerifier.sol"), changed.verifier);
      return { ...manifest, circuits: { attest: { ...attest, verifyingKey }, bind } };
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
