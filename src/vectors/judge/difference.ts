import type { CallOutcome, ChangedAccount, Expectation, Hex, Outcome, VectorLog } from "../format/index.js";

/** One place where an outcome departs from its expectation, in words. It shows values of the vector. */
export interface Difference {
  /** What is compared: `call 0`, `log 1 of call 0`, `slot 0x7 of 0x22..`. */
  readonly place: string;
  readonly expected: string;
  readonly actual: string;
}

/** How data, logs and places are put into words. */
export interface OutcomeWords {
  call(index: number): string;
  /** Data that a call returned. */
  returned(data: Hex, call: number): string;
  reverted(data: Hex): string;
  log(log: VectorLog): string;
  account(address: Hex): string;
  slot(address: Hex, slot: bigint): string;
}

/** Words that need no knowledge of the contract: hex. */
export const HEX_WORDS: OutcomeWords = {
  call: (index) => `call ${index}`,
  returned: (data) => shorten(data),
  reverted: (data) => shorten(data),
  log: ({ address, topics, data }) =>
    `topics ${topics.map((topic) => shorten(hex(topic))).join(" ")}, data ${shorten(data)} of ${address}`,
  account: (address) => address,
  slot: (address, slot) => `${hex(slot)} of ${address}`,
};

/**
 * All places where an outcome departs from its expectation: what calls returned and logged, then accounts, then slots.
 * @returns none where the two are equal.
 */
export function differences(
  expected: Expectation,
  actual: Outcome,
  words: OutcomeWords = HEX_WORDS,
): Difference[] {
  if (actual === "step-limit")
    return [{ place: "the sequence", expected: "an end", actual: "the step limit" }];
  return [
    ...expected.calls.flatMap((call, index) => callDifferences(call, actual.calls[index]!, index, words)),
    ...listDifferences(
      expected.accounts,
      actual.accounts,
      ({ address }) => `account ${words.account(address)}`,
      describeAccount,
    ),
    ...listDifferences(
      expected.slots,
      actual.slots,
      ({ address, slot }) => `slot ${words.slot(address, slot)}`,
      ({ value }) => hex(value),
    ),
  ];
}

/**
 * The first difference in one line: "expected revert 0x82b42900, got success", with its place where that is not
 * obvious. It shows values, so it is for baseline vectors only.
 * @returns null where there is none.
 */
export function explainDifference(expected: Expectation, actual: Outcome): string | null {
  const [first] = differences(expected, actual);
  if (first === undefined) return null;
  const onlyCall = expected.calls.length === 1 && first.place === HEX_WORDS.call(0);
  const place = onlyCall || actual === "step-limit" ? "" : `${first.place}: `;
  return `${place}expected ${first.expected}, got ${first.actual}`;
}

function callDifferences(
  expected: CallOutcome,
  actual: CallOutcome,
  index: number,
  words: OutcomeWords,
): Difference[] {
  const place = words.call(index);
  const describe = (call: CallOutcome) => describeCall(call, index, words);
  if (expected.success !== actual.success) {
    // One of the two has no effects at all: its logs are not worth a line each.
    return [{ place, expected: describe(expected), actual: describe(actual) }];
  }
  const data =
    expected.returnData === actual.returnData
      ? []
      : [{ place, expected: describe(expected), actual: describe(actual) }];
  const longer = expected.logs.length > actual.logs.length ? expected.logs : actual.logs;
  const logs = longer.flatMap((_, number): Difference[] => {
    const [one, other] = [expected.logs[number], actual.logs[number]];
    if (one !== undefined && other !== undefined && sameLog(one, other)) return [];
    const describeLog = (log: VectorLog | undefined) => (log === undefined ? "no log" : words.log(log));
    return [{ place: `log ${number} of ${place}`, expected: describeLog(one), actual: describeLog(other) }];
  });
  return [...data, ...logs];
}

function describeCall({ success, returnData }: CallOutcome, index: number, words: OutcomeWords): string {
  if (success) return returnData === "0x" ? "success" : `success with ${words.returned(returnData, index)}`;
  return returnData === "0x" ? "revert without data" : `revert ${words.reverted(returnData)}`;
}

function describeAccount({ destroyed, balance, nonce, codeDigest }: ChangedAccount): string {
  if (destroyed) return "destroyed";
  const code = codeDigest === 0n ? "" : `, code ${shorten(hex(codeDigest))}`;
  return `balance ${balance}, nonce ${nonce}${code}`;
}

function sameLog(a: VectorLog, b: VectorLog): boolean {
  return (
    a.address === b.address &&
    a.data === b.data &&
    a.topics.length === b.topics.length &&
    a.topics.every((topic, index) => topic === b.topics[index])
  );
}

/** Compares what changed; a thing that stands in one list only did not change in the other. */
function listDifferences<T>(
  expected: readonly T[],
  actual: readonly T[],
  place: (entry: T) => string,
  describe: (entry: T) => string,
): Difference[] {
  const texts = (list: readonly T[]) => new Map(list.map((entry) => [place(entry), describe(entry)]));
  const [wanted, found] = [texts(expected), texts(actual)];
  return [...new Set([...wanted.keys(), ...found.keys()])]
    .map((key) => ({
      place: key,
      expected: wanted.get(key) ?? "no change",
      actual: found.get(key) ?? "no change",
    }))
    .filter((difference) => difference.expected !== difference.actual);
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function shorten(text: string): string {
  return text.length <= 42 ? text : `${text.slice(0, 22)}..${text.slice(-8)}`;
}
