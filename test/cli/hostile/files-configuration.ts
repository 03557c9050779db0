import { readFileSync } from "node:fs";
import { put } from "../../project/projects.js";
import { DAMAGES } from "./damages.js";
import { at, config, EVIL, folder, instead } from "./files-project.js";
import type { HostileRow } from "./refused.js";

// Configurations, policies and records of a project.

/** `policy build` with a changed file. */
const withChanged = (name: string, change: (text: string) => string) => () => {
  instead(name, change);
  return ["policy", "build", ...config()];
};
const withToml = (from: string | RegExp, to: string) =>
  withChanged("sealpatch.toml", (text) => text.replace(from, to));

export const PROJECT: readonly HostileRow[] = [
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
