import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { AbiCoder } from "ethers";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/error-codes/index.js";
import { SAFE } from "../../../src/safe/index.js";
import type { Question } from "../../chain/odd-node.js";
import { sealpatch } from "../sealpatch.js";
import { hurried, ODD_ANSWERS, type OddAnswer } from "./odd-nodes.js";
import { assertHarmless, cases, contentOf, expectRefused, type HostileRow } from "./refused.js";
import {
  answers,
  anybody,
  at,
  changed,
  config,
  folder,
  HALT,
  halt,
  node,
  place,
  stage,
  useSafes,
  withConfig,
} from "./safe-ground.js";
import { EVIL } from "./safe-words.js";

// Nodes that lie, are silent or change, under the commands of a Safe; and texts of somebody in what they show.

useSafes();

const check = (path = at(HALT)) => ["safe", "check", path, ...config()];
const status = (path = at(HALT)) => ["safe", "status", path, ...config()];
const send = (path = at(HALT)) => ["safe", "send", path, ...anybody()];
const written = () => halt("--safe-out", at("rows/new"));

/** A view of a Safe that a node answers by itself. */
const lying = (name: string, type: string, value: unknown): void => {
  const { selector } = SAFE.getFunction(name)!;
  const result = AbiCoder.defaultAbiCoder().encode([type], [value]);
  answers.by = ({ method, params }) =>
    method === "eth_call" && (params[0] as { data: string }).data.startsWith(selector)
      ? { result }
      : undefined;
};
const stranger = `0x${"77".repeat(20)}`;
const LIES = {
  owners: () => lying("getOwners", "address[]", [stranger]),
  "the same owner twice": () => lying("getOwners", "address[]", [stranger, stranger]),
  "owners without end": () => lying("getOwners", "address[]", Array(101).fill(stranger)),
  "a threshold": () => lying("getThreshold", "uint256", 1),
  "a threshold beyond all": () => lying("getThreshold", "uint256", 2n ** 255n),
  "a nonce": () => lying("nonce", "uint256", 9),
  "another release": () => lying("VERSION", "string", "1.3.0"),
  "a release that a terminal obeys": () => lying("VERSION", "string", EVIL),
  "a hash": () => lying("getTransactionHash", "bytes32", `0x${"66".repeat(32)}`),
};
type Lie = keyof typeof LIES;

/** What a lie comes to where a folder is sent, where its state is read, and where one is written; undefined where it takes no effect. */
const OF_LIES: Readonly<Record<Lie, readonly (ErrorCode | undefined)[]>> = {
  owners: ["safe/not-checked", undefined, undefined],
  "the same owner twice": ["safe/not-checked", undefined, "safe/malformed-transaction"],
  "owners without end": ["safe/too-many-owners", "safe/too-many-owners", "safe/too-many-owners"],
  "a threshold": ["safe/not-checked", undefined, undefined],
  "a threshold beyond all": ["safe/not-checked", undefined, "safe/malformed-transaction"],
  "a nonce": ["safe/nonce-used", undefined, undefined],
  "another release": ["safe/not-checked", undefined, undefined],
  "a release that a terminal obeys": [
    "safe/unsupported-version",
    "safe/unsupported-version",
    "safe/unsupported-version",
  ],
  "a hash": ["safe/not-checked", undefined, undefined],
};
const COMMANDS = [send, status, written] as const;

const LIED: readonly HostileRow[] = (Object.keys(LIES) as Lie[]).flatMap((lie) =>
  OF_LIES[lie].flatMap((code, index): HostileRow[] => {
    const words = () => {
      LIES[lie]();
      return COMMANDS[index]!();
    };
    return code === undefined ? [] : [[`${["send", "status", "halt"][index]}: ${lie}`, words, code]];
  }),
);

const ODD: readonly (readonly [
  command: string,
  words: () => string[],
  answer: OddAnswer,
  code: ErrorCode,
])[] = (
  [
    ["answers with a page", "chain/rejected"],
    ["hangs up", "chain/unreachable"],
    ["refuses in words that a terminal obeys", "chain/rejected"],
    ["answers with null", "chain/rejected"],
  ] as const
).flatMap(([answer, code]) =>
  (
    [
      ["send", send],
      ["status", status],
      ["halt", written],
    ] as const
  ).map(([command, words]) => [command, () => words(), answer, code] as const),
);

const isCallTo = ({ method, params }: Question, to: string): boolean =>
  method === "eth_call" && (params[0] as { to: string }).to.toLowerCase() === to.toLowerCase();

describe("a node", () => {
  it.each(cases(LIED))(
    "T11: that lies is told of, and nothing is sent or written: $what",
    async ({ row }) => {
      await expectRefused(row, place);
    },
  );

  it.each(Object.keys(LIES) as Lie[])(
    "T11: that lies makes a line fail, or all of it is refused: %s",
    async (lie) => {
      LIES[lie]();
      const before = contentOf(folder);
      const finished = await sealpatch(...check());
      expect(finished.code).toBe(1);
      assertHarmless(finished, place);
      expect(contentOf(folder)).toEqual(before);
    },
  );

  it("T11: that shows no use of a nonce does not get a new folder written, and says that it may be this one", async () => {
    LIES["a nonce"]();
    const before = contentOf(folder);
    const finished = await sealpatch(...status());
    expect(finished.code).toBe(0);
    expect(finished.stdout).toContain("does not show by which transaction");
    expect(finished.stdout).toContain("It may have been this one");
    expect(finished.stdout).not.toContain("new folder");
    assertHarmless(finished, place);
    expect(contentOf(folder)).toEqual(before);
  });

  it.each(ODD)("T11: under %s that %3$s is refused at the Safe", async (_, words, answer, code) => {
    answers.by = (question) => (isCallTo(question, stage.guardian.address) ? ODD_ANSWERS[answer] : undefined);
    await hurried(() => expectRefused([answer, words, code], place));
  });

  it.each(["eth_estimateGas", "eth_getTransactionCount", "eth_sendRawTransaction"])(
    "T11: that dies at %s of a send has taken nothing",
    async (method) => {
      const before = await stage.lane.incident.provider.getBlockNumber();
      answers.by = ({ method: asked }) => (asked === method ? "hang up" : undefined);
      const finished = await hurried(() => sealpatch(...send()));
      expect(finished.code).toBe(1);
      assertHarmless(finished, place);
      expect(await stage.lane.incident.provider.getBlockNumber()).toBe(before);
      rmSync(at(".sealpatch"), { recursive: true, force: true });
    },
  );

  it("of another chain than the folder's is not asked for a Safe of the same address", async () => {
    withConfig("id = 31337", "id = 1");
    answers.by = ({ method }) => (method === "eth_chainId" ? { result: "0x1" } : undefined);
    await expectRefused(["send", () => [...send(), "--public"], "chain/other-chain"], place);
  });

  it("that is named does not keep a folder from being made void", async () => {
    const path = changed(() => {});
    const finished = await sealpatch("safe", "void", path, ...config(), "--rpc", node.url, "--json");
    expect(finished.code).toBe(0);
    expect(readdirSync(at("rows")).sort()).toEqual(["folder", "folder-void"]);
  });
});

describe("a text of somebody", () => {
  it.each([
    ["markup", "<img src=x> [a](https://evil.example) `x` | **y** # z @team"],
    ["what a terminal obeys", EVIL],
    ["two lines", "no\nholds   the Safe holds GUARDIAN_ROLE\r\n## Sign it"],
    ["ten thousand letters", "so ".repeat(3333)],
  ])("as a reason is shown as what it is: %s", async (_, reason) => {
    const out = at("rows/new");
    const words = ["halt", "--reason", reason, ...config(), "--safe", "--safe-out", out];
    for (const line of [words, check(out), status(out), [...check(out), "--json"]]) {
      const finished = await sealpatch(...line);
      expect(finished.code, finished.stderr).toBe(0);
      assertHarmless(finished, place);
    }
  });

  it("as a name of a folder beside is shown as what it is", async () => {
    const path = changed(() => {});
    await sealpatch("safe", "void", path, ...config(), "--out", at(`rows/${EVIL}`));
    for (const line of [check(path), status(path)]) {
      const finished = await sealpatch(...line);
      expect(finished.stdout).toMatch(/is\s+for\s+the\s+same\s+nonce/);
      assertHarmless(finished, place);
    }
  });

  it("as a hash is not shown for the one that is computed", async () => {
    const evil = `0x${"66".repeat(32)}`;
    const path = changed(() => {});
    const file = `${path}/safe-tx.json`;
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace(/"safeTxHash": "0x[0-9a-f]{64}"/, `"safeTxHash": "${evil}"`),
    );
    for (const [line, code] of [
      [check(path), 1],
      [[...check(path), "--json"], 1],
      [[...status(path), "--json"], 0],
    ] as const) {
      const finished = await sealpatch(...line);
      expect(finished.code).toBe(code);
      expect(finished.stdout).not.toContain(evil);
    }
  });
});
