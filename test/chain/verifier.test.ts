import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Contract,
  dataSlice,
  getBytes,
  hexlify,
  JsonRpcProvider,
  type JsonRpcSigner,
  type Provider,
  ZeroAddress,
  ZeroHash,
} from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explainedError } from "../../src/chain/errors.js";
import {
  assertVerifier,
  compiledVerifiers,
  contractArtifact,
  deployContract,
  deployTimelock,
  deployVerifier,
  setupHash,
  TimelockClient,
} from "../../src/chain/index.js";
import { nodeChainId } from "../../src/chain/node.js";
import { type Artifact, linkArtifact, parseArtifact } from "../../src/code/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { type CircuitName, type Manifest, readManifest } from "../../src/manifest.js";
import {
  exportVerifierContract,
  exportVerifyingKey,
  hasConstantsOf,
  keyFingerprint,
  VERIFIERS,
  verifierInput,
} from "../../src/proof/keys/index.js";
import { forgeWhereDeltaIsGamma, toSolidityProof } from "../../src/proof/prover/index.js";
import { compileStandardJson } from "../../src/solc/index.js";
import { compileTestCircuit } from "../proof/circuit.js";
import { makeCeremonyKey } from "../proof/keys/ceremony.js";
import { BOUNDS } from "./bounds.js";

interface Node {
  readonly anvil: Anvil;
  readonly provider: JsonRpcProvider;
  readonly signer: JsonRpcSigner;
}

const SIGNALS = [1n, 2n, 3n, 4n, 5n, 6n, 7n];

let manifest: Manifest;
let scratch: string;
let local: Node;
let mainnet: Node;
/** Of `AttestVerifier`: source as the key gives it, and the same contract with gamma in place of delta. */
let source: string;
let lax: { readonly json: object; readonly artifact: Artifact };

async function connect(chainId: number): Promise<Node> {
  const anvil = await startAnvil("cancun", chainId);
  const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  return { anvil, provider, signer: await provider.getSigner(0) };
}

async function compile(name: string, text: string) {
  const json = await compileStandardJson(verifierInput({ [name]: text }));
  return { json, artifact: parseArtifact(json, name) };
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "sealpatch-test-"));
  manifest = await readManifest();
  [local, mainnet] = await Promise.all([connect(31337), connect(1)]);
  source = await readFile(manifest.circuits.attest.verifier, "utf8");
  let laxSource = source;
  for (const axis of ["x1", "x2", "y1", "y2"]) {
    const gamma = new RegExp(`gamma${axis}\\s*=\\s*(\\d+);`).exec(source)![1]!;
    laxSource = laxSource.replace(new RegExp(`(delta${axis}\\s*=\\s*)\\d+;`), `$1${gamma};`);
  }
  lax = await compile("AttestVerifier", laxSource);
});

afterAll(async () => {
  for (const node of [local, mainnet]) {
    node?.provider.destroy();
    await node?.anvil.stop();
  }
  await rm(scratch, { recursive: true, force: true });
});

function withFiles(circuit: CircuitName, files: Partial<Manifest["circuits"]["bind"]>): Manifest {
  const { circuits } = manifest;
  return { ...manifest, circuits: { ...circuits, [circuit]: { ...circuits[circuit], ...files } } };
}

/** The build with another artifact of one contract. */
async function withArtifact(name: string, json: object): Promise<Manifest> {
  const contracts = await mkdtemp(join(scratch, "contracts-"));
  await cp(manifest.contracts, contracts, { recursive: true });
  await writeFile(join(contracts, `${name}.json`), JSON.stringify(json));
  return { ...manifest, contracts };
}

/** What nobody may deploy; nothing is sent. */
async function refused({ provider, signer }: Node, changed: Manifest, error: object): Promise<void> {
  const before = await provider.getTransactionCount(signer.address);
  await expect(deployVerifier(signer, changed)).rejects.toMatchObject(error);
  expect(await provider.getTransactionCount(signer.address)).toBe(before);
}

describe("T07: what is deployed is what the proving key gives", () => {
  it("files of the development key beside a key of somebody else are refused on every chain", async () => {
    const { r1csFile } = await compileTestCircuit(scratch, "multiplier");
    const { finalZkey: zkey } = await makeCeremonyKey(scratch, r1csFile);
    const fingerprint = await keyFingerprint(zkey);
    const verifyingKey = join(scratch, "other.json");
    await writeFile(verifyingKey, JSON.stringify(await exportVerifyingKey(zkey)));
    const verifier = join(scratch, "Other.sol");
    const contractName = VERIFIERS.bind;
    await writeFile(verifier, await exportVerifierContract({ zkeyFile: zkey, contractName }));
    const cases = [
      [{ zkey, fingerprint }, "key/other-verifying-key", "key/other-verifying-key"],
      [{ zkey, fingerprint, verifyingKey }, "key/verifier-mismatch", "key/class-not-proven"],
      // Now only the code is left of the development key.
      [{ zkey, fingerprint, verifyingKey, verifier }, "key/verifier-mismatch", "key/class-not-proven"],
    ] as const;
    for (const [files, mixed, code] of cases) {
      await refused(local, withFiles("bind", files), { code: mixed });
      // Of both circuits: else the development key of the other one is what is refused.
      const both = { attest: { ...manifest.circuits.attest, ...files }, bind: manifest.circuits.bind };
      const changed = { ...manifest, circuits: { ...both, bind: { ...both.bind, ...files } } };
      await refused(mainnet, changed, { code });
    }
  });

  it("a verifier whose delta is its gamma takes a forged proof, and is not deployed", async () => {
    const key = await exportVerifyingKey(manifest.circuits.attest.zkey);
    const proof = toSolidityProof(await forgeWhereDeltaIsGamma(key, SIGNALS));
    const takes = async (artifact: Artifact): Promise<boolean> => {
      const contract = await deployContract(local.signer, { artifact });
      return contract.getFunction("verifyProof")(proof.a, proof.b, proof.c, SIGNALS);
    };
    expect(await takes(lax.artifact)).toBe(true);
    expect(await takes((await compile("AttestVerifier", source)).artifact)).toBe(false);
    const changed = await withArtifact("AttestVerifier", lax.json);
    await refused(local, changed, { code: "key/verifier-mismatch", details: { circuit: "attest" } });
  });

  it("code with one other constant is refused, be it the one that is sent or the one that stays", async () => {
    const file = join(manifest.contracts, "BindVerifier.json");
    const text = await readFile(file, "utf8");
    const bind = await readFile(manifest.circuits.bind.verifier, "utf8");
    const constant = BigInt(/IC3x = (\d+);/.exec(bind)![1]!);
    const [old, other] = [constant, constant ^ 1n].map((value) => value.toString(16).padStart(64, "0"));
    for (const part of ["bytecode", "deployedBytecode"]) {
      const json = JSON.parse(text);
      const code = json.contracts["BindVerifier.sol"].BindVerifier.evm[part];
      expect(code.object).toContain(old);
      code.object = code.object.replace(old, other);
      const changed = await withArtifact("BindVerifier", json);
      await refused(local, changed, { code: "key/verifier-mismatch", details: { circuit: "bind" } });
    }
  });

  it("a source with the right constants in the wrong places is refused", async () => {
    const verifier = join(scratch, "Swapped.sol");
    await writeFile(verifier, source.replace("mstore(add(_pPairing, 640), deltax1)", "// $&"));
    await refused(local, withFiles("attest", { verifier }), { code: "key/verifier-mismatch" });
  });
});

describe("T07: without the development keys' proving keys", () => {
  const without = (files: Partial<Manifest["circuits"]["bind"]> = {}) =>
    withFiles("bind", { zkey: join(scratch, "none.zkey"), ...files });

  it("their verifiers are those of the package, whose constants are those of the verifying keys", async () => {
    const [own, same] = await Promise.all([
      compiledVerifiers(manifest, "development"),
      compiledVerifiers(without(), "development"),
    ]);
    expect(same).toEqual(own);
    const bind = await readFile(manifest.circuits.bind.verifier, "utf8");
    const key = await exportVerifyingKey(manifest.circuits.bind.zkey);
    expect(hasConstantsOf(bind, key)).toBe(true);
    const constants = [...bind.matchAll(/constant \w+ *= (\d{9,});/g)].map(([, number]) => number!);
    // Two orders, alpha, three points of G2, and one for 1 and each of seven signals.
    expect(constants).toHaveLength(2 + 2 + 12 + 16);
    const changed = constants.map((constant) =>
      bind.replace(`= ${constant};`, `= ${BigInt(constant) ^ 1n};`),
    );
    expect(changed.filter((source) => hasConstantsOf(source, key))).toEqual([]);
    const verifier = join(scratch, "Other.sol");
    await writeFile(verifier, changed.at(-1)!);
    await expect(compiledVerifiers(without({ verifier }), "development")).rejects.toMatchObject({
      code: "key/verifier-mismatch",
    });
    expect(hasConstantsOf(`${bind}\n    uint256 constant more = 1;\n`, key)).toBe(false);
  });

  it("nothing is deployed, and verifiers of another class are not known", async () => {
    await refused(local, without(), { code: "proof/no-key" });
    await expect(compiledVerifiers(without(), "test")).rejects.toMatchObject({ code: "proof/no-key" });
  });
});

describe("T07, T18: the chain is the one that the node is on", () => {
  it("a provider that was told a local chain does not deceive", async () => {
    const told = new JsonRpcProvider(mainnet.anvil.url, 31337, { staticNetwork: true });
    try {
      expect((await told.getNetwork()).chainId).toBe(31337n);
      const signer = await told.getSigner(0);
      const error = { code: "key/development-key", details: { chainId: 1n } };
      await refused({ ...mainnet, signer }, manifest, error);
      await expect(
        deployVerifier(signer).catch((reason) => Promise.reject(new Error(reason.remedy))),
      ).rejects.toThrow("anvil --chain-id 31337");
    } finally {
      told.destroy();
    }
  });

  it("where no node says it, nothing is deployed", async () => {
    const refusal = { code: "chain/unknown-chain" };
    await expect(nodeChainId(null)).rejects.toMatchObject(refusal);
    await expect(nodeChainId({} as Provider)).rejects.toMatchObject(refusal);
    for (const answer of [undefined, 31337, "31337", "0x", null]) {
      const provider = { send: async () => answer } as unknown as Provider;
      await expect(nodeChainId(provider)).rejects.toMatchObject(refusal);
    }
    expect(await nodeChainId(local.provider)).toBe(31337n);
  });
});

describe("T07, T18: a development verifier refuses by itself off local chains", () => {
  const artifacts = () => Promise.all(Object.values(VERIFIERS).map((name) => contractArtifact(name)));
  const error = { revert: { name: "DevelopmentVerifierOffLocalChain", args: [1n] } };

  it("when it is deployed by hand", async () => {
    for (const artifact of await artifacts()) {
      const { provider, signer } = mainnet;
      const abi = new Contract(ZeroAddress, [...artifact.abi]).interface;
      const call = provider.call({ from: signer.address, data: hexlify(artifact.creationCode) });
      const data = await call.then(
        () => "0x",
        (reason) => reason.data,
      );
      expect(abi.parseError(data)).toMatchObject({ name: error.revert.name, args: [1n] });
      await expect(deployContract(signer, { artifact })).rejects.toThrow();
      await deployContract(local.signer, { artifact });
    }
  });

  it("when it is asked where it stands all the same", async () => {
    const at = `0x${"de".repeat(20)}`;
    const zero = toSolidityProof({
      pi_a: ["0", "0", "1"],
      pi_b: [
        ["0", "0"],
        ["0", "0"],
        ["1", "0"],
      ],
      pi_c: ["0", "0", "1"],
      protocol: "groth16",
      curve: "bn128",
    });
    for (const artifact of await artifacts()) {
      for (const { provider } of [local, mainnet]) {
        await provider.send("anvil_setCode", [at, hexlify(artifact.runtimeTemplate)]);
        const { verifyProof } = new Contract(at, [...artifact.abi], provider);
        const asked = verifyProof!(zero.a, zero.b, zero.c, SIGNALS);
        if (provider === local.provider) {
          expect(await asked).toBe(false);
          continue;
        }
        const refusal: unknown = await asked.catch((reason: unknown) => reason);
        expect(refusal).toMatchObject(error);
        const { interface: abi } = await TimelockClient.at(at, provider);
        expect(explainedError(refusal, abi, "asking")).toMatchObject({
          code: "chain/reverted",
          details: { error: error.revert.name, values: "chainId=1" },
        });
      }
    }
  });
});

describe("T07, T18: a timelock takes no verifier but that of the keys", () => {
  let verifier: string;
  let timelock: TimelockClient;

  const laneOver = (address: string) => {
    const all = [local.signer.address];
    const roles = { proposers: all, executors: all, council: all, guardians: all, admin: ZeroAddress };
    return deployTimelock(local.signer, { minDelay: 10, roles, bounds: BOUNDS, verifier: address });
  };

  /** Neither way to it; nothing is sent. */
  async function isRefused(address: string, contract: string): Promise<void> {
    const error = { code: "chain/other-verifier", details: { contract } };
    const { provider, signer } = local;
    const before = await provider.getTransactionCount(signer.address);
    await expect(laneOver(address)).rejects.toMatchObject(error);
    await expect(timelock.setVerifierCall(address)).rejects.toMatchObject(error);
    expect(await provider.getTransactionCount(signer.address)).toBe(before);
  }

  /** A PatchVerifier over other parts. */
  async function patchVerifier(parts: { attest?: string; bind?: string; setup?: string }): Promise<string> {
    const genuine = new Contract(
      verifier,
      [...(await contractArtifact("PatchVerifier")).abi],
      local.provider,
    );
    const libraries: Record<string, string> = {};
    for (const name of ["PoseidonT4", "PoseidonT5"]) {
      const artifact = await contractArtifact(name);
      libraries[name] = await (await deployContract(local.signer, { artifact })).getAddress();
    }
    const contract = await deployContract(local.signer, {
      artifact: linkArtifact(await contractArtifact("PatchVerifier"), libraries),
      constructorArguments: [
        parts.attest ?? (await genuine.getFunction("attestVerifier")()),
        parts.bind ?? (await genuine.getFunction("bindVerifier")()),
        parts.setup ?? setupHash(manifest),
      ],
    });
    return contract.getAddress();
  }

  beforeAll(async () => {
    verifier = await (await deployVerifier(local.signer)).getAddress();
    timelock = await TimelockClient.at(await (await laneOver(verifier)).getAddress(), local.signer);
  });

  it("one over the same parts is taken, and governance sets it", async () => {
    const other = await patchVerifier({});
    await assertVerifier(local.provider, other);
    const calls = [await timelock.setVerifierCall(other)];
    await timelock.scheduleSlowPath({ calls, salt: ZeroHash }, 10n);
    await local.provider.send("evm_increaseTime", [11]);
    await local.provider.send("evm_mine", []);
    await timelock.executeSlowPath({ calls, salt: ZeroHash });
    const lane = new Contract(timelock.address, timelock.interface, local.provider);
    expect(await lane.getFunction("verifier")()).toBe(other);
  });

  it("an account without code, another contract, and one with other parts are refused", async () => {
    const laxVerifier = await (await deployContract(local.signer, { artifact: lax.artifact })).getAddress();
    const { attest, bind } = {
      attest: await (
        await deployContract(local.signer, { artifact: await contractArtifact("AttestVerifier") })
      ).getAddress(),
      bind: await (
        await deployContract(local.signer, { artifact: await contractArtifact("BindVerifier") })
      ).getAddress(),
    };
    await isRefused(local.signer.address, "PatchVerifier");
    await isRefused(timelock.address, "PatchVerifier");
    await isRefused(await patchVerifier({ attest: laxVerifier }), "AttestVerifier");
    await isRefused(await patchVerifier({ attest: bind, bind: attest }), "AttestVerifier");
    await isRefused(await patchVerifier({ bind: attest }), "BindVerifier");
    await isRefused(await patchVerifier({ setup: ZeroHash }), "PatchVerifier");
  });

  it("one whose code asks another verifier than it shows is refused, and one with a changed byte", async () => {
    const genuine = await contractArtifact("PatchVerifier");
    const code = getBytes(await local.provider.getCode(verifier));
    const at = `0x${"ab".repeat(20)}`;
    for (const places of Object.values(genuine.immutableReferences)) {
      for (const { start } of places.length > 1 ? places : []) {
        const changed = code.slice();
        changed[start + 31]! ^= 1;
        await local.provider.send("anvil_setCode", [at, hexlify(changed)]);
        await isRefused(at, "PatchVerifier");
      }
    }
    for (const index of [0, code.length >> 1, code.length - 1]) {
      const changed = code.slice();
      changed[index]! ^= 1;
      await local.provider.send("anvil_setCode", [at, hexlify(changed)]);
      await isRefused(at, "PatchVerifier");
    }
  });

  it("one whose library is another is refused", async () => {
    const { linkReferences } = await contractArtifact("PatchVerifier");
    const code = await local.provider.getCode(verifier);
    const [four, five] = linkReferences.map(({ runtime }) =>
      dataSlice(code, runtime[0]!, runtime[0]! + 20),
    ) as [string, string];
    const [own, other] = [await local.provider.getCode(four), await local.provider.getCode(five)];
    await local.provider.send("anvil_setCode", [four, other]);
    await isRefused(verifier, "PoseidonT4");
    await local.provider.send("anvil_setCode", [four, own]);
    await assertVerifier(local.provider, verifier);
  });
});
