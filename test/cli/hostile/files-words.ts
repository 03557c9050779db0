import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { put } from "../../project/projects.js";
import { at, EVIL, folder, hexFile } from "./files-project.js";
import type { HostileRow } from "./refused.js";

// Words of command lines that need no chain.

export const WORDS: readonly HostileRow[] = [
  ["a vector that is not there", () => ["vectors", "remove", at("set.json"), EVIL], "vectors/not-found"],
  ["a set that is not there", () => ["vectors", "list", at(`${EVIL}.json`)], "vectors/unreadable"],
  ["coverage of no code", () => ["vectors", "coverage", at("set.json")], "cli/usage"],
  [
    "a minimum that is none",
    () => ["vectors", "coverage", at("set.json"), "--code", hexFile(2), "--minimum", EVIL],
    "cli/usage",
  ],
  [
    "lint of code that is not there",
    () => ["vectors", "lint", at("set.json"), "--code", EVIL],
    "cli/unreadable-code",
  ],
  [
    "too many addresses",
    () => ["vectors", "run", at("set.json"), "--address", `0x${"11".repeat(20)}`],
    "cli/usage",
  ],
  [
    "a migration that is no hex",
    () => ["vectors", "run", at("set.json"), "--code", hexFile(2), "--migration", EVIL],
    "cli/usage",
  ],
  [
    "rules that there are not",
    () => ["vectors", "run", at("set.json"), "--code", hexFile(2), "--hardfork", EVIL],
    "cli/usage",
  ],
  [
    "more workers than a number",
    () => ["vectors", "run", at("set.json"), "--workers", "9".repeat(40)],
    "cli/usage",
  ],
  ["an unknown command", () => [EVIL], "cli/usage"],
  ["an unknown option", () => ["vectors", "root", at("set.json"), `--${EVIL}`], "cli/usage"],
  ["an unknown circuit", () => ["keys", "development", EVIL], "cli/usage"],
  ["keys that are not installed", () => ["keys", "show", "0x1f2e"], "key/not-installed"],
  ["a prefix that is none", () => ["keys", "show", EVIL], "key/not-installed"],
  ["a package that is not there", () => ["keys", "add", at("none")], "key/no-package"],
  ["a package that is a file", () => ["keys", "add", at("pass.txt")], "key/no-package"],
  ["an init elsewhere", () => ["init", "--project", at(`none/${EVIL}`)], "config/no-project"],
  ["an init of another kind", () => ["init", "--project", folder, "--kind", EVIL], "cli/usage"],
  ["an init of another tool", () => ["init", "--project", folder, "--tool", EVIL], "cli/usage"],
  [
    "an init of a contract that is not there",
    () => ["init", "--project", folder, "--contract", EVIL],
    "cli/usage",
  ],
  ["an init over a configuration", () => ["init", "--project", folder], "cli/file-exists"],
  [
    "an init over a link that leads nowhere",
    () => {
      const linked = at("linked");
      mkdirSync(linked, { recursive: true });
      put(linked, { "foundry.toml": "" });
      symlinkSync(at("elsewhere.toml"), join(linked, "sealpatch.toml"));
      return ["init", "--project", linked];
    },
    "cli/file-exists",
  ],
  [
    "a ceremony that is not there",
    () => ["ceremony", "contribute", at("none"), "--name", "East"],
    "ceremony/no-ceremony",
  ],
  [
    "a name that a terminal obeys",
    () => ["ceremony", "contribute", at("ceremony"), "--name", EVIL],
    "ceremony/bad-name",
  ],
  [
    "a round that is none",
    () => ["ceremony", "init", at("new"), "--ptau", at("set.json"), "--beacon-round", "-1"],
    "cli/usage",
  ],
  [
    "powers of tau that are none",
    () => ["ceremony", "init", at("new"), "--ptau", at("set.json"), "--beacon-round", "40000000"],
    "ceremony/other-powers-of-tau",
  ],
  [
    "powers of tau that are not there",
    () => ["ceremony", "init", at("new"), "--ptau", at("none"), "--beacon-round", "40000000"],
    "key/unreadable",
  ],
  [
    "an answer of drand that is none",
    () => ["ceremony", "beacon", at("ceremony"), "--value", at("set.json")],
    "ceremony/bad-beacon-answer",
  ],
  [
    "an entropy file that is not there",
    () => ["ceremony", "contribute", at("ceremony"), "--name", "East", "--entropy-file", at("none")],
    "ceremony/bad-entropy",
  ],
  [
    "a package of a ceremony that is none",
    () => ["ceremony", "verify", at("none"), "--ptau", at("set.json")],
    "ceremony/no-ceremony",
  ],
  [
    "a ceremony that ends nowhere",
    () => ["ceremony", "finalize", at("none"), "--ptau", at("set.json")],
    "ceremony/no-ceremony",
  ],
  [
    "a contribution to nothing",
    () => ["ceremony", "receive", at("none"), at("set.json")],
    "ceremony/no-ceremony",
  ],
];
