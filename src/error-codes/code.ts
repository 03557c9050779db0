import type { ErrorEntry } from "./entry.js";

/** Bytecode and artifacts, linking, constructors, compiling. */
export const CODE_ERRORS = {
  "code/ambiguous-contract": {
    meaning: "The compiler's output has several contracts, and the choice fits more than one.",
    remedy: "Name the contract with its source file.",
  },
  "code/ambiguous-import": {
    meaning: "Two files would go by one name among the sources, or one file by two.",
    remedy:
      "Say by remappings which package is meant, or collect from one file, which gives remappings for the compiler.",
  },
  "code/ambiguous-library": {
    meaning: "A contract uses several libraries of that name.",
    remedy: "Use the library's fully qualified name.",
  },
  "code/compilation-failed": {
    meaning: "The compiler reported errors.",
    remedy: "Correct the sources or the compiler's settings, then compile again.",
  },
  "code/compiler-stopped": {
    meaning: "The process of the compiler ended without a result.",
    remedy: "Try again; solc needs about 1 GB of memory.",
  },
  "code/compiler-too-old": {
    meaning: "The release of solc is before 0.5.13, which first wrote storage layouts.",
    remedy: "Compile with solc 0.5.13 or later.",
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
  "code/import-above-base": {
    meaning: "A source imports a file above the folder that names of sources are relative to.",
    remedy: "Give a folder above as base.",
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
  "code/no-compiler": {
    meaning: "A release of solc, or the package or path that was named for it, is not installed.",
    remedy: "Install it from npm under its own name, as the error says; nothing is downloaded by itself.",
  },
  "code/other-compiler": {
    meaning:
      "A compiler is another release or commit than it must be: asked when it runs, it says so itself.",
    remedy: "Install the release that the error names from npm, unchanged.",
  },
  "code/out-of-range": {
    meaning:
      "The chain id of a deployment is no bigint of at most 53 bits, or its value none of at most 256.",
    remedy: "Give it as a bigint within that range.",
  },
  "code/reserved-first-byte": {
    meaning: "The code starts with the byte 0xEF, which EIP-3541 reserves, or would once it is deployed.",
    remedy:
      "Give code of an ordinary contract; of an account that delegates (EIP-7702), that of the other contract.",
  },
  "code/stale-build-info": {
    meaning:
      "The artifact and its build-info file hold different creation code, or a source was changed since the build-info file was made of it.",
    remedy: "Delete the compiler's cache and artifacts, and compile the whole project again.",
  },
  "code/too-large": {
    meaning: "The runtime code is larger than EIP-170 allows: 24,576 bytes.",
    remedy: "Make the contract smaller, with the optimizer or by moving code into a library.",
  },
  "code/unknown-artifact-format": {
    meaning:
      "The file is not an artifact of Foundry or Hardhat, a build-info file or output of solc; of some other tools it is said which.",
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
  "code/unreadable-remappings": {
    meaning: "The remappings of a foundry.toml are no list of texts.",
    remedy: "Write them as Foundry's documentation does, or into a remappings.txt.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
