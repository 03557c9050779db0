import { createCustomCommon, Hardfork, Mainnet } from "@ethereumjs/common";
import { EVM, EVMError, EVMMockBlockchain, type EVMResult, type Message, NobleBN254 } from "@ethereumjs/evm";
import { SimpleStateManager } from "@ethereumjs/statemanager";
import { type Address, createAddressFromBigInt, createAddressFromString } from "@ethereumjs/util";
import { SealpatchError } from "../errors.js";
import { assertBytes } from "../field/index.js";
import { pointEvaluation } from "../point-evaluation.js";
import { checkAddress } from "./address.js";
import { assertCodeSize } from "./digest.js";
import { revertReason } from "./revert-reason.js";

/** What is deployed, and where. */
export interface DeployOptions {
  /** Creation code followed by the ABI-encoded constructor arguments, at most 49,152 bytes (EIP-3860). */
  initCode: Uint8Array;
  /** Where the contract will stand: immutables such as UUPS's `__self` hold it. */
  address: string;
  /** `msg.sender` of the constructor; with CREATE2, the deploying contract. */
  deployer?: string;
  chainId?: bigint;
  /** Rules of the chain; the latest that is final, unless given. */
  hardfork?: Hardfork;
  /** Wei sent to the constructor. */
  value?: bigint;
}

/** Everything that the options of a deployment may leave open. */
export const FIRST_SURROUNDINGS = surroundings(1n);
/** The same, all of it different. */
export const OTHER_SURROUNDINGS = surroundings(2n);

type Surroundings = ReturnType<typeof surroundings>;

function surroundings(variant: bigint) {
  const account = (number: bigint) => createAddressFromBigInt(variant * 0x1000n + number);
  return {
    chainId: variant,
    call: {
      caller: account(1n),
      origin: account(2n),
      gasPrice: variant,
      gasLimit: 100_000_000n * variant,
      block: {
        header: {
          number: 1_000n * variant,
          timestamp: 1_000_000n * variant,
          coinbase: account(3n),
          difficulty: 0n,
          prevRandao: new Uint8Array(32).fill(Number(variant)),
          gasLimit: 1_000_000_000n * variant,
          baseFeePerGas: variant,
          slotNumber: variant,
          getBlobGasPrice: () => variant,
        },
      },
    },
  };
}

/** Runs a constructor in an EVM. @returns the code that it leaves. @throws SealpatchError as `deployCode`. */
export async function runConstructor(
  options: DeployOptions,
  { chainId, call }: Surroundings,
): Promise<Uint8Array> {
  assertBytes(options.initCode, "init code");
  // The EVM takes the chain id as a number.
  assertBelow(BigInt(Number.MAX_SAFE_INTEGER) + 1n, options.chainId ?? 0n, "chain id");
  assertBelow(1n << 256n, options.value ?? 0n, "value");
  const evm = new ConstructorEvm(toAddress(options.address, "the contract"), {
    chainId: Number(options.chainId ?? chainId),
    hardfork: options.hardfork ?? Hardfork.Osaka,
  });
  const result = await evm.runCall({
    ...call,
    ...(options.deployer === undefined ? {} : { caller: toAddress(options.deployer, "the deployer") }),
    data: options.initCode,
    value: options.value ?? 0n,
    skipBalance: true,
  });
  assertCreated(result);
  const code = result.execResult.returnValue;
  assertCodeSize(code);
  return code;
}

function assertBelow(bound: bigint, value: bigint, name: string): void {
  if (typeof value === "bigint" && value >= 0n && value < bound) return;
  throw new SealpatchError("code/out-of-range", `the ${name} of the deployment is out of range`, {
    remedy: `give a bigint of at least 0 and below ${bound}`,
  });
}

function toAddress(address: string, what: string): Address {
  return createAddressFromString(checkAddress(address, what));
}

/** An EVM that creates its first contract at a chosen address, as CREATE2 would, whatever deployer and salt lead there. */
class ConstructorEvm extends EVM {
  readonly #address: Address;

  constructor(address: Address, chain: { chainId: number; hardfork: Hardfork }) {
    super({
      common: createCustomCommon({ chainId: chain.chainId }, Mainnet, {
        hardfork: chain.hardfork,
        customCrypto: { kzg: pointEvaluation },
      }),
      blockchain: new EVMMockBlockchain(),
      stateManager: new SimpleStateManager(),
      bn254: new NobleBN254(),
      // The size is checked afterwards, with an error that tells it.
      allowUnlimitedContractSize: true,
    });
    this.#address = address;
  }

  protected override async _generateAddress(message: Message): Promise<Address> {
    return message.depth === 0 ? this.#address : super._generateAddress(message);
  }
}

function assertCreated({ execResult }: EVMResult): void {
  const error = execResult.exceptionError?.error;
  const { REVERT, INITCODE_SIZE_VIOLATION, INVALID_BYTECODE_RESULT } = EVMError.errorMessages;
  switch (error) {
    case undefined:
      return;
    case REVERT: {
      const reason = revertReason(execResult.returnValue);
      throw new SealpatchError("code/constructor-reverted", `the constructor reverted: ${reason}`, {
        details: { reason },
        remedy:
          "check the constructor arguments and the value; a constructor that calls other contracts cannot run here",
      });
    }
    case INITCODE_SIZE_VIOLATION:
      throw new SealpatchError("code/init-code-too-large", "the init code is larger than EIP-3860 allows", {
        remedy: "make the contract or its constructor arguments smaller",
      });
    case INVALID_BYTECODE_RESULT:
      throw new SealpatchError("code/reserved-first-byte", "the deployed code would start with 0xEF", {
        why: "EIP-3541 reserves that byte",
        remedy: "check that the init code is EVM code of an ordinary contract",
      });
    default:
      throw new SealpatchError("code/constructor-failed", `the constructor failed: ${error}`, {
        details: { reason: error },
        remedy: "check that the init code is complete and that the hardfork knows all of its opcodes",
      });
  }
}
