import { getBytes, hexlify, toQuantity } from "ethers";
import { z } from "zod";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { codeDigestOf } from "../../src/vectors/format/digest.js";
import type {
  CodeUnderTest,
  Expectation,
  Hex,
  Vector,
  VectorCall,
  VectorSet,
} from "../../src/vectors/index.js";
import { changesOf, PRESTATE_DIFF_TRACER, prestateDiffSchema } from "../../src/vectors/record/prestate.js";
import { address, bytes, type Question, quantity, RpcClient } from "../../src/vectors/record/rpc.js";
import { isEmptyAccount, type StateSource } from "../../src/vectors/run/account.js";
import { normalizeCode, vectorSource, withCodeUnderTest } from "../../src/vectors/run/source.js";

const CREATE2_DEPLOYER: Hex = "0x4e59b44847b379578588920ca78fbf26c0b4956c";
const CALL_GAS = 30_000_000n;

type Frame = { error?: string | undefined; output: Hex; gasUsed: bigint; logs: Log[]; calls: Frame[] };
type Log = Expectation["calls"][number]["logs"][number] & { index: bigint };

const logSchema = z.object({
  address: address(),
  topics: z.array(quantity()),
  data: bytes().default("0x"),
  index: quantity(),
});
const frameSchema: z.ZodType<Frame> = z.lazy(() =>
  z.object({
    error: z.string().optional(),
    output: bytes().default("0x"),
    gasUsed: quantity(),
    logs: z.array(logSchema).default([]),
    calls: z.array(frameSchema).default([]),
  }),
);

/**
 * A second, independent EVM for vectors: anvil, one process per chain id and hardfork. Code and state are set, every
 * call is run in its own environment, what it changed is set for the next one and read back at the end. Two
 * things that anvil cannot be told are not supported: another price of blob gas than 1, and a migration call.
 */
export class AnvilEngine {
  readonly #chains = new Map<string, Promise<Chain>>();

  /** Outcome of a vector on a code; the step limit is not counted here. */
  async run(vector: Vector, codes: VectorSet["codes"], code: CodeUnderTest): Promise<Expectation> {
    if (code.migration !== undefined) throw new Error("anvil runs no migration call");
    const { chainId } = vector.calls[0]!.environment;
    const key = `${vector.hardfork} ${chainId}`;
    let chain = this.#chains.get(key);
    if (chain === undefined) {
      chain = Chain.start(vector.hardfork, chainId);
      this.#chains.set(key, chain);
    }
    return (await chain).run(vector, codes, normalizeCode(code));
  }

  async stop(): Promise<void> {
    for (const chain of this.#chains.values()) await (await chain).stop();
  }
}

class Chain {
  readonly #anvil: Anvil;
  readonly #rpc: RpcClient;

  private constructor(anvil: Anvil) {
    this.#anvil = anvil;
    this.#rpc = new RpcClient(anvil.url);
  }

  static async start(hardfork: Vector["hardfork"], chainId: bigint): Promise<Chain> {
    const chain = new Chain(await startAnvil(hardfork, Number(chainId)));
    const [accounts] = await chain.#rpc.ask({
      method: "eth_accounts",
      params: [],
      answer: z.array(address()),
    });
    // What a vector does not list is empty; anvil's own accounts are not.
    await chain.#set([...accounts, CREATE2_DEPLOYER].flatMap((account) => setAccount(account, EMPTY)));
    return chain;
  }

  stop(): Promise<void> {
    return this.#anvil.stop();
  }

  async run(vector: Vector, codes: VectorSet["codes"], under: CodeUnderTest): Promise<Expectation> {
    const snapshot = await this.#do("evm_snapshot", [], z.string());
    try {
      const before = withCodeUnderTest(vectorSource(vector, codes), vector, under);
      const touched = new Map<Hex, Set<bigint>>();
      for (const { address, storage } of vector.accounts) {
        touched.set(address, new Set(storage.map(({ slot }) => slot)));
      }
      if (vector.pointer !== null) {
        touched.get(vector.pointer.account)!.add(vector.pointer.slot);
        touched.set(under.address, new Set());
      }
      const settings: Question[] = [];
      for (const [address, slots] of touched) {
        const { balance, nonce, code } = await before.account(address);
        settings.push(...setAccount(address, { balance, nonce, code: hexlify(code.bytes) as Hex }));
        for (const slot of slots) settings.push(setSlot(address, slot, await before.slot(address, slot)));
      }
      await this.#set(settings);
      const calls: Expectation["calls"] = [];
      for (const call of vector.calls) calls.push(await this.#transact(call, touched));
      return { calls, ...(await this.#changes(before, touched, vector, under)) };
    } finally {
      await this.#do("evm_revert", [snapshot], z.literal(true));
    }
  }

  /** Runs one call as a transaction of its own and keeps what it changed. */
  async #transact(call: VectorCall, touched: Map<Hex, Set<bigint>>): Promise<Expectation["calls"][number]> {
    const { environment, from } = call;
    if (environment.blobBaseFee !== 1n) throw new Error("anvil's price of blob gas is 1");
    if (environment.origin !== from) throw new Error("anvil's origin is the sender");
    const balance = await this.#do("eth_getBalance", [from, "latest"], quantity());
    touch(touched, from);
    if (balance < call.value) {
      // The chain would not take such a transaction at all; to a vector it is a failed one.
      const nonce = await this.#do("eth_getTransactionCount", [from, "latest"], quantity());
      await this.#do("anvil_setNonce", [from, toQuantity(nonce + 1n)]);
      return { success: false, returnData: "0x", logs: [] };
    }
    // The gas of a vector's call is what is left after the transaction's own, and it costs nothing: the sender is given
    // what the chain takes, before the call, and everything that fees have moved is moved back afterwards.
    const callGas = environment.gasLimit < CALL_GAS ? environment.gasLimit : CALL_GAS;
    const gas = callGas + intrinsicGas(call);
    const advance = gas * environment.gasPrice;
    await this.#do("anvil_setBalance", [from, toQuantity(balance + advance)]);
    const [frame, diff] = await this.#rpc.ask(
      {
        ...traced(call, gas, { tracer: "callTracer", tracerConfig: { withLog: true } }),
        answer: frameSchema,
      },
      { ...traced(call, gas, PRESTATE_DIFF_TRACER), answer: prestateDiffSchema() },
    );
    const settings: Question[] = [];
    for (const [address, change] of changesOf(diff)) {
      const slots = touch(touched, address);
      settings.push(...setAccount(address, change.destroyed ? EMPTY : change));
      if (change.destroyed) settings.push(...[...slots].map((slot) => setSlot(address, slot, 0n)));
      for (const [slot, value] of change.slots) {
        slots.add(slot);
        settings.push(setSlot(address, slot, value));
      }
    }
    await this.#set(settings);
    const { baseFee, gasPrice, coinbase } = environment;
    await this.#addBalance(from, frame.gasUsed * gasPrice - advance);
    if (gasPrice > baseFee) await this.#addBalance(coinbase, -frame.gasUsed * (gasPrice - baseFee));
    const success = frame.error === undefined;
    return { success, returnData: success && call.to === null ? "0x" : frame.output, logs: logsOf(frame) };
  }

  /** Reads the chain's state and compares it with the pre-state. */
  async #changes(
    before: StateSource,
    touched: ReadonlyMap<Hex, ReadonlySet<bigint>>,
    vector: Vector,
    under: CodeUnderTest,
  ): Promise<Omit<Expectation, "calls">> {
    const own = vector.pointer === null ? vector.subject : under.address;
    const accounts: Expectation["accounts"] = [];
    const slots: Expectation["slots"] = [];
    for (const [address, touchedSlots] of [...touched].sort(byKey)) {
      const [balance, nonce, code] = await this.#rpc.ask(
        { method: "eth_getBalance", params: [address, "latest"], answer: quantity() },
        { method: "eth_getTransactionCount", params: [address, "latest"], answer: quantity() },
        { method: "eth_getCode", params: [address, "latest"], answer: bytes() },
      );
      const old = await before.account(address);
      const runtime = getBytes(code);
      const destroyed = isEmptyAccount({ balance, nonce, code: { ...old.code, bytes: runtime } });
      const sameCode = Buffer.compare(runtime, old.code.bytes) === 0;
      if (balance !== old.balance || nonce !== old.nonce || !sameCode) {
        const codeDigest = runtime.length === 0 || address === own ? 0n : codeDigestOf(runtime);
        accounts.push({ address, destroyed, balance, nonce, codeDigest });
      }
      if (destroyed) continue;
      const positions = [...touchedSlots].sort((a, b) => (a < b ? -1 : 1));
      if (positions.length === 0) continue;
      const values = await this.#rpc.ask(
        ...positions.map((slot) => ({
          method: "eth_getStorageAt",
          params: [address, toQuantity(slot), "latest"],
          answer: quantity(),
        })),
      );
      for (const [index, slot] of positions.entries()) {
        const value = values[index]!;
        if (value !== (await before.slot(address, slot))) slots.push({ address, slot, value });
      }
    }
    return { accounts, slots };
  }

  async #addBalance(address: Hex, amount: bigint): Promise<void> {
    const balance = await this.#do("eth_getBalance", [address, "latest"], quantity());
    await this.#do("anvil_setBalance", [address, toQuantity(balance + amount)]);
  }

  /** Many settings in one request. */
  async #set(settings: readonly Question[]): Promise<void> {
    if (settings.length > 0) await this.#rpc.ask(...settings);
  }

  async #do<T extends z.ZodType = z.ZodUnknown>(
    method: string,
    params: readonly unknown[],
    answer: T = z.unknown() as unknown as T,
  ): Promise<z.output<T>> {
    const [result] = await this.#rpc.ask({ method, params, answer });
    return result as z.output<T>;
  }
}

const EMPTY = { balance: 0n, nonce: 0n, code: "0x" } as const;

function setting(method: string, ...params: readonly unknown[]): Question {
  return { method, params, answer: z.unknown() };
}

function setAccount(
  address: Hex,
  {
    balance,
    nonce,
    code,
  }: { balance?: bigint | undefined; nonce?: bigint | undefined; code?: Hex | undefined },
): Question[] {
  return [
    ...(balance === undefined ? [] : [setting("anvil_setBalance", address, toQuantity(balance))]),
    ...(code === undefined ? [] : [setting("anvil_setCode", address, code)]),
    ...(nonce === undefined ? [] : [setting("anvil_setNonce", address, toQuantity(nonce))]),
  ];
}

function setSlot(address: Hex, slot: bigint, value: bigint): Question {
  return setting("anvil_setStorageAt", address, word(slot), word(value));
}

function traced(call: VectorCall, gas: bigint, tracer: object) {
  const { environment, from, to, data, value } = call;
  const { number } = environment;
  const hashes = new Map(environment.blockHashes.map((block) => [block.number, block.hash]));
  const blockHash: Record<string, string> = {};
  for (let back = 1n; back <= 256n && back <= number; back++) {
    blockHash[(number - back).toString()] = word(hashes.get(number - back) ?? 0n);
  }
  const blockOverrides = {
    number: toQuantity(number),
    time: toQuantity(environment.timestamp),
    coinbase: environment.coinbase,
    random: word(environment.prevRandao),
    baseFee: toQuantity(environment.baseFee),
    gasLimit: toQuantity(environment.gasLimit),
    blockHash,
  };
  const transaction = {
    from,
    ...(to === null ? {} : { to }),
    data,
    value: toQuantity(value),
    gas: toQuantity(gas),
    gasPrice: toQuantity(environment.gasPrice),
  };
  return { method: "debug_traceCall", params: [transaction, "latest", { ...tracer, blockOverrides }] };
}

/** Yellow paper, appendix G, with EIP-2028, EIP-2 and EIP-3860. */
function intrinsicGas({ to, data }: VectorCall): bigint {
  const payload = getBytes(data);
  const bytesGas = payload.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0);
  const creation = to === null ? 32_000 + 2 * Math.ceil(payload.length / 32) : 0;
  return BigInt(21_000 + bytesGas + creation);
}

/** Logs in the order of emission; what a failed frame emitted is undone. */
function logsOf(frame: Frame): Expectation["calls"][number]["logs"] {
  const collect = ({ error, logs, calls }: Frame): Log[] =>
    error === undefined ? [...logs, ...calls.flatMap(collect)] : [];
  return collect(frame)
    .sort((a, b) => Number(a.index - b.index))
    .map(({ address, topics, data }) => ({ address, topics, data }));
}

function touch(touched: Map<Hex, Set<bigint>>, address: Hex): Set<bigint> {
  const slots = touched.get(address) ?? new Set();
  touched.set(address, slots);
  return slots;
}

function byKey([a]: [Hex, unknown], [b]: [Hex, unknown]): number {
  return a < b ? -1 : 1;
}

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, "0")}`;
}
