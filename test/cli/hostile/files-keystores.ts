import { symlinkSync } from "node:fs";
import { BINARY } from "./damages.js";
import { at, EVIL, file, folder, PASSPHRASE } from "./files-project.js";
import type { HostileRow } from "./refused.js";

// Keystores of others, passphrases, places to write to.

export const KEYSTORES: readonly HostileRow[] = [
  [
    "another passphrase",
    () => ["auditor", "show", at("auditor.age"), "--passphrase-file", at("other.txt")],
    "keystore/wrong-passphrase",
  ],
  [
    "a keystore of another role",
    () => ["council", "show", at("auditor.age"), "--passphrase-file", at("pass.txt")],
    "keystore/other-role",
  ],
  [
    "a member's keystore as an auditor's",
    () => ["auditor", "show", at("member.age"), "--passphrase-file", at("pass.txt")],
    "keystore/other-role",
  ],
  ["no terminal to ask at", () => ["auditor", "show", at("auditor.age")], "cli/usage"],
  [
    "a passphrase of two lines",
    () => [
      "auditor",
      "show",
      at("auditor.age"),
      "--passphrase-file",
      file("two.txt", `${PASSPHRASE}\n${PASSPHRASE}\n`),
    ],
    "cli/unreadable-passphrase",
  ],
  [
    "an empty passphrase",
    () => ["auditor", "show", at("auditor.age"), "--passphrase-file", file("none.txt", "")],
    "cli/unreadable-passphrase",
  ],
  [
    "a passphrase of bytes",
    () => ["auditor", "show", at("auditor.age"), "--passphrase-file", file("bytes.txt", BINARY)],
    "cli/unreadable-passphrase",
  ],
  [
    "a passphrase of 5000 bytes",
    () => ["auditor", "show", at("auditor.age"), "--passphrase-file", file("long.txt", "p".repeat(5000))],
    "cli/unreadable-passphrase",
  ],
  [
    "a passphrase that is a folder",
    () => ["auditor", "show", at("auditor.age"), "--passphrase-file", folder],
    "cli/unreadable-passphrase",
  ],
  [
    "a keystore that is not there",
    () => ["auditor", "show", at(`${EVIL}.age`), "--passphrase-file", at("pass.txt")],
    "keystore/unreadable",
  ],
  [
    "a keystore that is a folder",
    () => ["council", "show", folder, "--passphrase-file", at("pass.txt")],
    "keystore/unreadable",
  ],
  [
    "a public file over another",
    () => [
      "auditor",
      "show",
      at("auditor.age"),
      "--passphrase-file",
      at("pass.txt"),
      "--out",
      at("pass.txt"),
    ],
    "cli/file-exists",
  ],
  [
    "a public file in no folder",
    () => [
      "auditor",
      "show",
      at("auditor.age"),
      "--passphrase-file",
      at("pass.txt"),
      "--out",
      at("none/../none/a.json"),
    ],
    "cli/unwritable-file",
  ],
  [
    "a public file through a link",
    () => {
      symlinkSync(at("elsewhere.json"), at("link.json"));
      return [
        "auditor",
        "show",
        at("auditor.age"),
        "--passphrase-file",
        at("pass.txt"),
        "--out",
        at("link.json"),
      ];
    },
    "cli/file-exists",
  ],
  [
    "a new keystore over another",
    () => ["auditor", "new", "--out", at("auditor.age"), "--passphrase-file", at("pass.txt")],
    "keystore/exists",
  ],
  [
    "a new keystore in no folder",
    () => ["auditor", "new", "--out", at("none/a.age"), "--passphrase-file", at("pass.txt")],
    "keystore/unwritable",
  ],
  [
    "a new keystore below a file",
    () => ["council", "new", "--out", at("pass.txt/a.age"), "--passphrase-file", at("pass.txt")],
    "keystore/unwritable",
  ],
  [
    "a label that a terminal obeys",
    () => ["council", "new", "--out", at("new.age"), "--label", EVIL, "--passphrase-file", at("pass.txt")],
    "keystore/invalid-label",
  ],
  [
    "a label of the file's name that a terminal obeys",
    () => ["council", "new", "--out", at(`${EVIL}.age`), "--passphrase-file", at("pass.txt")],
    "keystore/invalid-label",
  ],
  [
    "an empty label",
    () => ["auditor", "new", "--out", at("new.age"), "--label", "", "--passphrase-file", at("pass.txt")],
    "keystore/invalid-label",
  ],
  [
    "a label of 1000 characters",
    () => [
      "auditor",
      "new",
      "--out",
      at("new.age"),
      "--label",
      "x".repeat(1000),
      "--passphrase-file",
      at("pass.txt"),
    ],
    "keystore/invalid-label",
  ],
  [
    "a new passphrase that is not there",
    () => ["auditor", "new", "--out", at("new.age"), "--passphrase-file", at("none.pass")],
    "cli/unreadable-passphrase",
  ],
];
