import { type Command, InvalidArgumentError } from "commander";
import { SealpatchError } from "../errors.js";
import type { Hex, Vector } from "../vectors/index.js";

// What options hold, read as they are given. Nothing here loads more than types: help must not wait.

/** An error in the command line itself: exit code 2. */
export function usageError(message: string, remedy: string): SealpatchError {
  return new SealpatchError("cli/usage", message, { remedy });
}

/** For an option that may be given several times: all values, in order. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** For an option that takes a count. */
export function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It takes a whole number.");
}

/** For an option that takes the number of a block. */
export function blockNumber(text: string): number {
  if (/^\d{1,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It takes the number of a block.");
}

/** For `--rpc`. @throws SealpatchError `cli/usage`. */
export function checkNodeUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw usageError("--rpc is not the URL of a node", "give a URL that begins with http:// or https://");
}

/** @throws SealpatchError `cli/usage`. */
export function checkAddress(text: string): Hex {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text.toLowerCase() as Hex;
  throw usageError(`${text} is not an address`, "an address is 0x and 40 digits of hex");
}

/** @throws SealpatchError `cli/usage`. */
export function checkHex(text: string): Hex {
  if (/^0x([0-9a-fA-F]{2})*$/.test(text)) return text.toLowerCase() as Hex;
  throw usageError("the bytes of an option are not hex", "bytes are 0x and an even number of hex digits");
}

/** @throws SealpatchError `cli/usage`. */
export function hashOf(text: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as Hex;
  throw usageError("the transaction is not a hash", "give 0x and 64 hexadecimal digits");
}

/** @throws SealpatchError `cli/usage`. */
export function integerOf(text: string): bigint {
  if (/^([0-9]{1,78}|0x[0-9a-fA-F]{1,64})$/.test(text)) return BigInt(text);
  throw usageError(
    `${text.slice(0, 60)} is not an integer`,
    "give a decimal number, or 0x and hexadecimal digits",
  );
}

/** @throws SealpatchError `cli/usage`. */
export function pointerOf(text: string): Vector["pointer"] {
  if (text === "none") return null;
  const [account, slot, ...rest] = text.split(":");
  if (account === undefined || slot === undefined || rest.length > 0) {
    throw usageError("--pointer does not name an account and a slot", "give ACCOUNT:SLOT, or none");
  }
  return { account: checkAddress(account), slot: integerOf(slot) };
}

/** What the options that name code hold. */
export interface CodeOptions {
  readonly code?: readonly string[];
  readonly address?: readonly string[];
  readonly constructorArgs?: readonly string[];
}

/** Adds the options that name code, each of which may stand once for every code, in the same order. */
export function addCodeOptions(command: Command): Command {
  return command
    .option(
      "--code <code>",
      "artifact of Foundry or Hardhat, build-info or solc output (file.json:Contract), Solidity (file.sol:Contract), or a file of hex runtime code",
      collect,
    )
    .option("--address <address>", "where the code stands; needed where it has immutables", collect)
    .option(
      "--constructor-args <hex>",
      "ABI-encoded constructor arguments, or @FILE of hex, needed where immutables depend on them",
      collect,
    );
}

/** Help of the option that shows what incident vectors hold. */
export const SHOW_INCIDENTS = [
  "--show-incidents",
  "show names and content of incident vectors, which are secret until disclosure",
] as const;

/** The option that names the configuration. */
export const CONFIGURATION_OPTION = [
  "--config <file>",
  "the configuration (default: the nearest sealpatch.toml, from this folder upwards)",
] as const;
