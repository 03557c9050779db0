import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import {
  auditorRegistration,
  newAuditorKeystore,
  newCouncilKeystore,
  writeKeystore,
} from "../../../src/keystore/index.js";
import { vectorSetToJson } from "../../../src/vectors/index.js";
import { policyProject, put, temporaryFolder } from "../../project/projects.js";
import { sampleSet, sampleVector } from "../../vectors/sample.js";
import type { Place } from "./refused.js";

// A project without a chain, and what hostile rows change in it.

export const folder = temporaryFolder();
export const at = (name: string) => join(folder, name);
export const PASSPHRASE = "correct horse battery staple";
const home = process.env.SEALPATCH_HOME;
let place: Place;
/** The project as it is before a row. */
let restore: Record<string, string> = {};

/** Makes the project before all rows of a test file, and puts back what a row changed. @returns where they run. */
export function useFiles(): () => Place {
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
  return () => place;
}

/** A new file, with its path. */
export const file = (name: string, content: string | Uint8Array): string => {
  mkdirSync(join(at(name), ".."), { recursive: true });
  writeFileSync(at(name), content);
  return at(name);
};
/** A file of the project with another text, until the row is over. */
export const instead = (name: string, change: (text: string) => string): void => {
  const text = readFileSync(at(name), "utf8");
  restore[name] = text;
  const changed = change(text);
  expect(changed, `${name} is as it was`).not.toBe(text);
  writeFileSync(at(name), changed);
};
export const config = () => ["--config", at("sealpatch.toml")];
export const artifact = () => readFileSync(at("out/Vault.sol/Vault.json"), "utf8");
/** An artifact with parts changed. */
export const changedArtifact = (change: (json: Record<string, unknown>) => void): string => {
  const json = JSON.parse(artifact());
  change(json);
  return file("changed.json", JSON.stringify(json));
};
export const hexFile = (bytes: number) => file("code.hex", `0x${"5b".repeat(bytes)}`);
export const manyVectors = (count: number) =>
  file(
    "many.json",
    JSON.stringify(
      vectorSetToJson(sampleSet(Array.from({ length: 128 }, (_, i) => sampleVector({ name: `v${i}` })))),
    ).replace('"vectors":[', `"vectors":[${'{"name":"x"},'.repeat(count - 128)}`),
  );
/** What turns text around, clears a terminal and rings its bell. */
export const EVIL = "x\u202egpj.exe\u001b[2J\u0007\u009b31m\u2066";
