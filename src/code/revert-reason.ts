import { AbiCoder, hexlify } from "ethers";

const ERROR_STRING = "0x08c379a0"; // Error(string)
const PANIC = "0x4e487b71"; // Panic(uint256)

/** What returned data of a revert says, in words: Solidity's Error(string) and Panic(uint256), else the selector. */
export function revertReason(data: Uint8Array): string {
  if (data.length === 0) return "no reason given";
  const selector = hexlify(data.subarray(0, 4));
  try {
    const coder = AbiCoder.defaultAbiCoder();
    if (selector === ERROR_STRING) return String(coder.decode(["string"], data.subarray(4))[0]);
    if (selector === PANIC) return `panic 0x${coder.decode(["uint256"], data.subarray(4))[0].toString(16)}`;
  } catch {
    // Data that only looks like one of the two is reported as any other.
  }
  return `custom error ${selector}`;
}
