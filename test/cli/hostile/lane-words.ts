import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ReplayedLane } from "../../lane/replayed-lane.js";
import { put } from "../../project/projects.js";
import {
  answers,
  as,
  at,
  config,
  configuration,
  disclosed,
  EVIL,
  execute,
  folder,
  halt,
  ID,
  lane,
  node,
  read,
  replaced,
  report,
  reveal,
  schedule,
  URI,
  verify,
  veto,
  withConfig,
} from "./lane-ground.js";
import type { HostileRow } from "./refused.js";

// Words of the commands of a lane, and what they name.

export const WORDS: readonly HostileRow[] = [
  [
    "a revert without a word",
    () => {
      answers.by = ({ method }) =>
        method === "eth_call" ? { error: { code: 3, message: "execution reverted", data: "0x" } } : undefined;
      return schedule();
    },
    "chain/reverted",
  ],
  [
    "a revert with half of an error",
    () => {
      const data = lane.incident.timelock.interface.getError("FastTrackLaneClosed")!.selector;
      answers.by = ({ method }) =>
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
  ["a halt by two routes", () => halt("--relay", "https://relay.example", "--public"), "cli/usage"],
  ["a highest fee of nothing", () => halt("--max-fee", "0"), "cli/usage"],
  ["a highest fee below a wei", () => halt("--max-fee", "0.0000000001"), "cli/usage"],
  ["a highest fee that is a text", () => halt("--max-fee", EVIL), "cli/usage"],
  ["no confirmations", () => halt("--confirmations", "0"), "cli/usage"],
  ["a file to cancel", () => [...execute(), "--cancel"], "cli/usage"],
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
