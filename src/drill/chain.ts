import { JsonRpcProvider, type JsonRpcSigner } from "ethers";
import { type Anvil, startAnvil } from "./anvil.js";

/** A local chain whose clock and state the drill controls. */
export class DrillChain {
  private constructor(
    readonly anvil: Anvil,
    readonly provider: JsonRpcProvider,
    /** Accounts that the node holds the keys of. */
    readonly accounts: readonly JsonRpcSigner[],
  ) {}

  /** @param chainId a local one: development keys are refused elsewhere. */
  static async start(chainId = 31337): Promise<DrillChain> {
    const anvil = await startAnvil("cancun", chainId);
    const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
    return new DrillChain(anvil, provider, await provider.listAccounts());
  }

  async stop(): Promise<void> {
    this.provider.destroy();
    await this.anvil.stop();
  }

  /** Time of the newest block, seconds since the epoch. */
  async now(): Promise<bigint> {
    return BigInt((await this.provider.getBlock("latest"))!.timestamp);
  }

  /** Mines a block at `time`. */
  async travelTo(time: bigint): Promise<void> {
    await this.provider.send("evm_setNextBlockTimestamp", [Number(time)]);
    await this.provider.send("evm_mine", []);
  }

  /** Runs something on a copy of the present state, and comes back to that state. */
  async onSnapshot<T>(work: () => Promise<T>): Promise<T> {
    const snapshot = await this.provider.send("evm_snapshot", []);
    try {
      return await work();
    } finally {
      await this.provider.send("evm_revert", [snapshot]);
    }
  }
}
