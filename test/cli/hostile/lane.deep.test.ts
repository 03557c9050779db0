import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hexlify } from "ethers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/error-codes/index.js";
import { readKeystore } from "../../../src/keystore/index.js";
import { disclosureToJson } from "../../../src/patch/index.js";
import { type Answerer, type OddNode, startOddNode } from "../../chain/odd-node.js";
import { PASSPHRASE } from "../../lane/lane-project.js";
import { type ReplayedDisclosure, replayedDisclosure } from "../../lane/replayed-disclosure.js";
import { type ReplayedLane, replayedLane } from "../../lane/replayed-lane.js";
import { put, temporaryFolder } from "../../project/projects.js";
import { sealpatch } from "../sealpatch.js";
import { BINARY, DAMAGES, type Damage } from "./damages.js";
import { hurried, ODD_ANSWERS, type OddAnswer, oddAt } from "./odd-nodes.js";
import { assertHarmless, cases, contentOf, expectRefused, type HostileRow, type Place } from "./refused.js";

// What goes wrong with the commands of a lane: their files, their words and their node.

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
let lane: ReplayedLane;
let made: ReplayedDisclosure;
let node: OddNode;
let onAsk: Answerer = () => undefined;
let place: Place;
let configuration: string;

beforeAll(async () => {
  lane = await replayedLane(folder);
  made = await replayedDisclosure(lane, folder);
  node = await startOddNode((question, pass) => onAsk(question, pass), { behind: lane.incident.anvil.url });
  lane.configure(node.url);
  configuration = readFileSync(at("sealpatch.toml"), "utf8");
  put(folder, { "other.txt": "another passphrase\n" });
  expect(await sealpatch(...watching())).toMatchObject({ code: 0, stderr: "" });
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
const URI = "https://example.org/disclosure.json";
const reveal = (bundle = "patch.age", scheduled = "schedule.json", attestations = made.attestations) => [
  ...["reveal", at(bundle), at(scheduled), ...attestations.map(at), "--uri", URI, "--out", at("revealed")],
  ...[...opened(), ...as("council")],
];
const report = (name: string) => ["report", at(name), "--out", at("reported"), ...config()];
const verify = (what: string) => ["verify", what, ...read()];
const disclosed = () => at(file("disclosed.json", JSON.stringify(disclosureToJson(made.disclosure))));
/** A watch that has told everything. */
const watching = () => ["watch", "--once", "--cursor", at("cursor"), ...config()];
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

/** Commands that ask a node, by how they come to it. */
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
    onAsk = (question, pass) => {
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
  onAsk = async ({ method }, pass) => {
    if (method !== "eth_getLogs") return undefined;
    const { result } = (await pass()) as { result: { topics: string[]; data: string }[] };
    return { result: result.map((log) => ({ ...log, ...change(log) })) };
  };
};

/** A node whose answers to a method are these, one after the other; the last one stays. */
const inTurn = (method: string, answers: readonly unknown[]): void => {
  let turn = 0;
  onAsk = ({ method: asked }) =>
    asked === method ? { result: answers[Math.min(turn++, answers.length - 1)] } : undefined;
};

const CHANGING: readonly HostileRow[] = [
  [
    "the chain while status reads",
    () => {
      let turn = 0;
      onAsk = ({ method }) =>
        method === "eth_chainId" ? { result: turn++ % 2 === 0 ? "0x7a69" : "0x1" } : undefined;
      return ["status", ...config()];
    },
    "chain/other-chain",
  ],
  [
    "the chain between two questions of status",
    () => {
      let turn = 0;
      onAsk = ({ method }) =>
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
      onAsk = async ({ method, params }, pass) => {
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
      onAsk = ({ method }) =>
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
    onAsk = async ({ method, params }, pass) => {
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

const NO_ATTESTATION = "audit/malformed-attestation";
/** Files of each kind, what reads them, the code of a damage, and of those that have another one. */
const KINDS: readonly [
  what: string,
  whole: () => string,
  words: (path: string) => string[],
  code: ErrorCode,
  others?: Partial<Record<Damage, ErrorCode | null>>,
][] = [
  [
    "schedule",
    () => readFileSync(at("schedule.json"), "utf8"),
    (name) => schedule(name),
    "lane/malformed-schedule",
  ],
  [
    "execution",
    () => readFileSync(at("execution.age"), "latin1"),
    (name) => execute(name),
    "patch/damaged-bundle",
  ],
  [
    "account",
    () => readFileSync(at("council.json"), "utf8"),
    (name) => replaced(schedule(), "--account", at(name)),
    "keystore/not-an-account",
    // Its form is not of this package, and has keys of others.
    {
      nested: "keystore/unreadable",
      "of another schema": null,
      "of a newer version": null,
      "with a key more": null,
    },
  ],
  [
    "schedule to reveal",
    () => readFileSync(at("schedule.json"), "utf8"),
    (name) => reveal("patch.age", name),
    "lane/malformed-schedule",
    // What does not say that it is one is taken for an attestation.
    {
      ...{ empty: NO_ATTESTATION, null: NO_ATTESTATION, "a list": NO_ATTESTATION, nested: NO_ATTESTATION },
      ...{ "a prototype": NO_ATTESTATION, "of another schema": NO_ATTESTATION },
    },
  ],
  [
    "attestation to reveal",
    () => readFileSync(at("attestation-0.json"), "utf8"),
    (name) => reveal("patch.age", "schedule.json", [name]),
    "audit/malformed-attestation",
  ],
  [
    "disclosure",
    () => JSON.stringify(disclosureToJson(made.disclosure)),
    report,
    "patch/malformed-disclosure",
  ],
  [
    "file to verify",
    () => JSON.stringify(disclosureToJson(made.disclosure)),
    (name) => verify(at(name)),
    "verify/unknown-file",
    { "of a newer version": "patch/malformed-disclosure", "with a key more": "patch/malformed-disclosure" },
  ],
  [
    "record of deployments",
    () => '{"schema":"sealpatch.deployments/1","chains":{}}',
    (name) => {
      writeFileSync(at("deployments.json"), readFileSync(at(name)));
      return ["operation", "resume", ...config()];
    },
    "config/malformed-deployments",
  ],
];
const DAMAGED: readonly HostileRow[] = KINDS.flatMap(([what, whole, words, code, others = {}]) =>
  (Object.keys(DAMAGES) as Damage[])
    .filter((damage) => others[damage] !== null)
    .map(
      (damage): HostileRow => [
        `${what} that is ${damage}`,
        () => words(file("damaged.json", DAMAGES[damage](whole()))),
        others[damage] ?? code,
      ],
    )
    .concat([[`${what} that is no text`, () => words(file("damaged.json", BINARY)), others.empty ?? code]]),
);

const WORDS: readonly HostileRow[] = [
  [
    "a revert without a word",
    () => {
      onAsk = ({ method }) =>
        method === "eth_call" ? { error: { code: 3, message: "execution reverted", data: "0x" } } : undefined;
      return schedule();
    },
    "chain/reverted",
  ],
  [
    "a revert with half of an error",
    () => {
      const data = lane.incident.timelock.interface.getError("FastTrackLaneClosed")!.selector;
      onAsk = ({ method }) =>
        method === "eth_call" ? { error: { code: 3, message: "execution reverted", data } } : undefined;
      return schedule();
    },
    "chain/reverted",
  ],
  ["a verification of what is not there", () => verify(at(`${EVIL}.json`)), "cli/unreadable-file"],
  ["a verification of a folder", () => verify(folder), "cli/unreadable-file"],
  ["a verification of a sealed bundle", () => verify(at("patch.age")), "verify/unknown-file"],
  ["a verification of an account", () => verify(at("council.json")), "verify/unknown-file"],
  ["a verification of nothing scheduled", () => verify(ID), "lane/no-such-statement", 2],
  [
    "a verification of a disclosure that is not on chain",
    () => verify(disclosed()),
    "verify/no-such-statement",
    2,
  ],
  [
    "a publication of a policy",
    () => [...verify(at("policies/Vault.json")), "--publication", at("published")],
    "cli/usage",
  ],
  [
    "a publication into a file",
    () => [...verify(disclosed()), "--publication", at("pass.txt")],
    "cli/unwritable-file",
  ],
  [
    "a policy of a statement and a proxy",
    () => [...verify(at("policies/Vault.json")), "--at", ID, "--proxy", lane.incident.proxy],
    "cli/usage",
  ],
  [
    "a verification at another address",
    () => ["verify", ID, "--rpc", node.url, "--timelock", lane.incident.proxy],
    "chain/reverted",
    2,
  ],
  ["a disclosure of what is not executed", () => reveal(), "lane/not-executed"],
  ["a disclosure of a bundle that is not there", () => reveal(`${EVIL}.age`), "cli/unreadable-file"],
  ["a disclosure of a bundle that is a schedule", () => reveal("schedule.json"), "cli/usage"],
  [
    "a disclosure of a schedule that is not there",
    () => reveal("patch.age", "none.json"),
    "cli/unreadable-file",
  ],
  ["a disclosure without attestations", () => reveal("patch.age", "schedule.json", []), "lane/not-executed"],
  ["a disclosure at two places", () => [...reveal(), "--uri", URI], "cli/usage"],
  ["a disclosure into a file", () => replaced(reveal(), "--out", at("pass.txt")), "cli/unreadable-file"],
  [
    "a disclosure by another keystore",
    () => replaced(reveal(), "--keystore", at("stranger.age")),
    "patch/cannot-decrypt",
  ],
  ["a disclosure by nobody", () => reveal().filter((word) => word !== "--yes"), "cli/usage"],
  ["a report of what is not there", () => report(`${EVIL}.json`), "cli/unreadable-file"],
  ["a report of a folder", () => report("."), "cli/unreadable-file"],
  [
    "a report into a file",
    () => replaced(report("patch.age"), "--out", at("pass.txt")),
    "patch/malformed-disclosure",
  ],
  ["a doctor of a relay that is none", () => ["doctor", ...config(), "--relay", EVIL], "cli/usage"],
  [
    "a doctor of a chain that is not there",
    () => ["doctor", ...config(), "--chain", EVIL],
    "config/no-such-chain",
  ],
  ["a doctor of an account that is none", () => ["doctor", ...config(), "--account", EVIL], "cli/usage"],
  ["a schedule that is not there", () => schedule(`${EVIL}.json`), "cli/unreadable-file"],
  ["a schedule that is a folder", () => schedule("."), "cli/unreadable-file"],
  ["an execution that is not there", () => execute("../no such folder/x.age"), "cli/unreadable-file"],
  ["an execution that is a schedule", () => execute("schedule.json"), "patch/damaged-bundle"],
  [
    "an execution for others",
    () => replaced(execute(), "--keystore", at("stranger.age")),
    "patch/cannot-decrypt",
  ],
  ["an execution before it is scheduled", () => execute(), "lane/not-scheduled"],
  [
    "a keystore of another passphrase",
    () => replaced(execute(), "--passphrase-file", at("other.txt")),
    "keystore/wrong-passphrase",
  ],
  [
    "an account of another passphrase",
    () => replaced(schedule(), "--account-passphrase-file", at("other.txt")),
    "keystore/wrong-passphrase",
  ],
  ["an account that is not there", () => replaced(schedule(), "--account", at(EVIL)), "keystore/unreadable"],
  [
    "an account that is a member",
    () => replaced(schedule(), "--account", at("member.age")),
    "keystore/not-an-account",
  ],
  [
    "an account without the role",
    () => ["schedule", at("schedule.json"), ...as("stranger")],
    "chain/reverted",
  ],
  [
    "a veto without the role",
    () => ["veto", hexOf(lane), "--reason", "x", ...as("stranger")],
    "lane/no-such-statement",
  ],
  ["a halt without the role", () => ["halt", "--reason", "x", ...as("stranger")], "chain/reverted"],
  ["a veto of nothing", () => veto(), "lane/no-such-statement"],
  ["a veto of no number", () => veto(EVIL), "cli/usage"],
  ["a veto without reason", () => veto(ID, " \t "), "cli/usage"],
  ["a halt at a chain that is not there", () => halt("--chain", EVIL), "config/no-such-chain"],
  [
    "nobody to ask",
    () => ["schedule", at("schedule.json"), ...config(), ...lane.accounts.council.options],
    "cli/usage",
  ],
  ["a relay that is no URL", () => [...execute(), "--relay", EVIL], "cli/usage"],
  [
    "a relay in a variable that is not set",
    () => [...execute(), "--relay", "env:NO_SUCH_RELAY"],
    "config/no-node",
  ],
  [
    "a relay and the public",
    () => [...execute(), "--relay", "https://relay.example", "--public"],
    "cli/usage",
  ],
  ["keys that are not installed", () => [...execute(), "--keys", "0x1f2e"], "key/not-installed"],
  ["another chain", withConfig("id = 31337", "id = 1", () => schedule()), "chain/other-chain"],
  [
    "a node in a variable that is not set",
    withConfig(/rpc = ".*"/, 'rpc = "env:NO_SUCH_NODE"', () => schedule()),
    "config/no-node",
  ],
  [
    "a node that is a file",
    withConfig(/rpc = ".*"/, 'rpc = "file:///etc/passwd"', () => ["status", ...config()]),
    "config/invalid-value",
  ],
  ["no timelock", withConfig(/\ntimelock = .*/, "", () => schedule()), "config/no-timelock"],
  [
    "an account as timelock",
    withConfig(/timelock = ".*"/, `timelock = "0x${"77".repeat(20)}"`, () => schedule()),
    "lane/not-for-this-timelock",
  ],
  [
    "an account as timelock whose lane is read",
    withConfig(/timelock = ".*"/, `timelock = "0x${"77".repeat(20)}"`, () => ["status", ...config()]),
    "chain/no-contract",
  ],
  [
    "a proxy as timelock",
    () => ["status", "--rpc", node.url, "--timelock", lane.incident.proxy],
    "chain/no-contract",
  ],
  ["a timelock that is known", () => ["deploy", ...as("governance")], "lane/timelock-known"],
  ["a deployment without keys", () => ["deploy", ...as("governance"), "--keys", EVIL], "key/not-installed"],
  [
    "powers of tau without keys",
    () => ["deploy", ...as("governance"), "--ptau", at("none.ptau")],
    "cli/usage",
  ],
  ["a status of no proxy", () => ["status", ...config(), "--proxy", EVIL], "config/no-such-proxy"],
  ["a status of no address", () => ["status", ...config(), "--proxy", "0x12"], "config/no-such-proxy"],
  ["a status of half a place", () => ["status", "--rpc", node.url], "cli/usage"],
  ["a status of two places", () => ["status", ...read(), ...config()], "cli/usage"],
  ["a status of no URL", () => ["status", "--rpc", EVIL, "--timelock", lane.incident.proxy], "cli/usage"],
  [
    "a status of a file",
    () => ["status", "--rpc", "file:///etc/passwd", "--timelock", lane.incident.proxy],
    "cli/usage",
  ],
  ["a status from a block that is none", () => ["status", ...read(), "--from-block", "-1"], "cli/usage"],
  [
    "a status from a block to come",
    () => ["status", ...read(), "--from-block", "99999999"],
    "chain/missing-logs",
  ],
  ["a watch of no event", () => ["watch", "--once", ...config(), "--on", EVIL, "--run", "true"], "cli/usage"],
  [
    "a watch of events without command",
    () => ["watch", "--once", ...config(), "--on", "LaneHalted"],
    "cli/usage",
  ],
  ["a watch without place for its cursor", () => ["watch", "--once", ...read()], "cli/usage"],
  [
    "a watch whose cursor is a file",
    () => ["watch", "--once", ...config(), "--cursor", at("pass.txt")],
    "state/folder-unwritable",
  ],
  [
    "a watch whose cursor lies nowhere",
    () => ["watch", "--once", ...config(), "--cursor", at("none/cursor")],
    "state/folder-unwritable",
  ],
  [
    "a watch whose cursor is cut off",
    () => ["watch", "--once", ...config(), "--cursor", cursorOf('{"schema"')],
    "state/malformed-cursor",
  ],
  [
    "a watch whose cursor is of a newer version",
    () => ["watch", "--once", ...config(), "--cursor", cursorOf('{"schema":"sealpatch.cursor/99"}')],
    "state/malformed-cursor",
  ],
  [
    "a doctor of no URL",
    () => ["doctor", "--rpc", EVIL, "--timelock", lane.incident.timelock.address],
    "cli/usage",
  ],
  ["a doctor of no address", () => ["doctor", "--rpc", node.url, "--timelock", EVIL], "cli/usage"],
  [
    "a doctor with keys that are not installed",
    () => ["doctor", "--rpc", node.url, "--timelock", lane.incident.timelock.address, "--keys", "0x1f"],
    "key/not-installed",
  ],
  ["an operation of no commitment", () => ["operation", "clear-freeze", EVIL, ...config()], "cli/usage"],
  [
    "an operation with a salt of a byte",
    () => ["operation", "resume", "--salt", "0x12", ...config()],
    "cli/usage",
  ],
  [
    "an operation with a delay that is none",
    () => ["operation", "resume", "--delay", EVIL, ...config()],
    "cli/usage",
  ],
  [
    "an operation of no proxy",
    () => ["operation", "set-baseline", EVIL, ...config()],
    "config/no-such-proxy",
  ],
  [
    "an operation of a policy that is not there",
    withConfig("policies/Vault.json", "policies/../none.json", () => [
      "operation",
      "set-baseline",
      "Vault",
      ...config(),
    ]),
    "config/unreadable-file",
  ],
  [
    "an operation of no verifier",
    () => ["operation", "set-verifier", `0x${"77".repeat(20)}`, ...config()],
    "chain/other-verifier",
  ],
  [
    "a state folder that is a file",
    () => inOwnProject((own) => writeFileSync(join(own, ".sealpatch"), "")),
    "state/folder-unwritable",
  ],
  [
    "a state folder that is a link",
    () => inOwnProject((own) => symlinkSync(at("."), join(own, ".sealpatch"))),
    "state/folder-unwritable",
  ],
  [
    "a journal that is no journal",
    () => inOwnProject((own) => put(own, { ".sealpatch/journal.jsonl": "{}\n" })),
    "state/open-to-others",
  ],
];

const hexOf = ({ schedule: { attest } }: ReplayedLane) => `0x${attest.statement.commitment.toString(16)}`;

/** The folder of a cursor that says this. */
function cursorOf(text: string): string {
  mkdirSync(at("cursor-of"), { recursive: true, mode: 0o700 });
  writeFileSync(at("cursor-of/cursor.json"), text);
  return at("cursor-of");
}

let projects = 0;
/** The words of schedule in a project of its own. */
function inOwnProject(prepare: (own: string) => void): string[] {
  const own = at(`own-${projects++}`);
  put(own, { "sealpatch.toml": configuration });
  prepare(own);
  return replaced(schedule(), "--config", join(own, "sealpatch.toml"));
}

describe.each([
  ["damaged files", DAMAGED],
  ["words", WORDS],
])("%s", (_, rows) => {
  it.each(cases(rows))("T20: $what is refused, and nothing is sent or written", async ({ row }) => {
    const before = await lane.incident.provider.getBlockNumber();
    await expectRefused(row, place);
    expect(await lane.incident.provider.getBlockNumber()).toBe(before);
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
          onAsk = () => reply;
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
