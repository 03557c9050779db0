import { rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/error-codes/index.js";
import { sealpatch } from "../sealpatch.js";
import {
  answers,
  as,
  at,
  config,
  configuration,
  execute,
  folder,
  halt,
  place,
  read,
  schedule,
  useLane,
  watching,
} from "./lane-ground.js";
import { hurried, ODD_ANSWERS, type OddAnswer, oddAt } from "./odd-nodes.js";
import { assertHarmless, cases, contentOf, expectRefused, type HostileRow } from "./refused.js";

// Nodes that lie, are silent or change, under the commands of a lane.

useLane();

const COMMANDS = {
  status: () => ["status", ...config()],
  "status without configuration": () => ["status", ...read()],
  watch: () => watching(),
  schedule: () => schedule(),
  execute: () => execute(),
  halt: () => halt(),
  deploy: () => ["deploy", ...as("governance")],
} satisfies Readonly<Record<string, () => string[]>>;
type Command = keyof typeof COMMANDS;

/** What an odd answer comes to. */
const OF_ANSWERS: Readonly<Record<OddAnswer, ErrorCode>> = {
  "answers with a page": "chain/rejected",
  "answers with a page and 502": "chain/unreachable",
  "answers nothing at all": "chain/rejected",
  "answers with half of an answer": "chain/rejected",
  "hangs up": "chain/unreachable",
  "is silent": "chain/unreachable",
  "limits how often it is asked": "chain/unreachable",
  "refuses in words that a terminal obeys": "chain/rejected",
  "refuses a key": "chain/unreachable",
  "answers with null": "chain/rejected",
  "answers with another type": "chain/rejected",
  "answers with a number beyond all": "chain/rejected",
};

/** Questions of commands, and odd answers that come to something else there. */
const QUESTIONS: readonly (readonly [
  method: string,
  commands: readonly Command[],
  others?: Partial<Record<OddAnswer, ErrorCode>>,
])[] = [
  [
    "eth_chainId",
    ["status without configuration", "watch", "execute", "deploy"],
    {
      "answers with null": "chain/unknown-chain",
      "answers with another type": "chain/unknown-chain",
      "answers with a number beyond all": "chain/unknown-chain",
    },
  ],
  ["eth_getLogs", ["status"]],
  ["eth_getBlockByNumber", ["watch"], { "answers with null": "chain/no-block" }],
  ["eth_call", ["schedule"], { "answers with a number beyond all": "chain/no-contract" }],
  ["eth_estimateGas", ["schedule"], { "answers with a number beyond all": "chain/too-much-gas" }],
  ["eth_getTransactionCount", ["halt"]],
];

const ASKED = QUESTIONS.flatMap(([method, commands, others]) =>
  Object.entries(ODD_ANSWERS).flatMap(([answer, reply]) =>
    commands.map((command) => {
      const code = others?.[answer as OddAnswer] ?? OF_ANSWERS[answer as OddAnswer];
      return { command, method, answer, reply, code };
    }),
  ),
);

describe("a node at one of its questions", () => {
  it.each(ASKED)("T11: $command: $method $answer, and nothing is sent", async (asked) => {
    const { command, method, answer, reply, code } = asked;
    let count = 0;
    let sent = 0;
    const odd = oddAt(method, reply);
    answers.by = (question, pass) => {
      if (question.method === method) count++;
      if (question.method === "eth_sendRawTransaction") sent++;
      return odd(question, pass);
    };
    await hurried(() => expectRefused([answer, COMMANDS[command], code], place));
    expect([count > 1, sent]).toEqual([true, 0]);
  });
});

/** A node whose logs have been tampered with. */
const tampering = (change: (log: { topics: string[]; data: string }) => object): void => {
  answers.by = async ({ method }, pass) => {
    if (method !== "eth_getLogs") return undefined;
    const { result } = (await pass()) as { result: { topics: string[]; data: string }[] };
    return { result: result.map((log) => ({ ...log, ...change(log) })) };
  };
};

/** A node whose answers to a method are these, one after the other; the last one stays. */
const inTurn = (method: string, inOrder: readonly unknown[]): void => {
  let turn = 0;
  answers.by = ({ method: asked }) =>
    asked === method ? { result: inOrder[Math.min(turn++, inOrder.length - 1)] } : undefined;
};

const CHANGING: readonly HostileRow[] = [
  [
    "the chain while status reads",
    () => {
      let turn = 0;
      answers.by = ({ method }) =>
        method === "eth_chainId" ? { result: turn++ % 2 === 0 ? "0x7a69" : "0x1" } : undefined;
      return ["status", ...config()];
    },
    "chain/other-chain",
  ],
  [
    "the chain between two questions of status",
    () => {
      let turn = 0;
      answers.by = ({ method }) =>
        method === "eth_chainId" ? { result: turn++ % 2 === 0 ? "0x7a69" : "0x1" } : undefined;
      return ["status", ...read()];
    },
    "chain/other-chain",
  ],
  [
    "the chain for another one",
    () => {
      inTurn("eth_chainId", ["0x1"]);
      return schedule();
    },
    "chain/other-chain",
  ],
  [
    "its newest block all the time",
    () => {
      let turn = 0;
      answers.by = async ({ method, params }, pass) => {
        if (method !== "eth_getBlockByNumber" || params[0] === "latest") return undefined;
        const { result } = (await pass()) as { result: object };
        return { result: { ...result, hash: `0x${String(turn++).padStart(64, "7")}` } };
      };
      return ["status", ...config()];
    },
    "chain/moving-head",
  ],
  [
    "its logs away",
    () => {
      inTurn("eth_getLogs", [[]]);
      return ["status", ...config()];
    },
    "chain/missing-logs",
  ],
  [
    "its logs for others that end early",
    () => {
      tampering(({ data }) => ({ data: data.slice(0, 34) }));
      return ["status", ...config()];
    },
    "chain/no-contract",
  ],
  [
    "its logs for others of fewer topics",
    () => {
      tampering(({ topics }) => ({ topics: topics.slice(0, 1) }));
      return ["status", ...config()];
    },
    "chain/no-contract",
  ],
  [
    "the limit of logs to less than a block",
    () => {
      answers.by = ({ method }) =>
        method === "eth_getLogs"
          ? { error: { code: -32005, message: "query returned more than 10000 results" } }
          : undefined;
      return ["status", ...config()];
    },
    "chain/rejected",
  ],
];

describe("a node that changes", () => {
  it.each(cases(CHANGING))("$what is told of", ({ row }) => expectRefused(row, place));

  it("its head for an older one is told of by watch, which tells no event and exits with 2", async () => {
    answers.by = async ({ method, params }, pass) => {
      if (method !== "eth_getBlockByNumber" || params[0] !== "latest") return undefined;
      const { result } = (await pass()) as { result: { number: string } };
      return { result: { ...result, number: `0x${(Number(result.number) - 3).toString(16)}` } };
    };
    const before = contentOf(folder);
    const finished = await sealpatch(...watching());
    expect(finished).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("is behind") });
    assertHarmless(finished, place);
    expect(contentOf(folder)).toEqual(before);
  });
});

/** What of a machine, a project or a node is odd, and the line of the doctor that fails for it. */
const SICK: readonly (readonly [what: string, prepare: () => unknown, line: RegExp])[] = [
  [
    "a configuration that is cut off",
    () => writeFileSync(at("sealpatch.toml"), '[project]\ntool = "'),
    /configuration/,
  ],
  ["a configuration that is not there", () => rmSync(at("sealpatch.toml")), /configuration/],
  [
    "a key that a terminal obeys",
    () => writeFileSync(at("sealpatch.toml"), `"\\u202Ex\\u001B[2J" = 1\n${configuration}`),
    /configuration/,
  ],
  ["another chain", () => inTurn("eth_chainId", ["0x1"]), /chain/],
  ["a chain that changes", () => inTurn("eth_chainId", ["0x7a69", "0x1"]), /./],
  ["an old head", () => inTurn("eth_getBlockByNumber", [null]), /./],
  ...Object.entries(ODD_ANSWERS).map(
    ([answer, reply]) =>
      [
        `a node that ${answer}`,
        () => {
          answers.by = () => reply;
        },
        /node|chain/,
      ] as const,
  ),
];

describe("doctor", () => {
  it.each(SICK)(
    "T20: %s is a line that fails with a remedy, and nothing is written",
    async (_, prepare, line) => {
      prepare();
      const before = contentOf(folder);
      const words = ["doctor", ...config()];
      const json = await hurried(() => sealpatch(...words, "--json"));
      assertHarmless(json, place);
      expect([json.code, json.stderr]).toEqual([1, ""]);
      const { groups } = JSON.parse(json.stdout) as { groups: { checks: Record<string, string>[] }[] };
      const open = groups.flatMap(({ checks }) => checks).filter(({ outcome }) => outcome !== "holds");
      expect(open.map(({ name, detail }) => `${name}: ${detail}`).join("\n")).toMatch(line);
      for (const { remedy } of open) expect(remedy).toMatch(/\w+ \w+/);
      const plain = await hurried(() => sealpatch(...words));
      expect(plain.code).toBe(1);
      assertHarmless(plain, place);
      expect(contentOf(folder)).toEqual(before);
    },
  );
});
