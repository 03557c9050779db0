import { createCustomCommon, Mainnet } from "@ethereumjs/common";
import { EVM, EVMError, NobleBN254 } from "@ethereumjs/evm";
import {
  Address,
  bigIntToBytes,
  bytesToBigInt,
  bytesToHex,
  hexToBytes,
  setLengthLeft,
} from "@ethereumjs/util";
import { pointEvaluation } from "../../point-evaluation.js";
import type { CallOutcome, Environment, Hardfork, Hex, VectorCall, VectorLog } from "../format/index.js";
import type { SequenceState } from "./state.js";
import { type BlockHashes, type ExecutionStep, StepLimitReached, type StepObserver } from "./steps.js";

/**
 * Gas of a call: the block's gas limit, at most this. Gas is not part of a vector's meaning, but it bounds what a
 * step may cost; no transaction on Ethereum's main network may use more than 2^24 since EIP-7825.
 */
const CALL_GAS = 30_000_000n;

/** How the EVM names that a frame ran out of gas: while it ran, or when it had to pay for the code that it made. */
const OUT_OF_GAS: ReadonlySet<string | undefined> = new Set([
  EVMError.errorMessages.OUT_OF_GAS,
  EVMError.errorMessages.CODESTORE_OUT_OF_GAS,
]);

/**
 * An EVM that runs a sequence of calls over a state, each call a transaction of its own: nonce and value are checked
 * and moved, access lists and transient storage are fresh, destroyed and empty accounts are removed at its end.
 * Fees are not charged, the coinbase is not paid, intrinsic gas is not taken.
 */
export class SequenceMachine {
  readonly #evm: CountingEVM;
  readonly #state: SequenceState;
  readonly #gasDivisor: bigint;
  #blockHashes: BlockHashes = async () => 0n;

  /** @param rules with the instructions that everything run on this machine may execute together, and whether calls have half of their gas. */
  constructor(
    state: SequenceState,
    rules: { hardfork: Hardfork; chainId: bigint; stepLimit: number; halfGas?: boolean },
    onStep?: StepObserver,
  ) {
    this.#state = state;
    this.#gasDivisor = rules.halfGas === true ? 2n : 1n;
    const common = createCustomCommon({ chainId: rules.chainId.toString() }, Mainnet, {
      hardfork: rules.hardfork,
      customCrypto: { kzg: pointEvaluation },
    });
    const blockHashes: BlockHashes = (number) => this.#blockHashes(number);
    this.#evm = new CountingEVM(state, common, rules.stepLimit, blockHashes, onStep);
  }

  /** Instructions executed so far. */
  get steps(): number {
    return this.#evm.steps;
  }

  /** Frames so far that ran out of gas, whatever their callers made of it. */
  get starvedFrames(): number {
    return this.#evm.starvedFrames;
  }

  /**
   * Runs one call as a transaction and says what it did.
   * @param blockHashes answers BLOCKHASH during this call.
   * @throws StepLimitReached when the steps are used up; the state must not be used afterwards.
   */
  async transact(call: VectorCall, blockHashes: BlockHashes): Promise<CallOutcome> {
    const sender = await this.#state.account(call.from);
    if (sender.balance < call.value) {
      // runCall would throw for a creation and fail for a call: here both are one failed transaction.
      await this.#state.modifyAccountFields(addressOf(call.from), { nonce: sender.nonce + 1n });
      return { success: false, returnData: "0x", logs: [] };
    }
    return this.#run(call, call.to === null ? {} : { to: addressOf(call.to) }, blockHashes);
  }

  /**
   * Runs `code` in the storage and at the address of `subject`, as a proxy's DELEGATECALL does, without value and
   * without moving the caller's nonce: the migration call of an upgrade.
   * @param migration.gas of the call; that of any call unless given.
   * @throws StepLimitReached as `transact` does.
   */
  async delegate(
    migration: { subject: Hex; code: Uint8Array; caller: Hex; data: Hex; gas?: bigint },
    environment: Environment,
    blockHashes: BlockHashes,
  ): Promise<CallOutcome> {
    const { subject, code, caller, data, gas } = migration;
    return this.#run(
      { from: caller, to: subject, data, value: 0n, environment },
      {
        to: addressOf(subject),
        code,
        delegatecall: true,
        skipNonceIncrement: true,
        ...(gas === undefined ? {} : { gasLimit: gas }),
      },
      blockHashes,
    );
  }

  async #run(
    call: VectorCall,
    target: {
      to?: Address;
      code?: Uint8Array;
      delegatecall?: boolean;
      skipNonceIncrement?: boolean;
      gasLimit?: bigint;
    },
    blockHashes: BlockHashes,
  ): Promise<CallOutcome> {
    const evm = this.#evm;
    const { environment } = call;
    this.#blockHashes = blockHashes;
    this.#warmUp(call);
    const { execResult: result } = await evm.runCall({
      gasLimit: (environment.gasLimit < CALL_GAS ? environment.gasLimit : CALL_GAS) / this.#gasDivisor,
      ...target,
      block: { header: headerOf(environment) },
      caller: addressOf(call.from),
      origin: addressOf(environment.origin),
      gasPrice: environment.gasPrice,
      data: hexToBytes(call.data),
      value: call.value,
    });

    // EIP-6780: since Cancun only what the same transaction created is destroyed.
    const onlyCreated = evm.common.isActivatedEIP(6780);
    for (const address of result.selfdestruct?.keys() ?? []) {
      if (onlyCreated && !result.createdAddresses?.has(address)) continue;
      await evm.journal.deleteAccount(addressOf(address));
    }
    await evm.journal.cleanup();
    this.#state.originalStorageCache.clear();

    const success = result.exceptionError === undefined;
    // What a creation returns is its account's code, which stands among the changed accounts.
    const returnData = success && call.to === null ? "0x" : bytesToHex(result.returnValue);
    return { success, returnData, logs: (result.logs ?? []).map(toVectorLog) };
  }

  /** Addresses that are warm from the start (EIP-2929; the coinbase by EIP-3651). */
  #warmUp(call: VectorCall): void {
    const { journal, precompiles, common } = this.#evm;
    for (const address of precompiles.keys()) journal.addAlwaysWarmAddress(address);
    journal.addAlwaysWarmAddress(call.from);
    if (call.to !== null) journal.addAlwaysWarmAddress(call.to);
    if (common.isActivatedEIP(3651)) journal.addAlwaysWarmAddress(call.environment.coinbase);
  }
}

/**
 * Counts instructions where they are executed. The EVM's own `step` event would do, but it copies the stack and the
 * whole memory at every step, so that the cost of one step would be unbounded.
 */
class CountingEVM extends EVM {
  steps = 0;
  starvedFrames = 0;

  constructor(
    state: SequenceState,
    common: ReturnType<typeof createCustomCommon>,
    stepLimit: number,
    blockHashes: BlockHashes,
    onStep: StepObserver | undefined,
  ) {
    super({
      common,
      stateManager: state,
      bn254: new NobleBN254(),
      blockchain: {
        getBlock: async (number) => {
          const hash = setLengthLeft(bigIntToBytes(await blockHashes(BigInt(number))), 32);
          return { hash: () => hash };
        },
        putBlock: async () => {},
        shallowCopy() {
          return this;
        },
      },
    });
    this.events.on("afterMessage", ({ execResult }) => {
      if (OUT_OF_GAS.has(execResult.exceptionError?.error)) this.starvedFrames += 1;
    });
    this._opcodeMap = this._opcodeMap.map((entry) => ({
      ...entry,
      opHandler: (runState, rules) => {
        this.steps += 1;
        if (this.steps > stepLimit) throw new StepLimitReached();
        onStep?.(stepOf(runState));
        return entry.opHandler(runState, rules);
      },
    }));
  }
}

type RunState = Parameters<EVM["_opcodeMap"][number]["opHandler"]>[0];

function stepOf({ env, opCode, programCounter, stack, memory }: RunState): ExecutionStep {
  return {
    // Init code has no account of its own yet, although the type says so.
    codeAddress: ((env.codeAddress as Address | undefined) ?? env.address).toString(),
    // The interpreter has moved on to the next byte before it calls a handler.
    programCounter: programCounter - 1,
    opcode: opCode,
    calldata: env.callData,
    stack: (count) => stack.peek(count),
    memory: (offset, length) => memory.read(Number(offset), Number(length)),
  };
}

function headerOf(environment: Environment) {
  return {
    number: environment.number,
    timestamp: environment.timestamp,
    coinbase: addressOf(environment.coinbase),
    difficulty: 0n,
    prevRandao: setLengthLeft(bigIntToBytes(environment.prevRandao), 32),
    gasLimit: environment.gasLimit,
    baseFeePerGas: environment.baseFee,
    getBlobGasPrice: () => environment.blobBaseFee,
  };
}

function toVectorLog([address, topics, data]: [Uint8Array, Uint8Array[], Uint8Array]): VectorLog {
  return {
    address: bytesToHex(address),
    topics: topics.map((topic) => bytesToBigInt(topic)),
    data: bytesToHex(data),
  };
}

function addressOf(hex: Hex): Address {
  return new Address(hexToBytes(hex));
}
