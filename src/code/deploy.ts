import { SealpatchError } from "../errors.js";
import type { DeployOptions } from "./constructor.js";

/**
 * Deployed runtime code, immutables filled in: runs the constructor in an EVM at the given address, on an otherwise
 * empty chain, under the rules of the protocol (EIP-170, EIP-3541, EIP-3860).
 *
 * The constructor runs twice, in surroundings that differ in everything that the options leave open. Code that can
 * be known before its deployment is the same both times.
 * @throws SealpatchError `code/constructor-reverted`, `code/constructor-failed`, `code/init-code-too-large`,
 * `code/reserved-first-byte`, `code/invalid-address`, `code/empty`, `code/too-large`, `code/depends-on-environment`,
 * `code/out-of-range`, `field/not-bytes`.
 */
export async function deployCode(options: DeployOptions): Promise<Uint8Array> {
  const { FIRST_SURROUNDINGS, OTHER_SURROUNDINGS, runConstructor } = await import("./constructor.js");
  const code = await runConstructor(options, FIRST_SURROUNDINGS);
  const other = await runConstructor(options, OTHER_SURROUNDINGS);
  if (Buffer.compare(code, other) === 0) return code;
  const open = [
    ...(options.chainId === undefined ? ["the chain id"] : []),
    ...(options.deployer === undefined ? ["the deployer"] : []),
  ];
  throw new SealpatchError(
    "code/depends-on-environment",
    "the deployed code depends on more than the init code and the address",
    {
      details: { notGiven: open.join(", ") },
      why: `the constructor stores ${[...open, "the block, the transaction or the gas left"].join(" or ")} in the code`,
      remedy:
        open.length > 0
          ? `give ${open.join(" and ")}; if that does not help, make the constructor independent of the block`
          : "make the constructor independent of the block and the transaction",
    },
  );
}
