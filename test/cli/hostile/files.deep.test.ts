import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/error-codes/index.js";
import {
  auditorRegistration,
  newAuditorKeystore,
  newCouncilKeystore,
  writeKeystore,
} from "../../../src/keystore/index.js";
import { vectorSetToJson } from "../../../src/vectors/index.js";
import { policyProject, put, temporaryFolder } from "../../project/projects.js";
import { sampleSet, sampleVector } from "../../vectors/sample.js";
import { BINARY, DAMAGES, type Damage } from "./damages.js";
import { cases, expectRefused, type HostileRow, type Place } from "./refused.js";

// Hostile files, names and words of every command that needs no chain.

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const PASSPHRASE = "correct horse battery staple";
const home = process.env.SEALPATCH_HOME;
let place: Place;
/** The project as it is before a row. */
let restore: Record<string, string> = {};

beforeAll(async () => {
  process.env.SEALPATCH_HOME = at("home");
  await policyProject(folder, { timelock: `0x${"22".repeat(20)}`, proxy: `0x${"33".repeat(20)}` });
  const auditor = await newAuditorKeystore("an auditor");
  const member = await newCouncilKeystore("a member");
  await writeKeystore(at("auditor.age"), auditor, PASSPHRASE, { workFactor: 10 });
  await writeKeystore(at("member.age"), member, PASSPHRASE, { workFactor: 10 });
  put(folder, {
    "pass.txt": `${PASSPHRASE}\n`,
    "other.txt": "another passphrase\n",
    "set.json": vectorSetToJson(sampleSet()),
    "ceremony/ceremony.json": "{}",
    "Vault.sol": "contract Vault { uint256 total; }",
  });
  const { signingKey, identity } = auditor;
  expect(await auditorRegistration(auditor)).toBeDefined();
  place = {
    folder,
    secrets: [
      ["passphrase", PASSPHRASE],
      ["signing key", Buffer.from(signingKey).toString("hex")],
      ["identity", identity],
      ["member's identity", member.identity],
    ],
  };
}, 300_000);
afterEach(() => {
  put(folder, restore);
  restore = {};
});
afterAll(() => {
  if (home === undefined) delete process.env.SEALPATCH_HOME;
  else process.env.SEALPATCH_HOME = home;
});

/** A new file, with its path. */
const file = (name: string, content: string | Uint8Array): string => {
  mkdirSync(join(at(name), ".."), { recursive: true });
  writeFileSync(at(name), content);
  return at(name);
};
/** A file of the project with another text, until the row is over. */
const instead = (name: string, change: (text: string) => string): void => {
  const text = readFileSync(at(name), "utf8");
  restore[name] = text;
  const changed = change(text);
  expect(changed, `${name} is as it was`).not.toBe(text);
  writeFileSync(at(name), changed);
};
const config = () => ["--config", at("sealpatch.toml")];
const artifact = () => readFileSync(at("out/Vault.sol/Vault.json"), "utf8");
/** An artifact with parts changed. */
const changedArtifact = (change: (json: Record<string, unknown>) => void): string => {
  const json = JSON.parse(artifact());
  change(json);
  return file("changed.json", JSON.stringify(json));
};
const hexFile = (bytes: number) => file("code.hex", `0x${"5b".repeat(bytes)}`);
const manyVectors = (count: number) =>
  file(
    "many.json",
    JSON.stringify(
      vectorSetToJson(sampleSet(Array.from({ length: 128 }, (_, i) => sampleVector({ name: `v${i}` })))),
    ).replace('"vectors":[', `"vectors":[${'{"name":"x"},'.repeat(count - 128)}`),
  );
/** What turns text around, clears a terminal and rings its bell. */
const EVIL = "x\u202egpj.exe\u001b[2J\u0007\u009b31m\u2066";

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
const DAMAGED: readonly HostileRow[] = KINDS.flatMap(([what, whole, words, code, others = {}]) =>
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

const BYTES: readonly HostileRow[] = KINDS.map(
  ([what, , words, code, others = {}]): HostileRow => [
    `${what} that is no text`,
    () => words(file("binary.json", BINARY)),
    others.truncated ?? code,
    exitOf(what),
  ],
);

const CODE: readonly HostileRow[] = [
  [
    "code of 24,577 bytes",
    () => ["vectors", "run", at("set.json"), "--code", hexFile(24_577)],
    "code/too-large",
  ],
  [
    "code of no bytes",
    () => ["vectors", "run", at("set.json"), "--code", file("code.hex", "0x")],
    "cli/unreadable-code",
  ],
  [
    "code of half a byte",
    () => ["vectors", "run", at("set.json"), "--code", file("code.hex", "0x123")],
    "cli/unreadable-code",
  ],
  [
    "code that is a folder",
    () => ["vectors", "run", at("set.json"), "--code", folder],
    "cli/unreadable-code",
  ],
  ["129 vectors", () => ["vectors", "root", manyVectors(129)], "vectors/too-many"],
  [
    "an unlinked contract",
    () => [
      ...["vectors", "run", at("set.json"), "--code"],
      changedArtifact((json) => {
        const code = json.deployedBytecode as { object: string; linkReferences: object };
        code.object = `0x73__$${"a".repeat(34)}$__${code.object.slice(44)}`;
        code.linkReferences = { "src/Lib.sol": { Lib: [{ start: 1, length: 20 }] } };
      }),
    ],
    "code/unlinked-library",
  ],
  [
    "an abstract contract",
    () => [
      ...["vectors", "run", at("set.json"), "--code"],
      changedArtifact((json) => {
        json.bytecode = { object: "0x", linkReferences: {} };
        json.deployedBytecode = { object: "0x", linkReferences: {}, immutableReferences: {} };
      }),
    ],
    "code/empty",
  ],
  [
    "an artifact without layout",
    () => ["layout", "show", changedArtifact((json) => delete json.storageLayout)],
    "layout/missing-storage-layout",
  ],
  [
    "an artifact without syntax tree",
    () => ["layout", "show", changedArtifact((json) => delete json.ast)],
    "layout/missing-syntax-tree",
  ],
  [
    "a layout of a type that it lacks",
    () => [
      "layout",
      "show",
      changedArtifact((json) => Object.assign(json.storageLayout as object, { types: {} })),
    ],
    "layout/invalid-storage-layout",
  ],
  [
    "a layout of words that a terminal obeys",
    () => [
      ...["layout", "show"],
      changedArtifact((json) => {
        (json.storageLayout as { storage: { type: string }[] }).storage[0]!.type = EVIL;
      }),
    ],
    "layout/invalid-storage-layout",
  ],
  [
    "a contract that is not there",
    () => ["layout", "show", `${at("out/Vault.sol/Vault.json")}:${EVIL}`],
    "code/contract-not-found",
  ],
  [
    "a source that does not compile",
    () => ["layout", "show", file("Bad.sol", `contract ${EVIL} {`)],
    "code/compilation-failed",
  ],
  [
    "a source that includes what is not there",
    () => ["layout", "show", file("Lost.sol", 'import "../../../../etc/passwd"; contract A {}')],
    "code/missing-import",
  ],
  [
    "a compiler that is not there",
    () => ["layout", "show", at("Vault.sol"), "--solc", `no-such-${EVIL}`],
    "code/no-compiler",
  ],
  ["a file that is not there", () => ["layout", "show", at("none/../none.sol")], "cli/unreadable-code"],
  [
    "a file with spaces that is not there",
    () => ["layout", "show", at("no such file.sol")],
    "cli/unreadable-code",
  ],
  [
    "a partial build-info",
    () => [
      "layout",
      "show",
      file("half.json", '{"id":"x","input":{"language":"Solidity","sources":{}},"solcVersion":"0.8.30"}'),
    ],
    "code/unknown-artifact-format",
  ],
];

const WORDS: readonly HostileRow[] = [
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

const KEYSTORES: readonly HostileRow[] = [
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

/** `policy build` with a changed file. */
const withChanged = (name: string, change: (text: string) => string) => () => {
  instead(name, change);
  return ["policy", "build", ...config()];
};
const withToml = (from: string | RegExp, to: string) =>
  withChanged("sealpatch.toml", (text) => text.replace(from, to));

const PROJECT: readonly HostileRow[] = [
  ["no configuration", () => ["policy", "build", "--config", at(`${EVIL}.toml`)], "config/unreadable"],
  ["a configuration that is a folder", () => ["policy", "build", "--config", folder], "config/unreadable"],
  [
    "a configuration that is cut off",
    withChanged("sealpatch.toml", (text) => `${text}\nx = "`),
    "config/not-toml",
  ],
  ["a configuration twice", withChanged("sealpatch.toml", (text) => text + text), "config/not-toml"],
  ["an empty configuration", withChanged("sealpatch.toml", () => ""), "config/missing-key"],
  ["a configuration of JSON", withChanged("sealpatch.toml", () => '{"project":{}}'), "config/not-toml"],
  [
    "a configuration of 2 MB",
    withChanged("sealpatch.toml", (text) => text + "#".repeat(2 ** 21)),
    "config/unreadable",
  ],
  [
    "a key that a terminal obeys",
    withChanged("sealpatch.toml", (text) => `"\\u202Ex\\u001B[2J" = 1\n${text}`),
    "config/unknown-key",
  ],
  [
    "a prototype as key",
    withChanged("sealpatch.toml", (text) => `__proto__ = 1\n${text}`),
    "config/unknown-key",
  ],
  ["a misspelt key", withToml("artifacts =", "artifact ="), "config/unknown-key"],
  ["a proxy that is no address", withToml(/address = ".*"/, 'address = "0x12"'), "config/invalid-value"],
  [
    "an address with a wrong checksum",
    withToml(/address = ".*"/, 'address = "0x5fbdb2315678afecb367f032d93F642f64180aa3"'),
    "config/invalid-value",
  ],
  [
    "a duration that is none",
    withToml(/max_validity = ".*"/, 'max_validity = "30 days"'),
    "config/invalid-value",
  ],
  ["a text in place of a number", withToml("threshold = 1", 'threshold = "1"'), "config/invalid-value"],
  ["a threshold above the auditors", withToml("threshold = 1", "threshold = 2"), "config/contradiction"],
  [
    "a chain that is not there",
    withToml(/chain = "chain-31337"/, 'chain = "chain-3137"'),
    "config/contradiction",
  ],
  [
    "an auditor who is not there",
    withToml("auditors/first.json", "auditors/../../none.json"),
    "config/unreadable-file",
  ],
  ["a proxy that is not there", () => ["policy", "build", EVIL, ...config()], "config/no-such-proxy"],
  ["a policy that was not built", () => ["policy", "check", ...config()], "config/unreadable-file"],
  [
    "an operation of a policy that was not built",
    () => ["policy", "operation", "Vault", ...config()],
    "config/unreadable-file",
  ],
  [
    "a registration that is cut off",
    withChanged("auditors/first.json", (text) => text.slice(0, 60)),
    "audit/malformed-registration",
  ],
  [
    "a registration that is doubled",
    withChanged("auditors/first.json", (text) => text + text),
    "audit/malformed-registration",
  ],
  [
    "a registration of a newer version",
    withChanged("auditors/first.json", DAMAGES["of a newer version"]),
    "audit/malformed-registration",
  ],
  [
    "a registration of another schema",
    withChanged("auditors/first.json", DAMAGES["of another schema"]),
    "audit/malformed-registration",
  ],
  [
    "a registration with another label",
    withChanged("auditors/first.json", (text) => text.replace("first auditor", "worst auditor")),
    "audit/unproven-key",
  ],
  [
    "a registration whose label a terminal obeys",
    withChanged("auditors/first.json", (text) => text.replace("first auditor", "first\\u202e\\u001b[2J")),
    "audit/malformed-registration",
  ],
  [
    "a baseline that is cut off",
    withChanged("vectors/baseline.json", (text) => text.slice(0, 60)),
    "vectors/unreadable",
  ],
  [
    "a baseline of a newer version",
    withChanged("vectors/baseline.json", DAMAGES["of a newer version"]),
    "vectors/malformed",
  ],
  [
    "a contract that is not there",
    withToml("src/Vault.sol:Vault", "src/Valt.sol:Vault"),
    "config/no-artifact",
  ],
  [
    "a record of deployments that is cut off",
    () => ["policy", "build", "--config", withRecord("{")],
    "config/malformed-deployments",
  ],
  [
    "a record of deployments of a newer version",
    () => ["policy", "build", "--config", withRecord('{"schema":"sealpatch.deployments/99"}')],
    "config/malformed-deployments",
  ],
];

/** The configuration beside another record. */
function withRecord(text: string): string {
  put(folder, {
    "recorded/sealpatch.toml": readFileSync(at("sealpatch.toml"), "utf8"),
    "recorded/deployments.json": text,
  });
  return at("recorded/sealpatch.toml");
}

describe.each([
  ["damaged files", DAMAGED],
  ["bytes in place of files", BYTES],
  ["code", CODE],
  ["words", WORDS],
  ["keystores", KEYSTORES],
  ["projects", PROJECT],
])("%s", (_, rows) => {
  it.each(cases(rows))("T20: $what is refused, and nothing is written", async ({ row }) => {
    await expectRefused(row, place);
  });
});
