import { readFileSync, writeFileSync } from "node:fs";
import { CONTRACT, type SealedProject } from "./sealed-project.js";

/** A command line that is refused: what is done before it, its words in place of the usual ones, and the code. */
export type Refusal = readonly [
  what: string,
  prepare: (project: SealedProject) => string[] | Promise<string[]>,
  code: string,
];

/** Words of `seal` that go through, for a new bundle. */
export const sealWords = ({ at }: SealedProject, out: string): string[] => [
  ...["--config", at("sealpatch.toml"), "--proxy", "vault", "--contract", CONTRACT],
  ...["--incidents", at("vault-incidents.json"), "--out", at(out)],
];

/** The same words with the value of an option replaced, or the option left out. */
const instead = (project: SealedProject, option: string, value?: string): string[] => {
  const words = sealWords(project, "refused.age");
  words.splice(words.indexOf(option), 2, ...(value === undefined ? [] : [option, value]));
  return words;
};
const more = (project: SealedProject, ...words: string[]): string[] => [
  ...sealWords(project, "refused.age"),
  ...words,
];

/** With a file of the project changed; `restore` puts it back. */
export const changed = (project: SealedProject, name: string, change: (text: string) => string): void => {
  const text = readFileSync(project.at(name), "utf8");
  project.restore.set(name, text);
  const after = change(text);
  if (after === text) throw new Error(`${name} is as it was`);
  writeFileSync(project.at(name), after);
};
const withConfig = (project: SealedProject, from: string | RegExp, to: string): string[] => {
  changed(project, "sealpatch.toml", (text) => text.replace(from, to));
  return sealWords(project, "refused.age");
};
/** A file that holds this, as an option takes it. */
const hex = (project: SealedProject, text: string): string => {
  writeFileSync(project.at("call.hex"), `${text}\n`);
  return `@${project.at("call.hex")}`;
};
export const withPolicy = (project: SealedProject, from: string | RegExp, to: string): void =>
  changed(project, "policies/vault.json", (text) => text.replace(from, to));

const IDENTITY = `AGE-SECRET-KEY-1${"Q".repeat(58)}`;
const NEVER = `age1${"q".repeat(58)}`;

export const SEAL_REFUSALS: readonly Refusal[] = [
  ["a proxy that is not there", (p) => instead(p, "--proxy", "valt"), "config/no-such-proxy"],
  ["no contract", (p) => instead(p, "--contract"), "cli/usage"],
  ["no incidents", (p) => instead(p, "--incidents"), "cli/usage"],
  ["no file of that name", (p) => instead(p, "--incidents", p.at("none.json")), "vectors/unreadable"],
  ["a contract without its file", (p) => instead(p, "--contract", "CouncilTimelock"), "cli/usage"],
  ["a contract of no build-info", (p) => instead(p, "--contract", "src/A.sol:A"), "config/no-source"],
  [
    "a source that was changed since it was compiled",
    (p) => {
      changed(p, "CouncilTimelock.sol", (text) => `${text}\n`);
      return sealWords(p, "refused.age");
    },
    "code/stale-build-info",
  ],
  [
    "the baseline as incidents",
    (p) => instead(p, "--incidents", p.at("baseline.json")),
    "vectors/wrong-kind",
  ],
  [
    "a patch that leaves the bug where it is",
    (p) => instead(p, "--contract", `${p.at("out/build-info/live.json")}:${CONTRACT}`),
    "vectors/incident-fails",
  ],
  [
    "the fixed source as that of the live code",
    (p) => more(p, "--current", CONTRACT),
    "patch/other-current-source",
  ],
  ["a migration without gas", (p) => more(p, "--migration", hex(p, "0x01")), "cli/usage"],
  [
    "a migration that is no hex",
    (p) => more(p, "--migration", hex(p, "0x1"), "--migration-gas", "9"),
    "cli/usage",
  ],
  [
    "gas that is no number",
    (p) => more(p, "--migration", hex(p, "0x01"), "--migration-gas", "1e6"),
    "cli/usage",
  ],
  [
    "T20: a migration that the list of processes shows",
    (p) => more(p, "--migration", "0x01", "--migration-gas", "9"),
    "cli/usage",
  ],
  [
    "T20: constructor arguments that the list of processes shows",
    (p) => more(p, "--constructor-args", "0x01"),
    "cli/usage",
  ],
  [
    "a migration in a file that is not there",
    (p) => more(p, "--migration", "@nowhere.hex", "--migration-gas", "9"),
    "cli/unreadable-file",
  ],
  [
    "a library that is not used",
    (p) => more(p, "--library", `A.sol:A=0x${"11".repeat(20)}`),
    "code/unknown-library",
  ],
  ["a library without an address", (p) => more(p, "--library", "A.sol:A"), "cli/usage"],
  ["a secret identity as reader", (p) => more(p, "--to", IDENTITY), "patch/invalid-recipient"],
  ["a recipient with a wrong checksum", (p) => more(p, "--to", NEVER), "patch/invalid-recipient"],
  ["a reader's file that is another", (p) => more(p, "--to", p.at("pass.txt")), "keystore/malformed-member"],
  ["no duration", (p) => more(p, "--valid-for", "10"), "cli/usage"],
  ["a longer validity than the timelock takes", (p) => more(p, "--valid-for", "31d"), "config/invalid-value"],
  ["a bundle that is there", (p) => instead(p, "--out", p.at("patch.age")), "cli/file-exists"],
  ["no folder", (p) => instead(p, "--out", p.at("none/patch.age")), "cli/unwritable-file"],
  ["a keystore, which it does not open", (p) => more(p, "--keystore", p.at("member.age")), "cli/usage"],
  [
    "auditors of another policy",
    (p) => withConfig(p, "auditor-1.json", "stranger.json"),
    "config/other-auditors",
  ],
  ["another chain", (p) => withConfig(p, "id = 31337", "id = 1"), "chain/other-chain"],
  ["no timelock", (p) => withConfig(p, /\ntimelock = .*/, ""), "config/no-timelock"],
  [
    "a node that is not there",
    (p) => withConfig(p, /rpc = .*/, 'rpc = "http://127.0.0.1:9"'),
    "chain/unreachable",
  ],
  [
    "another threshold than on chain",
    (p) => {
      withPolicy(p, '"threshold":3', '"threshold":2');
      return sealWords(p, "refused.age");
    },
    "chain/other-policy",
  ],
  [
    "a group of one",
    (p) => ["--group", "--proxy", `vault=${CONTRACT}`, "--out", p.at("refused.age")],
    "cli/usage",
  ],
  [
    "a group with a proxy twice",
    (p) => [
      ...["--group", "--proxy", `vault=${CONTRACT}`, "--proxy", `vault=${CONTRACT}`],
      "--out",
      p.at("refused.age"),
    ],
    "cli/usage",
  ],
  [
    "incidents for nobody of the group",
    (p) => [
      ...["--group", "--proxy", `vault=${CONTRACT}`, "--proxy", `second=${CONTRACT}`],
      ...["--incidents", "other=a.json", "--out", p.at("refused.age")],
    ],
    "cli/usage",
  ],
  ["--again for nobody", (p) => ["--again", p.at("patch.age"), "--out", p.at("refused.age")], "cli/usage"],
];
