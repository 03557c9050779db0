import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hexlify } from "ethers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/error-codes/index.js";
import { readKeystore } from "../../../src/keystore/index.js";
import { type Answerer, type OddNode, startOddNode } from "../../chain/odd-node.js";
import { PASSPHRASE } from "../../lane/lane-project.js";
import { type ReplayedLane, replayedLane } from "../../lane/replayed-lane.js";
import { put, temporaryFolder } from "../../project/projects.js";
import { sealpatch } from "../sealpatch.js";
import { BINARY, DAMAGES, type Damage } from "./damages.js";
import { hurried, ODD_ANSWERS, type OddAnswer, oddAt } from "./odd-nodes.js";
import { assertHarmless, contentOf, expectRefused, type HostileRow, type Place } from "./refused.js";

// What goes wrong with the commands of a lane: their files, their words and their node.

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
let lane: ReplayedLane;
let node: OddNode;
let onAsk: Answerer = () => undefined;
let place: Place;
let configuration: string;

beforeAll(async () => {
  lane = await replayedLane(folder);
  node = await startOddNode((question, pass) => onAsk(question, pass), { behind: lane.incident.anvil.url });
  lane.configure(node.url);
  configuration = readFileSync(at("sealpatch.toml"), "utf8");
  put(folder, { "other.txt": "another passphrase\n" });
  const member = await readKeystore(at("member.age"), PASSPHRASE);
  place = {
    folder,
    secrets: [
      ["passphrase", PASSPHRASE],
      ["identity", member.identity],
      ["patch", hexlify(lane.execution.initCode).slice(2, 66)],
      ["deploy salt", lane.execution.deploySalt.slice(2)],
      ...Object.values(lane.accounts).map(({ wallet }) => ["key", wallet.privateKey.slice(2)] as const),
      ["key of the node", "secret-key"],
    ],
  };
}, 300_000);
afterEach(() => {
  onAsk = () => undefined;
  writeFileSync(at("sealpatch.toml"), configuration);
  rmSync(at("deployments.json"), { force: true });
});
afterAll(async () => {
  await node.stop();
  await lane.stop();
});

type Who = keyof ReplayedLane["accounts"];
const config = () => ["--config", at("sealpatch.toml")];
const as = (who: Who) => [...config(), ...lane.accounts[who].options, "--yes"];
const opened = () => ["--keystore", at("member.age"), "--passphrase-file", at("pass.txt")];
const schedule = (file = "schedule.json") => ["schedule", at(file), ...as("council")];
const execute = (file = "execution.age") => ["execute", at(file), ...opened(), ...as("executor")];
const ID = `0x${"1f".repeat(32)}`;
const veto = (id = ID, reason = "a test") => ["veto", id, "--reason", reason, ...as("guardian")];
const halt = (...words: string[]) => ["halt", "--reason", "a test", ...as("guardian"), ...words];
const read = () => ["--rpc", node.url, "--timelock", lane.incident.timelock.address];
const EVIL = "x\u202egpj.exe\u001b[2J\u0007\u009b31m\u2066";
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(at(name), content);
  return name;
};
const withConfig = (from: string | RegExp, to: string, words: () => string[]) => () => {
  const changed = configuration.replace(from, to);
  expect(changed).not.toBe(configuration);
  writeFileSync(at("sealpatch.toml"), changed);
  return words();
};
/** With an option of a command line replaced. */
const replaced = (words: string[], option: string, value: string): string[] => {
  const place = words.indexOf(option);
  return words.toSpliced(place + 1, 1, value);
};

/** Every command that asks a node, and those questions of it behind the chain's id. */
const COMMANDS: Readonly<Record<string, () => string[]>> = {
  status: () => ["status", ...config()],
  "status without configuration": () => ["status", ...read()],
  watch: () => ["watch", "--once", "--cursor", at("cursor"), ...config()],
  schedule: () => schedule(),
  execute: () => execute(),
  veto: () => veto(),
  halt: () => halt(),
  deploy: () => ["deploy", ...as("governance")],
  "operation resume": () => ["operation", "resume", ...config()],
  "operation clear-freeze": () => ["operation", "clear-freeze", ID, ...config()],
};

/** What an odd answer to the first question, which asks for the chain, comes to. */
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
  "answers with null": "chain/unknown-chain",
  "answers with another type": "chain/unknown-chain",
  "answers with a number beyond all": "chain/other-chain",
};

describe("a node that", () => {
  for (const [answer, reply] of Object.entries(ODD_ANSWERS))
    it.each(Object.entries(COMMANDS))(`${answer} is told of by %s`, async (_, words) => {
      onAsk = () => reply;
      const row: HostileRow = [answer, words, OF_ANSWERS[answer as OddAnswer]];
      await hurried(() => expectRefused(row, place));
    });
});

/** The same, behind the chain's id: questions that each command comes to, and what an answer of another type is there. */
const LATER: readonly (readonly [command: string, method: string])[] = [
  ["status", "eth_getLogs"],
  ["status", "eth_getBlockByNumber"],
  ["status", "eth_getCode"],
  ["watch", "eth_getLogs"],
  ["watch", "eth_getBlockByNumber"],
  ["schedule", "eth_call"],
  ["schedule", "eth_getTransactionCount"],
  ["schedule", "eth_estimateGas"],
  ["execute", "eth_call"],
  ["execute", "eth_getCode"],
  ["veto", "eth_call"],
  ["veto", "eth_getLogs"],
  ["halt", "eth_estimateGas"],
  ["halt", "eth_getTransactionCount"],
  ["deploy", "eth_getBalance"],
  ["operation resume", "eth_call"],
];

describe("a node that at a later question", () => {
  for (const [answer, reply] of Object.entries(ODD_ANSWERS))
    it.each(LATER)(`${answer} is told of by %s at %s`, async (command, method) => {
      let asked = false;
      const odd = oddAt(method, reply);
      onAsk = (question, pass) => {
        asked ||= question.method === method;
        return odd(question, pass);
      };
      const words = COMMANDS[command]!();
      const before = contentOf(folder);
      const { code, stdout, stderr } = await hurried(() => sealpatch(...words, "--json"));
      console.log(["LATER", answer, command, method, asked, code, stdout.slice(0, 400), stderr].join("|"));
      assertHarmless({ code, stdout, stderr }, place);
      expect(contentOf(folder)).toEqual(before);
    });
});
