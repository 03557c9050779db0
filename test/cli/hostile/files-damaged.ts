import { readFileSync } from "node:fs";
import type { ErrorCode } from "../../../src/error-codes/index.js";
import { put } from "../../project/projects.js";
import { binaryRows, type Damage, type DamagedKind, damagedRows } from "./damages.js";
import { artifact, at, file, folder } from "./files-project.js";

// Files that are damaged, of each kind that needs no chain.

/** Artifacts have neither schema nor version, and keys of other tools. */
const OF_ARTIFACTS: Partial<Record<Damage, ErrorCode | null>> = {
  ...{ "of another schema": null, "of a newer version": null, "with a key more": null },
  null: "code/unknown-artifact-format",
  "a list": "code/unknown-artifact-format",
  "a prototype": "code/unknown-artifact-format",
  nested: "code/unknown-artifact-format",
};

const KINDS: readonly DamagedKind[] = [
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
    // It could not judge.
    2,
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

export const DAMAGED = damagedRows(KINDS, file);
export const BYTES = binaryRows(KINDS, file);
