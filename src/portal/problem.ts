import type { ErrorCode } from "../error-codes/index.js";
import { SealpatchError } from "../errors.js";
import { harmless } from "../foreign-text.js";
import type { PageProblem } from "./model.js";

/** What an error of reading means to a reader; everything else was refused. */
const PROBLEMS: Partial<Record<ErrorCode, PageProblem["code"]>> = {
  "chain/unreachable": "unreachable",
  "chain/malformed-answer": "malformed-answer",
  "chain/no-block": "malformed-answer",
  "chain/unknown-chain": "malformed-answer",
  "chain/other-chain": "other-chain",
  "chain/no-contract": "no-timelock",
  "chain/nodes-disagree": "nodes-disagree",
  "chain/missing-logs": "missing-logs",
  "chain/no-event": "missing-logs",
  "chain/moving-head": "moving-head",
};

/**
 * Why a lane could not be read, of what `readPage` throws.
 * @param hosts of the nodes that were asked: where the error does not say which one failed, it may be any.
 */
export function pageProblem(error: unknown, hosts: readonly string[]): PageProblem {
  if (!(error instanceof SealpatchError)) return { code: "refused", node: hosts.join(", "), values: {} };
  const { code, details, why } = error;
  const { node, host, ...values } = details;
  const shown = Object.entries(values).map(([name, value]) => [name, String(value)]);
  return {
    code: PROBLEMS[code] ?? "refused",
    node: typeof node === "string" ? node : typeof host === "string" ? host : hosts.join(", "),
    values: { ...Object.fromEntries(shown), ...(why === undefined ? {} : { why: harmless(why) }) },
  };
}
