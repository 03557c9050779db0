import { createCustomCommon, Mainnet } from "@ethereumjs/common";
import { createEVM } from "@ethereumjs/evm";
import { createAddressFromString, hexToBytes } from "@ethereumjs/util";
import { hexlify, Interface } from "ethers";
import { expect } from "vitest";
import { VERIFIER_ERRORS } from "../../../src/proof/keys/index.js";
import type { SolidityProof } from "../../../src/proof/prover/index.js";
import { compileSolidity } from "../../../tools/solc.js";

const refusals = new Interface(VERIFIER_ERRORS);
const verifierOf = (signals: number) =>
  new Interface([
    `function verifyProof(uint256[2] a, uint256[2][2] b, uint256[2] c, uint256[${signals}] signals) view returns (bool)`,
  ]);

/** With which a verifier refuses a chain. */
export interface ChainRefusal {
  readonly error: string;
  readonly chainId: bigint;
}

function chainRefusal(data: Uint8Array): ChainRefusal {
  const { name, args } = refusals.parseError(hexlify(data))!;
  return { error: name, chainId: args[0] as bigint };
}

const compiledSources = new Map<string, ReturnType<typeof compileSolidity>>();

/** A contract, compiled, and an EVM of a chain. */
async function compiledOn(contractSource: string, contractName: string, chainId: number) {
  const known = compiledSources.get(contractSource);
  const compiled = known ?? compileSolidity({ sources: { "Verifier.sol": contractSource } });
  compiledSources.set(contractSource, compiled);
  const evm = await createEVM({ common: createCustomCommon({ chainId }, Mainnet) });
  const { bytecode, deployedBytecode } = compiled.contracts["Verifier.sol"]![contractName]!.evm;
  return { evm, bytecode: `0x${bytecode.object}`, deployedBytecode: `0x${deployedBytecode.object}` } as const;
}

/** Deploys a verifier. @returns whether there is code afterwards, or how its constructor refuses the chain. */
export async function construct(
  contractSource: string,
  contractName: string,
  chainId: number,
): Promise<boolean | ChainRefusal> {
  const { evm, bytecode } = await compiledOn(contractSource, contractName, chainId);
  const { execResult } = await evm.runCall({ data: hexToBytes(bytecode), gasLimit: 10_000_000n });
  if (execResult.exceptionError === undefined) return execResult.returnValue.length > 0;
  expect(execResult.exceptionError.error).toBe("revert");
  return chainRefusal(execResult.returnValue);
}

/** A verifier's code on a chain, etched. @returns what it says of a proof, or how it refuses the chain. */
export async function deployedVerifier(contractSource: string, contractName: string, chainId = 31337) {
  const { evm, deployedBytecode } = await compiledOn(contractSource, contractName, chainId);
  const address = createAddressFromString(`0x${"11".repeat(20)}`);
  await evm.stateManager.putCode(address, hexToBytes(deployedBytecode));
  return async (proof: SolidityProof, signals: readonly bigint[]): Promise<boolean | ChainRefusal> => {
    const verifier = verifierOf(signals.length);
    const data = verifier.encodeFunctionData("verifyProof", [proof.a, proof.b, proof.c, signals]);
    const { execResult } = await evm.runCall({
      to: address,
      data: hexToBytes(data as `0x${string}`),
      gasLimit: 10_000_000n,
    });
    if (execResult.exceptionError !== undefined) {
      expect(execResult.exceptionError.error).toBe("revert");
      return chainRefusal(execResult.returnValue);
    }
    return verifier.decodeFunctionResult("verifyProof", execResult.returnValue)[0] as boolean;
  };
}
