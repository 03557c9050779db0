import { Contract, type ContractRunner, Interface, type Provider, type Signer } from "ethers";
import { SealpatchError } from "../errors.js";
import { LOCAL_CHAIN_IDS } from "../networks.js";
import { contractArtifact, TIMELOCK_LIBRARIES } from "./artifacts.js";
import { explainedError } from "./errors.js";
import { type Mined, type SendTransaction, sendWith } from "./send.js";

/** How a transaction that shows a patch is kept from those who watch. */
export interface Privacy {
  /**
   * Sends it past the public mempool (T11): `sendWith(signer)` of a signer whose provider is a private relay, or
   * `sendThroughSafe` with such a signer as relay. It may be left out on local chains alone.
   */
  readonly privately?: SendTransaction;
}

/** A FastTrackTimelock's contract: calls by name, with typed errors. */
export class TimelockContract {
  readonly address: string;
  readonly interface: Interface;
  readonly #contract: Contract;
  readonly #sender: SendTransaction | undefined;

  private constructor(address: string, abi: Interface, runner: ContractRunner, sender?: SendTransaction) {
    this.address = address;
    this.interface = abi;
    this.#contract = new Contract(address, abi, runner);
    this.#sender = sender;
  }

  static async at(address: string, runner: ContractRunner): Promise<TimelockContract> {
    const { abi } = await contractArtifact("FastTrackTimelock");
    // The errors of what it calls pass through the timelock.
    const called = await Promise.all(
      ["PatchVerifier", "AttestVerifier", ...TIMELOCK_LIBRARIES].map((name) => contractArtifact(name)),
    );
    const errors = called.flatMap((artifact) => artifact.abi.filter(({ type }) => type === "error"));
    return new TimelockContract(address, new Interface([...abi, ...errors]), runner);
  }

  /** The same contract for another account. */
  as(runner: ContractRunner): TimelockContract {
    return new TimelockContract(this.address, this.interface, runner);
  }

  /** The same contract, written to in another way. */
  through(sender: SendTransaction): TimelockContract {
    return new TimelockContract(this.address, this.interface, this.#contract.runner!, sender);
  }

  get provider(): Provider {
    return this.#contract.runner!.provider!;
  }

  /** What a view returns. @throws SealpatchError `chain/reverted`, `chain/unreachable`, `chain/rejected`. */
  async read<T>(name: string, ...values: readonly unknown[]): Promise<T> {
    try {
      return await this.#contract.getFunction(name).staticCall(...values);
    } catch (error) {
      throw explainedError(error, this.interface, `reading ${name}`);
    }
  }

  /** @throws SealpatchError `chain/reverted`, `chain/unreachable`, `chain/rejected`, `chain/failed`, and those of the sender. */
  async send(name: string, values: readonly unknown[], sender?: SendTransaction): Promise<Mined> {
    try {
      const transaction = await this.#contract.getFunction(name).populateTransaction(...values);
      return await (sender ?? this.#sender ?? sendWith(this.#contract.runner as Signer))(transaction);
    } catch (error) {
      throw explainedError(error, this.interface, name.split("(")[0]!);
    }
  }

  /**
   * Sends what must not be seen before it is mined.
   * @throws SealpatchError `chain/public-mempool` off local chains where nothing says how to keep it private, and as `send`.
   */
  async sendPrivately(name: string, values: readonly unknown[], { privately }: Privacy): Promise<Mined> {
    if (privately === undefined) await this.#assertLocal();
    return this.send(name, values, privately);
  }

  async #assertLocal(): Promise<void> {
    const chainId = (await this.#contract.runner?.provider?.getNetwork().catch(() => undefined))?.chainId;
    if (chainId !== undefined && LOCAL_CHAIN_IDS.has(chainId)) return;
    throw new SealpatchError("chain/public-mempool", "an execution must not go through the public mempool", {
      details: { chainId: chainId ?? null },
      why: "the transaction shows the patch, and with it the bug, before it is mined",
      remedy: "give a private relay",
    });
  }
}
