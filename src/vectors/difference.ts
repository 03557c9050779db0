import type { CallOutcome, Expectation, Outcome } from "./schema.js";

/**
 * The first place where an outcome departs from its expectation, for people: "expected revert 0x82b42900, got
 * success". It shows values, so it is for baseline vectors only.
 * @returns null where the two are equal.
 */
export function explainDifference(expected: Expectation, actual: Outcome): string | null {
  if (actual === "step-limit") return "expected an end, got the step limit";
  const several = expected.calls.length > 1;
  for (const [index, call] of expected.calls.entries()) {
    const difference = explainCall(call, actual.calls[index]!);
    if (difference !== null) return several ? `in call ${index} ${difference}` : difference;
  }
  return (
    explainList(
      expected.accounts,
      actual.accounts,
      (account) => account.address,
      (account) =>
        account.destroyed
          ? "destroyed"
          : `balance ${account.balance}, nonce ${account.nonce}, code ${shorten(hex(account.codeDigest))}`,
      "account",
    ) ??
    explainList(
      expected.slots,
      actual.slots,
      ({ address, slot }) => `${shorten(hex(slot))} of ${address}`,
      ({ value }) => hex(value),
      "slot",
    )
  );
}

function explainCall(expected: CallOutcome, actual: CallOutcome): string | null {
  if (
    expected.success !== actual.success ||
    (!expected.success && expected.returnData !== actual.returnData)
  ) {
    return `expected ${describeCall(expected)}, got ${describeCall(actual)}`;
  }
  if (expected.returnData !== actual.returnData) {
    return `expected return data ${shorten(expected.returnData)}, got ${shorten(actual.returnData)}`;
  }
  if (expected.logs.length !== actual.logs.length) {
    return `expected ${plural(expected.logs.length, "log")}, got ${actual.logs.length}`;
  }
  for (const [index, log] of expected.logs.entries()) {
    const other = actual.logs[index]!;
    const topics =
      log.topics.length === other.topics.length && log.topics.every((t, i) => t === other.topics[i]);
    if (log.address !== other.address || !topics || log.data !== other.data) {
      return `expected log ${index} of ${log.address} with topic ${topicOf(log.topics)}, got another log`;
    }
  }
  return null;
}

function describeCall(call: CallOutcome): string {
  if (call.success) return "success";
  return call.returnData === "0x" ? "revert without data" : `revert ${shorten(call.returnData)}`;
}

/** Compares two lists that are sorted by the same key. */
function explainList<T>(
  expected: readonly T[],
  actual: readonly T[],
  key: (entry: T) => string,
  describe: (entry: T) => string,
  what: string,
): string | null {
  const found = new Map(actual.map((entry) => [key(entry), entry]));
  for (const entry of expected) {
    const other = found.get(key(entry));
    const got = other === undefined ? "no change" : describe(other);
    if (got !== describe(entry))
      return `expected ${what} ${key(entry)} to end as ${describe(entry)}, got ${got}`;
    found.delete(key(entry));
  }
  for (const [place, entry] of found) return `expected no change of ${what} ${place}, got ${describe(entry)}`;
  return null;
}

function topicOf(topics: readonly bigint[]): string {
  return topics[0] === undefined ? "none" : shorten(hex(topics[0]));
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function shorten(text: string): string {
  return text.length <= 42 ? text : `${text.slice(0, 22)}..${text.slice(-8)}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
