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
      : [contrasted(place, describe(expected), describe(actual), dataWords(expected), dataWords(actual))];
  const longer = expected.logs.length > actual.logs.length ? expected.logs : actual.logs;
  const logs = longer.flatMap((_, number): Difference[] => {
    const [one, other] = [expected.logs[number], actual.logs[number]];
    if (one !== undefined && other !== undefined && sameLog(one, other)) return [];
    const describeLog = (log: VectorLog | undefined) => (log === undefined ? "no log" : words.log(log));
    const [wanted, found] = [describeLog(one), describeLog(other)];
    return [contrasted(`log ${number} of ${place}`, wanted, found, logWords(one), logWords(other))];
  });
  return [...data, ...logs];
}

/** A part of an outcome by its name; parts of the same name are compared. */
type Words = ReadonlyMap<string, string>;

/**
 * A difference of two texts in which hex may be shortened: then the first word that differs is named, and stands there
 * in full.
 */
function contrasted(
  place: string,
  expected: string,
  actual: string,
  wanted: Words,
  found: Words,
): Difference {
  if (![expected, actual].every((text) => text.includes(CUT))) return { place, expected, actual };
  const name = [...new Set([...wanted.keys(), ...found.keys()])].find(
    (word) => wanted.get(word) !== found.get(word),
  );
  if (name === undefined) return { place, expected, actual };
  const withWord = (text: string, words: Words) => `${text}; ${name}: ${words.get(name) ?? "none"}`;
  return { place, expected: withWord(expected, wanted), actual: withWord(actual, found) };
}

/** The 32-byte words of what a call returned, or of what it reverted with behind its selector. */
function dataWords({ success, returnData }: CallOutcome): Words {
  return success
    ? wordsOf(returnData.slice(2))
    : new Map([["selector", returnData.slice(0, 10)], ...wordsOf(returnData.slice(10))]);
}

function logWords(log: VectorLog | undefined): Words {
  if (log === undefined) return new Map();
  const { address, topics, data } = log;
  return new Map([
    ["address", address],
    ...topics.map((topic, index) => [`topic ${index}`, hex(topic)] as const),
    ...wordsOf(data.slice(2)),
  ]);
}

function wordsOf(digits: string): Map<string, string> {
  return new Map((digits.match(/.{1,64}/g) ?? []).map((word, index) => [`word ${index}`, `0x${word}`]));
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

/** Stands where hex is cut. */
const CUT = "..";

function shorten(text: string): string {
  return text.length <= 42 ? text : `${text.slice(0, 22)}${CUT}${text.slice(-8)}`;
}
