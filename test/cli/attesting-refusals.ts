import { readFileSync, writeFileSync } from "node:fs";
import {
  decryptBundle,
  encryptBundle,
  type PatchBundle,
  parseTarget,
  targetToJson,
} from "../../src/patch/index.js";
import { put } from "../project/projects.js";
import type { SealedProject } from "./sealed-project.js";
import { changed, type Refusal, withPolicy } from "./sealing-refusals.js";

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
