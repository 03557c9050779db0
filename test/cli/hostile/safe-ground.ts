import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type Answerer, type OddNode, startOddNode } from "../../chain/odd-node.js";
import { PASSPHRASE } from "../../lane/lane-project.js";
import { put, temporaryFolder } from "../../project/projects.js";
import { type SafeStage, safeStage } from "../safe-stage.js";
import { sealpatch } from "../sealpatch.js";
import type { Place } from "./refused.js";

// A council and a guardian that are Safes, a folder of each, and a node in front of the chain that answers what a row wants.

export const folder = temporaryFolder();
export const at = (name: string) => join(folder, name);
export let stage: SafeStage;
export let node: OddNode;
export let place: Place;
/** What the node in front of the chain answers by itself, until the row is over. */
export const answers: { by: Answerer } = { by: () => undefined };
/** Two owners' signatures of the folder that halts, as hex. */
export const signatures: string[] = [];
let configuration: string;

export const config = () => ["--config", at("sealpatch.toml")];
/** Keys of the council's five owners come first, then those of the guardian's three. */
export const GUARDIAN = 5;
export const key = (owner: number) => [...stage.owners[owner]!.options, "--yes"];
export const anybody = () => [...config(), ...stage.lane.accounts.stranger.options, "--yes"];
export const halt = (...words: string[]) => ["halt", "--reason", "a test", ...config(), "--safe", ...words];
export const HALT = "halt/folder";
export const SCHEDULE = "schedule/folder";

/** Brings the Safes to a chain before all rows of a test file, and puts back what a row changed. */
export function useSafes(): void {
  beforeAll(async () => {
    stage = await safeStage(folder);
    const { lane, owners } = stage;
    node = await startOddNode((question, pass) => answers.by(question, pass), {
      behind: lane.incident.anvil.url,
    });
    configuration = readFileSync(at("sealpatch.toml"), "utf8").replace(lane.incident.anvil.url, node.url);
    put(folder, { "sealpatch.toml": configuration });
    const written = [
      [...halt(), "--safe-out", at(HALT)],
      ["schedule", at("schedule.json"), ...config(), "--safe", "--safe-out", at(SCHEDULE)],
    ];
    for (const words of written) expect(await sealpatch(...words)).toMatchObject({ code: 0 });
    for (const owner of [GUARDIAN, GUARDIAN + 1]) {
      const signed = await sealpatch("safe", "sign", at(HALT), ...config(), ...key(owner), "--json");
      signatures.push(JSON.parse(signed.stdout).signature);
    }
    place = {
      folder,
      secrets: [
        ["passphrase", PASSPHRASE],
        ...[...owners, ...Object.values(lane.accounts)].map(
          ({ wallet }) => ["key", wallet.privateKey.slice(2)] as const,
        ),
        ["key of the node", "secret-key"],
      ],
    };
  }, 300_000);
  afterEach(() => {
    answers.by = () => undefined;
    writeFileSync(at("sealpatch.toml"), configuration);
    rmSync(at("rows"), { recursive: true, force: true });
  });
  afterAll(async () => {
    await node?.stop();
    await stage?.stop();
  });
}

/** A configuration with something replaced, until the row is over. */
export function withConfig(from: string | RegExp, to: string): void {
  const changed = configuration.replace(from, to);
  expect(changed).not.toBe(configuration);
  writeFileSync(at("sealpatch.toml"), changed);
}

/** A copy of a folder, on which a row does what it wants, alone in its place. @returns its path. */
export function changed(change: (copy: string) => unknown, of = HALT): string {
  const copy = at("rows/folder");
  mkdirSync(at("rows"), { recursive: true });
  cpSync(at(of), copy, { recursive: true });
  change(copy);
  return copy;
}
