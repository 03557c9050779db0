import { getBytes } from "ethers";
import { SealpatchError } from "../../errors.js";
import { lazily } from "../../lazily.js";
import { zod } from "../../zod.js";
import type { Environment, Hex } from "../format/index.js";
import { type AccountState, bytecode, type StateSource } from "../run/index.js";
import { address, bytes, hash, type Question, quantity, type RpcClient, toQuantity } from "./rpc.js";

const blockSchema = lazily(() =>
  zod.object({
    number: quantity(),
    hash: hash(),
    parentHash: hash(),
    timestamp: quantity(),
    miner: address(),
    gasLimit: quantity(),
    mixHash: quantity(),
    baseFeePerGas: quantity().optional(),
    parentBeaconBlockRoot: hash().nullish(),
    excessBlobGas: quantity().nullish(),
  }),
);

const feeHistorySchema = lazily(() => zod.object({ baseFeePerBlobGas: zod.array(quantity()).min(1) }));

/** What recording needs of a block's header. */
export interface Block {
  readonly chainId: bigint;
  readonly number: bigint;
  readonly hash: Hex;
  readonly parentHash: Hex;
  readonly timestamp: bigint;
  /** Root that EIP-4788 writes at the start of the block; absent before Cancun. */
  readonly parentBeaconBlockRoot: Hex | undefined;
  /** Surroundings of a call in this block, without gas price; the sender is the origin. */
  environment(from: Hex): Environment;
}

/**
 * Reads a block's header.
 * @param which number or hash; the newest block by default.
 * @throws SealpatchError `vectors/block-unknown`, and those of `RpcClient.ask`.
 */
export async function readBlock(rpc: RpcClient, which: bigint | Hex | "latest" = "latest"): Promise<Block> {
  const byHash = typeof which === "string" && which !== "latest";
  const method = byHash ? "eth_getBlockByHash" : "eth_getBlockByNumber";
  const params = [typeof which === "bigint" ? toQuantity(which) : which, false];
  const [header, chainId] = await rpc.ask(
    { method, params, answer: blockSchema().nullable() },
    { method: "eth_chainId", params: [], answer: quantity() },
  );
  if (header === null) {
    throw new SealpatchError("vectors/block-unknown", "the node does not have that block", {
      details: { block: which },
      why: "the chain does not have it yet, the node is not synchronised, or it serves another chain",
      remedy: "check the block number and the node's chain",
    });
  }
  // The price of blob gas follows from the header by a factor that changes from fork to fork: the node knows it.
  let blobBaseFee = 1n;
  if ((header.excessBlobGas ?? 0n) > 0n) {
    const [history] = await rpc.ask({
      method: "eth_feeHistory",
      params: ["0x1", toQuantity(header.number), []],
      answer: feeHistorySchema(),
    });
    blobBaseFee = history.baseFeePerBlobGas[0]!;
  }
  return {
    chainId,
    number: header.number,
    hash: header.hash,
    parentHash: header.parentHash,
    timestamp: header.timestamp,
    parentBeaconBlockRoot: header.parentBeaconBlockRoot ?? undefined,
    environment: (from) => ({
      timestamp: header.timestamp,
      number: header.number,
      chainId,
      coinbase: header.miner,
      prevRandao: header.mixHash,
      baseFee: header.baseFeePerGas ?? 0n,
      blobBaseFee,
      gasLimit: header.gasLimit,
      gasPrice: 0n,
      origin: from,
      blockHashes: [],
    }),
  };
}

/** Questions in one request: more of them some nodes refuse. */
const BATCH = 100;

/** State of a node after one block. */
export class NodeState implements StateSource {
  readonly #rpc: RpcClient;
  readonly #number: bigint;
  readonly #accounts = new Map<Hex, Promise<AccountState>>();
  readonly #slots = new Map<string, Promise<bigint>>();

  /** @param number of the block whose post-state is read. */
  constructor(rpc: RpcClient, number: bigint) {
    this.#rpc = rpc;
    this.#number = number;
  }

  account(address: Hex): Promise<AccountState> {
    return remembered(this.#accounts, address, async () => {
      const [balance, nonce, code] = await this.#rpc.ask(...this.#accountQuestions(address));
      return { balance, nonce, code: bytecode(getBytes(code)) };
    });
  }

  slot(address: Hex, slot: bigint): Promise<bigint> {
    return remembered(this.#slots, slotKey(address, slot), async () => {
      const [value] = await this.#rpc.ask(this.#slotQuestion(address, slot));
      return value;
    });
  }

  /**
   * Reads many accounts and slots in few requests, so that they need not be asked for one by one.
   * @throws SealpatchError as `RpcClient.ask` does; then nothing is remembered.
   */
  async load(places: readonly { readonly address: Hex; readonly slots: readonly bigint[] }[]): Promise<void> {
    const accounts = await this.#askMany(places.flatMap(({ address }) => this.#accountQuestions(address)));
    const slots = places.flatMap((place) => place.slots.map((slot) => ({ address: place.address, slot })));
    const values = await this.#askMany(slots.map(({ address, slot }) => this.#slotQuestion(address, slot)));
    for (const [index, { address }] of places.entries()) {
      const [balance, nonce, code] = accounts.slice(3 * index) as [bigint, bigint, Hex];
      this.#accounts.set(address, Promise.resolve({ balance, nonce, code: bytecode(getBytes(code)) }));
    }
    for (const [index, { address, slot }] of slots.entries()) {
      this.#slots.set(slotKey(address, slot), Promise.resolve(values[index] as bigint));
    }
  }

  async #askMany(questions: readonly Question[]): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (let first = 0; first < questions.length; first += BATCH) {
      answers.push(...(await this.#rpc.ask(...questions.slice(first, first + BATCH))));
    }
    return answers;
  }

  #accountQuestions(address: Hex) {
    const params = [address, toQuantity(this.#number)];
    return [
      { method: "eth_getBalance", params, answer: quantity() },
      { method: "eth_getTransactionCount", params, answer: quantity() },
      { method: "eth_getCode", params, answer: bytes() },
    ] as const;
  }

  #slotQuestion(address: Hex, slot: bigint) {
    const position = `0x${slot.toString(16).padStart(64, "0")}`;
    const params = [address, position, toQuantity(this.#number)];
    return { method: "eth_getStorageAt", params, answer: quantity() } as const;
  }
}

function slotKey(address: Hex, slot: bigint): string {
  return `${address} ${slot}`;
}

/** Hash of a block of the node's chain; 0 for one that it does not have (yet). */
export async function readBlockHash(rpc: RpcClient, number: bigint): Promise<bigint> {
  const params = [toQuantity(number), false];
  const answer = zod.object({ hash: quantity() }).nullable();
  const [block] = await rpc.ask({ method: "eth_getBlockByNumber", params, answer });
  return block?.hash ?? 0n;
}

function remembered<K, V>(map: Map<K, Promise<V>>, key: K, load: () => Promise<V>): Promise<V> {
  let value = map.get(key);
  if (value === undefined) {
    value = load();
    map.set(key, value);
  }
  return value;
}
