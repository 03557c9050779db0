import {
  type CallExceptionError,
  checkResultErrors,
  type ErrorDescription,
  type Interface,
  isCallException,
} from "ethers";
import { type ErrorDetails, SealpatchError } from "../errors.js";
import { harmless } from "../foreign-text.js";
import { explainRefusal } from "./refusals.js";

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

/** Of a JSON-RPC error that says that the node has no such method (EIP-1474). */
const NO_METHOD_CODES: ReadonlySet<unknown> = new Set([-32601, -32004]);
const NO_METHOD =
  /unsupported method|unknown method|method\b.*\b(not|n't) (\w+ )?(found|exist|available|supported|allowed|enabled)/i;
/** Of one that says that the call ran and failed. ethers takes every error of eth_call for that, also that of a busy node. */
const CALL_FAILED_CODE = 3;
const CALL_FAILED =
  /revert|invalid opcode|bad instruction|out of gas|gas required exceeds|stack (under|over)flow|invalid jump|\bE?VM ?(error|exec|exception)/i;

/** The JSON-RPC error that ethers carries along, as the node wrote it. */
interface NodeError {
  readonly code?: unknown;
  readonly message?: unknown;
}

/**
 * What ethers, a node or a relay threw, rebuilt from what is known to be harmless. Nothing of it is passed on as it is: ethers puts
 * the whole transaction into its errors, a transaction may hold a patch, and an endpoint may hold a key (T11, T20).
 * @param action what was tried, in words.
 * @returns SealpatchError `chain/reverted`, `chain/unreachable`, `chain/unsupported-method`, or `chain/rejected`; errors of this
 *   package as they are.
 */
export function rebuiltError(error: unknown, action: string): SealpatchError {
  if (error instanceof SealpatchError) return error;
  const code = error instanceof Error ? String((error as NodeJS.ErrnoException).code) : "";
  if (UNREACHABLE.has(code)) {
    return new SealpatchError("chain/unreachable", `${action}: the node does not answer`, {
      details: { cause: code, host: hostOf(error) },
      why: `the connection failed with ${code}`,
      remedy: "check the RPC URL and the node",
    });
  }
  const answered = nodeErrorOf(error);
  const answer = typeof answered?.message === "string" ? harmless(answered.message) : "";
  if (NO_METHOD_CODES.has(answered?.code) || NO_METHOD.test(answer)) {
    return new SealpatchError("chain/unsupported-method", `${action}: the node does not offer that`, {
      details: { answer },
      why: answer === "" ? "it has no such method" : `it answered: ${answer}`,
      remedy: "use a node that does",
    });
  }
  if (isCallException(error) && callFailed(error, answered)) return reverted(action, error);
  return new SealpatchError("chain/rejected", `${action}: the node or relay did not take it`, {
    details: { cause: REFUSALS.has(code) ? code : "unknown", answer },
    why: answer === "" ? "it gave no reason that can be shown" : `it answered: ${answer}`,
    remedy: "read what it says; a transaction that a relay has seen may still be mined",
  });
}

/** Whether a call ran and failed, where ethers says so: it has data of the revert, or the node said it in words. */
function callFailed({ data }: CallExceptionError, answered: NodeError | undefined): boolean {
  if (answered === undefined || (typeof data === "string" && data !== "0x")) return true;
  return answered.code === CALL_FAILED_CODE || CALL_FAILED.test(String(answered.message));
}

/** The same, with a revert in the words of a contract. */
export function explainedError(error: unknown, contracts: Interface, action: string): SealpatchError {
  const rebuilt = rebuiltError(error, action);
  const data = REVERT_DATA.get(rebuilt);
  const revert = data === undefined ? null : revertIn(data, contracts);
  if (revert === null) return rebuilt;
  // What has no fixed length may be what the contract, or a node in its place, was called with.
  const shown = revert.fragment.inputs.map(({ type }, i) => {
    const value = String(revert.args[i]);
    return /^(u?int\d*|address|bool|bytes\d+)$/.test(type) ? value : harmless(value);
  });
  const values = revert.fragment.inputs.map(({ name }, i) => `${name}=${shown[i]}`).join(", ");
  const explained = explainRefusal(revert.name, shown);
  const meaning = explained === undefined ? "" : `: ${explained.meaning}`;
  const why = `${revert.name}(${values})${meaning}`;
  return refusal(action, { error: revert.name, values }, why, explained?.remedy);
}

/** @param where the event was looked for, in words. */
export function noEvent(event: string, where: string): SealpatchError {
  return new SealpatchError("chain/no-event", `${where} has no ${event} of this statement`, {
    details: { event },
    remedy: "check the statement's commitment, the timelock's address and the chain",
  });
}

/** A revert in the words of a contract; null where it is of none of its errors, or has less or other data than that error has. */
function revertIn(data: string, contracts: Interface): ErrorDescription | null {
  try {
    const revert = contracts.parseError(data);
    return revert === null || checkResultErrors(revert.args).length > 0 ? null : revert;
  } catch {
    // ethers takes no data of fewer than four bytes, as contracts have them that revert without a word.
    return null;
  }
}

function reverted(action: string, { data, reason }: CallExceptionError): SealpatchError {
  const text = reason === null ? "" : harmless(reason);
  const details = { error: text || "no reason given", values: "" };
  const rebuilt = refusal(action, details, text || "the contract gave no reason");
  if (typeof data === "string") REVERT_DATA.set(rebuilt, data);
  return rebuilt;
}

function refusal(
  action: string,
  details: ErrorDetails,
  why: string,
  remedy = "read the state of the lane and of the statement",
): SealpatchError {
  return new SealpatchError("chain/reverted", `${action} was refused`, {
    details,
    why,
    remedy,
  });
}

/** The JSON-RPC error that a node answered with; undefined where it answered with none. */
export function nodeErrorOf(error: unknown): NodeError | undefined {
  const parts = error as { error?: NodeError; info?: { error?: NodeError } } | null | undefined;
  return parts?.error ?? parts?.info?.error ?? undefined;
}

/** The host that a request went to, null where ethers does not say. Keys stand in the rest of a URL. */
function hostOf(error: unknown): string | null {
  const { info, request } = error as { info?: { requestUrl?: unknown }; request?: { url?: unknown } };
  const url = String(info?.requestUrl ?? request?.url);
  return URL.canParse(url) ? new URL(url).host : null;
}
