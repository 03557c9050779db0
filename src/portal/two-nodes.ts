import { SealpatchError } from "../errors.js";
import type { Answers } from "./node.js";
import { blockQuestion, type PageBlock, type Question } from "./questions.js";

/** Seconds that one node may be behind another: more, and one of them may be kept back so that a page does not see what happens. */
const BEHIND = 120;
/** Longest part of an answer that is shown. */
const SHOWN = 40;

/** Two nodes, of which each is asked everything about the same block: where they differ, neither is believed. */
export class TwoNodes implements Answers {
  readonly hosts: readonly string[];
  readonly #nodes: readonly [Answers, Answers];

  constructor(first: Answers, second: Answers) {
    this.#nodes = [first, second];
    this.hosts = [...first.hosts, ...second.hosts];
  }

  /** The newest block is the newest that both have. @throws SealpatchError `chain/nodes-disagree`, and as a node alone. */
  async ask<T>(question: Question<T>): Promise<T> {
    const [first, second] = await this.#both(question);
    if (question.method === "eth_getBlockByNumber" && question.params[0] === "latest") {
      const [a, b] = [first, second] as unknown as [PageBlock | null, PageBlock | null];
      if (a !== null && b !== null && a.number !== b.number)
        return (await this.#common(a, b)) as unknown as T;
    }
    this.#assertSame(question.method, first, second);
    return first;
  }

  async #common(a: PageBlock, b: PageBlock): Promise<PageBlock | null> {
    if (Math.abs(a.timestamp - b.timestamp) > BEHIND)
      this.#assertSame("eth_getBlockByNumber", a.number, b.number);
    return this.ask(blockQuestion(Math.min(a.number, b.number)));
  }

  #both<T>(question: Question<T>): Promise<[T, T]> {
    const [first, second] = this.#nodes;
    return Promise.all([first.ask(question), second.ask(question)]);
  }

  #assertSame(method: string, first: unknown, second: unknown): void {
    const difference = differenceOf(first, second, "");
    if (difference === undefined) return;
    const { at, values } = difference;
    throw new SealpatchError("chain/nodes-disagree", "two nodes give different answers", {
      details: {
        node: this.hosts.join(", "),
        asked: at === "" ? method : `${method} ${at}`,
        first: values[0],
        second: values[1],
      },
      why: "one of them is wrong, or they are on different branches of the chain",
      remedy: "believe neither before a third one was asked",
    });
  }
}

interface Difference {
  /** Where in the answer. */
  readonly at: string;
  readonly values: readonly [string, string];
}

/** The first difference of two answers that were read: objects, lists, numbers and hex. */
function differenceOf(a: unknown, b: unknown, at: string): Difference | undefined {
  if (a === b) return undefined;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return { at, values: shownOf(String(a), String(b)) };
  const [inA, inB] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  const length = [a, b].map((each) => (Array.isArray(each) ? each.length : -1));
  if (length[0] !== length[1])
    return { at: `${at}.length`.replace(/^\./, ""), values: [String(length[0]), String(length[1])] };
  for (const name of new Set([...Object.keys(inA), ...Object.keys(inB)])) {
    const found = differenceOf(inA[name], inB[name], at === "" ? name : `${at}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Both, around the place where they begin to differ. */
function shownOf(a: string, b: string): [string, string] {
  let from = 0;
  while (from < a.length && a[from] === b[from]) from++;
  const start = Math.max(0, from - SHOWN / 2);
  const part = (text: string) => {
    const end = start + SHOWN;
    return `${start > 0 ? ".." : ""}${text.slice(start, end)}${end < text.length ? ".." : ""}`;
  };
  return [part(a), part(b)];
}
