import { at, changedArtifact, EVIL, file, folder, hexFile, manyVectors } from "./files-project.js";
import type { HostileRow } from "./refused.js";

// Code that is none, too large, or of something else.

export const CODE: readonly HostileRow[] = [
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
