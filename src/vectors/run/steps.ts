import type { Hex } from "../format/index.js";

/** Thrown through the interpreter when a sequence has used up its steps. */
export class StepLimitReached extends Error {}

/** An instruction that is about to be executed. */
export interface ExecutionStep {
  /** Account whose code runs: behind a proxy the implementation. */
  readonly codeAddress: Hex;
  readonly programCounter: number;
  readonly opcode: number;
  readonly calldata: Uint8Array;
  /** The `count` topmost words of the stack, the top first. */
  stack(count: number): readonly bigint[];
  /** Memory that the instruction reads and has paid for. */
  memory(offset: bigint, length: bigint): Uint8Array;
}

/** Sees every instruction of the calls, in order; what it does must not change the run. */
export type StepObserver = (step: ExecutionStep) => void;

/** Answers BLOCKHASH for a block number; 0 for a block that is not known. */
export type BlockHashes = (number: bigint) => Promise<bigint>;
