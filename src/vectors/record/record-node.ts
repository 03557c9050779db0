import { getBytes } from "ethers";
import type { z } from "zod";
import { SealpatchError } from "../../errors.js";
import { lazily } from "../../lazily.js";
import { HARDFORKS } from "../../networks.js";
import { zod } from "../../zod.js";
import type { Environment, Hardfork, Hex } from "../format/index.js";
import { type AccountState, bytecode, type StateSource } from "../run/index.js";
import { address, bytes, hash, quantity, type RpcClient, toQuantity } from "./rpc.js";

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
    withdrawalsRoot: hash().nullish(),
    parentBeaconBlockRoot: hash().nullish(),
    requestsHash: hash().nullish(),
    excessBlobGas: quantity().nullish(),
  }),
);

const feeHistorySchema = lazily(() => zod.object({ baseFeePerBlobGas: zod.array(quantity()).min(1) }));

/** What recording needs of a block's header. */
export interface Block {
  readonly number: bigint;
  readonly hash: Hex;
  readonly parentHash: Hex;
  readonly timestamp: bigint;
  /** Root that EIP-4788 writes at the start of the block; absent before Cancun. */
  readonly parentBeaconBlockRoot: Hex | undefined;
  /** The rules of the block, as far as its header or a known chain's schedule tells. */
  readonly hardfork: Hardfork;
  /** Surroundings of a call in this block, without gas price; the sender is the origin. */
  environment(from: Hex): Environment;
}

/**
 * Reads a block's header.
 * @param which number or hash; the newest block by default.
 * @throws SealpatchError `vectors/block-unknown`, `vectors/hardfork-unsupported`, and those of `RpcClient.ask`.
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
    number: header.number,
    hash: header.hash,
    parentHash: header.parentHash,
    timestamp: header.timestamp,
    parentBeaconBlockRoot: header.parentBeaconBlockRoot ?? undefined,
    hardfork: await hardforkOf(header, chainId),
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

/**
 * Rules of a block: of Ethereum's public chains by their schedule, of others by the fields that its header has. Osaka
 * adds none, so that there Prague is taken for it.
 */
async function hardforkOf(
  header: z.output<ReturnType<typeof blockSchema>>,
  chainId: bigint,
): Promise<Hardfork> {
  const { Common, Holesky, Hoodi, Mainnet, Sepolia } = await import("@ethereumjs/common");
  const chain = [Mainnet, Sepolia, Holesky, Hoodi].find((known) => BigInt(known.chainId) === chainId);
  if (chain === undefined) {
    if (header.requestsHash != null) return "prague";
    if (header.parentBeaconBlockRoot != null) return "cancun";
    return header.withdrawalsRoot != null ? "shanghai" : "paris";
  }
  const { number: blockNumber, timestamp } = header;
  const name = new Common({ chain }).getHardforkBy({ blockNumber, timestamp });
  // Forks that change nothing but the number of blobs.
  const rules = name.startsWith("bpo") ? "osaka" : name;
  if (Object.hasOwn(HARDFORKS, rules)) return rules as Hardfork;
  throw new SealpatchError(
    "vectors/hardfork-unsupported",
    "the block is older than what a vector can run under",
    {
      details: { block: blockNumber, hardfork: rules },
      why: "vectors run under the rules since the Merge",
      remedy: "record from a block after the Merge",
    },
  );
}

/** State of a node after one block, and the hashes of the blocks of its chain. */
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
      const params = [address, toQuantity(this.#number)];
      const [balance, nonce, code] = await this.#rpc.ask(
        { method: "eth_getBalance", params, answer: quantity() },
        { method: "eth_getTransactionCount", params, answer: quantity() },
        { method: "eth_getCode", params, answer: bytes() },
      );
      return { balance, nonce, code: bytecode(getBytes(code)) };
    });
  }

  slot(address: Hex, slot: bigint): Promise<bigint> {
    return remembered(this.#slots, `${address} ${slot}`, async () => {
      const position = `0x${slot.toString(16).padStart(64, "0")}`;
      const params = [address, position, toQuantity(this.#number)];
      const [value] = await this.#rpc.ask({ method: "eth_getStorageAt", params, answer: quantity() });
      return value;
    });
  }
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
