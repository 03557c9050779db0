import { readFileSync, writeFileSync } from "node:fs";
import { disclosureToJson } from "../../../src/patch/index.js";
import { binaryRows, type DamagedKind, damagedRows } from "./damages.js";
import {
  at,
  config,
  execute,
  file,
  made,
  replaced,
  report,
  reveal,
  schedule,
  verify,
} from "./lane-ground.js";

// Damaged files of the commands of a lane.

const NO_ATTESTATION = "audit/malformed-attestation";
const KINDS: readonly DamagedKind[] = [
  [
    "schedule",
    () => readFileSync(at("schedule.json"), "utf8"),
    (name) => schedule(name),
    "lane/malformed-schedule",
  ],
  [
    "execution",
    () => readFileSync(at("execution.age"), "latin1"),
    (name) => execute(name),
    "patch/damaged-bundle",
  ],
  [
    "account",
    () => readFileSync(at("council.json"), "utf8"),
    (name) => replaced(schedule(), "--account", at(name)),
    "keystore/not-an-account",
    // Its form is not of this package, and has keys of others.
    {
      nested: "keystore/unreadable",
      "of another schema": null,
      "of a newer version": null,
      "with a key more": null,
    },
  ],
  [
    "schedule to reveal",
    () => readFileSync(at("schedule.json"), "utf8"),
    (name) => reveal("patch.age", name),
    "lane/malformed-schedule",
    // What does not say that it is one is taken for an attestation.
    {
      ...{ empty: NO_ATTESTATION, null: NO_ATTESTATION, "a list": NO_ATTESTATION, nested: NO_ATTESTATION },
      ...{ "a prototype": NO_ATTESTATION, "of another schema": NO_ATTESTATION },
    },
  ],
  [
    "attestation to reveal",
    () => readFileSync(at("attestation-0.json"), "utf8"),
    (name) => reveal("patch.age", "schedule.json", [name]),
    "audit/malformed-attestation",
  ],
  [
    "disclosure",
    () => JSON.stringify(disclosureToJson(made.disclosure)),
    report,
    "patch/malformed-disclosure",
  ],
  [
    "file to verify",
    () => JSON.stringify(disclosureToJson(made.disclosure)),
    (name) => verify(at(name)),
    "verify/unknown-file",
    { "of a newer version": "patch/malformed-disclosure", "with a key more": "patch/malformed-disclosure" },
  ],
  [
    "record of deployments",
    () => '{"schema":"sealpatch.deployments/1","chains":{}}',
    (name) => {
      writeFileSync(at("deployments.json"), readFileSync(at(name)));
      return ["operation", "resume", ...config()];
    },
    "config/malformed-deployments",
  ],
];
export const DAMAGED = [...damagedRows(KINDS, file), ...binaryRows(KINDS, file)];
