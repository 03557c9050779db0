import { readFileSync, writeFileSync } from "node:fs";
import {
  bundleToJson,
  decryptBundle,
  encryptBundle,
  type PatchBundle,
  parseTarget,
  targetToJson,
} from "../../src/patch/index.js";
import { put } from "../project/projects.js";
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
const changed = (project: SealedProject, name: string, change: (text: string) => string): void => {
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
const withPolicy = (project: SealedProject, from: string | RegExp, to: string): void =>
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
  ["a migration without gas", (p) => more(p, "--migration", "0x01"), "cli/usage"],
  ["a migration that is no hex", (p) => more(p, "--migration", "0x1", "--migration-gas", "9"), "cli/usage"],
  ["gas that is no number", (p) => more(p, "--migration", "0x01", "--migration-gas", "1e6"), "cli/usage"],
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
  ["another chain", (p) => withConfig(p, "id = 31337", "id = 1"), "config/other-chain"],
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

/** Words of `attest` that go through. */
export const attestWords = ({ at }: SealedProject, bundle: string, keystore = "auditor-0"): string[] => [
  ...[at(bundle), "--config", at("sealpatch.toml"), "--keystore", at(`${keystore}.age`)],
  ...["--passphrase-file", at("pass.txt"), "--out", at("refused.json"), "--yes"],
];

/** The target of the bundle, changed, beside the same bundle. */
const withTarget = (p: SealedProject, change: object, name = "refused.target.json"): string[] => {
  const target = parseTarget(readFileSync(p.at("patch.target.json"), "utf8"));
  put(p.at("."), { [name]: targetToJson({ ...target, ...change }) });
  return [...attestWords(p, "patch.age"), "--target", p.at(name)];
};

/** The bundle as somebody else may make it, for the first auditor. */
const withBundle = async (p: SealedProject, change: (bundle: PatchBundle) => Partial<PatchBundle>) => {
  const bundle = await openedBundle(p);
  const recipients = [JSON.parse(readFileSync(p.at("auditor-0.json"), "utf8")).recipient];
  const other = { ...bundle, ...change(bundle) };
  writeFileSync(p.at("hostile.age"), await encryptBundle(other, recipients));
  return [...attestWords(p, "hostile.age"), "--target", p.at("patch.target.json")];
};

/** What the first auditor reads in the bundle. */
export const openedBundle = (p: SealedProject): Promise<PatchBundle> =>
  decryptBundle(readFileSync(p.at("patch.age")), p.auditors[0]!.identity);

/** The sealed bytes, changed. */
const withBytes = (p: SealedProject, change: (bytes: Buffer) => Uint8Array): string[] => {
  writeFileSync(p.at("hostile.age"), change(readFileSync(p.at("patch.age"))));
  return [...attestWords(p, "hostile.age"), "--target", p.at("patch.target.json")];
};

export const ATTEST_REFUSALS: readonly Refusal[] = [
  ["a bundle for others", (p) => attestWords(p, "patch-for-others.age"), "patch/cannot-decrypt"],
  [
    "a bundle with one byte changed",
    (p) => withBytes(p, (bytes) => bytes.fill(bytes.at(-9)! ^ 1, bytes.length - 9, bytes.length - 8)),
    "patch/damaged-bundle",
  ],
  ["a bundle that is cut off", (p) => withBytes(p, (bytes) => bytes.subarray(0, -1)), "patch/damaged-bundle"],
  ["an empty bundle", (p) => withBytes(p, () => new Uint8Array(0)), "patch/damaged-bundle"],
  ["no bundle", (p) => attestWords(p, "none.age"), "cli/unreadable-file"],
  [
    "a keystore as bundle",
    (p) => [...attestWords(p, "auditor-1.age"), "--target", p.at("patch.target.json")],
    "patch/cannot-decrypt",
  ],
  [
    "another passphrase",
    (p) => {
      put(p.at("."), { "other.txt": "another passphrase\n" });
      return attestWords(p, "patch.age").map((word) => word.replace("pass.txt", "other.txt"));
    },
    "keystore/wrong-passphrase",
  ],
  ["a bundle as keystore", (p) => attestWords(p, "patch.age", "patch"), "keystore/unreadable"],
  ["a council member's keystore", (p) => attestWords(p, "patch.age", "member"), "keystore/other-role"],
  [
    "an auditor who is not registered",
    (p) => attestWords(p, "patch.age", "stranger"),
    "audit/unknown-auditor",
  ],
  [
    "another policy than on chain",
    (p) => {
      withPolicy(p, '"maxWaivers":0', '"maxWaivers":2');
      return attestWords(p, "patch.age");
    },
    "chain/other-policy",
  ],
  [
    "the policy of another proxy",
    (p) => {
      changed(p, "policies/vault.json", () => readFileSync(p.at("policies/second.json"), "utf8"));
      return attestWords(p, "patch.age");
    },
    "chain/other-policy",
  ],
  ["a target of another nonce", (p) => withTarget(p, { nonce: 9n }), "chain/other-target"],
  [
    "a target of other code",
    (p) => withTarget(p, { codehash: `0x${"00".repeat(32)}` }),
    "chain/other-target",
  ],
  [
    "a target of another timelock",
    (p) => withTarget(p, { timelock: `0x${"11".repeat(20)}` }),
    "chain/other-target",
  ],
  ["a target whose time has passed", (p) => withTarget(p, { validUntil: 1n }), "chain/other-target"],
  ["a target of another chain", (p) => withTarget(p, { chainId: 1n }), "config/unknown-target"],
  [
    "a target of nobody's proxy",
    (p) => withTarget(p, { proxy: `0x${"11".repeat(20)}` }),
    "config/unknown-target",
  ],
  [
    "no target",
    (p) => [...attestWords(p, "patch.age"), "--target", p.at("none.json")],
    "cli/unreadable-file",
  ],
  [
    "another file as target",
    (p) => [...attestWords(p, "patch.age"), "--target", p.at("member.json")],
    "patch/malformed-target",
  ],
  [
    "a patch for another timelock",
    (p) => withBundle(p, () => ({ deployer: `0x${"11".repeat(20)}` })),
    "patch/other-deployer",
  ],
  [
    "a patch whose old source is not that of the live code",
    (p) => withBundle(p, ({ contract, compiler }) => ({ current: { contract, compiler } })),
    "patch/other-current-source",
  ],
  [
    "a patch that leaves the bug where it is",
    (p) => withBundle(p, ({ current }) => current),
    "vectors/incident-fails",
  ],
  [
    "an attestation that is there",
    (p) => attestWords(p, "patch.age").map((word) => word.replace("refused.json", "pass.txt")),
    "cli/file-exists",
  ],
];

/** Every text that must not be found in what is printed or written in clear, with what it is. */
export function secretsOf(
  { auditors }: SealedProject,
  bundle: PatchBundle,
  code: Uint8Array,
): [string, string][] {
  const json = bundleToJson(bundle);
  const bytes = (name: string, value: Uint8Array): [string, string][] => [
    [`${name}, hex`, Buffer.from(value).toString("hex")],
    [`${name}, base64`, Buffer.from(value).toString("base64").slice(0, 40)],
    [`${name}, decimal`, BigInt(`0x${Buffer.from(value).toString("hex")}`).toString()],
  ];
  const salt = Buffer.from(bundle.salt.toString(16).padStart(64, "0"), "hex");
  const calls = bundle.incidents.vectors.flatMap(({ calls }) => calls.map(({ data }) => data.slice(2)));
  return [
    ...bytes("salt", salt),
    ["salt, hex without zeros", bundle.salt.toString(16)],
    ...bytes("code", code.subarray(200, 248)),
    ...calls.filter(({ length }) => length >= 64).flatMap((data) => bytes("call", Buffer.from(data, "hex"))),
    ...bundle.incidents.vectors.map(({ name }): [string, string] => ["incident's name", name]),
    ...auditors.flatMap(({ signingKey, identity }): [string, string][] => [
      ...bytes("signing key", signingKey),
      ["identity", identity],
    ]),
    ["passphrase", "correct horse"],
    ["bundle", JSON.stringify(json.incidents).slice(0, 60)],
  ];
}
