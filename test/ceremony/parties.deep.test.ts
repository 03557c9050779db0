import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Contract, Interface, type JsonRpcSigner } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileConstraints } from "../../src/ceremony/circuits.js";
import { proveKeyPackage } from "../../src/ceremony/index.js";
import { explainedError } from "../../src/chain/errors.js";
import { deployContract, deployVerifier, providerOf } from "../../src/chain/index.js";
import { parseArtifact } from "../../src/code/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import type { CircuitName, Manifest } from "../../src/manifest.js";
import { buildCircuit, type PinnedPowers } from "../../src/proof/index.js";
import { writeInitialKey, writePowersOfTau } from "../../src/proof/keys/ceremony/rehearsal/index.js";
import { VERIFIERS, verifierInput } from "../../src/proof/keys/index.js";
import { toSolidityProof, wasmProver } from "../../src/proof/prover/index.js";
import { compileStandardJson } from "../../src/solc/index.js";
import { ACCEPT_CASES } from "../circuits/accept-cases.js";
import { scratchFolder } from "../proof/circuit.js";
import { Person } from "./people.js";
import { beaconAnswer, POWERS_SECRETS, SMALL_CIRCUITS, TEST_BEACON } from "./rehearsal.js";

/** Of the small instance of `attest`, and once more, which its initial key from secrets takes. */
const POWER = 16;
const NAMES = ["first contributor", "second contributor", "third contributor"];
const ROUND = Math.floor(Date.now() / 1000) + 86_400;

const scratch = await scratchFolder();
const powersOfTau = join(scratch, "powers.ptau");
let pinned: PinnedPowers[];
let nodes: Record<"mainnet" | "local", { anvil: Anvil; signer: JsonRpcSigner }>;

async function connect(chainId: number): Promise<{ anvil: Anvil; signer: JsonRpcSigner }> {
  const anvil = await startAnvil("cancun", chainId);
  const provider = providerOf(anvil.url);
  // Off local chains two blocks have to have a transaction: they come by themselves.
  if (chainId === 1) await provider.send("evm_setIntervalMining", [1]);
  return { anvil, signer: await provider.getSigner(0) };
}

beforeAll(async () => {
  await writePowersOfTau(powersOfTau, { power: POWER, ...POWERS_SECRETS });
  const hash = createHash("blake2b512");
  await pipeline(createReadStream(powersOfTau), hash);
  const { size: bytes } = await stat(powersOfTau);
  pinned = [{ power: POWER, file: "powers.ptau", bytes, blake2b512: hash.digest("hex") }];
  // The one that snarkjs takes minutes for.
  const { r1csFile } = await compileConstraints(SMALL_CIRCUITS[0]!);
  const zkeyFile = join(scratch, "attest.zkey");
  await writeInitialKey({ r1csFile, ptauFile: powersOfTau, zkeyFile, secrets: POWERS_SECRETS });
  nodes = { mainnet: await connect(1), local: await connect(31337) };
});

afterAll(async () => {
  for (const { anvil, signer } of Object.values(nodes ?? {})) {
    signer.provider.destroy();
    await anvil.stop();
  }
});

interface Held {
  readonly coordinator: Person;
  readonly contributors: readonly Person[];
  readonly last: string;
}

/** A ceremony of four people, each with processes and a home of his own, who exchange files only. */
async function holdCeremony(name: string, words: readonly string[]): Promise<Held> {
  const settings = { circuits: SMALL_CIRCUITS, pinned };
  const coordinator = await Person.arrive(join(scratch, name, "coordinator"), settings);
  const contributors: Person[] = [];
  const ptau = ["--ptau", powersOfTau];
  await mkdir(coordinator.at("ceremony/0000"), { recursive: true });
  await writeFile(coordinator.at("ceremony/0000/attest.zkey"), await readFile(join(scratch, "attest.zkey")));
  await coordinator.sealpatch(
    "ceremony",
    "init",
    "ceremony",
    ...ptau,
    "--beacon-round",
    String(ROUND),
    ...words,
  );
  for (const [index, own] of NAMES.entries()) {
    const contributor = await Person.arrive(join(scratch, name, own.replace(" ", "-")), settings);
    contributors.push(contributor);
    const [before, after] = [index, index + 1].map((step) => `ceremony/000${step}`);
    await coordinator.send(contributor, ["ceremony/ceremony.json", before!], "ceremony");
    await contributor.sealpatch("ceremony", "contribute", "ceremony", "--name", own);
    await contributor.send(coordinator, [after!], `from-${index}`);
    await coordinator.sealpatch("ceremony", "receive", "ceremony", `from-${index}/000${index + 1}`);
  }
  await writeFile(coordinator.at("round.json"), JSON.stringify(beaconAnswer(ROUND)));
  await coordinator.sealpatch("ceremony", "beacon", "ceremony", "--value", "round.json");
  const last = await coordinator.sealpatch("ceremony", "finalize", "ceremony", ...ptau, "--out", "keys");
  return { coordinator, contributors, last };
}

/** What verifies a proof on a chain, by its circuit. */
type Accepts = (circuit: CircuitName, signals: readonly bigint[], proof: unknown[]) => Promise<boolean>;

/** Verifiers behind a PatchVerifier. */
function behind(patchVerifier: Contract): Accepts {
  const parts = [
    "function attestVerifier() view returns (address)",
    "function bindVerifier() view returns (address)",
  ];
  return async (circuit, signals, proof) => {
    const contract = new Contract(await patchVerifier.getAddress(), parts, patchVerifier.runner);
    const address = await contract.getFunction(`${circuit}Verifier`)();
    const abi = [
      "function verifyProof(uint256[2], uint256[2][2], uint256[2], uint256[7]) view returns (bool)",
    ];
    return new Contract(address, abi, patchVerifier.runner).getFunction("verifyProof")(...proof, signals);
  };
}

/** Proofs of true statements, made with the final keys, are taken; with another public signal they are not. */
async function provesTo(accepts: Accepts, manifest: Manifest): Promise<void> {
  for (const { name, source } of SMALL_CIRCUITS) {
    const circuit = name as CircuitName;
    const { wasmFile } = await buildCircuit({ source });
    const input = ACCEPT_CASES[`${circuit}-small`][0]!.input();
    const { zkey: zkeyFile } = manifest.circuits[circuit];
    const { proof, publicSignals } = await wasmProver.prove({ wasmFile, zkeyFile, input });
    const { a, b, c } = toSolidityProof(proof);
    expect(await accepts(circuit, publicSignals, [a, b, c])).toBe(true);
    for (const position of publicSignals.keys()) {
      const changed = publicSignals.map((signal, index) => (index === position ? signal + 1n : signal));
      expect(await accepts(circuit, changed, [a, b, c])).toBe(false);
    }
  }
}

describe("T07, T18: a ceremony of a coordinator and three contributors", { timeout: 1_800_000 }, () => {
  it("makes production keys over pinned powers of tau, whose proofs a verifier on chain 1 accepts", async () => {
    const { coordinator, contributors, last } = await holdCeremony("pinned", []);
    expect(last).toContain("keys of class production");
    // Each finds his own attestation in what is published.
    for (const [index, contributor] of contributors.entries()) {
      const [own, published] = [
        `ceremony/000${index + 1}/attestation.json`,
        `keys/attestations/000${index + 1}.json`,
      ];
      expect(await readFile(contributor.at(own), "utf8")).toBe(
        await readFile(coordinator.at(published), "utf8"),
      );
      expect(await readdir(contributor.at("ceremony"))).toHaveLength(3);
    }
    const { manifest, keyClass } = await proveKeyPackage(coordinator.at("keys"), {
      powersOfTau,
      pinned,
      circuits: SMALL_CIRCUITS,
      beaconChain: TEST_BEACON,
    });
    expect(keyClass).toBe("production");
    const { anvil, signer } = nodes.mainnet;
    const patchVerifier = await deployVerifier(signer, manifest);
    await provesTo(behind(patchVerifier), manifest);
    const anybody = await Person.arrive(join(scratch, "pinned/anybody"), coordinator.settings);
    await coordinator.send(anybody, ["keys"]);
    const onChain = ["--rpc", anvil.url, "--verifier", await patchVerifier.getAddress()];
    const verify = ["ceremony", "verify", "keys", "--ptau", powersOfTau];
    expect(await anybody.sealpatch(...verify, ...onChain)).toMatch(
      /verifier on chain[\s\S]*\nclass: production\n$/,
    );
    // The same files and another list: nothing else makes the class.
    const doubting = await Person.arrive(join(scratch, "pinned/doubting"), { circuits: SMALL_CIRCUITS });
    await coordinator.send(doubting, ["keys"]);
    const doubted = /ended with 1:[\s\S]*pinned list[\s\S]*its record says production[\s\S]*\nclass: test\n/;
    await expect(doubting.sealpatch(...verify)).rejects.toThrow(doubted);
    await rm(join(scratch, "pinned"), { recursive: true });
  });

  it("makes test keys over powers of tau in no list, which prove on local chains alone", async () => {
    const { coordinator, last } = await holdCeremony("unpinned", ["--unpinned"]);
    expect(last).toContain("keys of class test");
    // Also where the list has them: what the announcement says is for good.
    const { manifest, keyClass } = await proveKeyPackage(coordinator.at("keys"), {
      powersOfTau,
      pinned,
      circuits: SMALL_CIRCUITS,
      beaconChain: TEST_BEACON,
    });
    expect(keyClass).toBe("test");
    const { mainnet, local } = nodes;
    await provesTo(behind(await deployVerifier(local.signer, manifest)), manifest);
    const before = await mainnet.signer.getNonce();
    const refusal = { code: "key/class-not-proven", details: { chainId: 1n } };
    await expect(deployVerifier(mainnet.signer, manifest)).rejects.toMatchObject(refusal);
    expect(await mainnet.signer.getNonce()).toBe(before);
    // By hand, its verifiers refuse by themselves.
    for (const circuit of ["attest", "bind"] as const) {
      const name = VERIFIERS[circuit];
      const source = await readFile(manifest.circuits[circuit].verifier, "utf8");
      const artifact = parseArtifact(await compileStandardJson(verifierInput({ [name]: source })), name);
      await deployContract(local.signer, { artifact });
      const refused: unknown = await deployContract(mainnet.signer, { artifact }).catch((error) => error);
      expect(explainedError(refused, new Interface([...artifact.abi]), "deploying")).toMatchObject({
        code: "chain/reverted",
        details: { error: "TestVerifierOffTestChain", values: "chainId=1" },
      });
    }
  });
});
