import { Contract } from "ethers";
import { proveKeyPackage } from "../../src/ceremony/index.js";
import { deployVerifier, providerOf } from "../../src/chain/index.js";
import { startAnvil } from "../../src/drill/index.js";
import { type BeaconChain, CIRCUIT_NAMES, type PinnedPowers } from "../../src/proof/index.js";
import { toSolidityProof, wasmProver } from "../../src/proof/prover/index.js";
import { CHECKED_CIRCUITS } from "../circuits/checked.js";

/**
 * Proves true statements with the keys of a package, and has them accepted by the verifier that is deployed on a chain with id 1.
 * @throws Error where a proof is not accepted, or is accepted for another public signal.
 */
export async function proveOnChain(
  folder: string,
  terms: {
    readonly powersOfTau: string;
    readonly pinned: readonly PinnedPowers[];
    readonly beaconChain: BeaconChain;
  },
): Promise<void> {
  const { manifest } = await proveKeyPackage(folder, terms);
  const anvil = await startAnvil("cancun", 1);
  const provider = providerOf(anvil.url);
  try {
    // Off local chains two blocks have to have a transaction: they come by themselves.
    await provider.send("evm_setIntervalMining", [1]);
    const deployed = await deployVerifier(await provider.getSigner(0), manifest);
    const address = await deployed.getAddress();
    for (const circuit of CIRCUIT_NAMES) {
      const input = CHECKED_CIRCUITS.find(({ name }) => name === circuit)!
        .inputs()
        .at(-1)!;
      const { wasm: wasmFile, zkey: zkeyFile } = manifest.circuits[circuit];
      const { proof, publicSignals } = await wasmProver.prove({ wasmFile, zkeyFile, input });
      const abi = [
        `function ${circuit}Verifier() view returns (address)`,
        "function verifyProof(uint256[2], uint256[2][2], uint256[2], uint256[7]) view returns (bool)",
      ];
      const verifier = await new Contract(address, abi, provider).getFunction(`${circuit}Verifier`)();
      const { a, b, c } = toSolidityProof(proof);
      const takes = new Contract(verifier, abi, provider).getFunction("verifyProof");
      const [first, ...others] = publicSignals;
      if (!(await takes(a, b, c, publicSignals))) throw new Error(`a proof of ${circuit} is not accepted`);
      if (await takes(a, b, c, [first! + 1n, ...others]))
        throw new Error(`${circuit} accepts a false statement`);
    }
  } finally {
    provider.destroy();
    await anvil.stop();
  }
}
