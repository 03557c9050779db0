import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ErrorCode } from "../../../src/error-codes/index.js";
import { put } from "../../project/projects.js";
import { BINARY, DAMAGES, type Damage } from "./damages.js";
import type { HostileRow } from "./refused.js";
import {
  anybody,
  at,
  changed,
  config,
  folder,
  GUARDIAN,
  HALT,
  halt,
  key,
  node,
  SCHEDULE,
  signatures,
  stage,
} from "./safe-ground.js";

// Folders for the owners of a Safe as they should not be, and words of the commands that read or write them.

export const EVIL = "x\u202egpj.exe\u001b[2J\u0007\u009b31m\u2066";
const STRANGER = `0x${"77".repeat(20)}`;

/** Every command that reads a folder. */
const READERS: Readonly<Record<string, (path: string) => string[]>> = {
  check: (path) => ["safe", "check", path, ...config()],
  sign: (path) => ["safe", "sign", path, ...config(), ...key(GUARDIAN + 2)],
  add: (path) => ["safe", "add", path, signatures[0]!, ...config()],
  status: (path) => ["safe", "status", path, ...config()],
  send: (path) => ["safe", "send", path, ...anybody()],
  void: (path) => ["safe", "void", path, ...config()],
  approve: (path) => ["safe", "approve", path, "--safe", STRANGER, ...config()],
};

const write = (name: string, content: string | Uint8Array) => (path: string) =>
  writeFileSync(join(path, name), content);
const shell = (command: string) => (path: string) => {
  const { status } = spawnSync("sh", ["-c", command], { cwd: path });
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
};
const transaction = (path: string) => readFileSync(join(path, "safe-tx.json"), "utf8");
const edited = (from: string | RegExp, to: string) => (path: string) => {
  const text = transaction(path);
  const other = text.replace(from, to);
  if (other === text) throw new Error(`${from} is not there`);
  write("safe-tx.json", other)(path);
};
const owner = (number: number) => stage.guardian.owners[number]!.address;

/** What makes a folder unreadable for all commands. */
const UNREADABLE: readonly (readonly [what: string, change: (path: string) => unknown, code: ErrorCode])[] = [
  ["with nothing in it", shell("rm -rf *"), "safe/unreadable-folder"],
  [
    "of a transaction that is a folder",
    shell("rm safe-tx.json; mkdir safe-tx.json"),
    "safe/unreadable-folder",
  ],
  ["of a transaction that never ends", shell("ln -sf /dev/zero safe-tx.json"), "safe/unreadable-folder"],
  [
    "of a transaction that is a pipe",
    shell("rm safe-tx.json; mkfifo safe-tx.json"),
    "safe/unreadable-folder",
  ],
  ["of a transaction that is huge", shell("truncate -s 20M safe-tx.json"), "safe/unreadable-folder"],
  [
    "of a transaction behind a mark",
    (path) => write("safe-tx.json", `\ufeff${transaction(path)}`)(path),
    "safe/malformed-transaction",
  ],
  ["of bytes", write("safe-tx.json", BINARY), "safe/malformed-transaction"],
  ...(Object.keys(DAMAGES) as Damage[]).map(
    (damage) =>
      [
        `of a transaction that is ${damage}`,
        (path: string) => write("safe-tx.json", DAMAGES[damage](transaction(path)))(path),
        "safe/malformed-transaction",
      ] as const,
  ),
  [
    "of a release that a terminal obeys",
    edited(/"version": "[^"]*"/, `"version": ${JSON.stringify(EVIL)}`),
    "safe/malformed-transaction",
  ],
  [
    "of a Safe that a terminal obeys",
    edited(/"safe": "[^"]*"/, `"safe": ${JSON.stringify(EVIL)}`),
    "safe/malformed-transaction",
  ],
  ["of an owner twice", (path) => edited(owner(1), owner(0))(path), "safe/malformed-transaction"],
  [
    "of an owner twice, once in small letters",
    (path) => edited(owner(1), owner(0).toLowerCase())(path),
    "safe/malformed-transaction",
  ],
  ["of more to sign than owners", edited('"threshold": 2', '"threshold": 4'), "safe/malformed-transaction"],
  [
    "of a nested Safe that is no owner",
    edited(
      '"nested": {}',
      `"nested": {"${STRANGER}": {"version": "1.4.1", "owners": ["${STRANGER}"], "threshold": 1}}`,
    ),
    "safe/malformed-transaction",
  ],
  [
    "of a nonce beyond all",
    edited(/"nonce": "\d+"/, `"nonce": "1${"0".repeat(90)}"`),
    "safe/malformed-transaction",
  ],
  ["of a nonce below nothing", edited(/"nonce": "\d+"/, '"nonce": "-1"'), "safe/malformed-transaction"],
  [
    "of calldata that is no hex",
    edited(/"data": "0x/, `"data": "${"\\u202e"}0x`),
    "safe/malformed-transaction",
  ],
  ["with a schedule that is none", write("schedule.json", "{}"), "lane/malformed-schedule"],
  ["with a schedule that never ends", shell("ln -s /dev/zero schedule.json"), "safe/unreadable-folder"],
];

export const FOLDERS: readonly HostileRow[] = Object.entries(READERS).flatMap(([name, words]) => [
  [`${name}: a folder that is not there`, () => words(at(`none/${EVIL}`)), "safe/unreadable-folder"] as const,
  [`${name}: a file`, () => words(at("pass.txt")), "safe/unreadable-folder"] as const,
  ...UNREADABLE.map(
    ([what, change, code]): HostileRow => [`${name}: a folder ${what}`, () => words(changed(change)), code],
  ),
]);

const inSignatures = (name: string, content: () => string | Uint8Array) => (path: string) =>
  writeFileSync(join(path, "signatures", name), content());
/** What lies among the signatures and is an error for every command that reads them. */
const AMONG: readonly (readonly [what: string, change: (path: string) => unknown, code: ErrorCode])[] = [
  ["garbage", inSignatures(`${STRANGER}.txt`, () => BINARY), "safe/malformed-signature"],
  ["nothing", inSignatures("empty.txt", () => ""), "safe/malformed-signature"],
  ["a name of two lines", inSignatures(`a\nerror: b ${EVIL}.txt`, () => signatures[0]!), "safe/other-signer"],
  ["a signature twice", inSignatures("again.txt", () => signatures[0]!), "safe/other-signer"],
  ["what is huge", shell("truncate -s 20M signatures/huge.txt"), "safe/unreadable-folder"],
  [
    "ten million digits",
    inSignatures("long.txt", () => `0x${"11".repeat(5_000_000)}`),
    "safe/malformed-signature",
  ],
  ["a link to what never ends", shell("ln -s /dev/zero signatures/zero.txt"), "safe/unreadable-folder"],
  ["a link to nothing", shell("ln -s nowhere signatures/nowhere.txt"), "safe/unreadable-folder"],
  ["a pipe", shell("mkfifo signatures/pipe"), "safe/unreadable-folder"],
  ["nothing but a file of their name", shell("rm -r signatures; touch signatures"), "safe/unreadable-folder"],
  [
    "nothing but a link",
    shell("mv signatures ../elsewhere; ln -s ../elsewhere signatures"),
    "safe/unreadable-folder",
  ],
];

export const AMONG_SIGNATURES: readonly HostileRow[] = AMONG.flatMap(([what, change, code]) => [
  [`add: ${what}`, () => READERS.add!(changed(change)), code] as const,
  [`status: ${what}`, () => READERS.status!(changed(change)), code] as const,
  // A folder in which a line fails is neither signed nor sent.
  [`sign: ${what}`, () => READERS.sign!(changed(change)), "safe/not-checked"] as const,
  [`send: ${what}`, () => READERS.send!(changed(change)), "safe/not-checked"] as const,
]);

const add = (signature: string, ...words: string[]) => [
  "safe",
  "add",
  changed(() => {}),
  signature,
  ...config(),
  ...words,
];
const file = (content: string | Uint8Array): string => {
  put(folder, { "rows/x": "" });
  writeFileSync(at("rows/signature"), content);
  return at("rows/signature");
};
const halted = (...words: string[]) => halt("--safe-out", at("rows/new"), ...words);
const approve = (...words: string[]) => ["safe", "approve", at(HALT), ...config(), ...words];

export const WORDS: readonly HostileRow[] = [
  ["a signature that is no hex", () => add("0xhello"), "safe/malformed-signature"],
  ["a signature that a terminal obeys", () => add(`0x${EVIL}`), "safe/malformed-signature"],
  ["a signature of a byte", () => add("0x11"), "safe/malformed-signature"],
  ["a signature of ten million bytes", () => add(`0x${"11".repeat(10_000_000)}`), "safe/malformed-signature"],
  ["a signature that is not there", () => add(at(EVIL)), "cli/unreadable-file"],
  ["a signature that is a folder", () => add(folder), "cli/unreadable-file"],
  ["a signature of bytes", () => add(file(BINARY)), "safe/malformed-signature"],
  [
    "a signature file of ten million bytes",
    () => add(file(Buffer.alloc(10_000_000, 0x31))),
    "safe/malformed-signature",
  ],
  ["a signature that is there", () => add(signatures[0]!), "safe/already-signed"],
  ["a signature for a stranger", () => add(signatures[0]!, "--for", STRANGER), "safe/not-a-nested-safe"],
  [
    "a signature for an owner that is an account",
    () => add(signatures[0]!, "--for", owner(0)),
    "safe/not-a-nested-safe",
  ],
  ["a signature for no address", () => add(signatures[0]!, "--for", EVIL), "cli/usage"],
  [
    "a signature by an owner of another Safe",
    () => ["safe", "sign", at(HALT), ...config(), ...key(0)],
    "safe/other-signer",
  ],
  [
    "a signature by who signed",
    () => ["safe", "sign", at(HALT), ...config(), ...key(GUARDIAN)],
    "safe/already-signed",
  ],
  [
    "a signature for a Safe that is none",
    () => [...READERS.sign!(at(HALT)), "--for", STRANGER],
    "safe/not-a-nested-safe",
  ],
  [
    "a signature that nobody is asked for",
    () => READERS.sign!(at(HALT)).filter((word) => word !== "--yes"),
    "cli/usage",
  ],
  [
    "a check with a node and without",
    () => [...READERS.check!(at(HALT)), "--offline", "--rpc", node.url],
    "cli/usage",
  ],
  ["a check by a node that is no URL", () => [...READERS.check!(at(HALT)), "--rpc", EVIL], "cli/usage"],
  ["a check by a file", () => [...READERS.check!(at(HALT)), "--rpc", "file:///etc/passwd"], "cli/usage"],
  [
    "a check with a timelock that is none",
    () => [...READERS.check!(at(HALT)), "--timelock", EVIL],
    "cli/usage",
  ],
  [
    "a check with a policy that is none",
    () => [...READERS.check!(at(HALT)), "--policy", at("schedule.json")],
    "patch/malformed-policy",
  ],
  [
    "a check with keys that are not installed",
    () => [...READERS.check!(at(SCHEDULE)), "--keys", "0x1f2e"],
    "key/not-installed",
  ],
  [
    "a check with a bundle and nobody to open it",
    () => [...READERS.check!(at(SCHEDULE)), "--bundle", at("execution.age")],
    "cli/usage",
  ],
  ["an approval by no address", () => approve("--safe", EVIL), "cli/usage"],
  ["an approval by an account", () => approve("--safe", owner(0)), "safe/not-a-nested-safe"],
  ["an approval by a proxy", () => approve("--safe", stage.lane.incident.proxy), "safe/not-a-nested-safe"],
  [
    "an approval without a node",
    () => [...approve("--safe", owner(0).toLowerCase()), "--offline"],
    "safe/not-a-nested-safe",
  ],
  [
    "a void folder over something else",
    () => ["safe", "void", at(HALT), ...config(), "--out", at(SCHEDULE)],
    "safe/other-folder",
  ],
  [
    "a void folder over a file",
    () => ["safe", "void", at(HALT), ...config(), "--out", at("pass.txt")],
    "safe/other-folder",
  ],
  [
    "a void folder below a file",
    () => ["safe", "void", at(HALT), ...config(), "--out", at("pass.txt/x")],
    "safe/unwritable-folder",
  ],
  ["a Safe of no address", () => ["halt", "--reason", "x", ...config(), "--safe", EVIL], "cli/usage"],
  [
    "a Safe that is an account",
    () => ["halt", "--reason", "x", ...config(), "--safe", owner(0)],
    "chain/not-a-safe",
  ],
  [
    "a Safe that is a proxy",
    () => ["halt", "--reason", "x", ...config(), "--safe", stage.lane.incident.proxy],
    "chain/not-a-safe",
  ],
  [
    "a Safe without the role",
    () => ["halt", "--reason", "x", ...config(), "--safe", stage.council.address.toLowerCase()],
    "chain/reverted",
  ],
  [
    "a schedule by the guardian",
    () => ["schedule", at("schedule.json"), ...config(), "--safe", stage.guardian.address],
    "chain/reverted",
  ],
  [
    "a schedule that is none",
    () => ["schedule", at("pass.txt"), ...config(), "--safe"],
    "lane/malformed-schedule",
  ],
  [
    "a veto of nothing",
    () => ["veto", `0x${"1f".repeat(32)}`, "--reason", "x", ...config(), "--safe"],
    "lane/no-such-statement",
  ],
  ["a veto of no number", () => ["veto", EVIL, "--reason", "x", ...config(), "--safe"], "cli/usage"],
  ...["-1", "1e3", "0x1", "", `1${"0".repeat(40)}`, EVIL].map(
    (nonce): HostileRow => [
      `a nonce that is ${JSON.stringify(nonce)}`,
      () => halted("--safe-nonce", nonce),
      "cli/usage",
    ],
  ),
  ["a folder over a file", () => halt("--safe-out", at("pass.txt")), "safe/other-folder"],
  ["a folder over something else", () => halt("--safe-out", at(SCHEDULE)), "safe/other-folder"],
  ["a folder below a file", () => halt("--safe-out", at("pass.txt/x")), "safe/unwritable-folder"],
  [
    "a folder over a link to nothing",
    () =>
      halt(
        "--safe-out",
        changed((copy) => {
          rmSync(copy, { recursive: true });
          symlinkSync("nowhere", copy);
        }),
      ),
    "safe/other-folder",
  ],
  [
    "a folder over a pipe for a transaction",
    () => halt("--safe-out", changed(shell("rm safe-tx.json; mkfifo safe-tx.json"))),
    "safe/other-folder",
  ],
  ["a reason of spaces", () => ["halt", "--reason", " \t\n", ...config(), "--safe"], "cli/usage"],
  [
    "a send of what another signed alone",
    () => READERS.send!(changed((path) => rmSync(join(path, "signatures", `${owner(0)}.txt`)))),
    "safe/too-few-signatures",
  ],
  [
    "a send of an owner's signature under another name",
    () =>
      READERS.send!(
        changed((path) =>
          renameSync(
            join(path, "signatures", `${owner(0)}.txt`),
            join(path, "signatures", `${owner(2)}.txt`),
          ),
        ),
      ),
    "safe/not-checked",
  ],
  [
    "a send of a folder with more in it",
    () => READERS.send!(changed((path) => mkdirSync(join(path, "also this")))),
    "safe/not-checked",
  ],
  [
    "a send at a chain that is not there",
    () => [...READERS.send!(at(HALT)), "--chain", EVIL],
    "config/no-such-chain",
  ],
];
