import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hexlify } from "ethers";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { readKeystore } from "../../../src/keystore/index.js";
import { disclosureToJson } from "../../../src/patch/index.js";
import { type Answerer, type OddNode, startOddNode } from "../../chain/odd-node.js";
import { PASSPHRASE } from "../../lane/lane-project.js";
import { type ReplayedDisclosure, replayedDisclosure } from "../../lane/replayed-disclosure.js";
import { type ReplayedLane, replayedLane } from "../../lane/replayed-lane.js";
import { put, temporaryFolder } from "../../project/projects.js";
import { sealpatch } from "../sealpatch.js";
import type { Place } from "./refused.js";

// A lane on a chain, everybody's files, and a node in front of it that answers what a row wants.

export const folder = temporaryFolder();
export const at = (name: string) => join(folder, name);
export let lane: ReplayedLane;
export let made: ReplayedDisclosure;
export let node: OddNode;
/** What the node in front of the chain answers by itself, until the row is over. */
export const answers: { by: Answerer } = { by: () => undefined };
export let place: Place;
export let configuration: string;

/** Brings the lane to a chain before all rows of a test file, and puts back what a row changed. */
export function useLane(): void {
  beforeAll(async () => {
    lane = await replayedLane(folder);
    made = await replayedDisclosure(lane, folder);
    node = await startOddNode((question, pass) => answers.by(question, pass), {
      behind: lane.incident.anvil.url,
    });
    lane.configure(node.url);
    configuration = readFileSync(at("sealpatch.toml"), "utf8");
    put(folder, { "other.txt": "another passphrase\n" });
    expect(await sealpatch(...watching())).toMatchObject({ code: 0, stderr: "" });
    const member = await readKeystore(at("member.age"), PASSPHRASE);
    place = {
      folder,
      secrets: [
        ["passphrase", PASSPHRASE],
        ["identity", member.identity],
        ["patch", hexlify(lane.execution.initCode).slice(2, 66)],
        ["deploy salt", lane.execution.deploySalt.slice(2)],
        ...Object.values(lane.accounts).map(({ wallet }) => ["key", wallet.privateKey.slice(2)] as const),
        ["key of the node", "secret-key"],
      ],
    };
  }, 300_000);
  afterEach(() => {
    answers.by = () => undefined;
    writeFileSync(at("sealpatch.toml"), configuration);
    rmSync(at("deployments.json"), { force: true });
  });
  afterAll(async () => {
    await node.stop();
    await lane.stop();
  });
}

type Who = keyof ReplayedLane["accounts"];
export const config = () => ["--config", at("sealpatch.toml")];
export const as = (who: Who) => [...config(), ...lane.accounts[who].options, "--yes"];
const opened = () => ["--keystore", at("member.age"), "--passphrase-file", at("pass.txt")];
export const schedule = (file = "schedule.json") => ["schedule", at(file), ...as("council")];
export const execute = (file = "execution.age") => ["execute", at(file), ...opened(), ...as("executor")];
export const ID = `0x${"1f".repeat(32)}`;
export const veto = (id = ID, reason = "a test") => ["veto", id, "--reason", reason, ...as("guardian")];
export const halt = (...words: string[]) => ["halt", "--reason", "a test", ...as("guardian"), ...words];
export const read = () => ["--rpc", node.url, "--timelock", lane.incident.timelock.address];
export const URI = "https://example.org/disclosure.json";
export const reveal = (
  bundle = "patch.age",
  scheduled = "schedule.json",
  attestations = made.attestations,
) => [
  ...["reveal", at(bundle), at(scheduled), ...attestations.map(at), "--uri", URI, "--out", at("revealed")],
  ...[...opened(), ...as("council")],
];
export const report = (name: string) => ["report", at(name), "--out", at("reported"), ...config()];
export const verify = (what: string) => ["verify", what, ...read()];
export const disclosed = () => at(file("disclosed.json", JSON.stringify(disclosureToJson(made.disclosure))));
/** A watch that has told everything. */
export const watching = () => ["watch", "--once", "--cursor", at("cursor"), ...config()];
export const EVIL = "x\u202egpj.exe\u001b[2J\u0007\u009b31m\u2066";
export const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(at(name), content);
  return name;
};
export const withConfig = (from: string | RegExp, to: string, words: () => string[]) => () => {
  const changed = configuration.replace(from, to);
  expect(changed).not.toBe(configuration);
  writeFileSync(at("sealpatch.toml"), changed);
  return words();
};
/** With an option of a command line replaced. */
export const replaced = (words: string[], option: string, value: string): string[] => {
  const place = words.indexOf(option);
  return words.toSpliced(place + 1, 1, value);
};
