import { Contract, type ContractRunner, Interface, type Provider, type Signer } from "ethers";
import { checkAddress } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { LOCAL_CHAIN_IDS } from "../networks.js";
import { VERIFIER_ERRORS } from "../proof/keys/index.js";
import { contractArtifact, TIMELOCK_LIBRARIES } from "./artifacts.js";
import { decodedWholly } from "./decoded.js";
import { explainedError } from "./errors.js";
import { asked, nodeChainId } from "./node.js";
import { type Mined, type SendTransaction, sendWith } from "./send.js";
import type { ContractCall } from "./types.js";

/** How a transaction that shows a patch reaches the chain. Off local chains one of the two has to be chosen. */
export type Route =
  | {
      /**
       * Past the public mempool (T11): `sendWith(signer, { outlet })` of a private relay or a sequencer's own endpoint, or
       * `sendThroughSafe` with a signer whose provider is one. Only that endpoint sees the transaction before it is mined.
       */
      readonly relay: SendTransaction;
      readonly public?: never;
    }
  | {
      /**
       * By the public mempool. Everybody sees init code, migration and the opening of their part of the commitment before they
       * are mined: the patch, and by comparison with the running code the bug, while the bug can still be used. Where the
       * transaction is not mined in the end, the patch is out and not installed.
       */
      readonly public: true;
      readonly relay?: never;
    };

let known: Interface | undefined;

/**
 * Functions, events and errors of a FastTrackTimelock as this package has it, with the errors of what it calls; read once.
 * @throws SealpatchError `proof/not-built`.
 */
export async function timelockInterface(): Promise<Interface> {
  known ??= await readInterface();
  return known;
}

async function readInterface(): Promise<Interface> {
  const { abi } = await contractArtifact("FastTrackTimelock");
  // The errors of what it calls pass through the timelock.
  const called = await Promise.all(
    ["PatchVerifier", ...TIMELOCK_LIBRARIES].map((name) => contractArtifact(name)),
  );
  const errors = called.flatMap((artifact) => artifact.abi.filter(({ type }) => type === "error"));
  return new Interface([...abi, ...errors, ...VERIFIER_ERRORS]);
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
    const abi = await timelockInterface();
    // A name would be resolved by the node at each call, and stand in targets and calls as it is.
    const checked = checkAddress(address, "the timelock");
    return new TimelockContract(checked, abi, runner);
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

  /** What a view returns. @throws SealpatchError as `asked` does. */
  async read<T>(name: string, ...values: readonly unknown[]): Promise<T> {
    return this.readAt("latest", name, ...values);
  }

  /** What a view returns at the end of a block. @throws SealpatchError as `asked` does. */
  async readAt<T>(block: number | "latest", name: string, ...values: readonly unknown[]): Promise<T> {
    const action = `reading ${name}`;
    const view = this.#contract.getFunction(name);
    try {
      const result: T = await asked(action, () => view.staticCall(...values, { blockTag: block }));
      return decodedWholly(result, name);
    } catch (error) {
      throw explainedError(error, this.interface, action);
    }
  }

  /**
   * Runs a call as the runner's account, without sending anything. What it is called with is shown to the node.
   * @throws SealpatchError `chain/reverted`, and as `asked` does.
   */
  async trial(name: string, values: readonly unknown[]): Promise<void> {
    try {
      await asked(name, () => this.#contract.getFunction(name).staticCall(...values));
    } catch (error) {
      throw explainedError(error, this.interface, name);
    }
  }

  /** The same of a call that is encoded already. */
  async tryCall(call: { readonly to: string; readonly data: string; readonly from: string }): Promise<void> {
    try {
      await asked("trying the call", () => this.provider.call(call));
    } catch (error) {
      throw explainedError(error, this.interface, "the call");
    }
  }

  /** A call of a function, for whoever sends it. */
  call(name: string, values: readonly unknown[]): ContractCall {
    // Of functions of one name the one that takes these values, as sending chooses it.
    const fragment = this.interface.getFunction(name, [...values])!;
    return { target: this.address, data: this.interface.encodeFunctionData(fragment, values) };
  }

  /** @throws SealpatchError `chain/reverted`, `chain/unreachable`, `chain/rejected`, and those of the sender. */
  async send(name: string, values: readonly unknown[], sender?: SendTransaction): Promise<Mined> {
    try {
      const transaction = await this.#contract.getFunction(name).populateTransaction(...values);
      return await (sender ?? this.#sender ?? sendWith(this.#contract.runner as Signer))(transaction);
    } catch (error) {
      throw explainedError(error, this.interface, name.split("(")[0]!);
    }
  }

  /**
   * Sends what shows a patch before it is mined.
   * @throws SealpatchError `chain/public-mempool` off local chains where nobody chose a route, and as `send`.
   */
  async sendBy(route: Route | undefined, name: string, values: readonly unknown[]): Promise<Mined> {
    await assertRoute(this.provider, route);
    return this.send(name, values, route?.relay);
  }
}

/**
 * Checks that somebody chose how a transaction reaches the chain which shows something before it is mined; on local chains nobody has to.
 * @param shows what the public mempool shows of it, in words.
 * @throws SealpatchError `chain/public-mempool`.
 */
export async function assertRoute(
  provider: Provider,
  route: Partial<Route> | undefined,
  shows = "the patch, and with it the bug",
): Promise<void> {
  if (route?.relay !== undefined || route?.public === true) return;
  // Silence is no: a node that does not say which chain it serves serves none of ours.
  const chainId = await nodeChainId(provider).catch(() => undefined);
  if (chainId !== undefined && LOCAL_CHAIN_IDS.has(chainId)) return;
  throw new SealpatchError("chain/public-mempool", "nobody chose how the transaction reaches the chain", {
    details: { chainId: chainId ?? null },
    why: `before it is mined, the public mempool shows ${shows}`,
    remedy: "give a private relay as `relay`, or say `public: true` where everybody may see that",
  });
}
