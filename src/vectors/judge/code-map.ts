import { instructionsOf, OPCODES, operandBytes } from "../../code/index.js";

const ENDS: readonly number[] = [
  ...[OPCODES.STOP, OPCODES.JUMP, OPCODES.RETURN, OPCODES.REVERT, OPCODES.SELFDESTRUCT],
];

/** Opcodes that some hardfork from Paris to Osaka knows, first and last of each run. INVALID is none: it never executes. */
const DEFINED: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x0b],
  [0x10, 0x1e],
  [0x20, 0x20],
  [0x30, 0x4a],
  [0x50, 0xa4],
  [0xf0, 0xf5],
  [0xfa, 0xfa],
  [0xfd, 0xfd],
  [0xff, 0xff],
];

/** Where the instructions of a code are, by byte offset. */
export interface CodeMap {
  /** Instructions that can be executed. */
  readonly instructions: ReadonlySet<number>;
  /** The JUMPI among them. */
  readonly branches: ReadonlySet<number>;
}

/**
 * The instructions that code can reach: from its start, and from every valid jump destination whose offset a reached
 * instruction pushes. Data behind the code (metadata, tables, code of contracts that it creates) is none of them. A
 * destination that is computed instead of pushed, as in the jump tables of some compilers, is found only where it was executed.
 * @param executed instructions known to have been executed.
 */
export function mapCode(code: Uint8Array, executed: Iterable<number> = []): CodeMap {
  const destinations = jumpDestinations(code);
  const instructions = new Set<number>();
  const branches = new Set<number>();
  const starts = [0, ...executed];
  for (let start = starts.pop(); start !== undefined; start = starts.pop()) {
    let offset = start;
    while (offset < code.length && !instructions.has(offset)) {
      const opcode = code[offset]!;
      if (!DEFINED.some(([first, last]) => first <= opcode && opcode <= last)) break;
      instructions.add(offset);
      if (opcode === OPCODES.JUMPI) branches.add(offset);
      if (ENDS.includes(opcode)) break;
      const operands = operandBytes(opcode);
      const pushed = pushedOffset(code.subarray(offset + 1, offset + 1 + operands), operands);
      if (pushed !== undefined && destinations.has(pushed)) starts.push(pushed);
      offset += 1 + operands;
    }
  }
  return { instructions, branches };
}

function jumpDestinations(code: Uint8Array): Set<number> {
  const destinations = new Set<number>();
  for (const { offset, opcode } of instructionsOf(code))
    if (opcode === OPCODES.JUMPDEST) destinations.add(offset);
  return destinations;
}

/** The operand of a PUSH, if it can be an offset in code of at most 24,576 bytes. */
function pushedOffset(operand: Uint8Array, length: number): number | undefined {
  if (operand.length !== length || length === 0) return undefined;
  if (operand.subarray(0, -2).some((byte) => byte !== 0)) return undefined;
  return operand.subarray(-2).reduce((value, byte) => 256 * value + byte, 0);
}
