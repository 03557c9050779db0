import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dataSlice, hexlify, JsonRpcProvider, type JsonRpcSigner, ZeroAddress } from "ethers";
import { zKey } from "snarkjs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openKeyPackage } from "../../src/ceremony/index.js";
import {
  checkVerifierOnChain,
  contractArtifact,
  deployTimelock,
  deployVerifier,
} from "../../src/chain/index.js";
import { providerOf } from "../../src/chain/node.js";
import { parseArtifact } from "../../src/code/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { type Manifest, readManifest } from "../../src/manifest.js";
import { withCurve } from "../../src/proof/curve/index.js";
import { exportVerifierContract, verifierInput } from "../../src/proof/keys/index.js";
import { compileInProcess } from "../../src/solc/index.js";
import { MULTIPLIERS, writePackage } from "../ceremony/made-package.js";
import { compileTestCircuit, scratchFolder } from "../proof/circuit.js";
import { type CeremonyKey, makeCeremonyKey } from "../proof/keys/ceremony.js";
import { BOUNDS } from "./bounds.js";

const scratch = await scratchFolder();
let anvil: Anvil;
let provider: JsonRpcProvider;
let signer: JsonRpcSigner;
let key: CeremonyKey;
let manifest: Manifest;
let timelock: string;
let patchVerifier: string;
let snapshot: string;

async function timelockOver(verifier: string, of?: Manifest): Promise<string> {
  const all = [signer.address];
  const roles = { proposers: all, executors: all, council: all, guardians: all, admin: ZeroAddress };
  const options = { minDelay: 10, roles, bounds: BOUNDS, verifier };
  return (
    await deployTimelock(signer, of === undefined ? options : { ...options, manifest: of })
  ).getAddress();
}

beforeAll(async () => {
  anvil = await startAnvil();
  provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  signer = await provider.getSigner(0);
  const { r1csFile } = await compileTestCircuit(scratch, "multiplier");
  key = await makeCeremonyKey(scratch, r1csFile);
  const folder = join(scratch, "package");
  await writePackage(folder, { keys: [key.finalZkey, key.finalZkey] });
  manifest = await openKeyPackage(folder, { circuits: MULTIPLIERS });
  patchVerifier = await (await deployVerifier(signer, manifest)).getAddress();
  timelock = await timelockOver(patchVerifier, manifest);
  snapshot = await provider.send("evm_snapshot", []);
});

afterAll(async () => {
  provider?.destroy();
  await anvil?.stop();
});

beforeEach(async () => {
  await provider.send("evm_revert", [snapshot]);
  snapshot = await provider.send("evm_snapshot", []);
});

/** Lines that do not hold, by their names. */
async function findings(of: Manifest = manifest, at = timelock): Promise<Record<string, string>> {
  const checks = await checkVerifierOnChain(providerOf(anvil.url), at, of);
  return Object.fromEntries(
    checks.filter(({ outcome }) => outcome !== "holds").map(({ name, outcome }) => [name, outcome]),
  );
}

/** Address of a Groth16 verifier, from the code of the PatchVerifier. */
async function groth16At(index: number): Promise<string> {
  const { immutableReferences } = await contractArtifact("PatchVerifier");
  const places = Object.entries(immutableReferences).sort(([a], [b]) => Number(a) - Number(b));
  const { start } = places[index]![1][0]!;
  return dataSlice(await provider.getCode(patchVerifier), start + 12, start + 32);
}

/** Puts the code that a source compiles to at an address. */
async function etch(at: string, source: string): Promise<void> {
  const name = "AttestVerifier";
  const { runtimeTemplate } = parseArtifact(compileInProcess(verifierInput({ [name]: source })), name);
  await provider.send("anvil_setCode", [at, hexlify(runtimeTemplate)]);
}

describe("checkVerifierOnChain", () => {
  it("T07, T18: holds for what the keys give, all parts of it", async () => {
    const checks = await checkVerifierOnChain(provider, timelock, manifest);
    expect(checks.map(({ name, outcome }) => `${outcome}: ${name}`)).toEqual(
      [
        "class of the keys",
        ...[
          "FastTrackTimelock",
          "DisclosureMerger",
          "Policies",
          "PatchVerifier",
          "PoseidonT4",
          "PoseidonT5",
        ].map((name) => `code of ${name}`),
        "setup hash",
        ...["attest", "bind"].flatMap((circuit) => [
          `code of the verifier of ${circuit}`,
          `forged proof of ${circuit}`,
        ]),
      ].map((name) => `holds: ${name}`),
    );
    expect(await findings(manifest)).toEqual({});
  });

  it("T07: the published forgery is accepted by what snarkjs exports of a key without contribution, and said", async () => {
    const at = await groth16At(0);
    // The template of snarkjs as it stands, over the key as snarkjs leaves it.
    const groth16 = await readFile("node_modules/snarkjs/templates/verifier_groth16.sol.ejs", "utf8");
    const lax = await withCurve(() => zKey.exportSolidityVerifier(key.initialZkey, { groth16 }));
    await etch(at, lax.replace("Groth16Verifier", "AttestVerifier"));
    expect(await findings()).toEqual({
      "code of the verifier of attest": "fails",
      "forged proof of attest": "fails",
    });
  });

  it("a verifier of another key is found by its code, and the forgery says nothing about it", async () => {
    const { attest } = (await readManifest()).circuits;
    const source = await exportVerifierContract({ zkeyFile: attest.zkey, contractName: "AttestVerifier" });
    await etch(await groth16At(0), source);
    expect(await findings()).toEqual({
      "code of the verifier of attest": "fails",
      "forged proof of attest": "not checked",
    });
    await provider.send("anvil_setCode", [await groth16At(1), "0x"]);
    expect(await findings()).toMatchObject({
      "code of the verifier of bind": "fails",
      "forged proof of bind": "not checked",
    });
  });

  it("a verifier of the key without a guard is that of the key; the class is the first line's", async () => {
    const source = await exportVerifierContract({
      zkeyFile: key.finalZkey,
      contractName: "AttestVerifier",
      keyClass: "production",
    });
    await etch(await groth16At(0), source);
    const checks = await checkVerifierOnChain(provider, timelock, manifest);
    expect(checks.filter(({ outcome }) => outcome !== "holds")).toEqual([]);
    expect(checks.find(({ name }) => name === "code of the verifier of attest")!.detail).toContain(
      "production",
    );
    expect(checks[0]!.detail).toBe("test keys, on chain 31337");
  });

  it("other keys are found by code and setup hash", async () => {
    expect(await findings(await readManifest())).toEqual({
      "setup hash": "fails",
      "code of the verifier of attest": "fails",
      "code of the verifier of bind": "fails",
      "forged proof of attest": "not checked",
      "forged proof of bind": "not checked",
    });
  });

  it("a changed PatchVerifier, library or timelock is found, and what it would say is not asked", async () => {
    const unknown = {
      "setup hash": "not checked",
      "code of the verifier of attest": "not checked",
      "code of the verifier of bind": "not checked",
      "forged proof of attest": "not checked",
      "forged proof of bind": "not checked",
    };
    expect(await findings(manifest, signer.address)).toEqual({
      "code of FastTrackTimelock": "fails",
      "code of PatchVerifier": "not checked",
      ...unknown,
    });
    expect(await findings(manifest, patchVerifier)).toMatchObject({ "code of FastTrackTimelock": "fails" });
    await provider.send("anvil_setCode", [patchVerifier, "0x00"]);
    expect(await findings()).toEqual({ "code of PatchVerifier": "fails", ...unknown });
  });

  it("T07, T18: on a chain that the class has no place on, the first line fails", async () => {
    await provider.send("anvil_setChainId", [1]);
    try {
      expect(await findings()).toEqual({
        "class of the keys": "fails",
        // The guard refuses every proof there, and judges none.
        "forged proof of attest": "not checked",
        "forged proof of bind": "not checked",
      });
    } finally {
      await provider.send("anvil_setChainId", [31337]);
    }
  });

  it("where no node answers, there is no line", async () => {
    const nobody = providerOf("http://127.0.0.1:1");
    await expect(checkVerifierOnChain(nobody, timelock, manifest)).rejects.toMatchObject({
      code: "chain/unreachable",
    });
    await expect(checkVerifierOnChain(null, timelock)).rejects.toMatchObject({ code: "chain/unknown-chain" });
    await expect(checkVerifierOnChain(provider, "0x12", manifest)).rejects.toMatchObject({
      code: "code/invalid-address",
    });
  });
});
