import { fullHex } from "../../terminal/index.js";
import type { LaneAction, NextStep } from "../../watch/index.js";
import { type Clocks, countdown } from "../lane/clocks.js";
import type { LaneSource, ReadingOptions } from "../lane/reading.js";

/** What an action is about. */
export interface Subject {
  readonly commitment?: bigint;
  /** The configuration's name of the proxy. */
  readonly proxy?: string | undefined;
}

/** The command lines of actions, in parts that stay together; what is written in capitals the reader puts in. */
const COMMANDS: Readonly<Record<LaneAction, ((subject: Subject) => readonly string[]) | null>> = {
  "clear-freeze": ({ commitment }) => ["sealpatch operation clear-freeze", fullHex(commitment!)],
  disclose: null,
  execute: () => ["sealpatch execute FILE"],
  halt: () => ["sealpatch halt", '--reason "WHY"'],
  resume: () => ["sealpatch operation resume"],
  schedule: () => ["sealpatch schedule FILE"],
  "set-baseline": ({ proxy }) => [`sealpatch operation set-baseline ${proxy ?? "NAME"}`],
  "set-policy": ({ proxy }) => [`sealpatch policy operation ${proxy ?? "NAME"}`],
  veto: ({ commitment }) => ["sealpatch veto", fullHex(commitment!), '--reason "WHY"'],
};

const WORDS: Readonly<Record<LaneAction, string>> = {
  "clear-freeze": "waive the disclosure",
  disclose: "publish the opening",
  execute: "execute",
  halt: "close every lane",
  resume: "end the halt",
  schedule: "schedule a patch",
  "set-baseline": "set the baseline",
  "set-policy": "set a policy",
  veto: "veto",
};

/** Who may do what, in words, and lines with the times. */
export function shownStep({ who, action, from, until }: NextStep, clocks: Clocks): [string, ...string[]] {
  return [
    `${who} ${who === "anybody" ? "can" : "may"} ${WORDS[action]}`,
    ...(from === null ? [] : [`from   ${countdown(from, clocks)}`]),
    ...(until === null ? [] : [`until  ${countdown(until, clocks)}`]),
  ];
}

/**
 * The command of an action as lines for a shell; none where there is no command, or no configuration for one.
 * @param indent before each line.
 */
export function commandLines(
  action: LaneAction,
  subject: Subject,
  { source, options, indent }: { source: LaneSource; options: ReadingOptions; indent: string },
): string[] {
  const parts = source.folder === undefined ? undefined : COMMANDS[action]?.(subject);
  if (parts === undefined) return [];
  const { chain, config } = options;
  const named = [
    ...(chain === undefined ? [] : [`--chain ${shellWord(chain)}`]),
    ...(config === undefined ? [] : [`--config ${shellWord(config)}`]),
  ];
  const [first, ...rest] = [...parts, ...named];
  const one = [first, ...rest].join(" ");
  if (indent.length + one.length <= 80) return [indent + one];
  return [first!, ...rest.map((part) => `  ${part}`)].map(
    (part, index) => `${indent}${part}${index === rest.length ? "" : " \\"}`,
  );
}

/** A word as a shell takes it. */
const shellWord = (word: string): string =>
  /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
