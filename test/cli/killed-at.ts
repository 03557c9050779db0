import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Transaction } from "ethers";
import { type Question, startOddNode } from "../chain/odd-node.js";
import type { FileKill } from "./killed-at-file-call.js";
import { childOf, type Finished, type SealpatchChild, sealpatch } from "./sealpatch.js";

/** Where a process is killed. */
export type Point =
  /** At the how-manieth question to its node, from 0, or the first of a method: before the node hears of it, or before its answer comes. */
  | { readonly before: number | string }
  | { readonly answered: number | string }
  /** At a call that changes a file of its project, in the middle of what is written: `write .sealpatch/journal.jsonl`. */
  | { readonly call: string; readonly after?: number };

/** How a process ended, and what it had done until then. */
export interface Watched extends Finished {
  readonly signal: NodeJS.Signals | null;
  /** Methods of its questions. */
  readonly asked: readonly string[];
  /** Calls that changed files of the project. */
  readonly calls: readonly string[];
}

/** A transaction that reached the node. */
export interface Sent {
  readonly transaction: Transaction;
  /** Whether the project's journal had it on disk before. */
  readonly isJournaled: boolean;
}

/** A node in front of another one, behind which command lines are killed. */
export interface Killing {
  readonly url: string;
  /** Transactions that the node was handed since `begin`, also those that it never passed on. */
  readonly sent: readonly Sent[];
  /** Has commands work in this folder of a project from now on. */
  begin(folder: string): void;
  /** Runs a command line as a process of its own until it is killed; to its end without a point. */
  killedAt(point: Point | undefined, ...words: readonly string[]): Promise<Watched>;
  /** Runs a command line to its end in this process. @param once what is done when its first question of a method is answered. */
  run(
    words: readonly string[],
    once?: { readonly answered: string; readonly act: () => Promise<unknown> },
  ): Promise<Finished>;
  stop(): Promise<void>;
}

/**
 * Starts it.
 * @param behind URL of the node that answers.
 */
export async function startKilling(behind: string): Promise<Killing> {
  let folder = "";
  let sent: Sent[] = [];
  /** Acts before the node hears of a question, and before its answer comes; says whether that was the end of who asked. */
  let onQuestion: ((question: Question) => (at: "before" | "answered") => Promise<boolean>) | undefined;
  const node = await startOddNode(
    async (question, pass) => {
      if (question.method === "eth_sendRawTransaction") {
        const transaction = Transaction.from(question.params[0] as string);
        const journal = join(folder, ".sealpatch/journal.jsonl");
        const isJournaled = existsSync(journal) && readFileSync(journal, "utf8").includes(transaction.hash!);
        sent.push({ transaction, isJournaled });
      }
      const acts = onQuestion?.(question);
      if (await acts?.("before")) return "hang up";
      const reply = await pass();
      return (await acts?.("answered")) ? "hang up" : reply;
    },
    { behind },
  );

  const killedAt = async (point: Point | undefined, ...words: readonly string[]): Promise<Watched> => {
    const log = join(folder, "calls.log");
    const kill: FileKill = { folder, log, ...(point !== undefined && "call" in point ? point : {}) };
    const asked: string[] = [];
    let child: SealpatchChild | undefined;
    const wanted: Partial<Record<"before" | "answered", number | string>> =
      point === undefined || "call" in point ? {} : point;
    onQuestion = ({ method }) => {
      const names: unknown[] = [asked.push(method) - 1, method];
      return async (at) => {
        if (!names.includes(wanted[at])) return false;
        child!.kill();
        await child!.finished;
        return true;
      };
    };
    try {
      const env = { SEALPATCH_TEST_FILE_KILL: JSON.stringify(kill) };
      child = childOf("test/cli/killed-at-file-call.ts", words, env);
      const finished = await child.finished;
      const calls = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
      return { ...finished, asked, calls };
    } finally {
      onQuestion = undefined;
    }
  };

  return {
    url: node.url,
    get sent() {
      return sent;
    },
    begin: (next) => {
      folder = next;
      sent = [];
    },
    killedAt,
    run: async (words, once) => {
      let isDone = false;
      onQuestion =
        ({ method }) =>
        async (at) => {
          if (at !== "answered" || isDone || method !== once?.answered) return false;
          isDone = true;
          await once.act();
          return false;
        };
      try {
        return await sealpatch(...words);
      } finally {
        onQuestion = undefined;
      }
    },
    stop: () => node.stop(),
  };
}
