import { readFileSync } from "node:fs";
import type { ErrorCode } from "../../../src/error-codes/index.js";
import { put } from "../../project/projects.js";
import { BINARY, DAMAGES, type Damage } from "./damages.js";
import { artifact, at, file, folder } from "./files-project.js";
import type { HostileRow } from "./refused.js";

// Files that are damaged, of each kind that needs no chain.

/** Artifacts have neither schema nor version, and keys of other tools. */
const OF_ARTIFACTS: Partial<Record<Damage, ErrorCode | null>> = {
  ...{ "of another schema": null, "of a newer version": null, "with a key more": null },
  null: "code/unknown-artifact-format",
  "a list": "code/unknown-artifact-format",
  "a prototype": "code/unknown-artifact-format",
  nested: "code/unknown-artifact-format",
};

/** A file of each kind, what reads it, the code of a damage, and of those damages that have another one. */
const KINDS: readonly [
  what: string,
  whole: () => string,
  words: (path: string) => string[],
  code: ErrorCode,
  others?: Partial<Record<Damage, ErrorCode | null>>,
][] = [
  [
    "vector set",
    () => readFileSync(at("set.json"), "utf8"),
    (path) => ["vectors", "root", path],
    "vectors/malformed",
    { empty: "vectors/unreadable", truncated: "vectors/unreadable", doubled: "vectors/unreadable" },
  ],
  [
    "vector set that is added",
    () => readFileSync(at("set.json"), "utf8"),
    (path) => ["vectors", "add", at("set.json"), path],
    "vectors/malformed",
    { empty: "vectors/unreadable", truncated: "vectors/unreadable", doubled: "vectors/unreadable" },
  ],
  ["artifact", artifact, (path) => ["layout", "show", path], "code/unreadable-file", OF_ARTIFACTS],
  [
    "new artifact",
    artifact,
    (path) => ["layout", "diff", at("Vault.sol"), path],
    "code/unreadable-file",
    OF_ARTIFACTS,
  ],
  [
    "keystore",
    () => readFileSync(at("auditor.age"), "latin1"),
    (path) => ["auditor", "show", path, "--passphrase-file", at("pass.txt")],
    "keystore/damaged",
    { nested: "keystore/unreadable" },
  ],
  [
    "announcement",
    () => JSON.stringify({ schema: "sealpatch.ceremony-announcement/1" }),
    (path) => {
      put(folder, { "ceremony/ceremony.json": readFileSync(path, "utf8") });
      return ["ceremony", "contribute", at("ceremony"), "--name", "East"];
    },
    "ceremony/bad-announcement",
  ],
  [
    "record of keys",
    () => JSON.stringify({ schema: "sealpatch.ceremony/1" }),
    (path) => {
      put(folder, { "package/record.json": readFileSync(path, "utf8") });
      return ["keys", "add", at("package")];
    },
    "ceremony/bad-record",
  ],
];

/** `layout diff` ends with 2 where it could not judge. */
const exitOf = (what: string) => (what === "new artifact" ? 2 : 1);

/** Every damage of every kind. */
export const DAMAGED: readonly HostileRow[] = KINDS.flatMap(([what, whole, words, code, others = {}]) =>
  (Object.keys(DAMAGES) as Damage[])
    .filter((damage) => others[damage] !== null)
    .map(
      (damage): HostileRow => [
        `${what} that is ${damage}`,
        () => words(file("damaged.json", DAMAGES[damage](whole()))),
        others[damage] ?? code,
        exitOf(what),
      ],
    ),
);

export const BYTES: readonly HostileRow[] = KINDS.map(
  ([what, , words, code, others = {}]): HostileRow => [
    `${what} that is no text`,
    () => words(file("binary.json", BINARY)),
    others.truncated ?? code,
    exitOf(what),
  ],
);
