import { type Interface, isCallException } from "ethers";
import { SealpatchError } from "../errors.js";

/** Codes of ethers and of the operating system for a node that cannot be reached. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  "NETWORK_ERROR",
  "SERVER_ERROR",
  "TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
]);

/**
 * Turns a failed call into a typed error: `chain/reverted` with the contract's own error name and values, or
 * `chain/unreachable` where the node did not answer. Anything else passes as it is.
 */
export function explainChainError(error: unknown, contracts: Interface, action: string): unknown {
  const code = error instanceof Error ? String((error as NodeJS.ErrnoException).code) : "";
  if (UNREACHABLE.has(code)) {
    // Not the library's text: it may quote the endpoint, and an endpoint may hold a key.
    return new SealpatchError("chain/unreachable", `${action}: the node does not answer`, {
      details: { cause: code },
      why: `the connection failed with ${code}`,
      remedy: "check the RPC URL and the node",
    });
  }
  if (!isCallException(error)) return error;
  const revert = typeof error.data === "string" ? contracts.parseError(error.data) : null;
  const values = revert?.fragment.inputs
    .map((input, i) => `${input.name}=${String(revert.args[i])}`)
    .join(", ");
  return new SealpatchError("chain/reverted", `${action} was refused`, {
    details: { error: revert?.name ?? error.reason ?? "no reason given", values: values ?? "" },
    why: revert === null ? (error.reason ?? "the contract gave no reason") : `${revert.name}(${values})`,
    remedy: "read the state of the lane and of the statement",
  });
}
