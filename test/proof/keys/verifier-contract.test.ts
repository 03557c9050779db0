import { join } from "node:path";
import { createEVM } from "@ethereumjs/evm";
import { createAddressFromString, hexToBytes } from "@ethereumjs/util";
import { Interface } from "ethers";
import { describe, expect, it } from "vitest";
import { FIELD_ORDER } from "../../../src/field/index.js";
import {
  checkVerifierContract,
  exportVerifierContract,
  exportVerifyingKey,
  makeDevelopmentKey,
} from "../../../src/proof/keys/index.js";
import { type SolidityProof, toSolidityProof, wasmProver } from "../../../src/proof/prover/index.js";
import { compileSolidity } from "../../../tools/solc.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";
import { makeCeremonyKey } from "./ceremony.js";

const folder = await scratchFolder();
const { r1csFile, wasmFile } = await compileTestCircuit(folder, "multiplier");
const zkeyFile = join(folder, "multiplier.zkey");
await makeDevelopmentKey({ r1csFile, zkeyFile });
const verifyingKey = await exportVerifyingKey(zkeyFile);
const source = await exportVerifierContract({ zkeyFile, contractName: "MultiplierVerifier" });

const verifier = new Interface([
  "function verifyProof(uint256[2] a, uint256[2][2] b, uint256[2] c, uint256[3] signals) view returns (bool)",
]);

async function deployedVerifier(contractSource: string, contractName: string) {
  const compiled = compileSolidity({ sources: { "Verifier.sol": contractSource } });
  const evm = await createEVM();
  const address = createAddressFromString(`0x${"11".repeat(20)}`);
  const code = compiled.contracts["Verifier.sol"]![contractName]!.evm.deployedBytecode.object;
  await evm.stateManager.putCode(address, hexToBytes(`0x${code}`));
  return async (proof: SolidityProof, signals: readonly bigint[]): Promise<boolean> => {
    const data = verifier.encodeFunctionData("verifyProof", [proof.a, proof.b, proof.c, signals]);
    const { execResult } = await evm.runCall({
      to: address,
      data: hexToBytes(data as `0x${string}`),
      gasLimit: 10_000_000n,
    });
    expect(execResult.exceptionError).toBeUndefined();
    return verifier.decodeFunctionResult("verifyProof", execResult.returnValue)[0] as boolean;
  };
}

describe("exportVerifierContract", () => {
  it("makes a contract that accepts the prover's proofs and no other, T06", async () => {
    const input = { first: 3n, second: 5n, secret: 7n };
    const { proof, publicSignals } = await wasmProver.prove({ wasmFile, zkeyFile, input });
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

  it("warns in the source of a development key's verifier, and only there", async () => {
    expect(source).toContain("Verifier of a development key");
    const { finalZkey } = await makeCeremonyKey(folder, r1csFile);
    const real = await exportVerifierContract({ zkeyFile: finalZkey, contractName: "RealVerifier" });
    expect(real).not.toContain("development key");
    expect(real).toContain("contract RealVerifier {");
    checkVerifierContract(real, await exportVerifyingKey(finalZkey));
  });

  it("refuses a name that is no contract's", async () => {
    for (const contractName of ["", "lower", "A B", "A{}contract B", "1A"]) {
      const exporting = exportVerifierContract({ zkeyFile, contractName });
      await expect(exporting).rejects.toMatchObject({ code: "key/bad-contract-name" });
    }
  });
});

describe("checkVerifierContract", () => {
  const constants = [...source.matchAll(/uint256\s+constant\s+(\w+)\s*=\s*(\d+);/g)];

  it("T07: refuses a change of any constant", () => {
    expect(constants).toHaveLength(2 + 2 + 3 * 4 + 4 * 2);
    for (const [declaration, name, value] of constants) {
      const changed = source.replace(declaration, declaration.replace(value!, `${BigInt(value!) + 1n}`));
      expect(changed).not.toBe(source);
      expect(() => checkVerifierContract(changed, verifyingKey)).toThrowError(
        expect.objectContaining({ code: "key/verifier-mismatch", details: { constant: name } }),
      );
    }
  });

  it("T07: refuses constants that are missing, added, doubled, computed or hidden in comments", () => {
    const [declaration] = constants.find(([, name]) => name === "deltax1")!;
    const changes = {
      missing: source.replace(declaration, ""),
      added: source.replace(declaration, `${declaration} uint256 constant IC9x = 1;`),
      doubled: source.replace(declaration, `${declaration} ${declaration}`),
      computed: source.replace(declaration, declaration.replace(";", " + 0;")),
      commented: source.replace(declaration, `// ${declaration}\n`),
      blockCommented: source.replace(declaration, `/* ${declaration} */ uint256 constant deltax1 = 1;`),
    };
    for (const changed of Object.values(changes)) {
      expect(changed).not.toBe(source);
      expect(() => checkVerifierContract(changed, verifyingKey)).toThrowError(
        expect.objectContaining({ code: "key/verifier-mismatch" }),
      );
    }
  });

  it("refuses the contract of another key or another number of signals", async () => {
    const { finalZkey } = await makeCeremonyKey(folder, r1csFile);
    const other = await exportVerifyingKey(finalZkey);
    const refused = expect.objectContaining({ code: "key/verifier-mismatch" });
    expect(() => checkVerifierContract(source, other)).toThrowError(refused);
    const narrowed = source.replace("uint[3] calldata _pubSignals", "uint[2] calldata _pubSignals");
    expect(() => checkVerifierContract(narrowed, verifyingKey)).toThrowError(refused);
  });
});
