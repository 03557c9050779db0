import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instructionsOf, metadataOffset, OPCODES, runnableInstructions } from "../../src/code/index.js";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
const opcodesOf = (code: Uint8Array) => [...runnableInstructions(code)].map(({ opcode }) => opcode);
const { CALLCODE, DELEGATECALL, SELFDESTRUCT, STOP } = OPCODES;

describe("instructions of code", () => {
  it("skip the operands of every PUSH, also one that the code cuts off", () => {
    for (let length = 1; length <= 32; length++) {
      const push = Uint8Array.of(0x5f + length, ...Array<number>(length).fill(DELEGATECALL));
      expect(opcodesOf(Uint8Array.of(...push, CALLCODE))).toEqual([0x5f + length, CALLCODE]);
      expect(opcodesOf(push.subarray(0, -1))).toEqual([0x5f + length]);
    }
    // PUSH0 has no operand.
    expect(opcodesOf(Uint8Array.of(0x5f, DELEGATECALL))).toEqual([0x5f, DELEGATECALL]);
  });

  it("run from the start and from each JUMPDEST, to what nothing runs past", () => {
    for (const end of ["00", "56", "f3", "fd", "fe", "ff"]) {
      expect(opcodesOf(bytes(`${end}f4f2ff`))).toEqual([Number.parseInt(end, 16)]);
      expect(opcodesOf(bytes(`${end}f45bf200`)).slice(1)).toEqual([OPCODES.JUMPDEST, CALLCODE, STOP]);
    }
    // A JUMPDEST inside an operand is none.
    expect(opcodesOf(bytes("00605bf4"))).toEqual([STOP]);
    // An opcode that no hardfork knows yet may go on.
    expect(opcodesOf(bytes("0cf4"))).toEqual([0x0c, DELEGATECALL]);
  });

  it("cover every byte once, as opcode or as operand", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (code) => {
        const offsets = [...instructionsOf(code)].map(({ offset }) => offset);
        const lengths = offsets.map((offset, index) => (offsets[index + 1] ?? code.length) - offset);
        for (const [index, offset] of offsets.entries()) {
          const opcode = code[offset]!;
          const operand = opcode >= 0x60 && opcode <= 0x7f ? opcode - 0x5f : 0;
          expect(lengths[index]).toBe(Math.min(1 + operand, code.length - offset));
        }
        const runnable = new Set([...runnableInstructions(code)].map(({ offset }) => offset));
        for (const offset of runnable) expect(offsets).toContain(offset);
        for (const { offset, opcode } of instructionsOf(code))
          if (opcode === OPCODES.JUMPDEST) expect(runnable).toContain(offset);
      }),
    );
  });

  it("end where the metadata begins, whose length stands behind it", () => {
    const metadata = `a264697066735822${"12".repeat(34)}64736f6c634300081e0033`;
    const code = bytes(`6000fe${metadata}`);
    expect(metadataOffset(code)).toBe(3);
    expect(opcodesOf(code)).not.toContain(SELFDESTRUCT);
    // No map, a length beyond the code, nothing at all.
    expect(metadataOffset(bytes(`6000fe${metadata.replace("a2", "00")}`))).toBe(code.length);
    for (const other of ["", "00", "0033", "60006000ffff"])
      expect(metadataOffset(bytes(other))).toBe(other.length / 2);
  });
});
