import type { Command } from "commander";
import type { SafeAccount } from "../../safe/index.js";
import { usageError } from "../options.js";

/** What every command takes that can leave the sending to a Safe. */
export interface SafeOptions {
  /** Its address; true where the configuration names the one that holds the role. */
  readonly safe?: string | true;
  readonly safeNonce?: string;
  readonly safeOut?: string;
}

/** Adds what every command takes that can leave the sending to a Safe. */
export function addSafeOptions(command: Command): Command {
  return command
    .option(
      "--safe [address]",
      "send nothing: write a folder for the owners of this Safe (default: the only holder of the role in the configuration)",
    )
    .option("--safe-nonce <number>", "nonce of the Safe's transaction (default: its next one)")
    .option("--safe-out <folder>", "folder that is written (default: safe-ACTION-NONCE)");
}

/** The nonce of a Safe's transaction: the next one, or one that is named and not used. @throws SealpatchError `cli/usage`. */
export function nonceFor({ nonce }: Pick<SafeAccount, "nonce">, text: string | undefined): bigint {
  if (text === undefined) return nonce;
  if (!/^[0-9]{1,30}$/.test(text))
    throw usageError("--safe-nonce is no number", "give the nonce as a decimal number");
  const named = BigInt(text);
  if (named >= nonce) return named;
  throw usageError(`the Safe has used the nonce ${named}`, `give ${nonce} or a later one`);
}
