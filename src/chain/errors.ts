import { type CallExceptionError, type Interface, isCallException } from "ethers";
import { type ErrorDetails, SealpatchError } from "../errors.js";
import { harmless } from "../foreign-text.js";

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
/** Other codes of ethers that say something about a transaction that was refused. */
const REFUSALS: ReadonlySet<string> = new Set([
  "INSUFFICIENT_FUNDS",
  "NONCE_EXPIRED",
  "REPLACEMENT_UNDERPRICED",
  "TRANSACTION_REPLACED",
  "UNSUPPORTED_OPERATION",
  "UNPREDICTABLE_GAS_LIMIT",
  "CANCELLED",
  "BAD_DATA",
]);

/** Data of reverts, for whoever knows the contract's errors. Not in the error: a contract may revert with what it was called with. */
const REVERT_DATA = new WeakMap<SealpatchError, string>();

/**
 * What ethers, a node or a relay threw, rebuilt from what is known to be harmless. Nothing of it is passed on as it is: ethers puts
 * the whole transaction into its errors, a transaction may hold a patch, and an endpoint may hold a key (T11, T20).
 * @param action what was tried, in words.
 * @returns SealpatchError `chain/reverted`, `chain/unreachable`, or `chain/rejected`; errors of this package as they are.
 */
export function rebuiltError(error: unknown, action: string): SealpatchError {
  if (error instanceof SealpatchError) return error;
  const code = error instanceof Error ? String((error as NodeJS.ErrnoException).code) : "";
  if (UNREACHABLE.has(code)) {
    return new SealpatchError("chain/unreachable", `${action}: the node does not answer`, {
      details: { cause: code },
      why: `the connection failed with ${code}`,
      remedy: "check the RPC URL and the node",
    });
  }
  if (isCallException(error)) return reverted(action, error);
  const answer = answerOf(error);
  return new SealpatchError("chain/rejected", `${action}: the node or relay did not take it`, {
    details: { cause: REFUSALS.has(code) ? code : "unknown", answer },
    why: answer === "" ? "it gave no reason that can be shown" : `it answered: ${answer}`,
    remedy: "read what it says; a transaction that a relay has seen may still be mined",
  });
}

/** The same, with a revert in the words of a contract. */
export function explainedError(error: unknown, contracts: Interface, action: string): SealpatchError {
  const rebuilt = rebuiltError(error, action);
  const data = REVERT_DATA.get(rebuilt);
  const revert = data === undefined ? null : contracts.parseError(data);
  if (revert === null) return rebuilt;
  // What has no fixed length may be what the contract, or a node in its place, was called with.
  const values = revert.fragment.inputs
    .map(({ name, type }, i) => {
      const value = String(revert.args[i]);
      return `${name}=${/^(u?int\d*|address|bool|bytes\d+)$/.test(type) ? value : harmless(value)}`;
    })
    .join(", ");
  return refusal(action, { error: revert.name, values }, `${revert.name}(${values})`);
}

function reverted(action: string, { data, reason }: CallExceptionError): SealpatchError {
  const text = reason === null ? "" : harmless(reason);
  const details = { error: text || "no reason given", values: "" };
  const rebuilt = refusal(action, details, text || "the contract gave no reason");
  if (typeof data === "string") REVERT_DATA.set(rebuilt, data);
  return rebuilt;
}

function refusal(action: string, details: ErrorDetails, why: string): SealpatchError {
  return new SealpatchError("chain/reverted", `${action} was refused`, {
    details,
    why,
    remedy: "read the state of the lane and of the statement",
  });
}

/** The text of a JSON-RPC error that ethers carries along. */
function answerOf(error: unknown): string {
  const parts = error as { error?: { message?: unknown }; info?: { error?: { message?: unknown } } } | null;
  const text = parts?.error?.message ?? parts?.info?.error?.message;
  return typeof text === "string" ? harmless(text) : "";
}
