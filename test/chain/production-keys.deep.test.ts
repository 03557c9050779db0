import { cp } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { Contract, type JsonRpcProvider, type JsonRpcSigner, ZeroAddress } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finalizeCeremony, keyClassOf, openKeyPackage, proveKeyPackage } from "../../src/ceremony/index.js";
import {
  assertVerifier,
  checkVerifierOnChain,
  deployTimelock,
  deployVerifier,
  providerOf,
} from "../../src/chain/index.js";
import { ceremonyCommand } from "../../src/cli/ceremony/commands.js";
import { EXIT, runProgram } from "../../src/cli/run.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { type Manifest, readManifest } from "../../src/manifest.js";
import { toSolidityProof, wasmProver } from "../../src/proof/prover/index.js";
import { type FinishedCeremony, finishCeremony } from "../ceremony/finished-ceremony.js";
import { MULTIPLIERS, writePackage } from "../ceremony/made-package.js";
import { printed } from "../cli/sealpatch.js";
import { compileTestCircuit, scratchFolder } from "../proof/circuit.js";
import { makeCeremonyKey } from "../proof/keys/ceremony.js";
import { BOUNDS } from "./bounds.js";

const circuits = MULTIPLIERS;
const scratch = await scratchFolder();
let ceremony: FinishedCeremony;
let anvil: Anvil;
let provider: JsonRpcProvider;
let signer: JsonRpcSigner;

beforeAll(async () => {
  ceremony = await finishCeremony(scratch);
  anvil = await startAnvil("cancun", 1);
  provider = providerOf(anvil.url);
  provider.pollingInterval = 20;
  // Blocks come by themselves, for two of them have to have a transaction.
  await provider.send("evm_setIntervalMining", [1]);
  signer = await provider.getSigner(0);
});

afterAll(async () => {
  provider?.destroy();
  await anvil?.stop();
});

/** Not deployed, and nothing sent. */
async function refused(manifest: Manifest, code: string): Promise<void> {
  const before = await provider.getTransactionCount(signer.address);
  await expect(deployVerifier(signer, manifest)).rejects.toMatchObject({ code, details: { chainId: 1n } });
  expect(await provider.getTransactionCount(signer.address)).toBe(before);
}

const prove = (folder: string) => proveKeyPackage(folder, ceremony.terms);

describe("T07, T18: a node with chain id 1", () => {
  it("takes a production key: its verifier, without a guard, accepts proofs and is found sound", async () => {
    expect(ceremony.record.class).toBe("production");
    const { manifest, keyClass, checks } = await prove(ceremony.keyPackage);
    expect([keyClass, await keyClassOf(manifest)]).toEqual(["production", "production"]);
    expect(checks.filter(({ outcome }) => outcome !== "holds")).toEqual([]);
    const verifier = await (await deployVerifier(signer, manifest)).getAddress();
    await assertVerifier(provider, verifier, manifest);
    const all = [signer.address];
    const roles = { proposers: all, executors: all, council: all, guardians: all, admin: ZeroAddress };
    const options = { minDelay: 10, roles, bounds: BOUNDS, verifier, manifest };
    const timelock = await (await deployTimelock(signer, options)).getAddress();
    const lines = await checkVerifierOnChain(provider, timelock, manifest);
    expect(lines.filter(({ outcome }) => outcome !== "holds")).toEqual([]);
    expect(lines[0]!.detail).toBe("production keys, on chain 1");
    const verifying = ["ceremony", "verify", ceremony.keyPackage, "--ptau", ceremony.terms.powersOfTau];
    const asked = [...verifying, "--rpc", anvil.url, "--verifier", verifier];
    const program = () => new Command("sealpatch").addCommand(ceremonyCommand(ceremony.terms));
    expect(await printed(() => runProgram(program(), asked))).toMatchObject({ code: EXIT.done });
    const wrong = await printed(() => runProgram(program(), [...asked.slice(0, -1), signer.address]));
    expect(wrong).toMatchObject({
      code: EXIT.refused,
      stdout: expect.stringMatching(/^fails {8}verifier on chain$/m),
    });
    const dead = [...verifying, "--rpc", "http://127.0.0.1:1", "--verifier", verifier];
    expect(await printed(() => runProgram(program(), dead))).toMatchObject({
      code: EXIT.undecided,
      stdout: expect.stringMatching(/^not checked {2}verifier on chain$/m),
    });
    // The keys are also there to prove with.
    const { wasmFile } = await compileTestCircuit(scratch, "multiplier");
    const input = { first: 3n, second: 5n, secret: 7n };
    const { proof, publicSignals } = await wasmProver.prove({
      wasmFile,
      zkeyFile: manifest.circuits.bind.zkey,
      input,
    });
    const abi = [
      "function bindVerifier() view returns (address)",
      "function verifyProof(uint256[2], uint256[2][2], uint256[2], uint256[3]) view returns (bool)",
    ];
    const at: string = await new Contract(verifier, abi, provider).getFunction("bindVerifier")();
    const { a, b, c } = toSolidityProof(proof);
    const verifyProof = new Contract(at, abi, provider).getFunction("verifyProof");
    expect(await verifyProof(a, b, c, publicSignals)).toBe(true);
    expect(await verifyProof(a, b, c, [publicSignals[0]! + 1n, ...publicSignals.slice(1)])).toBe(false);
  });

  it("takes no development key", async () => {
    await refused(await readManifest(), "key/development-key");
  });

  it("takes no key that somebody made alone, whatever its record says", async () => {
    const { r1csFile } = await compileTestCircuit(scratch, "multiplier");
    const { finalZkey } = await makeCeremonyKey(scratch, r1csFile);
    const folder = join(scratch, "alone");
    await writePackage(folder, { keys: [finalZkey, finalZkey], recordClass: "production" });
    await refused(await openKeyPackage(folder, { circuits }), "key/class-not-proven");
    // Not even where its powers of tau are in the list.
    const { manifest, keyClass, checks } = await prove(folder);
    expect(keyClass).toBe("test");
    expect(checks.some(({ outcome }) => outcome === "fails")).toBe(true);
    await refused(manifest, "key/class-not-proven");
  });

  it("takes no production key that was not proven, nor a copy of the manifest of one that was", async () => {
    await refused(await openKeyPackage(ceremony.keyPackage, { circuits }), "key/class-not-proven");
    const { manifest } = await prove(ceremony.keyPackage);
    await refused({ ...manifest }, "key/class-not-proven");
    await refused(structuredClone(manifest), "key/class-not-proven");
    // What is proven of one object says nothing of a later one.
    await refused(await openKeyPackage(ceremony.keyPackage, { circuits }), "key/class-not-proven");
  });

  it("takes no key over powers of tau that are not in the package's own list", async () => {
    const { pinned: _, ...terms } = ceremony.terms;
    const { manifest, keyClass, checks } = await proveKeyPackage(ceremony.keyPackage, terms);
    expect(keyClass).toBe("test");
    expect(checks.filter(({ outcome }) => outcome !== "holds")).toMatchObject([
      { name: "powers of tau", outcome: "test only" },
      { name: "class", outcome: "fails", what: "its record says production, and these are test keys" },
    ]);
    await refused(manifest, "key/class-not-proven");
  });

  it("takes no key of a ceremony whose beacon is a chain of the coordinator's own", async () => {
    const { beaconChain: _, ...terms } = ceremony.terms;
    const { manifest, keyClass, checks } = await proveKeyPackage(ceremony.keyPackage, terms);
    expect(keyClass).toBe("test");
    expect(checks.filter(({ outcome }) => outcome !== "holds")).toMatchObject([
      { name: "beacon of attest", outcome: "fails", what: "the announced beacon is not quicknet" },
      { name: "beacon of bind", outcome: "fails", what: "the announced beacon is not quicknet" },
    ]);
    await refused(manifest, "key/class-not-proven");
  });

  it("asks for the class that is proven, where the record states a lower one", async () => {
    const folder = join(scratch, "stated-lower");
    const { powersOfTau: _, ...unproven } = ceremony.terms;
    const { record } = await finalizeCeremony(ceremony.folder, { ...unproven, out: folder });
    expect(record.class).toBe("test");
    await refused(await openKeyPackage(folder, { circuits }), "key/class-not-proven");
    const { manifest, keyClass } = await prove(folder);
    expect(keyClass).toBe("production");
    const verifier = await (await deployVerifier(signer, manifest)).getAddress();
    await assertVerifier(provider, verifier, manifest);
  });

  it("takes no package whose key is replaced after it was proven", async () => {
    const folder = join(scratch, "replaced");
    await cp(ceremony.keyPackage, folder, { recursive: true });
    const { manifest } = await prove(folder);
    await cp(join(folder, "attest.zkey"), join(folder, "bind.zkey"));
    await expect(deployVerifier(signer, manifest)).rejects.toMatchObject({ code: "key/changed" });
  });
});
