import { type Contract, type HDNodeWallet, type Signer, Wallet, ZeroAddress } from "ethers";
import { contractArtifact, deployContract, type SendTransaction, sendThroughSafe } from "../index.js";

/** A Safe whose owners sign at once. */
export interface DrillSafe {
  readonly address: string;
  readonly owners: readonly HDNodeWallet[];
  /** Sends with as many owners' signatures as the Safe asks for. */
  readonly send: SendTransaction;
}

/**
 * Deploys Safes as Safe publishes them: one singleton, and a proxy of its factory for each.
 * @param relay sends the Safes' transactions; it owns none of them.
 * @param sizes owners and threshold of each Safe. The owners' keys exist in memory alone.
 */
export async function deploySafes(
  relay: Signer,
  sizes: readonly { readonly owners: number; readonly threshold: number }[],
): Promise<DrillSafe[]> {
  const singleton = await deployContract(relay, { artifact: await contractArtifact("Safe") });
  const factory = await deployContract(relay, { artifact: await contractArtifact("SafeProxyFactory") });
  const safes: DrillSafe[] = [];
  for (const [nonce, size] of sizes.entries()) {
    const owners = Array.from({ length: size.owners }, () => Wallet.createRandom(relay.provider));
    const setup = singleton.interface.encodeFunctionData("setup", [
      owners.map(({ address }) => address),
      size.threshold,
      ZeroAddress,
      "0x",
      ZeroAddress,
      ZeroAddress,
      0,
      ZeroAddress,
    ]);
    const address = await create(factory, await singleton.getAddress(), setup, nonce);
    // Any owners will do: the last ones.
    const send = sendThroughSafe({ safe: address, owners: owners.slice(-size.threshold), relay });
    safes.push({ address, owners, send });
  }
  return safes;
}

async function create(factory: Contract, singleton: string, setup: string, nonce: number): Promise<string> {
  const createProxy = factory.getFunction("createProxyWithNonce");
  const address: string = await createProxy.staticCall(singleton, setup, nonce);
  await (await createProxy(singleton, setup, nonce)).wait();
  return address;
}
