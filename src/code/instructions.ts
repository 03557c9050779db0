import { assertBytes } from "../field/index.js";

/** Opcodes by which code is taken apart. */
export const OPCODES = {
  STOP: 0x00,
  JUMP: 0x56,
  JUMPI: 0x57,
  JUMPDEST: 0x5b,
  PUSH1: 0x60,
  PUSH32: 0x7f,
  CALLCODE: 0xf2,
  RETURN: 0xf3,
  DELEGATECALL: 0xf4,
  REVERT: 0xfd,
  INVALID: 0xfe,
  SELFDESTRUCT: 0xff,
} as const;

/** An instruction at its byte offset. */
export interface Instruction {
  readonly offset: number;
  readonly opcode: number;
}

/** Bytes behind an opcode that are its operand: 1 to 32 behind PUSH1 to PUSH32. */
export function operandBytes(opcode: number): number {
  return OPCODES.PUSH1 <= opcode && opcode <= OPCODES.PUSH32 ? opcode - OPCODES.PUSH1 + 1 : 0;
}

/**
 * The instructions of code as the EVM tells opcodes from operands: from the first byte to the last, data behind it too.
 * @throws SealpatchError `field/not-bytes`.
 */
export function* instructionsOf(code: Uint8Array): Generator<Instruction> {
  assertBytes(code, "code");
  for (let offset = 0; offset < code.length; offset += 1 + operandBytes(code[offset]!))
    yield { offset, opcode: code[offset]! };
}

/** What no code runs past. */
const ENDS: ReadonlySet<number> = new Set([
  ...[OPCODES.STOP, OPCODES.JUMP, OPCODES.RETURN, OPCODES.REVERT, OPCODES.INVALID, OPCODES.SELFDESTRUCT],
]);

/**
 * Every instruction that could run: from the start, and from each JUMPDEST, because a destination may be computed. Data
 * behind the code counts exactly where a JUMPDEST in it leads to it: nothing keeps code from jumping there. Opcodes of later
 * hardforks are taken to go on.
 * @throws SealpatchError `field/not-bytes`.
 */
export function* runnableInstructions(code: Uint8Array): Generator<Instruction> {
  let runs = true;
  for (const instruction of instructionsOf(code)) {
    const { opcode } = instruction;
    if (opcode === OPCODES.JUMPDEST) runs = true;
    if (!runs) continue;
    yield instruction;
    if (ENDS.has(opcode)) runs = false;
  }
}

/**
 * Where the metadata begins that solc puts behind runtime code: CBOR, whose length stands in the last two bytes. The length of
 * the code where there is none.
 * @throws SealpatchError `field/not-bytes`.
 */
export function metadataOffset(code: Uint8Array): number {
  assertBytes(code, "code");
  const [high, low] = code.subarray(-2);
  const start = code.length - 2 - (256 * (high ?? 0) + (low ?? 0));
  // A CBOR map of one to seven entries.
  return start >= 0 && code.length > 2 && code[start]! > 0xa0 && code[start]! < 0xa8 ? start : code.length;
}
