import { getBytes, keccak256 } from "ethers";
import { z } from "zod";
import { SealpatchError } from "../errors.js";
import type { Environment, Hex } from "./schema.js";
import { type AccountState, bytecode, type StateSource } from "./state.js";

const TIMEOUT_MS = 60_000;

const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/)
  .transform((hex) => BigInt(hex));
const bytes = z
  .string()
  .regex(/^0x[0-9a-fA-F]*$/)
  .refine((hex) => hex.length % 2 === 0)
  .transform((hex) => hex.toLowerCase() as Hex);

const blockSchema = z.object({
  number: quantity,
  hash: quantity,
  timestamp: quantity,
  miner: bytes,
  gasLimit: quantity,
  mixHash: quantity,
  baseFeePerGas: quantity.optional(),
});

const answerSchema = z.object({
  id: z.number(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});

interface Request {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** The few questions that recording asks of a node, all of them about one block. */
export class NodeState implements StateSource {
  readonly #url: string;
  readonly #block: z.output<typeof blockSchema>;
  readonly #chainId: bigint;
  readonly #accounts = new Map<Hex, Promise<AccountState>>();
  readonly #slots = new Map<string, Promise<bigint>>();

  private constructor(url: string, block: z.output<typeof blockSchema>, chainId: bigint) {
    this.#url = url;
    this.#block = block;
    this.#chainId = chainId;
  }

  /**
   * @param block number of the block whose post-state is read; the newest one by default.
   * @throws SealpatchError `vectors/node-unreachable`, `vectors/node-refuses`, `vectors/node-answer`.
   */
  static async at(url: string, block?: bigint): Promise<NodeState> {
    const tag = block === undefined ? "latest" : toQuantity(block);
    const [header, chainId] = await ask(url, [
      { method: "eth_getBlockByNumber", params: [tag, false] },
      { method: "eth_chainId", params: [] },
    ]);
    return new NodeState(
      url,
      check(blockSchema, header, "eth_getBlockByNumber"),
      check(quantity, chainId, "eth_chainId"),
    );
  }

  /** Environment of a call that runs in this very block, as eth_call does; without gas price. */
  environment(from: Hex): Environment {
    const block = this.#block;
    return {
      timestamp: block.timestamp,
      number: block.number,
      chainId: this.#chainId,
      coinbase: block.miner,
      prevRandao: block.mixHash,
      baseFee: block.baseFeePerGas ?? 0n,
      blobBaseFee: 1n,
      gasLimit: block.gasLimit,
      gasPrice: 0n,
      origin: from,
      blockHashes: [],
    };
  }

  account(address: Hex): Promise<AccountState> {
    return remembered(this.#accounts, address, async () => {
      const params = [address, toQuantity(this.#block.number)];
      const [balance, nonce, code] = await ask(this.#url, [
        { method: "eth_getBalance", params },
        { method: "eth_getTransactionCount", params },
        { method: "eth_getCode", params },
      ]);
      const runtime = getBytes(check(bytes, code, "eth_getCode"));
      return {
        balance: check(quantity, balance, "eth_getBalance"),
        nonce: check(quantity, nonce, "eth_getTransactionCount"),
        code: bytecode(runtime, keccak256(runtime) as Hex),
      };
    });
  }

  slot(address: Hex, slot: bigint): Promise<bigint> {
    return remembered(this.#slots, `${address} ${slot}`, async () => {
      const position = `0x${slot.toString(16).padStart(64, "0")}`;
      const params = [address, position, toQuantity(this.#block.number)];
      const [value] = await ask(this.#url, [{ method: "eth_getStorageAt", params }]);
      return check(quantity, value, "eth_getStorageAt");
    });
  }

  /** Hash of a block of this chain; 0 for one that it does not have (yet). */
  async blockHash(number: bigint): Promise<bigint> {
    const [block] = await ask(this.#url, [
      { method: "eth_getBlockByNumber", params: [toQuantity(number), false] },
    ]);
    return check(blockSchema.nullable(), block, "eth_getBlockByNumber")?.hash ?? 0n;
  }
}

async function ask(url: string, requests: readonly Request[]): Promise<unknown[]> {
  const body = requests.map((request, id) => ({ jsonrpc: "2.0", id, ...request }));
  const methods = requests.map(({ method }) => method).join(", ");
  let answers: unknown;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    answers = await response.json();
  } catch {
    // Neither the URL nor the cause is repeated: node URLs carry access keys.
    throw new SealpatchError("vectors/node-unreachable", "the node does not answer", {
      details: { methods },
      remedy: "check the node's URL, and that it speaks JSON-RPC over HTTP",
    });
  }
  const list = check(z.array(answerSchema).length(requests.length), answers, methods);
  return requests.map(({ method }, id) => {
    const answer = list.find((candidate) => candidate.id === id);
    if (answer?.error !== undefined) {
      throw new SealpatchError("vectors/node-refuses", `the node refuses ${method}`, {
        details: { method },
        why: answer.error.message.slice(0, 200),
        remedy: "use an archive node where the block is old",
      });
    }
    return answer?.result;
  });
}

function check<T extends z.ZodType>(schema: T, value: unknown, method: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new SealpatchError("vectors/node-answer", `the node answers ${method} with something else`, {
    details: { method },
    why: "the answer has not the form that Ethereum's JSON-RPC gives it; the block may not exist",
    remedy: "check the block number, and that the node serves an Ethereum chain",
  });
}

function remembered<K, V>(map: Map<K, Promise<V>>, key: K, load: () => Promise<V>): Promise<V> {
  let value = map.get(key);
  if (value === undefined) {
    value = load();
    map.set(key, value);
  }
  return value;
}

function toQuantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}
