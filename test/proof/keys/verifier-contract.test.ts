import { join } from "node:path";
import { hexlify } from "ethers";
import { describe, expect, it } from "vitest";
import { parseArtifact } from "../../../src/code/index.js";
import { FIELD_ORDER } from "../../../src/field/index.js";
import {
  BASE_FIELD_ORDER,
  exportVerifierContract,
  exportVerifyingKey,
  type KeyClass,
  makeDevelopmentKey,
  verifierInput,
} from "../../../src/proof/keys/index.js";
import { type SolidityProof, toSolidityProof, wasmProver } from "../../../src/proof/prover/index.js";
import { compileInProcess } from "../../../src/solc/index.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";
import { makeCeremonyKey } from "./ceremony.js";
import { construct, deployedVerifier } from "./evm-verifier.js";

const folder = await scratchFolder();
const { r1csFile, wasmFile } = await compileTestCircuit(folder, "multiplier");
const zkeyFile = join(folder, "multiplier.zkey");
await makeDevelopmentKey({ r1csFile, zkeyFile });
const verifyingKey = await exportVerifyingKey(zkeyFile);
const source = await exportVerifierContract({ zkeyFile, contractName: "MultiplierVerifier" });

const proofs = new Map<string, ReturnType<typeof wasmProver.prove>>();
function proofOf(key: string, input: Record<string, bigint>) {
  const known = proofs.get(key) ?? wasmProver.prove({ wasmFile, zkeyFile: key, input });
  proofs.set(key, known);
  return known;
}

describe("exportVerifierContract", () => {
  it("makes a contract that accepts the prover's proofs and no other, T06", async () => {
    const input = { first: 3n, second: 5n, secret: 7n };
    const { proof, publicSignals } = await proofOf(zkeyFile, input);
    const verify = await deployedVerifier(source, "MultiplierVerifier");
    const solidityProof = toSolidityProof(proof);
    expect(await verify(solidityProof, publicSignals)).toBe(true);
    for (const index of publicSignals.keys()) {
      const changed = (change: bigint) =>
        publicSignals.map((signal, i) => (i === index ? signal + change : signal));
      expect(await verify(solidityProof, changed(1n))).toBe(false);
      expect(await verify(solidityProof, changed(FIELD_ORDER))).toBe(false);
    }
    expect(await verify({ ...solidityProof, c: solidityProof.a }, publicSignals)).toBe(false);
    // Beyond q, and modulo q the same negative.
    const [ax, ay] = solidityProof.a;
    const beyond: [bigint, bigint] = [ax, ((2n ** 256n + ay) % BASE_FIELD_ORDER) + BASE_FIELD_ORDER];
    expect((BASE_FIELD_ORDER - beyond[1] + 2n ** 256n) % BASE_FIELD_ORDER).toBe(BASE_FIELD_ORDER - ay);
    expect(await verify({ ...solidityProof, a: beyond }, publicSignals)).toBe(false);
    const [x, y] = solidityProof.b;
    const unswapped = {
      ...solidityProof,
      b: [
        [x[1], x[0]],
        [y[1], y[0]],
      ] as SolidityProof["b"],
    };
    expect(await verify(unswapped, publicSignals)).toBe(false);
  });

  it("T07, T18: makes one that refuses, built and asked, on chains that the class of its key has no place on", async () => {
    const input = { first: 3n, second: 5n, secret: 7n };
    const { finalZkey } = await makeCeremonyKey(folder, r1csFile);
    const local = [31337, 1337];
    const classes: [key: string, keyClass: KeyClass | undefined, error: string, chains: number[] | "all"][] =
      [
        [zkeyFile, undefined, "DevelopmentVerifierOffLocalChain", local],
        // No word of the caller raises the class of a development key.
        [zkeyFile, "production", "DevelopmentVerifierOffLocalChain", local],
        [finalZkey, undefined, "TestVerifierOffTestChain", [...local, 11155111, 560048]],

        [finalZkey, "production", "none", "all"],
      ];
    for (const [key, keyClass, error, chains] of classes) {
      const options = { zkeyFile: key, contractName: "AnyVerifier" };
      const text = await exportVerifierContract(keyClass === undefined ? options : { ...options, keyClass });
      const { proof, publicSignals } = await proofOf(key, input);
      for (const chainId of [31337, 1337, 11155111, 560048, 1, 10]) {
        const allowed = chains === "all" || chains.includes(chainId);
        const expected = allowed ? true : { error, chainId: BigInt(chainId) };
        expect(await construct(text, "AnyVerifier", chainId)).toEqual(expected);
        const verify = await deployedVerifier(text, "AnyVerifier", chainId);
        expect(await verify(toSolidityProof(proof), publicSignals)).toEqual(expected);
      }
    }
  });

  it("warns in the source of what is no production key's verifier", async () => {
    const { finalZkey } = await makeCeremonyKey(folder, r1csFile);
    const sourceOf = (keyClass: KeyClass) =>
      exportVerifierContract({ zkeyFile: finalZkey, contractName: "RealVerifier", keyClass });
    expect(source).toContain("@notice Verifier of a development key");
    expect(await sourceOf("test")).toContain("@notice Verifier of a key that no ceremony was proven for");
    const real = await sourceOf("production");
    expect(real).not.toContain("@notice");
    expect(real).toContain("contract RealVerifier {");
  });

  it("refuses a name that is no contract's", async () => {
    for (const contractName of ["", "lower", "A B", "A{}contract B", "1A"]) {
      const exporting = exportVerifierContract({ zkeyFile, contractName });
      await expect(exporting).rejects.toMatchObject({ code: "key/bad-contract-name" });
    }
  });
});

describe("T07: the source", () => {
  const constantsOf = (text: string) =>
    new Map(
      [...text.matchAll(/uint256\s+constant\s+(\w+)\s*=\s*(\d+);/g)].map(([, name, value]) => [
        name!,
        value!,
      ]),
    );

  it("holds the constants of the verifying key, all of them, and no other ones", () => {
    const { vk_alpha_1: alpha, IC } = verifyingKey;
    const expected = new Map([
      ["r", `${FIELD_ORDER}`],
      ["q", `${BASE_FIELD_ORDER}`],
      ["alphax", alpha[0]],
      ["alphay", alpha[1]],
    ]);
    for (const name of ["beta", "gamma", "delta"] as const) {
      const [x, y] = verifyingKey[`vk_${name}_2`];
      // The EVM's pairing (EIP-197) takes the imaginary part first.
      for (const [axis, [real, imaginary]] of Object.entries({ x, y }))
        expected.set(`${name}${axis}1`, imaginary).set(`${name}${axis}2`, real);
    }
    for (const [index, [x, y]] of IC.entries()) expected.set(`IC${index}x`, x).set(`IC${index}y`, y);
    expect(constantsOf(source)).toEqual(expected);
    expect(source.match(/\bconstant\b/g)).toHaveLength(expected.size + 3);
  });

  it("is the same each time, and another one for another key", async () => {
    const again = await exportVerifierContract({ zkeyFile, contractName: "MultiplierVerifier" });
    expect(again).toBe(source);
    const { finalZkey } = await makeCeremonyKey(folder, r1csFile);
    const other = await exportVerifierContract({ zkeyFile: finalZkey, contractName: "MultiplierVerifier" });
    expect(constantsOf(other).get("deltax1")).not.toBe(constantsOf(source).get("deltax1"));
  });

  it("compiles to code that does not depend on what is compiled beside it", async () => {
    const { finalZkey } = await makeCeremonyKey(folder, r1csFile);
    const other = await exportVerifierContract({ zkeyFile: finalZkey, contractName: "OtherVerifier" });
    const codeOf = (sources: Record<string, string>) => {
      const output = compileInProcess(verifierInput(sources));
      const { creation, runtime } = parseArtifact(output, "MultiplierVerifier").template;
      return hexlify(creation) + hexlify(runtime);
    };
    const alone = codeOf({ MultiplierVerifier: source });
    expect(codeOf({ MultiplierVerifier: source, OtherVerifier: other })).toBe(alone);
  });
});
