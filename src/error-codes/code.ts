import type { ErrorEntry } from "./entry.js";

/** Bytecode and artifacts, linking, constructors, compiling. */
export const CODE_ERRORS = {
  "code/ambiguous-contract": {
    meaning: "The compiler's output has several contracts, and the choice fits more than one.",
    remedy: "Name the contract with its source file.",
  },
  "code/ambiguous-library": {
    meaning: "A contract uses several libraries of that name.",
    remedy: "Use the library's fully qualified name.",
  },
  "code/compilation-failed": {
    meaning: "The compiler reported errors, or stopped without a result.",
    remedy: "Correct the sources or the compiler's settings, then compile again.",
  },
  "code/constructor-failed": {
    meaning: "The constructor stopped with an error of the EVM other than a revert.",
    remedy: "Check that the init code is complete and that the hardfork has all of its opcodes.",
  },
  "code/constructor-reverted": {
    meaning: "The constructor reverted.",
    remedy: "Check the constructor's arguments and value; it cannot call other contracts here.",
  },
  "code/contract-not-found": {
    meaning: "The file does not hold the contract.",
    remedy: "Choose one of the contracts that the error lists, or compile first.",
  },
  "code/depends-on-environment": {
    meaning: "The constructor stores something in the code that is not given: deployer, chain, block or gas.",
    remedy: "Give the values that the error names, or make the constructor independent of the block.",
  },
  "code/empty": {
    meaning: "There is no code at all, as an interface or an account without code has none.",
    remedy: "Check the address and the chain, or choose the artifact of a contract that can be deployed.",
  },
  "code/init-code-too-large": {
    meaning: "The init code is larger than EIP-3860 allows: 49,152 bytes.",
    remedy: "Make the contract or its constructor's arguments smaller.",
  },
  "code/invalid-address": {
    meaning: "An address is not 20 bytes of hex, or its checksum is wrong.",
    remedy: "Copy the address again; write it in lower case if its checksum is unknown.",
  },
  "code/invalid-artifact": {
    meaning: "A compiler's file lacks a part, or a part of it does not have the expected form.",
    remedy: "Compile again with the ABI and both bytecodes among the outputs; do not edit the file.",
  },
  "code/invalid-deploy-salt": {
    meaning: "The salt of a deployment is not 32 bytes of hex.",
    remedy: "Give 0x and 64 hexadecimal digits.",
  },
  "code/missing-import": {
    meaning: "A source imports a file that was not found.",
    remedy: "Install the package that has it, or check the remappings.",
  },
  "code/out-of-range": {
    meaning:
      "The chain id of a deployment is no bigint of at most 53 bits, or its value none of at most 256.",
    remedy: "Give it as a bigint within that range.",
  },
  "code/reserved-first-byte": {
    meaning: "The deployed code would start with the byte 0xEF, which EIP-3541 reserves.",
    remedy: "Check that the init code is EVM code of an ordinary contract.",
  },
  "code/stale-build-info": {
    meaning: "The artifact and its build-info file hold different creation code.",
    remedy: "Delete the compiler's cache and artifacts, and compile again.",
  },
  "code/too-large": {
    meaning: "The runtime code is larger than EIP-170 allows: 24,576 bytes.",
    remedy: "Make the contract smaller, with the optimizer or by moving code into a library.",
  },
  "code/unknown-artifact-format": {
    meaning: "The file is not an artifact of Foundry or Hardhat, a build-info file or output of solc.",
    remedy: "Give a file of one of these formats.",
  },
  "code/unknown-library": {
    meaning: "The contract has no unlinked library of that name.",
    remedy: "Give an address only for the libraries that the error lists.",
  },
  "code/unlinked-library": {
    meaning: "The contract's code still lacks addresses of libraries.",
    remedy: "Deploy the libraries, then link the artifact with their addresses.",
  },
  "code/unreadable-file": {
    meaning: "A file cannot be opened, or is not JSON where it should be.",
    remedy: "Check the path; compile again if the file is cut off.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
