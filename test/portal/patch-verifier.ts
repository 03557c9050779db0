import { readFile } from "node:fs/promises";
import { createCustomCommon, Mainnet } from "@ethereumjs/common";
import { createEVM } from "@ethereumjs/evm";
import { Account, type Address, createAddressFromString, hexToBytes } from "@ethereumjs/util";
import { Interface } from "ethers";
import type { ShownOpening } from "../../src/patch/index.js";
import type { SolidityProof } from "../../src/proof/prover/index.js";
import { buildForgeFixture } from "../../tools/build/fixtures.js";

const abi = new Interface([
  "function verifyAttest(uint256[7] signals, tuple(uint256[2] a, uint256[2][2] b, uint256[2] c) proof) view returns (bool)",
  "function commitmentOf(tuple(uint256 codeDigest, uint256 layoutRoot, uint256 incidentRoot, uint256 callDigest, uint256 salt) opening) view returns (uint256)",
  "error PatchVerifierOutOfField(uint256 index, uint256 value)",
]);

/** The verifiers, the libraries of Poseidon, then what asks them. */
const PATCH_VERIFIER = 4;

const numbers = (texts: readonly string[]) => texts.map(BigInt);

/** The real proof, signals and opening of the fixture, with the PatchVerifier that it was scheduled under, in an EVM of its own. */
export async function recordedVerifier() {
  const recorded = JSON.parse(await readFile(await buildForgeFixture(), "utf8"));
  const evm = await createEVM({ common: createCustomCommon({ chainId: 31337 }, Mainnet) });
  const deployed: Address[] = [];
  for (const { creator, nonce, account, initCode } of recorded.deployments) {
    const caller = createAddressFromString(creator.toLowerCase());
    await evm.stateManager.putAccount(caller, new Account(BigInt(nonce), 10n ** 20n));
    const { createdAddress } = await evm.runCall({
      caller,
      data: hexToBytes(initCode),
      gasLimit: 50_000_000n,
    });
    if (createdAddress === undefined || createdAddress.toString() !== account.toLowerCase())
      throw new Error(`${account} was not deployed again`);
    deployed.push(createdAddress);
  }
  /** The answer; undefined where it refuses a value that is not in the field. */
  const ask = async (name: "verifyAttest" | "commitmentOf", args: readonly unknown[]) => {
    const to = deployed[PATCH_VERIFIER]!;
    const data = hexToBytes(abi.encodeFunctionData(name, args) as `0x${string}`);
    const { execResult } = await evm.runCall({ to, data, gasLimit: 10_000_000n });
    if (execResult.exceptionError === undefined)
      return abi.decodeFunctionResult(name, execResult.returnValue)[0];
    const refusal = abi.parseError(execResult.returnValue);
    if (refusal?.name !== "PatchVerifierOutOfField")
      throw new Error("the verifier reverts with another error");
    return undefined;
  };
  const { a, b, c } = recorded.attest.proof;
  return {
    signals: numbers(recorded.attest.signals),
    proof: { a: numbers(a), b: b.map(numbers), c: numbers(c) } as unknown as SolidityProof,
    opening: Object.fromEntries(
      Object.entries(recorded.opening).map(([name, value]) => [name, BigInt(value as string)]),
    ) as unknown as ShownOpening,
    verifyAttest: async (signals: readonly bigint[], proof: SolidityProof): Promise<boolean> =>
      (await ask("verifyAttest", [signals, proof])) ?? false,
    commitmentOf: (opening: ShownOpening): Promise<bigint | undefined> => ask("commitmentOf", [opening]),
  };
}
