import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/error-codes/index.js";
import { rebuildPatch } from "../../../src/patch/index.js";
import { put, temporaryFolder } from "../../project/projects.js";
import { ATTEST_REFUSALS, attestWords, openedBundle } from "../attesting-refusals.js";
import { type SealedProject, sealedProject } from "../sealed-project.js";
import { type Refusal, SEAL_REFUSALS, sealWords } from "../sealing-refusals.js";
import { secretsOf } from "../sealing-secrets.js";
import { sealpatch } from "../sealpatch.js";
import { BINARY, DAMAGES, type Damage } from "./damages.js";
import { cases, expectRefused, type HostileRow, type Place } from "./refused.js";

// What goes wrong with seal, attest and prove: every refusal that their own tests know, and hostile files beside them.

let project: SealedProject;
let place: Place;
const at = (name: string) => project.at(name);
const EVIL = "x\u202egpj.exe\u001b[2J\u0007\u009b31m\u2066";

const readers = () => ["--to", at("member.json"), "--to", at("stranger.json")];

beforeAll(async () => {
  project = await sealedProject(temporaryFolder());
  const sealed = await sealpatch("seal", ...sealWords(project, "patch.age"), ...readers());
  expect(sealed.code, sealed.stderr).toBe(0);
  const others = ["--again", at("patch.age"), "--to", at("member.json"), "--keystore", at("auditor-1.age")];
  const words = [...others, "--passphrase-file", at("pass.txt"), "--out", at("patch-for-others.age")];
  expect((await sealpatch("seal", ...words)).code).toBe(0);
  put(at("."), { "patch-for-others.target.json": readFileSync(at("patch.target.json"), "utf8") });
  const bundle = await openedBundle(project);
  place = { folder: at("."), secrets: secretsOf(project, bundle, (await rebuildPatch(bundle)).code.code) };
}, 300_000);
afterEach(() => {
  put(at("."), Object.fromEntries(project.restore));
  project.restore.clear();
});
afterAll(() => project?.stop());

/** The rows of a command's own tests. */
const ofOwnTests = (command: string, refusals: readonly Refusal[]): HostileRow[] =>
  refusals.map(([what, prepare, code]) => [
    what,
    async () => [command, ...(await prepare(project))],
    code as ErrorCode,
  ]);

const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(at(name), content);
  return at(name);
};
const replaced = (words: readonly string[], option: string, value: string): string[] =>
  words.toSpliced(words.indexOf(option) + 1, 1, value);
const seal = (option: string, value: string) => [
  "seal",
  ...replaced(sealWords(project, "unsealed.age"), option, value),
];
const attest = (...words: string[]) => ["attest", ...attestWords(project, "patch.age"), ...words];
const prove = (bundle = "patch.age", ...files: string[]) => [
  ...["prove", at(bundle), ...files, "--config", at("sealpatch.toml"), "--keystore", at("member.age")],
  ...["--passphrase-file", at("pass.txt"), "--out", at(".")],
];

/** A damaged file of a kind, and what reads it. */
const KINDS: readonly [
  what: string,
  name: string,
  words: (path: string) => string[],
  code: ErrorCode,
  others?: Partial<Record<Damage, ErrorCode | null>>,
][] = [
  [
    "set of incidents",
    "vault-incidents.json",
    (path) => seal("--incidents", path),
    "vectors/malformed",
    { empty: "vectors/unreadable", truncated: "vectors/unreadable", doubled: "vectors/unreadable" },
  ],
  [
    "public file of a reader",
    "member.json",
    (path) => ["seal", ...sealWords(project, "unsealed.age"), "--to", path],
    "keystore/malformed-member",
  ],
  ["target", "patch.target.json", (path) => attest("--target", path), "patch/malformed-target"],
  [
    "target to prove",
    "patch.target.json",
    (path) => [...prove(), "--target", path],
    "patch/malformed-target",
  ],
  ["attestation", "patch.target.json", (path) => prove("patch.age", path), "audit/malformed-attestation"],
];
const DAMAGED: readonly HostileRow[] = KINDS.flatMap(([what, name, words, code, others = {}]) =>
  (Object.keys(DAMAGES) as Damage[])
    .filter((damage) => others[damage] !== null)
    .map(
      (damage): HostileRow => [
        `${what} that is ${damage}`,
        () => words(file("damaged.json", DAMAGES[damage](readFileSync(at(name), "utf8")))),
        others[damage] ?? code,
      ],
    )
    .concat([
      [`${what} that is no text`, () => words(file("damaged.json", BINARY)), others.truncated ?? code],
    ]),
);

const WORDS: readonly HostileRow[] = [
  [
    "a bundle over a link",
    () => {
      if (!existsSync(at("link.age"))) symlinkSync(at("elsewhere.age"), at("link.age"));
      return seal("--out", at("link.age"));
    },
    "cli/file-exists",
  ],
  ["a bundle below a file", () => seal("--out", at("pass.txt/x.age")), "cli/unwritable-file"],
  [
    "a bundle in a folder with .. that is not there",
    () => seal("--out", at("none/../none/x.age")),
    "cli/unwritable-file",
  ],
  ["a bundle that is a folder", () => seal("--out", at("policies")), "cli/file-exists"],
  ["a proxy that a terminal obeys", () => seal("--proxy", EVIL), "config/no-such-proxy"],
  ["a contract that a terminal obeys", () => seal("--contract", `${EVIL}.sol:${EVIL}`), "cli/usage"],
  [
    "an artifact that is a set of vectors",
    () => seal("--contract", `${at("baseline.json")}:X`),
    "code/unknown-artifact-format",
  ],
  ["incidents that are a folder", () => seal("--incidents", at("policies")), "vectors/unreadable"],
  [
    "a library whose name a terminal obeys",
    () => [...seal("--out", at("unsealed.age")), "--library", `${EVIL}=0x${"11".repeat(20)}`],
    "code/unknown-library",
  ],
  [
    "a compiler that is not there",
    () => [...seal("--out", at("unsealed.age")), "--solc", EVIL],
    "code/no-compiler",
  ],
  [
    "an attestation over a link",
    () => {
      if (!existsSync(at("link.json"))) symlinkSync(at("elsewhere.json"), at("link.json"));
      return replaced(attest(), "--out", at("link.json"));
    },
    "cli/file-exists",
  ],
  [
    "an attestation below a file",
    () => replaced(attest(), "--out", at("pass.txt/a.json")),
    "cli/unwritable-file",
  ],
  ["an attestation without a terminal", () => attest().filter((word) => word !== "--yes"), "cli/usage"],
  ["an attestation by a compiler that is not there", () => attest("--solc", EVIL), "code/no-compiler"],
  ["a bundle to prove that is not there", () => prove(`${EVIL}.age`), "cli/unreadable-file"],
  ["a bundle to prove that is a folder", () => prove("policies"), "cli/unreadable-file"],
  ["a bundle to prove that is a keystore", () => prove("auditor-0.age"), "patch/cannot-decrypt"],
  [
    "a proof by an auditor",
    () => replaced(prove(), "--keystore", at("auditor-0.age")),
    "keystore/other-role",
  ],
  [
    "a proof by a keystore that is none",
    () => replaced(prove(), "--keystore", at("pass.txt")),
    "keystore/damaged",
  ],
  [
    "a proof by another passphrase",
    () => replaced(prove(), "--passphrase-file", file("other.txt", "another passphrase\n")),
    "keystore/wrong-passphrase",
  ],
  ["a proof with keys that are not installed", () => [...prove(), "--keys", "0x1f2e"], "key/not-installed"],
  ["a proof for a reader that is none", () => [...prove(), "--to", EVIL], "cli/unreadable-file"],
  [
    "a proof for a secret identity",
    () => [...prove(), "--to", `AGE-SECRET-KEY-1${"Q".repeat(58)}`],
    "patch/invalid-recipient",
  ],
  [
    "a proof over a schedule",
    () => {
      mkdirSync(at("proven"), { recursive: true });
      writeFileSync(at("proven/schedule.json"), "");
      return replaced(prove(), "--out", at("proven"));
    },
    "cli/file-exists",
  ],
  [
    "a proof into a folder that is not there",
    () => replaced(prove(), "--out", at("no folder")),
    "cli/unwritable-file",
  ],
  ["a proof into a file", () => replaced(prove(), "--out", at("pass.txt")), "cli/unwritable-file"],
];

describe.each([
  ["seal", ofOwnTests("seal", SEAL_REFUSALS)],
  ["attest", ofOwnTests("attest", ATTEST_REFUSALS)],
  ["damaged files", DAMAGED],
  ["words", WORDS],
])("%s", (_, rows) => {
  it.each(cases(rows))("T20: $what is refused, and nothing is written", async ({ row }) => {
    await expectRefused(row, place);
  });
});
